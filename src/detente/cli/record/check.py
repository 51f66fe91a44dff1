"""`detente record check`: whether the record is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import JsonOption, option
from detente.cli.output import print_json, print_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("check", epilog="Example: detente record check --against head.json")
def check_record(
    workspace: WorkspaceOption = DEFAULT,
    against: Annotated[
        str | None, option("--against", "HEAD", "A head from before: a file, or the line itself. Does the record continue it?")
    ] = None,
    key: Annotated[str | None, option("--key", "FILE", "The public key that must have signed that head.")] = None,
    proof: Annotated[
        str | None,
        option("--proof", "FILE", "In place of a record: a later head with its proof (`detente record head --since`)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read the whole record anew and say whether it is as it was written, and whether it continues a head from before.

    Exit code 1 if it does not continue the head; 2, with every place, if something in it was changed.
    """
    from detente.brief.words import count
    from detente.record.head import proves, read_head, read_proof

    if proof is not None and against is None:
        raise typer.BadParameter("--proof: name the earlier head as well (--against HEAD)")
    if key is not None and against is None:
        raise typer.BadParameter("--key: name the head that it signed as well (--against HEAD)")
    earlier = read_head(against, Path(key) if key else None) if against else None
    if proof is not None:
        assert earlier is not None
        later = read_proof(proof)
        broken = proves(later, earlier.head)
        told = {"head": later.head.to_dict(), "against": earlier.head.to_dict(), "continues": not broken, "because": broken}
        yes = f"The record of {count(later.head.entries, 'entry', 'entries')} continues the head of {earlier.head.entries}."
    else:
        from detente.record.check import check
        from detente.record.workspace import Workspace

        done = check(Workspace.open(workspace), earlier.head if earlier else None)
        broken, told = done.broken, done.to_dict()
        held = f"{count(done.head.entries, 'entry', 'entries')}, {count(done.files, 'file')}, {done.bytes:,} bytes"
        yes = f"As it was written: {held}, all read."
        if earlier:
            yes += f" It continues the head of {count(earlier.head.entries, 'entry', 'entries')}."
    if as_json:
        print_json(told)
    else:
        print_text(f"No: {broken}." if broken else yes)
    if broken:
        raise typer.Exit(1)
