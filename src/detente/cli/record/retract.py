"""`detente record retract`: take back what was added."""

from __future__ import annotations

from typing import Annotated

from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_json, print_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("retract", epilog="Example: detente record retract 3 --because 'the file of another dyad'")
def retract_entries(
    entries: Annotated[
        list[str],
        argument(
            "ENTRY...",
            "An entry's number (see `detente record contents`), 7.3 for the third row of entry 7, or an imported file.",
        ),
    ],
    because: Annotated[str, option("--because", "TEXT", "Why; it stays on record.", shown=True)],
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Take back what was added: it stays in the record, with the reason, and no result counts it any more.

    A retraction can itself be retracted.
    """
    from detente.record.retract import retract
    from detente.record.workspace import Workspace

    done = retract(Workspace.open(workspace), entries, because)
    if as_json:
        print_json(done.to_dict())
        return
    print_text(f"Entry {done.number}: {', '.join(done.of)} counts no more.")
    if done.import_again:
        print_text(f"These left out what was on record already; import them again: {', '.join(done.import_again)}")
