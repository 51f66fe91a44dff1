"""`detente record start`: begin a record with what is bundled."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import JsonOption, argument
from detente.cli.output import print_json, print_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("start", epilog="Example: detente record start us-dprk-2019 --workspace korea")
def start_record(
    case: Annotated[str, argument("CASE", "A bundled case that has a record.")],
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Put the bundled record of a case into a workspace, to go on from.

    What is there already is not added again.
    """
    from detente.record.library import start

    made = start(case, workspace)
    if as_json:
        print_json(made.to_dict())
        return
    parts = ", ".join(f"{n} {table}" for table, n in made.added.items() if n)
    before = ", ".join(f"{n} {table}" for table, n in made.known.items() if n)
    said = [f"added {parts}"] if parts else []
    said += [f"there already: {before}"] if before else []
    print_text(f"{made.workspace}: {'; '.join(said)}.")
