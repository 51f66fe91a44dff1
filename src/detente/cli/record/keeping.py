"""`detente record contents`, `retract`, `check`, `head`, `key`, `migrate`: what the record holds, as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_answer, print_json, print_text
from detente.cli.record.options import WorkspaceOption
from detente.record.schema import DEFAULT


@command("record contents", "--workspace detente-record")
def show_contents(workspace: WorkspaceOption = DEFAULT, as_json: JsonOption = False) -> None:
    """List what was added to the record: files with their format, days and rows, and what was put aside."""
    from detente.record.contents import contents
    from detente.record.telling import show_contents as shown
    from detente.record.workspace import Workspace

    found = contents(Workspace.open(workspace))
    print_answer(as_json, found.to_dict, lambda: shown(found))


@command("record retract", "3 --because 'the file of another dyad'")
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


@command("record check", "--against head.json")
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
    from detente.base.words import count
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


@command("record head", "--sign my-key.pem -o head.json")
def show_head(
    workspace: WorkspaceOption = DEFAULT,
    sign: Annotated[str | None, option("--sign", "KEY", "Sign it with this private key (Ed25519, PEM).")] = None,
    since: Annotated[str | None, option("--since", "HEAD", "Add the proof that it continues this earlier head.")] = None,
    output: Annotated[str | None, option("--output -o", "FILE", "Write it to a file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the head of the record: it stands for all entries up to now, and tells nothing of them.

    Whoever holds it sees later whether the record was rewritten since
    (`detente record check --against HEAD`).
    """
    from detente.record.head import Given, read_head, signed, with_proof
    from detente.record.workspace import Workspace

    chain = Workspace.open(workspace).chain()
    given = with_proof(chain, read_head(since).head) if since else Given(chain.head)
    if sign:
        given = signed(given, Path(sign))
    if output:
        from detente.base.atomic import write_atomic

        write_atomic(output, json.dumps(given.to_dict(), indent=1) + "\n")
    if as_json:
        print_json(given.to_dict())
    else:
        print_text(given.line)


@command("record key", "my-key.pem")
def write_key(
    file: Annotated[str, argument("FILE", "Where the private key is written.")],
    as_json: JsonOption = False,
) -> None:
    """Make a key for signing heads: the private one in FILE, for nobody else; the public one in FILE.pub, for everybody."""
    from detente.record.head import make_key

    public = make_key(Path(file))
    if as_json:
        print_json({"private": file, "public": str(public)})
    else:
        print_text(f"{file} is the private key: keep it. {public} is the public one: give it to whoever is to check.")


@command("record migrate", "--workspace detente-record")
def migrate_record(
    workspace: WorkspaceOption = DEFAULT,
    copy: Annotated[
        str | None,
        option("--copy", "FOLDER", "Where the folder is copied to first; else beside it, as FOLDER-version-1."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a record of version 1 to version 2: copy the folder, then give it its chain.

    Each part is sealed as it is today; what was changed before cannot be told.
    """
    from detente.record.migrate import migrate

    done = migrate(workspace, copy)
    if as_json:
        print_json(done.to_dict())
    elif done.copy is None:
        print_text(f"{done.workspace} is of version 2 already.")
    else:
        print_text(f"{done.workspace} is of version 2 now, with {done.parts} parts. As it was: {done.copy}")
        if done.retracted:
            print_text(f"{done.retracted} rows were retracted: their dates are none that a record can hold.")
