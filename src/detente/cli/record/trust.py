"""`detente record trust`: how far trust has come."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.options import CaseArgument, JsonOption, ProfileOption
from detente.cli.output import print_answer
from detente.cli.record.options import AsOfOption, ReadWorkspaceOption, day, record


@record.command("trust", epilog="Example: detente record trust us-dprk-2019")
def show_record_trust(
    case: CaseArgument,
    profile: ProfileOption = "plain",
    course: Annotated[bool, typer.Option("--course", help="Also how it came there, after each piece of evidence.")] = False,
    left_out: Annotated[bool, typer.Option("--left-out", help="Also what is on record and does not count, and why.")] = False,
    as_of: AsOfOption = None,
    workspace: ReadWorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work out what kept, late, broken and disputed commitments make of the trust that the case states.

    Bayes, with the likelihood ratios of a profile and the signals of the case; with the interval that the ranges of the profile
    leave, and what moved it most. `detente plan CASE --trust record` starts from it.
    """
    from detente.case.load import load
    from detente.record.trust.show import show_trust
    from detente.record.trust.trust import trust

    loaded = load(case)
    found = trust(loaded, workspace, as_of=day(as_of), profile=profile)
    print_answer(as_json, found.to_dict, lambda: show_trust(found, loaded, course=course, left_out=left_out))
