"""`detente brief`: what a principal reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from detente.case.draws import USUAL_DRAWS
from detente.cli.actors import ActorsOption, read_who
from detente.cli.app import command
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
    option,
)
from detente.cli.starting import print_started, starting

if TYPE_CHECKING:
    from detente.record.codes.actors import Actors


@command("brief", "us-dprk-2019")
def write_brief(
    case: CaseArgument,
    output: Annotated[
        str | None,
        option("--output -o", "FILE", "Where it goes: a page, a .pdf or a .docx; else <slug>.html, or <slug>-<party>.html."),
    ] = None,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = None,
    likely: Annotated[bool, typer.Option("--likely", help="Tell the best roadmap if all goes well.")] = False,
    draws: DrawsOption = USUAL_DRAWS,
    seed: SeedOption = 0,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    forecast: Annotated[
        str | None,
        option("--forecast", "A,B", "Forecast, from the record, what party A does towards B in the coming months."),
    ] = None,
    party: Annotated[
        str | None, option("--party", "ID", "Write the page as this party may see it: without the numbers of the others.")
    ] = None,
    annexes: Annotated[bool, typer.Option("--annexes", help="On paper, print the annexes too, opened.")] = False,
    actors: ActorsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Diagnose, plan and check a case, print a summary and write it all as one HTML page, a PDF or a Word file.

    It tells the recommended roadmap; with --likely, the best one if all goes well.

    On paper there is a list of the annexes, unless --annexes asks for all.

    FILE.pdf needs the extra [pdf], FILE.docx the extra [word].

    With --party the page leaves out the numbers of the other parties; the summary and --json do not.

    Exit code 1 if there is no roadmap; the page is written all the same and says why.
    """
    from detente.brief.brief import brief, check_party
    from detente.brief.paper.kinds import check_kind, is_paper
    from detente.progress import progress_line
    from detente.record.codes.actors import actors_of
    from detente.record.schema import default_folder

    loaded, started = starting(case, trust, workspace, profile)
    check_party(loaded, party)
    check_kind(output, loaded)
    who = read_who(actors)
    told = forecast is not None or sum(party.code is not None for party in loaded.parties.values()) > 1
    folder = workspace or (default_folder() if told else None)
    found = brief(
        loaded,
        objective=objective,
        time_limit=time_limit,
        likely=likely,
        draws=draws,
        seed=seed,
        workspace=folder,
        forecast_of=_pair(forecast, folder, who.then(actors_of(loaded))),
        actors=who,
        earned=None if started is None else started.record,
        progress=progress_line(),
    )
    written = found.save(output, annexes=annexes, party=party)
    whole = annexes or not is_paper(written)
    print_started(as_json, started, found, lambda: found.summary(str(written), whole=whole), widest=80)
    if not found.plan:
        raise typer.Exit(1)


def _pair(text: str | None, folder: str | None, who: Actors) -> tuple[str, str] | None:
    """Two parties of the record in a folder, written with a comma between them."""
    if text is None:
        return None
    from detente.errors import InputError
    from detente.record.dyad import country_code, party_code
    from detente.record.workspace import Workspace

    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or names[0] == names[1]:
        raise InputError(f"--forecast {text}: wanted two countries with a comma between them, such as USA,PRK")
    if folder is None:
        return country_code(names[0]), country_code(names[1])
    record = Workspace.open(folder).read_with(who)
    return party_code(record, names[0]), party_code(record, names[1])
