"""A comparison as tables for the terminal. Roadmaps are numbered at the top and go by their numbers in the tables, so that
several of them fit on a line of 80 characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import figure, level_percent, number, percent, rounded, signed_figure
from detente.case.case import Case
from detente.compare.frontier import Frontier, Point, spread
from detente.compare.levels import TrustLevels, grouped
from detente.compare.reach import Reach
from detente.compare.result import Compared, Comparison, Estimate
from detente.plan.telling import row_in_words

__all__ = ["expected_gains", "show_comparison"]

_POINTS = 10  # of the frontier, at most
_DATED = 3  # roadmaps whose dates fit beside each other


def show_comparison(comparison: Comparison, case: Case) -> Iterator[Part]:
    """Whether each holds and how far it goes, what it is worth, what it risks, when each provision is complete; the pictures as
    tables.
    """
    name = {i: spec.name for i, spec in case.parties.items()}
    yield from _reach(comparison, case, name)
    yield _gains(comparison, name)
    yield from _expected(comparison, name)
    yield _peaks(comparison, case, name)
    if comparison.roadmaps[0].provisions:
        yield _provisions(comparison, case)
    failing = [(n, r.first_failure) for n, r in _numbered(comparison) if r.first_failure is not None]
    if failing:
        out = Table("First failure", "", "From", "Row")
        for n, row in failing:
            out.add(str(n), str(case.phase_date(row.phase)), row_in_words(row, case, name))
        yield out
    if comparison.frontier is not None:
        yield from _frontier(comparison.frontier, name)
    if comparison.trust_levels is not None:
        yield from _levels(comparison.trust_levels, case, name)
    if comparison.cut_short:
        yield "The time was over before all was searched for these two; allow more with --time-limit."


def _numbered(comparison: Comparison) -> list[tuple[int, Compared]]:
    return list(enumerate(comparison.roadmaps, 1))


def _reach(comparison: Comparison, case: Case, name: dict[str, str]) -> Iterator[Part]:
    from detente.compare.trust import reference

    draws = any(r.held is not None for r in comparison.roadmaps)
    yield "\n".join(f"{n}  {r.title}" for n, r in _numbered(comparison)) + "\n"
    columns = ["", "Holds", "Measures", "Clauses", "Last", "Speed", "Trust", *(_columns(comparison.roadmaps) if draws else [])]
    out = Table("How far each goes, and whether it holds", *columns)
    for n, r in _numbered(comparison):
        out.add(
            str(n),
            "yes" if r.holds else "no",
            _measures(r.reach),
            f"{r.reach.provisions} of {r.reach.of_provisions}" if r.reach.of_provisions else "-",
            "-" if r.reach.last_step is None else str(r.reach.last_step),
            figure(r.speed),
            _needed(r),
            *(_shares(r) if draws else []),
        )
    yield out
    pair = reference(case.instance)
    trust = ""
    if pair is not None:
        stated = case.instance.party[pair[0]].trust[pair[1]]
        trust = (
            f" Trust: that of {name[pair[0]]} in {name[pair[1]]} which it needs (stated: {level_percent(stated)}), the odds of "
            "all pairs changed alike; none: no trust would do."
        )
    yield quiet(
        f"Clauses: signed provisions carried out in full. Last: the phase of the last step. Speed: new measures in force, on "
        f"average over the {comparison.phases} phases.{trust}{_varied(comparison)}\n"
    )


def _varied(comparison: Comparison) -> str:
    if comparison.varied is None or comparison.draws is None:
        return ""
    given = f", each range {figure(float(str(comparison.draws['widen'])))} times as wide" if "widen" in comparison.draws else ""
    return (
        f" Draws held: of {comparison.draws['draws']:,} draws, {comparison.varied}{given}. Beside it: if every range is so "
        "many times as wide as given, since those of experts are too narrow."
    )


def _measures(reach: Reach) -> str:
    part = f" + {reach.in_part} part" if reach.in_part else ""
    return f"{reach.measures}{part} of {reach.of_measures}"


def _needed(r: Compared) -> str:
    return "none" if r.needs is None else level_percent(r.needs)


def _columns(roadmaps: Iterable[Compared | Point]) -> list[str]:
    """The heads of both shares of draws; what is told of several roadmaps is wider by the same factor."""
    by = next(r.widened.by for r in roadmaps if r.widened is not None)
    return ["Draws held", f"x {figure(by)}"]


def _shares(r: Compared | Point) -> list[str]:
    if r.held is None or r.interval is None or r.widened is None:
        return ["-", "-"]
    low, high = (rounded(100 * x, 0) for x in r.interval)
    return [f"{percent(r.held)} ({low}-{high})", percent(r.widened.share)]


def _gains(comparison: Comparison, name: dict[str, str]) -> Part:
    out = Table("Gain over no deal if all keep to it, each in its own units", "", *(name[i] for i in comparison.no_deal))
    for n, r in _numbered(comparison):
        out.add(str(n), *(signed_figure(r.gain[i]) for i in comparison.no_deal))
    return out


def _expected(comparison: Comparison, name: dict[str, str]) -> Iterator[Part]:
    """What may come of each, and what it costs whom; nothing where nothing was played."""
    told = [(str(n), r.expected) for n, r in _numbered(comparison) if r.expected is not None]
    if not told:
        return
    out = Table("What may come", "", "Score", "Collapses", "Demands given up")
    for n, e in told:
        out.add(n, rounded(e.score[0], 2), percent(e.collapse[0]), str(len(e.given_up)))
    yield out
    yield expected_gains(
        [(n, e.gain if e.is_first else e.gain_behind, e.is_first) for n, e in told], {i: name[i] for i in comparison.no_deal}
    )
    waiting = [n for n, e in told if e.by_condition]
    pace = f" {', '.join(waiting)}: followed by condition, not by date." if waiting else ""
    yield quiet(
        f"Over {told[0][1].plays:,} plays, the same luck for all. Score: 0 no deal, 1 what was promised at best. Costs: more "
        f"or less than the recommended roadmap brings.{pace}\n"
    )


def expected_gains(rows: Iterable[tuple[str, Mapping[str, Estimate], bool]], parties: Mapping[str, str]) -> Part:
    """What each party may expect by roadmaps. rows : the roadmap, figures by party, and whether these are its own gains and not
    what it brings more or less than another; parties : names by id."""
    out = Table("Expected gain, and what the others cost", "Roadmap", *parties.values())
    for label, gains, own in rows:
        worth = figure if own else signed_figure
        out.add(label, *(f"{worth(gains[i][0])} ± {number(1.96 * gains[i][1])}" for i in parties))
    return out


def _peaks(comparison: Comparison, case: Case, name: dict[str, str]) -> Part:
    out = Table("Peak exposure, each in its own units", "", *(name[i] for i in comparison.no_deal))
    for n, r in _numbered(comparison):
        cells = []
        for i in comparison.no_deal:
            peak = r.peaks[i]
            if peak.toward is None or peak.phase is None:
                cells.append("nothing at risk")
            else:
                allowed = float(peak.allowed or Fraction(0))
                when = f"phase {peak.phase} ({case.phase_date(peak.phase)})"
                cells.append(f"{figure(peak.exposure)} to {name[peak.toward]}, {when}; trust allows {figure(allowed)}")
        out.add(str(n), *cells)
    return out


def _provisions(comparison: Comparison, case: Case) -> Part:
    """Dates, or where many roadmaps leave no room for them, phases."""
    dated = len(comparison.roadmaps) <= _DATED
    title = "Provisions, complete from" if dated else "Provisions, complete from phase"
    out = Table(title, "", *(str(n) for n, _ in _numbered(comparison)))
    agreement = ""
    for k, first in enumerate(comparison.roadmaps[0].provisions):
        if first.agreement != agreement:
            agreement = first.agreement
            out.add(strong(case.agreements[agreement].title))
        phases = [r.provisions[k].phase for r in comparison.roadmaps]
        entered = [str(case.phase_date(t)) if dated else str(t) for t in phases if t is not None and t >= 0]
        cells = ["never" if t is None else "already" if t < 0 else entered.pop(0) for t in phases]
        out.add(first.title, *cells)
    return out


def _frontier(found: Frontier, name: dict[str, str]) -> Iterator[Part]:
    if not found.points:
        yield "Speed against safety: no roadmap with a step was found that holds and leaves nobody worse off.\n"
        return
    draws = any(p.held is not None for p in found.points)
    columns = ["Trust", "Speed", "Reach", "Last", *name.values(), *(_columns(found.points) if draws else [])]
    out = Table("Speed against safety: none found is both faster and safer than one of these", *columns)
    for p in spread(found.points, _POINTS):
        out.add(
            level_percent(p.needs),
            figure(p.speed),
            _measures(p.reach),
            str(p.reach.last_step),
            *(signed_figure(p.gain[i]) for i in name),
            *(_shares(p) if draws else []),
        )
    yield out
    how = "Searched to the end." if found.complete else _caps(found)
    more = len(found.points) - len(spread(found.points, _POINTS))
    yield quiet(f"{f'{more} points between these are left out. ' if more else ''}Gains over no deal. {how}\n")


def _caps(found: Frontier) -> str:
    if found.failed:
        return f"{_failed(found.failed)}: points may be missing there."
    if not found.caps:
        return "How much faster a roadmap could be is not known."
    return f"No roadmap within the trust that there is can have a speed above {figure(found.caps[0].at_most)}."


def _failed(levels: Sequence[Fraction]) -> str:
    return f"The search failed at a trust of {', '.join(map(level_percent, levels))}"


def _levels(found: TrustLevels, case: Case, name: dict[str, str]) -> Iterator[Part]:
    who, whom = name[found.pair[0]], name[found.pair[1]]
    out = Table(f"What each level of trust makes possible: trust of {who} in {whom}", "From", "Measures", "Comes within reach")
    for rise in grouped(found.rises):
        out.add(level_percent(rise.needs), _measures(rise.reach), "; ".join(case.measure_title(m) for m in rise.brings))
    if not found.rises:
        out.add("-", "-", "no step at any level that was tried")
    if found.beyond:
        out.add("never", "", "; ".join(case.measure_title(m) for m in found.beyond))
    yield out
    yield quiet(_settled(found))


def _settled(found: TrustLevels) -> str:
    """How far the best roadmaps found may be from the best there are."""
    if found.exact:
        return "Every level was searched to the end."
    if found.failed:
        return f"{_failed(found.failed)}: more may be possible there. Every other level was searched to the end."
    close = [level for level in found.levels if level.gap is not None and level.gap <= 0.03]
    if not close:
        return "How much better a roadmap could be at these levels is not known."
    worst = max(level.gap or 0.0 for level in close)
    below = "" if len(close) == len(found.levels) else "; lower levels are not settled, more may be possible there"
    return f"From {level_percent(close[-1].level)} on no roadmap can be better by more than {level_percent(worst)}{below}."
