"""`detente compare`: roadmaps side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import (
    CaseArgument,
    JsonOption,
    ObjectiveOption,
    PageOption,
    RecordOption,
    TrustOption,
    TrustProfileOption,
    WholeTimeOption,
    WidenOption,
    argument,
    option,
)
from detente.cli.starting import print_started, starting


@command("compare", "toy-exchange")
def show_compared(
    case: CaseArgument,
    roadmaps: Annotated[
        list[str] | None,
        argument(
            "[ROADMAP]...",
            "Ids of the case's stated orders, JSON files with `entry`, - for standard input, or recommended, fastest, surest, "
            "without-giving-way; none: these and every stated order.",
        ),
    ] = None,
    likely: Annotated[
        bool,
        typer.Option("--likely", help="Without roadmaps: the best one if all goes well, and every stated order; no plays."),
    ] = False,
    objective: ObjectiveOption = "nash",
    time_limit: WholeTimeOption = None,
    draws: Annotated[
        int, option("--draws", "N", "Draws of the uncertain values in which each is tried; 0: none.", shown=True)
    ] = 1000,
    seed: Annotated[int, option("--seed", "N", "Where the draws start.", shown=True)] = 0,
    widen: WidenOption = 1.0,
    frontier: Annotated[
        bool,
        typer.Option(
            "--frontier", help="Also the frontier of speed against safety, and what each level of trust makes possible."
        ),
    ] = False,
    page: PageOption = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put roadmaps side by side: how far each goes, what it is worth and risks, and where it breaks first.

    Where the recommended one is among them: also what each may bring in plays, and what it costs whom.

    Exit code 1 if none of them holds.
    """
    from detente.compare.telling import show_comparison
    from detente.progress import progress_line
    from detente.recommend.compare import compare

    found, started = starting(case, trust, workspace, profile)
    made = compare(
        found,
        roadmaps or (),
        likely=likely,
        objective=objective,
        time_limit=time_limit,
        draws=draws,
        seed=seed,
        widen=widen,
        pictures=frontier or page is not None,
        progress=progress_line(),
    )
    if page is not None:
        from detente.base.atomic import write_atomic
        from detente.brief.compared import compared_page

        write_atomic(page, compared_page(found, made))
    print_started(as_json, started, made, lambda: show_comparison(made, found))
    if not any(r.holds for r in made.roadmaps):
        raise typer.Exit(1)
