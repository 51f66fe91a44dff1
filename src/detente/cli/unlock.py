"""`detente unlock`: what would make a target reachable."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import CaseArgument, JsonOption, ObjectiveOption, WholeTimeOption, option
from detente.cli.output import print_answer


@command("unlock", "us-dprk-2019 --target arsenal-surrendered")
def show_unlock(
    case: CaseArgument,
    target: Annotated[
        str,
        option(
            "--target",
            "ID",
            "A measure, a slice (ID/2), AGREEMENT/PROVISION, or a provision that one agreement alone has.",
        ),
    ],
    by: Annotated[int | None, option("--by", "PHASE", "The phase by which it is in force; else the last.")] = None,
    most: Annotated[int, option("--most", "N", "Minimal sets of supports to look for.", shown=True)] = 5,
    objective: ObjectiveOption = "nash",
    time_limit: WholeTimeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the cheapest supports with which a certified roadmap reaches a target, and all minimal alternatives.

    Where these do not suffice: the smallest change of values, and of trust, that would. Exit code 1 if there
    is no way with the supports of the case.
    """
    from detente.case.load import load
    from detente.plan.unlock.telling import show_unlocked
    from detente.plan.unlock.unlock import unlock
    from detente.progress import progress_line

    read = load(case)
    found = unlock(read, target, by=by, most=most, objective=objective, time_limit=time_limit, progress=progress_line())
    print_answer(as_json, found.to_dict, lambda: show_unlocked(found, read))
    if not found:
        raise typer.Exit(1)
