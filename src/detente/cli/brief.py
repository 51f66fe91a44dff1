"""`detente brief`: what a principal reads."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import app
from detente.cli.options import (
    CaseArgument,
    DrawsOption,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    SeedOption,
    TimeOption,
    TrustOption,
    TrustProfileOption,
)
from detente.cli.output import print_json, print_rich
from detente.cli.starting import starting, told, told_in_words


@app.command("brief", epilog="Example: detente brief us-dprk-2019")
def write_brief(
    case: CaseArgument,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", show_default=False, help="Where the page goes; else <slug>.html."),
    ] = None,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = 60.0,
    draws: DrawsOption = 1000,
    seed: SeedOption = 0,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Diagnose, plan and check a case, print a summary and write it all as one HTML page.

    With --json: the case, the diagnosis and the plan in place of the summary. Exit code 1 if there is no roadmap; the page is
    written all the same and says why.
    """
    from detente.brief.brief import brief
    from detente.progress import progress_line

    loaded, begun = starting(case, trust, workspace, profile)
    found = brief(
        loaded,
        objective=objective,
        time_limit=time_limit,
        draws=draws,
        seed=seed,
        workspace=workspace,
        progress=progress_line(),
    )
    written = found.save(output)
    if as_json:
        print_json(told(found.to_dict(), begun))
    else:
        print_rich(*told_in_words(begun), *found.summary(str(written)))
    if not found.plan:
        raise typer.Exit(1)
