"""`detente record unanswered`: who moved last, and which steps drew no answer."""

from __future__ import annotations

import datetime
from typing import Annotated

from detente.cli.options import JsonOption, option
from detente.cli.output import print_answer
from detente.cli.record.options import ACountry, BCountry, FormatOption, WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("unanswered", epilog="Example: detente record unanswered USA PRK --within 60")
def show_unanswered(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    within: Annotated[int | None, option("--within", "DAYS", "Only an answer within so many days counts; else any.")] = None,
    at_least: Annotated[
        float, option("--at-least", "X", "Intensity from which material cooperation is a step.", shown=True)
    ] = 0.0,
    as_of: Annotated[
        datetime.datetime | None, option("--as-of", "DATE", "The day to look from; else the last event.", formats=["%Y-%m-%d"])
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
    print_answer(as_json, found.to_dict, lambda: show_ledger(found))
