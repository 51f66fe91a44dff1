"""`detente prepare`: what to do on the day on which a step is missed."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import (
    CaseArgument,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    TrustOption,
    TrustProfileOption,
    WholeTimeOption,
    argument,
    option,
)
from detente.cli.starting import print_started, starting


@command("prepare", "toy-exchange")
def show_prepared(
    case: CaseArgument,
    roadmap: Annotated[
        str | None,
        argument("[ROADMAP]", "A file with `entry`, - for standard input, or a stated order; none: recommended."),
    ] = None,
    party: Annotated[str | None, option("--party", "ID", "Only this party, in detail.")] = None,
    phase: Annotated[int | None, option("--phase", "N", "Only what is due in this phase, in detail.")] = None,
    repairs: Annotated[
        str, option("--repairs", "WHICH", "Change the roadmap where `needed`, or try it for `every` event.", shown=True)
    ] = "needed",
    likely: Annotated[
        bool,
        typer.Option("--likely", help="Without a roadmap: the best one if all goes well."),
    ] = False,
    objective: ObjectiveOption = "nash",
    time_limit: WholeTimeOption = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what to do if a step comes late, in part, not at all or is taken back, and if a risk strikes.

    Each event is answered by going on, changing the roadmap, suspending, suspending more or stepping out, so that missing the
    step on purpose does not pay, where that can be. Exit code 1 if the roadmap cannot be carried out as it stands, or nothing
    can go wrong with it.
    """
    from detente.prepare.telling import show_preparation
    from detente.progress import progress_line
    from detente.recommend.prepare import prepare

    found, started = starting(case, trust, workspace, profile)
    made = prepare(
        found,
        roadmap,
        likely=likely,
        objective=objective,
        repairs=repairs,
        party=party,
        phase=phase,
        time_limit=time_limit,
        progress=progress_line(),
    )
    print_started(as_json, started, made, lambda: show_preparation(made, found, detail=party is not None or phase is not None))
    if not made:
        raise typer.Exit(1)
