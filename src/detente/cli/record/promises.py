"""`detente record commit`, `commitments` and `trust`: what was promised, what is done, and the trust that it has earned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import CaseArgument, JsonOption, TrustProfileOption, argument, option
from detente.cli.output import print_answer, print_json, print_rich, print_text
from detente.cli.record.options import AsOfOption, ReadWorkspaceOption, WorkspaceOption, day
from detente.record.schema import DEFAULT


@command("record commit", "us-dprk-2019 tourism --state none --as-of 2019-01-20 --reader analyst")
def add_commitments(
    case: CaseArgument,
    item: Annotated[str | None, argument("[ITEM]", "A measure of the case, or AGREEMENT/PROVISION.")] = None,
    state: Annotated[
        str | None, option("--state", "STATE", "How far it is done: none, minimal, intermediate, full, reversed or disputed.")
    ] = None,
    as_of: Annotated[str | None, option("--as-of", "DATE", "The day for which it is read.")] = None,
    by: Annotated[str | None, option("--reader", "READER", "Whose reading it is: a party, or who keeps the record.")] = None,
    party: Annotated[str | None, option("--party", "ID", "Who owes it, where more than one could.")] = None,
    due: Annotated[str | None, option("--due", "DATE", "By when, where a date was set.")] = None,
    evidence: Annotated[str, option("--evidence", "TEXT", "What the reading rests on.")] = "",
    note: Annotated[str, option("--note", "TEXT", "Anything else to remember.")] = "",
    file: Annotated[str | None, option("--file", "FILE", "Many entries at once, from a CSV file with a header.")] = None,
    workspace: WorkspaceOption = DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Enter how far a provision or measure is carried out: one reading, or a file of them.

    A correction is a new entry for the same day. Of a file with a fault in it nothing is taken.
    """
    from detente.case.load import load
    from detente.record.commitments.commit import bundled, commit, commit_file

    alone = {"ITEM": item, "--state": state, "--as-of": as_of, "--reader": by}
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


@command("record commitments", "us-dprk-2019 --party us --scores")
def list_commitments(
    case: CaseArgument,
    item: Annotated[
        str | None, option("--item", "ITEM", "Only this measure, agreement or AGREEMENT/PROVISION, with its whole history.")
    ] = None,
    party: Annotated[str | None, option("--party", "ID", "Only what this party owes.")] = None,
    state: Annotated[str | None, option("--state", "STATE", "Only what stands so.")] = None,
    only: Annotated[str | None, option("--only", "LIST", "overdue or soon: only these.")] = None,
    sort: Annotated[str, option("--sort", "ORDER", "case, due, score, state, party or read.", shown=True)] = "case",
    soon: Annotated[int, option("--soon", "DAYS", "Days within which an item counts as due soon.", shown=True)] = 30,
    scores: Annotated[
        bool, typer.Option("--scores", help="Also how far each party and provision has come, over time.")
    ] = False,
    unread: Annotated[bool, typer.Option("--unread", help="Also the items of the case that nobody has read.")] = False,
    as_of: AsOfOption = None,
    workspace: ReadWorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was promised: by whom, due when, done how far, as read by whom.

    Where readers differ an item is disputed and all versions are shown.
    """
    from detente.case.load import load
    from detente.record.commitments.implementation import implementation
    from detente.record.commitments.ledger import commitments
    from detente.record.commitments.telling import show_commitments, show_scores

    loaded = load(case)
    when = day(as_of)
    found = commitments(
        loaded, workspace, as_of=when, soon=soon, item=item, party=party, state=state, only=only, sort=sort
    )  # fmt: skip
    reached = implementation(loaded, workspace, as_of=when) if scores else None
    if as_json:
        told = found.to_dict()
        if reached is not None:
            told |= {"scores": [s.to_dict() for s in reached.scores], "path": [p.to_dict() for p in reached.path]}
        print_json(told)
        return
    print_rich(*show_commitments(found, loaded, unread=unread), *(show_scores(reached, loaded) if reached else ()))


@command("record trust", "us-dprk-2019")
def show_record_trust(
    case: CaseArgument,
    profile: TrustProfileOption = None,
    course: Annotated[bool, typer.Option("--course", help="Also how it came there, after each piece of evidence.")] = False,
    left_out: Annotated[bool, typer.Option("--left-out", help="Also what is on record and does not count, and why.")] = False,
    as_of: AsOfOption = None,
    workspace: ReadWorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work out what kept, late, broken and disputed commitments make of the trust that the case states.

    With the interval that the ranges of the profile leave, and what moved it most. `detente plan CASE --trust record` starts
    from it.
    """
    from detente.case.load import load
    from detente.record.trust.telling import show_trust
    from detente.record.trust.trust import trust

    loaded = load(case)
    found = trust(loaded, workspace, as_of=day(as_of), profile=profile or "plain")
    print_answer(as_json, found.to_dict, lambda: show_trust(found, loaded, course=course, left_out=left_out))
