"""`detente record contacts`: who met whom at which level."""

from __future__ import annotations

from detente.cli.options import JsonOption
from detente.cli.output import print_answer
from detente.cli.record.options import ACountry, BCountry, FormatOption, WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("contacts", epilog="Example: detente record contacts KOR PRK")
def show_contacts_by_level(
    a: ACountry,
    b: BCountry,
    workspace: WorkspaceOption = DEFAULT,
    formats: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count the days of each month on which leaders, ministers or officials of two sides were in contact."""
    from detente.record.relation.contacts import contacts
    from detente.record.relation.show import show_contacts
    from detente.record.workspace import Workspace

    found = contacts(Workspace.open(workspace), a, b, formats=formats or ())
    print_answer(as_json, found.to_dict, lambda: show_contacts(found))
