"""Several roadmaps of a case side by side: how far each goes, what it is worth, what it risks, and where it breaks.

Every figure is exact and comes from the certificate of the roadmap as it stands; nothing is planned anew or mended. Which of
two roadmaps is the better one is left to the reader: there is no score. (Module `recommend.compare` puts the recommended
roadmap among them, and says what may be expected of each in plays.)
"""

from __future__ import annotations

import difflib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from detente.base.bounds import absent
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.draws.spread import Varied
from detente.case.instance import Instance
from detente.compare.frontier import Frontier, Point, spread
from detente.compare.pictures import Pictures
from detente.compare.pictures import pictures as work_out
from detente.compare.reach import carried, reach
from detente.compare.result import Compared, Comparison, Peak
from detente.compare.trust import level_of, reference, strain
from detente.diagnose.orders import first_break
from detente.errors import Fault, InputError, RoadmapError
from detente.plan.certificate import Certificate, certify
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from detente.plan.verify import as_roadmap
from detente.plan.walk.walk import speed
from detente.solver.linear import Progress

__all__ = ["Given", "compare"]

_WITH_PICTURES = 0.6  # of a limit, for the plan
_TOLD = 6  # points of the frontier that are counted in draws where little is searched


@dataclass(frozen=True)
class Given:
    """A roadmap with what it is called; fields as in `Compared`."""

    name: str
    title: str
    source: str
    by: tuple[str, ...]
    roadmap: Roadmap
    certificate: Certificate | None = None


Asked = str | Path | Roadmap | Plan | Given


def compare(
    case: Case | str | Path,
    roadmaps: Sequence[Asked] | Mapping[str, Asked] = (),
    *,
    plan: Plan | None = None,
    objective: str = "nash",
    time_limit: float | None = None,
    draws: int = 0,
    seed: int = 0,
    widen: float = 1.0,
    pictures: bool = False,
    thorough: bool = True,
    progress: Progress | None = None,
) -> Comparison:
    """Put roadmaps of a case side by side.

    Parameters
    ----------
    roadmaps : each the id of a stated order of the case, the path of a JSON file with `entry` ("-": standard input), a
        `Roadmap`, a `Plan` or a `Given`; as a mapping: with the names to call them by. None given: the plan and every stated
        order.
    plan : a plan of this case made before, used where none are given; it is made here if there is none.
    objective, progress : for that plan.
    time_limit : seconds for all of it but the draws, to within a fifth, six tenths of them for the plan where there are
        pictures. None: how much is searched is a matter of the case, not of the clock.
    draws, seed : also count, for each roadmap, the draws of the uncertain values in which every row holds, the same draws for
        all of them; 0: not counted. widen : by what every range is multiplied about its likely value before that.
    pictures : also work out the frontier of speed against safety, and what each level of trust makes possible.
    thorough : search much for them; if not, as little as a brief does.

    Raises
    ------
    RoadmapError
        With every fault at once: neither an order of the case nor a readable file, a roadmap of another case, one given twice.
    """
    from detente.case.load import as_case

    case = as_case(case)
    over = math.inf if time_limit is None else time.monotonic() + time_limit
    planning = None if time_limit is None else time_limit * (_WITH_PICTURES if pictures else 1.0)
    if plan is not None and plan.instance.case != case.case:
        raise InputError(f"the plan is about case {plan.instance.case!r}, not {case.case!r}; give one for the same case")
    if roadmaps:
        given = _read(case, roadmaps)
    else:
        if plan is None:
            from detente.plan.solve import plan as make_plan

            plan = make_plan(case, objective=objective, time_limit=planning, reasons=False, progress=progress)
        given = [_of_plan("plan", plan), *(_of_order(case, o.id) for o in case.orders)]
    compared = tuple(_compared(case, g) for g in given)
    drawn = Pictures(None, None)
    if pictures:
        known = [*([] if plan is None else [plan.roadmap]), *(r.roadmap for r in compared)]
        drawn = work_out(case, known, objective=objective, thorough=thorough, until=over)
    front = drawn.frontier
    how, varied = None, None
    if draws:
        compared, varied = _held(case, compared, draws, seed, widen)
        if front is not None:
            front = _front_held(case, front, draws, seed, widen, thorough)
        how = {"draws": draws, "seed": seed, **({} if widen == 1 else {"widen": widen})} if varied is not None else None
    no_deal = alone(case.instance).no_deal
    return Comparison(case.case, case.instance.phases, no_deal, compared, how, front, drawn.levels, drawn.cut_short, varied)


def _front_held(case: Case, front: Frontier, draws: int, seed: int, widen: float, thorough: bool) -> Frontier:
    """The frontier with the share of draws for every point, or only for those that a short table shows."""
    told = list(front.points) if thorough else spread(front.points, _TOLD)
    counted = dict(zip(map(id, told), _held(case, told, draws, seed, widen)[0], strict=True))
    return replace(front, points=tuple(counted.get(id(p), p) for p in front.points))


Drawn = TypeVar("Drawn", Compared, Point)


def _held(
    case: Case, roadmaps: Sequence[Drawn], draws: int, seed: int, widen: float
) -> tuple[tuple[Drawn, ...], Varied | None]:
    """The same with the share of draws in which each holds, and what was varied; unchanged if nothing is uncertain."""
    from detente.plan.draws.shares import shares

    out: list[Drawn] = []
    varied = None
    for one in roadmaps:
        counted = shares(case, one.roadmap, draws=draws, seed=seed, widen=widen, indices=False)
        varied = counted.varied if counted.uncertain else None
        if varied:
            one = replace(one, held=counted.share, interval=counted.interval, widened=counted.widened)
        out.append(one)
    return tuple(out), varied


