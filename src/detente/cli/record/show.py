"""`detente record show`: what a record tells about a case."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import CaseArgument, JsonOption, folder_option, option
from detente.cli.output import print_json, print_rich
from detente.cli.record.options import record


@record.command("show", epilog="Example: detente record show us-dprk-2019")
def show_record(
    case: CaseArgument,
    workspace: Annotated[str | None, folder_option("The folder of the record; else the bundled one.")] = None,
    profile: Annotated[str, option("--profile", "NAME", "How it is told: a bundled profile or a file.", shown=True)] = "plain",
    acts: Annotated[bool, typer.Option("--acts", help="Print every act, with its weight and source, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what has happened between the parties of a case: what each did, what followed, and how the months went."""
    from detente.case.load import load
    from detente.record.account import account

    found = load(case)
    told = account(found, workspace, profile=profile)
    if as_json:
        print_json(told.to_dict())
    else:
        from detente.brief.recounted import recount

        print_rich(*recount(found, told, acts=acts))
