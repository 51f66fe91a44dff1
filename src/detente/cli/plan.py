"""`detente plan`, `verify`: what to do in which order, and whether it holds."""

from __future__ import annotations

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
    from collections.abc import Iterable

    from detente.base.parts import Part
    from detente.case.case import Case
    from detente.case.instance import Instance
    from detente.plan.roadmap import Roadmap
    from detente.record.trust.start import Started

CertificateOption = Annotated[
    str | None,
    option("--output -o", "FILE", "Write the roadmap with its certificate: numbers and rows, for `verify --export` to check."),
]
PartyOption = Annotated[
    str | None, option("--party", "ID", "With -o: no values and rows but this party's, and what it needs of the others.")
]


@command("plan", "us-dprk-2019 --json > roadmap.json")
def show_plan(
    case: CaseArgument,
    objective: ObjectiveOption = "nash",
    time_limit: TimeOption = 60.0,
    gap: GapOption = 0.0,
    status: Annotated[
        str | None, option("--status", "FILE", "Plan from where things stand: what is done, late and broken.")
    ] = None,
    holds: Annotated[
        float | None,
        option(
            "--holds",
            "SHARE",
            "A share above 0 and up to 1: the roadmap must hold in at least this share of draws of the uncertain values.",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        option(
            "--draws",
            "N",
            "Fresh draws on which that share is counted; 0: not counted. Without it: 10000 with --holds, else 0.",
        ),
    ] = None,
    seed: SeedOption = 0,
    widen: WidenOption = 1.0,
    which: Annotated[
        str,
        option("--which", "NAME", "recommended, fastest, surest or without-giving-way: the roadmap that is shown and written."),
    ] = "recommended",
    likely: Annotated[
        bool, typer.Option("--likely", help="The best roadmap if the likely values are certain and all goes well; that alone.")
    ] = False,
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
        bool, typer.Option("--ignore-demands", help="Meet no demand on purpose. Without it: the firm ones, as far as they go.")
    ] = False,
    require: Annotated[list[str] | None, option("--require", "ID", "A measure, slice or provision that has to come.")] = None,
    forbid: Annotated[list[str] | None, option("--forbid", "ID", "A measure, slice or provision that must not.")] = None,
    trust: TrustOption = None,
    workspace: RecordOption = None,
    profile: TrustProfileOption = None,
    output: CertificateOption = None,
    party: PartyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the roadmap to recommend: one that every party would keep to, with its certificate, and that does best in plays.

    The alternatives stand below it with their prices: the fastest (best if all goes well), the surest (holds in most draws of
    the uncertain values), the best without giving up a demand. --which shows one of them in full, -o writes it.

    With --likely: the best roadmap at the likely values, and nothing about what may come.

    With --holds: the best one found that holds in that share of draws of the uncertain values. If none is found, the one that
    holds in the largest share, and exit code 1.

    With --reach, --slack, --keep-demands, --require and --forbid: the best one under these conditions. Exit code 1 if
    none is found that has the reach or the slack.

    With --status, a JSON file (or - for standard input) that says what is done, late and broken by now: the best roadmap from
    there on, at the likely values. Exit code 1 if there is none to recommend.
    """
    began = time.monotonic()  # reading the case counts
    from detente.plan.show import show_plan
    from detente.progress import progress_line
    from detente.recommend.plan import plan
    from detente.recommend.result import Recommendation
    from detente.recommend.show import show_recommendation

    _fits(output, party)
    found, started = starting(case, trust, workspace, profile)
    if status is not None:
        if holds is not None or draws or widen != 1:
            raise typer.BadParameter("--status cannot be combined with --holds, --draws or --widen; plan the rest without them")
        if which != "recommended" or reach is not None or slack or ignore_demands:
            raise typer.BadParameter("--status cannot be combined with --which, --reach, --slack or --ignore-demands")
        if output is not None:
            raise typer.BadParameter("--status cannot be combined with -o: what is left is no roadmap of the whole case")
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
        reach=reach,
        slack=slack,
        progress=progress_line(),
    )
    if made and output is not None:
        _write(found.instance, made.roadmap, output, party)  # conditions are on the roadmap: it is one of the case
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
    time_limit: float,
    gap: float,
    conditions: dict[str, Any],
    as_json: bool,
) -> None:
    from detente.prepare.replan import replan
    from detente.prepare.show import show_replan
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
    export: Annotated[
        str | None, option("--export", "FILE", "Write the program with which either side checks a certificate; without a case.")
    ] = None,
    output: CertificateOption = None,
    party: PartyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check any roadmap of a case, a hand-written one too, in exact arithmetic.

    Exit code 1 if a row is broken.

    With --export: write a short program that needs nothing but Python, shares nothing with this one, and checks what -o writes.
    """
    from detente.case.load import load
    from detente.plan.certificate import certify
    from detente.plan.show import show_certificate
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
    instance, checked, supports = read(found, roadmap)
    certificate = certify(instance, checked)
    if output is not None:
        _write(instance, checked, output, party, supports)
    print_answer(as_json, certificate.to_dict, lambda: show_certificate(certificate, found, instance))
    if not certificate.holds:
        raise typer.Exit(1)


def _export(path: str) -> None:
    from detente.base.atomic import write_atomic
    from detente.plan.check.stated import checker

    write_atomic(path, checker())
    print_text(f"{path}: python3 {path} ROADMAP checks what `detente plan CASE -o ROADMAP` writes")


def _fits(output: str | None, party: str | None) -> None:
    if party is not None and output is None:
        raise typer.BadParameter("it goes with -o", param_hint="--party")


def _write(instance: Instance, roadmap: Roadmap, path: str, party: str | None, supports: tuple[str, ...] = ()) -> None:
    import json

    from detente.base.atomic import write_atomic
    from detente.plan.check.stated import stated

    data = stated(instance, roadmap, party=party, supports=supports)
    write_atomic(path, json.dumps(data, indent=1) + "\n")
