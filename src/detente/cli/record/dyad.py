"""`detente record dyad`: two countries over time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from detente.cli.options import JsonOption
from detente.cli.output import print_json, print_rich, print_text
from detente.cli.record.options import WorkspaceOption, record

Country = Annotated[str, typer.Argument(metavar="A", show_default=False, help="A country: its ISO 3166-1 code, or its name.")]
Other = Annotated[str, typer.Argument(metavar="B", show_default=False, help="The other country.")]
_DATES = ["%Y-%m-%d"]


@record.command("dyad", epilog="Example: detente record dyad USA PRK --by month")
def show_dyad(
    a: Country,
    b: Other,
    by: Annotated[str, typer.Option("--by", metavar="PERIOD", help="day, week, month or year.")] = "month",
    directed: Annotated[bool, typer.Option("--directed", help="Only what A does towards B.")] = False,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT", show_default=False, help="Only events of this format; may be repeated."),
    ] = None,
    start: Annotated[
        datetime | None,
        typer.Option("--from", formats=_DATES, metavar="DATE", show_default=False, help="Only from this day on."),
    ] = None,
    end: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DATES, metavar="DATE", show_default=False, help="Only up to this day."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="NAME", help="Who counts: duckdb, or spark for records beyond one machine.")
    ] = "duckdb",
    master: Annotated[
        str, typer.Option("--master", metavar="URL", help="For spark: where it runs, local[N] or the URL of a cluster.")
    ] = "local[*]",
    workspace: WorkspaceOption = "detente-record",
    as_json: JsonOption = False,
) -> None:
    """Count events between two countries by period: all, cooperation, conflict, and their mean intensity.

    Exit code 1 if the record has no event between them.
    """
    from detente.record.dyad import dyad
    from detente.record.show import show_series
    from detente.record.workspace import Workspace

    days = [bound.date() if bound else None for bound in (start, end)]
    found = dyad(
        Workspace.open(workspace),
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
