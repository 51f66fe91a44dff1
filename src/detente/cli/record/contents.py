"""`detente record contents`: what the record holds."""

from __future__ import annotations

from detente.cli.options import JsonOption
from detente.cli.output import print_answer
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("contents", epilog="Example: detente record contents --workspace detente-record")
def show_contents(workspace: WorkspaceOption = DEFAULT, as_json: JsonOption = False) -> None:
    """List what was added to the record: files with their format, days and rows, and what was put aside."""
    from detente.record.contents import contents
    from detente.record.show import show_contents as shown
    from detente.record.workspace import Workspace

    found = contents(Workspace.open(workspace))
    print_answer(as_json, found.to_dict, lambda: shown(found))
