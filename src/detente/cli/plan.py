"""`detente plan`, `verify`: what to do in which order, and whether it holds."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.app import command
from detente.cli.options import (
    CaseArgument,
    GapOption,
    JsonOption,
    ObjectiveOption,
    RecordOption,
    SeedOption,
    TimeOption,
    TrustOption,
    TrustProfileOption,
    WidenOption,
    argument,
    option,
)
from detente.cli.output import print_answer, print_text
from detente.cli.starting import at_low, print_started, starting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from detente.base.parts import Part
    from detente.case.case import Case
    from detente.case.instance import Instance
    from detente.plan.roadmap import Roadmap
    from detente.record.trust.start import Started

CertificateOption = Annotated[
    str | None,
    option(
        "--output -o",
        "FILE",
        "Write the roadmap with its certificate. FILE.csv, .ics (iCalendar), "
        ".xml (Microsoft Project) or .graphml: the steps alone, for other programs.",
    ),
]
PartyOption = Annotated[
    str | None, option("--party", "ID", "With -o: no values and rows but this party's, and what it needs of the others.")
]


@command("plan", "us-dprk-2019 --json > roadmap.json")
def show_plan(
    case: CaseArgument,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = None,
    gap: GapOption = 0.0,
    status: Annotated[
        str | None, option("--status", "FILE", "Plan from where things stand: what is done, late and broken.")
    ] = None,
    holds: Annotated[
        float | None,
        option(
            "--holds",
            "SHARE",
            "The roadmap must hold in at least this share of draws, above 0 to 1.",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        option(
            "--draws",
            "N",
            "Fresh draws that count that share; 0: none. Without it: 10000 with --holds, else 0.",
        ),
    ] = None,
    seed: SeedOption = 0,
    widen: WidenOption = 1.0,
    which: Annotated[
        str,
        option("--which", "NAME", "recommended, fastest, surest or without-giving-way: which is shown and written."),
    ] = "recommended",
    likely: Annotated[bool, typer.Option("--likely", help="The best roadmap if all goes well; that alone.")] = False,
    reach: Annotated[
        float | None, option("--reach", "SHARE", "So many of the agreements' provisions must be carried out, 0 to 1.")
    ] = None,
    slack: Annotated[
        int, option("--slack", "PHASES", "No party ends below no deal if any single step comes so many phases late.")
    ] = 0,
    keep_demands: Annotated[
        bool, option("--keep-demands", None, "Give up no demand: what one holds back waits until its `first` is seen.")
    ] = False,
    ignore_demands: Annotated[
        bool, typer.Option("--ignore-demands", help="Do not try to meet demands; else firm ones are met as far as possible.")
    ] = False,
    require: Annotated[list[str] | None, option("--require", "ID", "A measure, slice or provision that has to come.")] = None,
    forbid: Annotated[list[str] | None, option("--forbid", "ID", "A measure, slice or provision that must not.")] = None,
    pin: Annotated[
        list[str] | None, option("--pin", "ID=PHASE", "A measure or slice that has to come in this phase: a number, or a date.")
    ] = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    output: CertificateOption = None,
    party: PartyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the roadmap to recommend: one that every party would keep to, with its certificate, and that does best in plays.

    The alternatives stand below it with their prices: the fastest (best if all goes well), the surest (holds in most draws),
    the best without giving up a demand. --which shows one of them in full, -o writes it.

    With --likely: the best roadmap at the likely values, and nothing about what may come.

    With --holds: the best one found that holds in that share of draws. If none is found, the one that holds in the largest
    share, and exit code 1.

    With --reach, --slack, --keep-demands, --require, --forbid and --pin: the best one under these conditions. Exit code 1 if
    none is found that has the reach or the slack.

    With --status, a JSON file (or - for standard input) that says how things stand: the best roadmap from there on, at the
    likely values. Exit code 1 if there is none to recommend.
    """
    began = time.monotonic()  # reading the case counts
    from detente.plan.telling import show_plan
    from detente.progress import progress_line
    from detente.recommend.plan import plan
    from detente.recommend.result import Recommendation
    from detente.recommend.telling import show_recommendation

    _fits(output, party)
    found, started = starting(case, trust, workspace, profile)
    if status is not None:
        if holds is not None or draws or widen != 1:
            raise typer.BadParameter("--status cannot be combined with --holds, --draws or --widen; plan the rest without them")
        if which != "recommended" or reach is not None or slack or ignore_demands:
            raise typer.BadParameter("--status cannot be combined with --which, --reach, --slack or --ignore-demands")
        if output is not None:
            raise typer.BadParameter("--status cannot be combined with -o: what is left is no roadmap of the whole case")
        if pin:
            raise typer.BadParameter("--status cannot be combined with --pin: the phases of the rest are not those of the case")
        conditions = {"keep_demands": keep_demands, "require": require or (), "forbid": forbid or ()}
        _show_replan(found, started, status, objective, time_limit, gap, conditions, as_json)
        return
    made = plan(
        found,
        which=which,
        likely=likely,
        objective=objective,
        time_limit=time_limit,
        began=began,
        gap=gap,
        holds=holds,
        draws=draws,
        seed=seed,
        widen=widen,
        keep_demands=keep_demands,
        ignore_demands=ignore_demands,
        require=require or (),
        forbid=forbid or (),
        pin=_phases(pin or (), "--pin"),
        reach=reach,
        slack=slack,
        progress=progress_line(),
    )
    if made and output is not None:
        _write(found, found.instance, made.roadmap, output, party)  # conditions are on the roadmap: it is one of the case
    low, said = at_low(started, made.roadmap, found)

    def words() -> Iterable[Part]:
        told = show_recommendation(made, found) if isinstance(made, Recommendation) else show_plan(made, found)
        return (*told, *([said] if said else ()))

    print_started(as_json, started, made, words, low)
    missed = isinstance(made, Recommendation) and made.missed
    if not made or missed or (made.holds is not None and not made.holds.met):
        raise typer.Exit(1)


