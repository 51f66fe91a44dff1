"""`detente diagnose`: why the parties are stuck."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import (
    CaseArgument,
    GapOption,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    TimeOption,
    TrustOption,
    TrustProfileOption,
    option,
)
from detente.cli.output import print_answer
from detente.cli.starting import print_started, starting


@command("diagnose", "us-dprk-2019")
def show_diagnosis(
    case: CaseArgument,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why the parties are stuck: four questions, the deadlock, the stated orders.

    Exit code 1 if no roadmap exists (the verdict is no-zone, commitment or distrust), or that was not settled.
    """
    began = time.monotonic()  # reading the case counts
    from detente.diagnose.telling import show_diagnosis
    from detente.diagnose.verdict import diagnose
    from detente.progress import progress_line

    found, started = starting(case, trust, workspace, profile)
    diagnosis = diagnose(found, objective=objective, time_limit=time_limit, began=began, progress=progress_line())
    print_started(as_json, started, diagnosis, lambda: show_diagnosis(diagnosis, found))
    if diagnosis.verdict in ("no-zone", "commitment", "distrust", "unsettled"):
        raise typer.Exit(1)


@command("concessions", "us-dprk-2019")
def show_concessions(
    case: CaseArgument,
    objective: ObjectiveOption = "nash",
    most: Annotated[int, option("--most", "N", "Concessions to plan, single demands first.", shown=True)] = 20,
    gap: GapOption = 0.0,
    time_limit: TimeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the best roadmap in which no demand is given up, and what each concession would add, for whom.

    Exit code 1 if there is none without giving way.
    """
    from detente.case.load import load
    from detente.diagnose.concessions import concessions
    from detente.diagnose.telling import show_concessions
    from detente.progress import progress_line

    found = load(case)
    made = concessions(found, objective=objective, most=most, gap=gap, time_limit=time_limit, progress=progress_line())
    print_answer(as_json, made.to_dict, lambda: show_concessions(made, found))
    if not made:
        raise typer.Exit(1)
