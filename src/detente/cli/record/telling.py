"""`detente record show` and `dyad`: what a record tells, of a case and of two countries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from detente.cli.actors import ActorsOption, PartiesOption, opened, read_who
from detente.cli.app import command
from detente.cli.options import CaseArgument, JsonOption, option
from detente.cli.output import print_json, print_rich, print_text
from detente.cli.record.options import (
    ACountry,
    AsOfOption,
    BCountry,
    FormatOption,
    ReadWorkspaceOption,
    WorkspaceOption,
    day,
)
from detente.record.schema import DEFAULT


@command("record show", "us-dprk-2019")
def show_record(
    case: CaseArgument,
    workspace: ReadWorkspaceOption = None,
    profile: Annotated[str, option("--profile", "NAME|FILE", "How it is told: by name, or a file.", shown=True)] = "plain",
    actors: ActorsOption = None,
    as_of: AsOfOption = None,
    acts: Annotated[bool, typer.Option("--acts", help="Print every act, with its weight and source, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what has happened between the parties of a case: what each did, what followed, and how the months went."""
    from detente.case.load import load
    from detente.record.account import account
    from detente.record.schema import default_folder

    found = load(case)
    told = account(found, workspace or default_folder(), profile=profile, actors=read_who(actors), as_of=day(as_of))
    if as_json:
        print_json(told.to_dict())
    else:
        from detente.brief.recounted import recount

        print_rich(*recount(found, told, acts=acts))


_DATES = ["%Y-%m-%d"]


@command("record dyad", "USA PRK --period month")
def show_dyad(
    a: ACountry,
    b: BCountry,
    by: Annotated[str, option("--period", "PERIOD", "day, week, month or year.", shown=True)] = "month",
    directed: Annotated[bool, typer.Option("--directed", help="Only what A does towards B.")] = False,
    formats: FormatOption = None,
    actors: ActorsOption = None,
    case: PartiesOption = None,
    start: Annotated[datetime | None, option("--from", "DATE", "Only from this day on.", formats=_DATES)] = None,
    end: Annotated[datetime | None, option("--to", "DATE", "Only up to this day.", formats=_DATES)] = None,
    engine: Annotated[
        str, option("--engine", "NAME", "Who counts: duckdb, or spark for records beyond one machine.", shown=True)
    ] = "duckdb",
    master: Annotated[
        str, option("--master", "URL", "For spark: where it runs, local[N] or the URL of a cluster.", shown=True)
    ] = "local[*]",
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Count events between two parties by period: all, cooperation, conflict, and their mean intensity.

    Exit code 1 if the record has no event between them.
    """
    from detente.record.dyad import dyad
    from detente.record.telling import show_series

    days = [bound.date() if bound else None for bound in (start, end)]
    found = dyad(
        opened(workspace, actors, case),
        a,
        b,
        by=by,
        directed=directed,
        formats=formats or (),
        start=days[0],
        end=days[1],
        engine=engine,
        master=master,
    )
    if as_json:
        print_json(found.to_dict())
    elif found:
        print_rich(*show_series(found))
    else:
        print_text(f"The record has no event between {found.a} and {found.b} in this time.")
    if not found:
        raise typer.Exit(1)