def _show_replan(
    found: Case,
    started: Started | None,
    status: str,
    objective: str,
    time_limit: float | None,
    gap: float,
    conditions: dict[str, Any],
    as_json: bool,
) -> None:
    from detente.prepare.replan import replan
    from detente.prepare.telling import show_replan
    from detente.progress import progress_line

    told: dict[str, Any] = {"objective": objective, "time_limit": time_limit, "gap": gap, "progress": progress_line()}
    made = replan(found, status, **told, **conditions)
    print_started(as_json, started, made, lambda: show_replan(made, found))
    if not made:
        raise typer.Exit(1)


@command("verify", "us-dprk-2019 roadmap.json")
def show_verified(
    case: Annotated[str, argument("CASE", "A bundled case, the path of a case file, or - for standard input.")] = "",
    roadmap: Annotated[str, argument("ROADMAP", "A file with `entry`, JSON or YAML, or - for standard input.")] = "",
    export: Annotated[str | None, option("--export", "FILE", "Write the program that checks; without a case.")] = None,
    move: Annotated[
        list[str] | None,
        option("--move", "ID=PHASE", "What if this came in another phase: a number, a date, or never. May be repeated."),
    ] = None,
    forbid: Annotated[
        list[str] | None, option("--forbid", "ID", "What if this measure, slice or provision did not enter.")
    ] = None,
    require: Annotated[
        list[str] | None, option("--require", "ID", "What if it did, with what it needs, as early as all rows hold.")
    ] = None,
    places: Annotated[
        list[str] | None, option("--places", "ID", "Try every phase for this measure; for slices that move together, each.")
    ] = None,
    output: CertificateOption = None,
    party: PartyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check any roadmap of a case, a hand-written one too, in exact arithmetic.

    Exit code 1 if a row is broken.

    With --move, --forbid or --require: which rows such a change would break, or why it cannot be; -o writes the changed
    roadmap. With --places: the same for every phase. Exit code 1 if the change does not hold, or
    in none of these.

    With --export: write a short program that needs only Python and checks what -o writes.
    """
    from detente.case.load import load
    from detente.case.naming import NamingIn
    from detente.plan.certificate import certify
    from detente.plan.telling import show_certificate
    from detente.plan.verify import read

    if export is not None:
        if case or output is not None:
            raise typer.BadParameter("it goes without a case", param_hint="--export")
        _export(export)
        return
    if not case or not roadmap:
        raise typer.BadParameter(f"wanted a {'roadmap' if case else 'case'}", param_hint="ROADMAP" if case else "CASE")
    _fits(output, party)
    found = load(case)
    if move or forbid or require or places:
        if places and (move or forbid or require or output is not None):
            raise typer.BadParameter("it goes without --move, --forbid, --require and -o", param_hint="--places")
        if places:
            _show_places(found, roadmap, places, as_json)
        else:
            _show_whatif(found, roadmap, move or (), forbid or (), require or (), output, party, as_json)
        return
    instance, checked, supports = read(found, roadmap)
    certificate = certify(instance, checked)
    if output is not None:
        _write(found, instance, checked, output, party, supports)
    print_answer(as_json, certificate.to_dict, lambda: show_certificate(certificate, checked, NamingIn(found, instance)))
    if not certificate.holds:
        raise typer.Exit(1)


def _show_whatif(
    case: Case,
    roadmap: str,
    moves: Sequence[str],
    forbid: Sequence[str],
    require: Sequence[str],
    output: str | None,
    party: str | None,
    as_json: bool,
) -> None:
    from detente.plan.telling_whatif import show_whatif
    from detente.plan.whatif import whatif

    found = whatif(case, roadmap, move=_phases(moves, "--move"), forbid=forbid, require=require)
    if output is not None:
        _write(case, found.instance, found.roadmap, output, party, found.supports)
    print_answer(as_json, found.to_dict, lambda: show_whatif(found, case))
    if not found.certificate.holds:
        raise typer.Exit(1)


def _show_places(case: Case, roadmap: str, measures: Sequence[str], as_json: bool) -> None:
    from detente.plan.telling_whatif import show_places
    from detente.plan.whatif import places

    found = places(case, roadmap, measures)
    print_answer(as_json, lambda: [place.in_short(t) for t, place in enumerate(found)], lambda: show_places(found, case))
    if not any(place.certificate.holds for place in found):
        raise typer.Exit(1)


def _phases(given: Sequence[str], hint: str) -> dict[str, int | str]:
    """ID=PHASE as measure and phase: a number, a date, or never."""
    out: dict[str, int | str] = {}
    for text in given:
        name, sign, phase = text.partition("=")
        if not (name and sign and phase):
            raise typer.BadParameter(f"got {text!r}, wanted ID=PHASE, such as relief=3 or relief=never", param_hint=hint)
        if name in out:
            raise typer.BadParameter(f"{name} is given twice; give it one phase", param_hint=hint)
        out[name] = int(phase) if re.fullmatch(r"-?\d{1,4}", phase, re.ASCII) else phase
    return out


def _export(path: str) -> None:
    from detente.base.atomic import write_atomic
    from detente.plan.check.stated import checker

    write_atomic(path, checker())
    print_text(f"{path}: python3 {path} ROADMAP checks what `detente plan CASE -o ROADMAP` writes")


def _fits(output: str | None, party: str | None) -> None:
    from detente.export.roadmap import ending_of

    if party is not None and output is None:
        raise typer.BadParameter("it goes with -o", param_hint="--party")
    if party is not None and output is not None and ending_of(output):
        raise typer.BadParameter(f"{output} holds no values and rows of any party; leave it out", param_hint="--party")


def _write(
    case: Case, instance: Instance, roadmap: Roadmap, path: str, party: str | None, supports: tuple[str, ...] = ()
) -> None:
    import json

    from detente.base.atomic import write_atomic
    from detente.export.roadmap import ending_of, exported
    from detente.plan.check.stated import stated

    ending = ending_of(path)
    if ending is not None:
        write_atomic(path, exported(case, roadmap, ending, instance))
        return
    data = stated(instance, roadmap, party=party, supports=supports)
    write_atomic(path, json.dumps(data, indent=1) + "\n")
