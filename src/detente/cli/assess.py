"""`detente assess`: what is ahead, strategy by strategy."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.ending import quiet_workers
from detente.cli.options import CaseArgument, JsonOption, ObjectiveOption, TimeOption, WidenOption, option
from detente.cli.output import print_answer


@command("assess", "toy-exchange --runs 5000")
def show_assessed(
    case: CaseArgument,
    strategy: Annotated[
        list[str] | None, option("--strategy", "ID", "Play this strategy; may be given several times. Without it: all.")
    ] = None,
    runs: Annotated[int, option("--runs", "N", "Plays of each strategy.", shown=True)] = 20_000,
    seed: Annotated[int, option("--seed", "N", "Where the luck starts.", shown=True)] = 0,
    profile: Annotated[
        str, option("--profile", "NAME|FILE", "The judgements that plays need: a bundled profile or a file.", shown=True)
    ] = "plain",
    roadmap: Annotated[
        str | None, option("--roadmap", "FILE", "A JSON file with `entry`, or -; without it the plan is made.")
    ] = None,
    between: Annotated[
        str | None, option("--between", "ID,ID", "Compare these two assumption by assumption; without it the best two.")
    ] = None,
    crossings: Annotated[
        int, option("--crossings", "N", "Plays in which each crossing is sought; 0: none is.", shown=True)
    ] = 1024,
    sensitivity: Annotated[
        int, option("--sensitivity", "N", "Base samples of the Sobol indices, a power of two; 0: none.", shown=True)
    ] = 0,
    cores: Annotated[int | None, option("--cores", "N", "Threads; the result is the same for any number.")] = None,
    dask: Annotated[
        str | None, option("--dask", "ADDRESS", "Play on this dask cluster, such as tcp://host:8786, or `local`.")
    ] = None,
    likely: Annotated[
        bool,
        typer.Option("--likely", help="Play at the likely values, the plan for them; else all is drawn that is uncertain."),
    ] = False,
    widen: WidenOption = 1.0,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play the roadmap, the stated orders and four rules of conduct against parties whose types are drawn from the trust.

    Says how each strategy fares on the same luck, why it ends, which steps are weakest, what warns early, and which assumptions
    decide between the two best.
    """
    from detente.assess.telling import show_assessment
    from detente.case.load import load
    from detente.progress import progress_line
    from detente.recommend.assess import assess

    pair = None
    if between is not None:
        first, _, second = between.partition(",")
        pair = (first.strip(), second.strip())
    found = load(case)
    client = None
    if dask is not None:
        from detente.assess.run import connected

        with quiet_workers():
            client = connected(dask)
    try:
        made = assess(
            found,
            strategies=tuple(strategy or ()),
            runs=runs,
            seed=seed,
            profile=profile,
            roadmap=roadmap,
            between=pair,
            crossings=crossings,
            sensitivity=sensitivity,
            objective=objective,
            time_limit=time_limit,
            cores=cores,
            likely=likely,
            widen=widen,
            client=client,
            progress=progress_line(),
        )
    finally:
        if client is not None:
            client.close()
    print_answer(as_json, made.to_dict, lambda: show_assessment(made, found))
