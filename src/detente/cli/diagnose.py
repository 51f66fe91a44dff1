"""`detente diagnose`: why the parties are stuck."""

from __future__ import annotations

import time

import typer

from detente.cli.app import app
from detente.cli.options import (
    CaseArgument,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    TimeOption,
    TrustOption,
    TrustProfileOption,
)
from detente.cli.starting import print_started, starting


@app.command("diagnose", epilog="Example: detente diagnose us-dprk-2019")
def show_diagnosis(
    case: CaseArgument,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = 60.0,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why the parties are stuck: four questions, the deadlock, the stated orders.

    Exit code 1 if no roadmap exists (the verdict is no-zone, commitment or distrust), or that was not settled.
    """
    began = time.monotonic()  # reading the case counts
    from detente.diagnose.show import show_diagnosis
    from detente.diagnose.verdict import diagnose
    from detente.progress import progress_line

    found, started = starting(case, trust, workspace, profile)
    diagnosis = diagnose(found, objective=objective, time_limit=time_limit, began=began, progress=progress_line())
    print_started(as_json, started, diagnosis, lambda: show_diagnosis(diagnosis, found))
    if diagnosis.verdict in ("no-zone", "commitment", "distrust", "unsettled"):
        raise typer.Exit(1)
