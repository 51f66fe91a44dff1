"""`detente case`, `cases`, `schema`: what a case says."""

from __future__ import annotations

from detente.cli.app import app
from detente.cli.options import CaseArgument, JsonOption
from detente.cli.output import print_answer, print_json


@app.command("case", epilog="Example: detente case us-dprk-2019 --json")
def show_case(case: CaseArgument, as_json: JsonOption = False) -> None:
    """Read a case, check it, and show what it says.

    Every fault is listed with its line and column. With --json: the case as the planner sees it, with likely values, slices
    cut and grades resolved.
    """
    from detente.case.load import load
    from detente.case.show import show

    found = load(case)
    print_answer(as_json, found.to_dict, lambda: show(found))


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