def _of_plan(name: str, plan: Plan) -> Given:
    title = "The plan" if plan else "The plan: nothing to recommend"
    return Given(name, title, "plan", (), plan.roadmap, plan.certificate)


def _of_order(case: Case, order: str) -> Given:
    spec = next(o for o in case.orders if o.id == order)
    return Given(order, spec.title, "order", tuple(spec.by), roadmap_from_steps(spec.steps, case.instance))


def _read(case: Case, roadmaps: Sequence[Asked] | Mapping[str, Asked]) -> list[Given]:
    """Every roadmap that was asked for, or every reason why one cannot be had."""
    orders = {o.id for o in case.orders}
    named = list(roadmaps.items()) if isinstance(roadmaps, Mapping) else [(None, r) for r in roadmaps]
    names = _names(named)
    faults: list[Fault] = []
    out: list[Given] = []
    for name, (_, what) in zip(names, named, strict=True):
        if names.count(name) > 1:
            if name not in [f.key for f in faults]:
                faults.append(Fault(0, 0, name, "this roadmap is given twice", "give each roadmap once"))
            continue
        try:
            if isinstance(what, Given):
                _fits(what.roadmap, case)
                out.append(what)
            elif isinstance(what, Plan):
                _fits(what.roadmap, case)
                out.append(_of_plan(name, what))
            elif isinstance(what, Roadmap):
                _fits(what, case)
                out.append(Given(name, name, "roadmap", (), what))
            elif str(what) in orders:
                order = _of_order(case, str(what))
                out.append(Given(name, order.title, "order", order.by, order.roadmap))
            else:
                out.append(Given(name, name, "file", (), _file(what, case, sorted(orders))))
        except RoadmapError as err:
            faults += [_named(f, err.source or name) for f in err.faults] or [
                Fault(0, 0, name, str(err).removeprefix(f"{name}: "))
            ]
    if faults:
        raise RoadmapError(f"{case.case}: these roadmaps cannot be compared", source=case.case, faults=faults)
    return out


def _named(fault: Fault, source: str) -> Fault:
    """A fault of one file among several: the file and its place become part of the key."""
    place = f"{source}:{fault.line}:{fault.column}" if fault.line else source
    return Fault(0, 0, f"{place}: {fault.key}" if fault.key else place, fault.message, fault.hint)


def _names(named: Sequence[tuple[str | None, Asked]]) -> list[str]:
    """What each is called: as given, a file by its name alone unless two files share it."""
    stems = [Path(str(r)).stem for n, r in named if n is None and isinstance(r, (str, Path))]
    out = []
    for number, (name, what) in enumerate(named, 1):
        if isinstance(what, Given):
            name = what.name
        elif name is None and isinstance(what, (str, Path)):
            text = str(what)
            stem = Path(text).stem
            name = "standard input" if text == "-" else text if stems.count(stem) > 1 else stem
        out.append(name if name is not None else f"{'plan' if isinstance(what, Plan) else 'roadmap'} {number}")
    return out


def _file(what: str | Path, case: Case, orders: Sequence[str]) -> Roadmap:
    if absent(what):
        close = difflib.get_close_matches(str(what), orders, n=1)
        known = f"stated orders: {', '.join(orders)}" if orders else "it states no orders"
        hint = f"did you mean {close[0]!r}?" if close else known
        fault = Fault(0, 0, "", f"case {case.case} states no such order, and there is no such file", hint)
        raise RoadmapError(str(what), source=str(what), faults=[fault])
    return as_roadmap(what, case)


def _fits(roadmap: Roadmap, case: Case) -> None:
    if roadmap.case != case.case or set(roadmap.entry) != set(case.instance.measure) or roadmap.phases != case.instance.phases:
        message = f"the roadmap is for case {roadmap.case!r} as it was then, not for {case.case!r} as it stands"
        raise RoadmapError("", faults=[Fault(0, 0, "case", message, "give the case it was made for")])


def _compared(case: Case, given: Given) -> Compared:
    certificate = given.certificate if given.certificate is not None else certify(case.instance, given.roadmap)
    needed = strain(certificate)
    return Compared(
        name=given.name,
        title=given.title,
        source=given.source,
        by=given.by,
        roadmap=given.roadmap,
        certificate=certificate,
        reach=reach(case, given.roadmap),
        provisions=carried(case, given.roadmap),
        gain=certificate.gain,
        peaks={i: _peak(certificate, i) for i in certificate.courses},
        first_failure=first_break(certificate),
        speed=speed(case.instance, given.roadmap),
        strain=needed,
        needs=_needs(case.instance, certificate, needed),
    )


def _needs(instance: Instance, certificate: Certificate, needed: Fraction | None) -> Fraction | None:
    if needed is None or any(row.row != "trust" for row in certificate.broken):
        return None
    return level_of(instance, needed) if needed and reference(instance) else Fraction(0)


def _peak(certificate: Certificate, party: str) -> Peak:
    best = Peak(Fraction(0), None, None, None)
    for (i, j), pair in certificate.pairs.items():
        if i != party:
            continue
        for t, (risk, allowed) in enumerate(zip(pair.exposure, pair.allowance, strict=True)):
            if risk > best.exposure:
                best = Peak(risk, j, t, allowed)
    return best
