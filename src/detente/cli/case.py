"""`detente case`, `cases`, `schema`: what a case says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.app import app
from detente.cli.options import CaseArgument, JsonOption, option
from detente.cli.output import print_answer, print_json, print_text

if TYPE_CHECKING:
    from detente.case.case import Case


@app.command("case", epilog="Example: detente case us-dprk-2019 --json")
def show_case(
    case: CaseArgument,
    as_json: JsonOption = False,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Print the case file in today's format instead, comments and layout kept.")
    ] = False,
    output: Annotated[str | None, option("--output -o", "FILE", "With --migrate: write it there.")] = None,
) -> None:
    """Read a case, check it, and show what it says.

    Every fault is listed with its line and column. With --json: the case as the planner sees it, with likely values, slices
    cut and grades resolved; of a case in words besides, under `rough`, what is assumed and by which entry of its table.
    """
    if output is not None and not migrate:
        raise typer.BadParameter("it goes with --migrate", param_hint="--output")
    if migrate:
        _migrate(case, output)
        return
    from detente.case.load import load
    from detente.case.show import show

    found = load(case)
    print_answer(as_json, lambda: {**found.to_dict(), **_rough(found)}, lambda: show(found))


def _rough(case: Case) -> dict[str, object]:
    """What of a case in words is assumed; nothing of another."""
    if case.rough is None:
        return {}
    from detente.case.rough.account import account

    return {"rough": account(case).to_dict()}


def _migrate(case: str, output: str | None) -> None:
    from detente.base.atomic import write_atomic
    from detente.base.bounds import name_of, read_text
    from detente.case.library import bundled, slugs
    from detente.case.migrate import migrated
    from detente.errors import CaseError

    text = bundled(case).read_text(encoding="utf-8") if case in slugs() else read_text(case, error=CaseError, what="case")
    found, changes = migrated(text, name_of(case))
    if output is None:
        print_text(found.rstrip("\n"))
        return
    write_atomic(output, found)
    print_text(f"{output}: keys renamed: {changes}")


@app.command("cases", epilog="Example: detente cases")
def list_cases(as_json: JsonOption = False) -> None:
    """List the bundled cases."""
    from detente.case.load import cases
    from detente.case.show import show_list

    found = cases()
    print_answer(as_json, lambda: [listed.to_dict() for listed in found], lambda: (show_list(found),))


@app.command("schema", epilog="Example: detente schema > case.schema.json")
def print_schema() -> None:
    """Print the JSON Schema of the case file, for editors that check as one writes."""
    from detente.case.schema import schema

    print_json(schema())
