"""`detente case`, `cases`, `schema`: what a case says; `case new`, `template`, `from`: how one begins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.base.atomic import write_atomic
from detente.cli.app import command
from detente.cli.options import CaseArgument, JsonOption, TimeOption, argument, option
from detente.cli.output import print_answer, print_json, print_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detente.case.case import Case

OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")]


@command("case", "us-dprk-2019 --json")
def show_case(
    case: CaseArgument,
    as_json: JsonOption = False,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Print the case file in today's format instead, comments and layout kept.")
    ] = False,
    output: Annotated[str | None, option("--output -o", "FILE", "With --migrate: write it there.")] = None,
) -> None:
    """Read a case, check it, and show what it says.

    Every fault is listed with its line and column. With --json: the case as the planner sees it; of a case in words, under
    `rough`, what is assumed.
    """
    if output is not None and not migrate:
        raise typer.BadParameter("it goes with --migrate", param_hint="--output")
    if migrate:
        _migrate(case, output)
        return
    from detente.case.load import load
    from detente.case.telling import show

    found = load(case)
    print_answer(as_json, lambda: {**found.to_dict(), **_rough(found)}, lambda: show(found))


def _rough(case: Case) -> dict[str, object]:
    """What of a case in words is assumed; nothing of another."""
    if case.rough is None:
        return {}
    from detente.case.rough.footing import footing

    return {"rough": footing(case).to_dict()}


def _migrate(case: str, output: str | None) -> None:
    from detente.base.bounds import name_of, read_text
    from detente.case.library import bundled, slugs
    from detente.case.migrate import migrated
    from detente.errors import CaseError

    text = bundled(case).read_text(encoding="utf-8") if case in slugs() else read_text(case, error=CaseError, what="case")
    found, changes = migrated(text, name_of(case))
    if output is None:
        print_text(found.rstrip("\n"))
        return
    write_atomic(output, found)
    print_text(f"{output}: keys renamed: {changes}")


@command("case new", "-o river.yaml")
def new_case(
    output: Annotated[
        str | None, option("--output -o", "FILE", "Write the case there; without it: into a file named after its title.")
    ] = None,
    answers: Annotated[
        str | None, option("--answers", "FILE", "Take answers from a file, a line each; where they end, ask on.")
    ] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Ask for a case in words, a question at a time, and write it as a file that loads at once.

    The only number asked for is how far ahead the roadmap reaches. Answers can be piped in, a line each.
    """
    import datetime

    from detente.base.bounds import read_text
    from detente.case.load import load
    from detente.case.rough.draft import slug_of, written
    from detente.case.rough.footing import roughness
    from detente.case.rough.questions import asked
    from detente.cli.answers import Typed
    from detente.errors import InputError

    if output is not None:
        _free(output, overwrite)
    typed = Typed(read_text(answers, what="list of answers").splitlines() if answers else [])

    def slug(title: str) -> str:
        name = Path(output).stem if output else slug_of(title)
        if output is None:
            _free(f"{name}.yaml", overwrite)
        return name

    try:
        draft = asked(typed, datetime.date.today(), slug)
        target = output or f"{draft.slug}.yaml"
        write_atomic(target, written(draft))
    except (KeyboardInterrupt, EOFError, InputError) as err:
        typed.give_back()
        if isinstance(err, EOFError):
            message = f"the answers ended before the questions did: {typed.question} was not answered"
            raise InputError(f"<stdin>: {message} (nothing was written; add the rest)") from None
        raise
    print_text(f"\n{target}: {roughness(load(target))}")
    print_text(f"{len(typed.given)} answers were asked for. Next: detente case {target}, detente plan {target}")


