"""`detente assess`: what is ahead, strategy by strategy."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.ending import quiet_workers
from detente.cli.options import CaseArgument, JsonOption, ObjectiveOption, TimeOption
from detente.cli.output import print_json, print_rich


@app.command("assess", epilog="Example: detente assess toy-exchange --runs 5000")
def show_assessed(
    case: CaseArgument,
    strategy: Annotated[
        list[str] | None,
        typer.Option(
            "--strategy",
            metavar="ID",
            show_default=False,
            help="Play this strategy; may be given several times. Without it: all.",
        ),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", metavar="N", help="Plays of each strategy.")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Where the luck starts.")] = 0,
    profile: Annotated[
        str, typer.Option("--profile", metavar="NAME", help="The judgements that plays need: a bundled profile or a file.")
    ] = "plain",
    roadmap: Annotated[
        str | None,
        typer.Option(
            "--roadmap", metavar="FILE", show_default=False, help="A JSON file with `entry`, or -; without it the plan is made."
        ),
    ] = None,
    between: Annotated[
        str | None,
        typer.Option(
            "--between",
            metavar="ID,ID",
            show_default=False,
            help="Compare these two assumption by assumption; without it the best two.",
        ),
    ] = None,
    crossings: Annotated[
        int, typer.Option("--crossings", metavar="N", help="Plays in which each crossing is sought; 0: none is.")
    ] = 1024,
    sensitivity: Annotated[
        int, typer.Option("--sensitivity", metavar="N", help="Base samples of the Sobol indices, a power of two; 0: none.")
    ] = 0,
    cores: Annotated[
        int | None,
        typer.Option("--cores", metavar="N", show_default=False, help="Threads; the result is the same for any number."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            show_default=False,
            help="Play on this dask cluster, such as tcp://host:8786, or `local`.",
        ),
    ] = None,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Play the roadmap, the stated orders and four rules of conduct against parties whose types are drawn from the trust.

    Says how each strategy fares on the same luck, why it ends, which steps are weakest, what warns early, and which
    assumptions decide between the two best. Exit code 0 also where every strategy fares badly: that is an answer.
    """
    from detente.assess.assess import assess
    from detente.assess.show import show_assessment
    from detente.case.load import load
    from detente.progress import progress_line

    if case == "-" and roadmap == "-":
        raise typer.BadParameter("the case and the roadmap cannot both come from standard input")
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
            client=client,
            progress=progress_line(),
        )
    finally:
        if client is not None:
            client.close()
    if as_json:
        print_json(made.to_dict())
    else:
        print_rich(*show_assessment(made, found))
