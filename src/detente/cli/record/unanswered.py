"""`detente record unanswered`: who moved last, and which steps drew no answer."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from detente.cli.options import JsonOption
from detente.cli.output import print_json, print_rich
from detente.cli.record.options import ACountry, BCountry, FormatOption, WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("unanswered", epilog="Example: detente record unanswered USA PRK --within 60")
def show_unanswered(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    within: Annotated[
        int | None,
        typer.Option(
            "--within", metavar="DAYS", show_default=False, help="Only an answer within so many days counts; else any."
        ),
    ] = None,
    at_least: Annotated[
        float, typer.Option("--at-least", metavar="X", help="Intensity from which material cooperation is a step.")
    ] = 0.0,
    as_of: Annotated[
        datetime.datetime | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            show_default=False,
            help="The day to look from; else the last event.",
        ),
    ] = None,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the steps of two sides towards each other, what followed them, and who moved last."""
    from detente.record.relation.ledger import unanswered
    from detente.record.relation.show import show_ledger
    from detente.record.workspace import Workspace

    day = None if as_of is None else as_of.date()
    found = unanswered(Workspace.open(workspace), a, b, within=within, at_least=at_least, as_of=day, formats=formats or ())
    if as_json:
        print_json(found.to_dict())
    else:
        print_rich(*show_ledger(found))
