"""`detente record head` and `detente record key`: the head of the record, to be written down, given away, signed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

from detente.cli.options import JsonOption, argument, option
from detente.cli.output import print_json, print_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command("head", epilog="Example: detente record head --sign my-key.pem -o head.json")
def show_head(
    workspace: WorkspaceOption = DEFAULT,
    sign: Annotated[str | None, option("--sign", "KEY", "Sign it with this private key (Ed25519, PEM).")] = None,
    since: Annotated[str | None, option("--since", "HEAD", "Add the proof that it continues this earlier head.")] = None,
    output: Annotated[str | None, option("--output -o", "FILE", "Write it to a file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the head of the record: it stands for all entries up to now, and tells nothing of them.

    Write it down or give it to the other side: whoever holds it sees later whether the record was rewritten since
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


@record.command("key", epilog="Example: detente record key my-key.pem")
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
