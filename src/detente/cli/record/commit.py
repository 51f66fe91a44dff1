"""`detente record commit`: how far something promised is done."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.options import CaseArgument, JsonOption, argument, option
from detente.cli.output import print_json, print_text
from detente.cli.record.options import WorkspaceOption, record
from detente.record.schema import DEFAULT


@record.command(
    "commit",
    epilog="Example: detente record commit us-dprk-2019 tourism --state none --as-of 2019-01-20 --by analyst",
)
def add_commitments(
    case: CaseArgument,
    item: Annotated[str | None, argument("[ITEM]", "A measure of the case, or AGREEMENT/PROVISION.")] = None,
    state: Annotated[
        str | None, option("--state", "STATE", "How far it is done: none, minimal, intermediate, full, reversed or disputed.")
    ] = None,
    as_of: Annotated[str | None, option("--as-of", "DATE", "The day for which it is read.")] = None,
    by: Annotated[str | None, option("--by", "READER", "Whose reading it is: a party, or whoever keeps the record.")] = None,
    party: Annotated[str | None, option("--party", "PARTY", "Who owes it, where more than one could.")] = None,
    due: Annotated[str | None, option("--due", "DATE", "By when, where a date was set.")] = None,
    evidence: Annotated[str, option("--evidence", "TEXT", "What the reading rests on.")] = "",
    note: Annotated[str, option("--note", "TEXT", "Anything else to remember.")] = "",
    file: Annotated[str | None, option("--file", "FILE", "Many entries at once, from a CSV file with a header.")] = None,
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Enter how far a provision or measure is carried out: one reading, or a file of them.

    Nothing that was entered before is changed: a correction is a new entry for the same day. Readings of different readers
    stand side by side. Of a file with a fault in it nothing is taken.
    """
    from detente.case.load import load
    from detente.record.commitments.commit import bundled, commit, commit_file

    alone = {"ITEM": item, "--state": state, "--as-of": as_of, "--by": by}
    if file is not None:
        given = [
            name for name, x in {**alone, "--party": party, "--due": due, "--evidence": evidence, "--note": note}.items() if x
        ]
        if given:
            raise typer.BadParameter(f"--file brings its own columns; leave out {', '.join(given)}")
    elif not all(alone.values()):
        missing = ", ".join(name for name, x in alone.items() if not x)
        raise typer.BadParameter(f"missing {missing}; or name a file of entries with --file")
    found = load(case)
    begun = not (Path(workspace) / "record.json").exists()
    if file is not None:
        made = commit_file(found, file, workspace=workspace)
    else:
        made = commit(
            found, item or "", state=state or "", as_of=as_of or "", by=by or "", party=party, due=due, evidence=evidence,
            note=note, workspace=workspace,
        )  # fmt: skip
    if as_json:
        print_json(made.to_dict())
        return
    told = f"{made.added} of {made.read} entries added to {made.workspace}"
    print_text(f"{told}; {made.known} were there already." if made.known else f"{told}.")
    if begun and bundled(found.case) is not None:
        print_text(
            f"A new record was begun. The bundled one of {found.case} is not in it: `detente record start` would copy it."
        )
