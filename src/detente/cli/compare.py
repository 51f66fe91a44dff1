"""`detente compare`: roadmaps side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import (
    CaseArgument,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    TrustOption,
    TrustProfileOption,
    WholeTimeOption,
)
from detente.cli.output import print_json, print_rich
from detente.cli.starting import starting, trust_in_words, with_trust


@app.command("compare", epilog="Example: detente compare toy-exchange")
def show_compared(
    case: CaseArgument,
    roadmaps: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ROADMAP]...",
            show_default=False,
            help="Ids of the case's stated orders, JSON files with `entry`, or - for standard input; "
            "none: the plan and every stated order.",
        ),
    ] = None,
    objective: ObjectiveOption = "nash",
    time_limit: WholeTimeOption = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", help="Draws of the uncertain values in which each is tried; 0: none.")
    ] = 1000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Where the draws start.")] = 0,
    pictures: Annotated[
        bool,
        typer.Option(
            "--pictures", help="Also the frontier of speed against safety, and what each level of trust makes possible."
        ),
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", show_default=False, help="Write it all as one HTML page, with both pictures."
        ),
    ] = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put roadmaps side by side: how far each goes, what it is worth and risks, and where it breaks first.

    Exit code 1 if none of them holds.
    """
    from detente.compare.compare import compare
    from detente.compare.show import show_comparison
    from detente.progress import progress_line

    if case == "-" and "-" in (roadmaps or []):
        raise typer.BadParameter("the case and a roadmap cannot both come from standard input")
    found, started = starting(case, trust, workspace, profile)
    made = compare(
        found,
        roadmaps or (),
        objective=objective,
        time_limit=time_limit,
        draws=draws,
        seed=seed,
        pictures=pictures or output is not None,
        progress=progress_line(),
    )
    if output is not None:
        from detente.brief.compared import save_compared_page

        save_compared_page(found, made, output)
    if as_json:
        print_json(with_trust(made.to_dict(), started))
    else:
        print_rich(*trust_in_words(started), *show_comparison(made, found))
    if not any(r.holds for r in made.roadmaps):
        raise typer.Exit(1)
