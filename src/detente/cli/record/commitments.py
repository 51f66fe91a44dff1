"""`detente record commitments`: what was promised, what is done, what is overdue."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import CaseArgument, JsonOption, option
from detente.cli.output import print_json, print_rich
from detente.cli.record.options import AsOfOption, ReadWorkspaceOption, day, record


@record.command("commitments", epilog="Example: detente record commitments us-dprk-2019 --party us --scores")
def list_commitments(
    case: CaseArgument,
    item: Annotated[
        str | None, option("--item", "ITEM", "Only this measure, agreement or AGREEMENT/PROVISION, with its whole history.")
    ] = None,
    party: Annotated[str | None, option("--party", "PARTY", "Only what this party owes.")] = None,
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

    Overdue and due soon come first. Where readers differ an item is disputed and all versions are shown.
    """
    from detente.case.load import load
    from detente.record.commitments.implementation import implementation
    from detente.record.commitments.ledger import commitments
    from detente.record.commitments.show import show_commitments, show_scores

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
