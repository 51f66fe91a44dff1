"""`detente record contents`: what the record holds."""

from __future__ import annotations

from detente.cli.options import JsonOption
from detente.cli.output import print_json, print_rich
from detente.cli.record.options import WorkspaceOption, record


@record.command("contents", epilog="Example: detente record contents --workspace detente-record")
def show_contents(workspace: WorkspaceOption = "detente-record", as_json: JsonOption = False) -> None:
    """List what was added to the record: files with their format, days and rows, and what was put aside."""
    from detente.record.contents import contents
    from detente.record.show import show_contents as shown
    from detente.record.workspace import Workspace

    found = contents(Workspace.open(workspace))
    if as_json:
        print_json(found.to_dict())
    else:
        print_rich(*shown(found))