@command("case template", "-o measures.xlsx --party North --party South")
def write_template(
    output: Annotated[str, option("--output -o", "FILE", "FILE.xlsx: a spreadsheet to fill in; FILE.yaml: a case file.")],
    case: Annotated[str, argument("[CASE]", "A case in words to put into it.")] = "",
    party: Annotated[
        list[str] | None, option("--party", "NAME", "A party, for the columns of the spreadsheet; may be repeated.")
    ] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Write a form for a case in words: a spreadsheet with drop-downs, or a case file with comments that loads as it is.

    `detente case from FILE.xlsx` makes a case file of the filled-in spreadsheet. With CASE the spreadsheet holds it already; a
    case that it cannot hold whole is refused.
    """
    from detente.case.rough.template import case_file, workbook

    sheets = Path(output).suffix.lower() == ".xlsx"
    _free(output, overwrite, sheets=sheets)
    if not sheets and Path(output).suffix.lower() not in (".yaml", ".yml"):
        raise typer.BadParameter(f"got {output}, wanted a name that ends in .xlsx or .yaml", param_hint="--output")
    if party and not sheets:
        raise typer.BadParameter(f"it is for the columns of a spreadsheet, and {output} is none", param_hint="--party")
    if case and (party or not sheets):
        raise typer.BadParameter("a case goes into a spreadsheet, and names its parties itself", param_hint="CASE")
    draft = None
    if case:
        from detente.case.load import load
        from detente.case.rough.redraft import redrafted

        draft = redrafted(load(case))
        party = [one.name for one in draft.parties]
    _named(party or ())
    write_atomic(output, workbook(party or (), draft) if sheets else case_file(Path(output).stem))
    after = (
        f"fill it in, then: detente case from {output} -o FILE.yaml" if sheets else f"change it, then: detente case {output}"
    )
    print_text(f"{output}: {after}")


@command("case from", "measures.xlsx -o river.yaml")
def case_from(
    file: Annotated[str, argument("FILE.xlsx", "The filled-in spreadsheet.")],
    output: Annotated[str | None, option("--output -o", "FILE", "Write the case there; without it: print it.")] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Make a case file of a spreadsheet that was filled in.

    Every fault is listed with its sheet and cell, all at once.
    """
    from detente.case.rough.sheets import read_sheets

    if output is not None:
        _free(output, overwrite)
    text = read_sheets(file, Path(output).stem if output else None)
    if output is None:
        print_text(text.rstrip("\n"))
        return
    from detente.case.load import load
    from detente.case.rough.footing import roughness

    write_atomic(output, text)
    print_text(f"{output}: {roughness(load(output))}")


@command("case diff", "old/river.yaml new/river.yaml")
def show_difference(
    old: Annotated[str, argument("OLD", "The earlier version: a bundled case, the path of a case file, or -.")],
    new: Annotated[str, argument("NEW", "The later version; the same.")],
    roadmap: Annotated[
        str | None, option("--roadmap", "FILE", "The roadmap of the old version: whether it still holds in the new one.")
    ] = None,
    new_roadmap: Annotated[
        str | None, option("--new-roadmap", "FILE", "That of the new version: which steps moved, came or went.")
    ] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Plan, at the likely values, each of the two that is not given.")
    ] = False,
    time_limit: TimeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what changed from one version of a case to another, by id, and what that did to the roadmap.

    Exit code 1 if the roadmap (the new one, else the old one) does not hold in the new version.
    """
    from detente.case.load import load
    from detente.compare.telling_versions import show_versions
    from detente.compare.versions import versions

    cases = load(old), load(new)
    found = versions(*cases, roadmap=roadmap, new_roadmap=new_roadmap, plan=plan, time_limit=time_limit)
    print_answer(as_json, found.to_dict, lambda: show_versions(found, *cases))
    judged = found.new or found.carried
    if judged is not None and judged.verdict != "holds":
        raise typer.Exit(1)


def _named(parties: Sequence[str]) -> None:
    """See that names can stand in the cells of a spreadsheet."""
    from detente.base.legible import alike
    from detente.case.rough.draft import unfit

    for n, name in enumerate(parties):
        why = unfit(name) or ("a formula begins so" if name.startswith("=") else "")
        why = why or ("it is given twice" if alike(name) in map(alike, parties[:n]) else "")
        if why:
            raise typer.BadParameter(f"got {name!r}, wanted a name: {why}", param_hint="--party")


def _free(output: str, overwrite: bool, *, sheets: bool = False) -> None:
    """See that a case can be written there before anything is asked or read. sheets : it is a spreadsheet that is written."""
    import re

    from detente.base.wording import ID
    from detente.errors import OutputError

    path = Path(output)
    if path.exists() and not overwrite:
        raise OutputError(f"{output}: is there already (choose another name, or add --overwrite)", source=output)
    if not path.parent.is_dir():
        raise OutputError(f"{output}: cannot be written: there is no folder {path.parent} (create it first)", source=output)
    if path.suffix.lower() == ".xlsx" and not sheets:
        raise OutputError(f"{output}: got the name of a spreadsheet, wanted one such as {path.stem}.yaml", source=output)
    if not sheets and not re.match(ID, path.stem):
        wanted = "a name of small letters, digits and hyphens: the name of the case"
        raise OutputError(f"{output}: got {path.stem!r}, wanted {wanted}", source=output)


@command("cases")
def list_cases(as_json: JsonOption = False) -> None:
    """List the bundled cases."""
    from detente.case.load import cases
    from detente.case.telling import show_list

    found = cases()
    print_answer(as_json, lambda: [listed.to_dict() for listed in found], lambda: (show_list(found),))


@command("schema", "> case.schema.json")
def print_schema() -> None:
    """Print the JSON Schema of the case file, for editors that check as one writes."""
    from detente.case.schema import schema

    print_json(schema())
