"""`detente record changes`: from when on a relation was different."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import JsonOption, option
from detente.cli.output import print_answer
from detente.cli.record.options import ACountry, BCountry, ByOption, FormatOption, WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("changes", epilog="Example: detente record changes USA PRK")
def show_shifts(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    by: ByOption = "month",
    what: Annotated[
        str, option("--what", "WHAT", "`events`, how many, or `weight`, the sum of intensities.", shown=True)
    ] = "events",
    alpha: Annotated[
        float, option("--alpha", "SHARE", "How often a series without a shift may be given one.", shown=True)
    ] = 0.05,
    seed: Annotated[int, option("--seed", "N", "Of the random orders that set the penalty.", shown=True)] = 0,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find from when on the cooperation of two sides, their conflict, or the difference of the two was different.

    Exit code 1 if no shift can be told from chance.
    """
    from detente.record.relation.changes import changes
    from detente.record.relation.show import show_changes
    from detente.record.workspace import Workspace

    found = changes(Workspace.open(workspace), a, b, by=by, what=what, alpha=alpha, seed=seed, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_changes(found))
    if not found:
        raise typer.Exit(1)
