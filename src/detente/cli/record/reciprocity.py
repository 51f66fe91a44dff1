"""`detente record reciprocity`: whether each side answers the other in kind."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import JsonOption, option
from detente.cli.output import print_answer
from detente.cli.record.options import ACountry, BCountry, ByOption, FormatOption, WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("reciprocity", epilog="Example: detente record reciprocity USA PRK --by week --lags 2")
def show_answers(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    by: ByOption = "week",
    lags: Annotated[int, option("--lags", "K", "How many periods back an answer may reach.", shown=True)] = 2,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether each of two sides answers the other's cooperation, and its conflict, in kind.

    A regression of the number of one side's events on those of the other before; both directions. Exit code 1 if no answer can
    be told from chance.
    """
    from detente.record.relation.reciprocity import reciprocity
    from detente.record.relation.show import show_reciprocity
    from detente.record.workspace import Workspace

    found = reciprocity(Workspace.open(workspace), a, b, by=by, lags=lags, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_reciprocity(found))
    if not any(found.answers):
        raise typer.Exit(1)
