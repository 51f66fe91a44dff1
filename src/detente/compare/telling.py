"""A comparison in sentences and tables. Roadmaps have letters, by which the tables and the pictures name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from string import ascii_uppercase

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import figure, level_percent, number, percent, signed_figure
from detente.case.case import Case
from detente.case.naming import Naming
from detente.compare.frontier import Frontier, Point, spread
from detente.compare.levels import TrustLevels, grouped
from detente.compare.reach import Reach
from detente.compare.result import Compared, Comparison, Estimate
from detente.plan.sentences import row_sentence, trust_at

__all__ = [
    *("LETTERS", "expected", "expected_gains", "fast", "first_failure", "frontier", "gains", "letter", "levels", "limits"),
    *("provisions", "reach", "settled", "show_comparison"),
]

Of = Callable[..., str]
"""A figure with the place where it stands in the JSON."""

LETTERS = ascii_uppercase
_POINTS = 8  # of the frontier, at most
_CLOSE = 0.03  # a gap up to this is said, larger ones count as not settled


def show_comparison(comparison: Comparison, case: Case) -> Iterator[Part]:
    """Whether each holds and how far it goes, what it is worth, what it risks, when each provision is complete; the pictures as
    tables.
    """
    naming = Naming(case)
    yield "\n".join(f"{letter(n)}  {r.title}" for n, r in enumerate(comparison.roadmaps)) + "\n"
    yield from reach(comparison, naming)
    yield from gains(comparison, naming)
    yield from expected(comparison, naming)
    yield from provisions(comparison, naming)
    failing = [(letter(n), first_failure(r, naming)) for n, r in enumerate(comparison.roadmaps) if not r.holds]
    if failing:
        yield Table.of("First failure", ("", "What breaks"), failing)
    if comparison.frontier is not None:
        yield from frontier(comparison.frontier, naming)
    if comparison.trust_levels is not None:
        yield from levels(comparison.trust_levels, naming)
    if comparison.cut_short:
        yield "The time was over before all was searched for these two; allow more with --time-limit."


def letter(n: int) -> str:
    """What a roadmap is called by in tables and pictures. n : its place, from 0."""
    return LETTERS[n] if n < len(LETTERS) else str(n + 1)


def reach(comparison: Comparison, naming: Naming) -> Iterator[Part]:
    """How far and how fast each goes, the trust that it needs, in how many draws it holds, and how to read that."""
    drawn = _drawn(comparison.roadmaps, comparison)
    clauses = any(r.reach.of_provisions for r in comparison.roadmaps)
    heads = ("", "Holds", "Measures", *(("Clauses",) if clauses else ()), "Speed", "Last step", "Trust needed", *drawn)
    out = Table("How far each goes, and whether it holds", *heads)
    for n, r in enumerate(comparison.roadmaps):
        out.add(
            letter(n),
            "yes" if r.holds else "no",
            _measures(r.reach),
            *((f"{r.reach.provisions} of {r.reach.of_provisions}",) if clauses else ()),
            figure(r.speed),
            _last(r.reach, naming),
            "none would do" if r.needs is None else level_percent(r.needs),
            *(_shares(r) if drawn else ()),
        )
    yield out
    yield quiet(
        " ".join([*(["Clauses: signed provisions carried out in full."] if clauses else []), *_read(comparison, naming)])
    )


def _read(comparison: Comparison, naming: Naming) -> Iterator[str]:
    from detente.compare.trust import reference

    yield fast(naming)
    pair = reference(naming.instance)
    if pair is not None:
        stated = naming.instance.party[pair[0]].trust[pair[1]]
        yield (
            f"Trust needed: that of {naming.party(pair[0])} in {naming.party(pair[1])} (stated: {level_percent(stated)}), the "
            "odds of all pairs changed alike."
        )
    if comparison.varied is not None and comparison.draws is not None:
        wide = comparison.draws.get("widen")
        given = "" if wide is None else f", each range {figure(float(str(wide)))} times as wide"
        yield (
            f"Draws: {comparison.varied}{given}; in brackets the 95% interval. Beside it: with every range so many times as "
            "wide as given, since experts give ranges that are too narrow."
        )


def fast(naming: Naming) -> str:
    """What is meant by speed."""
    over = naming.pace.span(naming.case.phases.count)
    return f"Speed: new measures in force, on average over the {over}; one that comes late counts for the time that is left."


def _last(reach: Reach, naming: Naming) -> str:
    return "no step" if reach.last_step is None else naming.pace.tick(naming.case.phase_date(reach.last_step))


def _plain(shown: str, *_: object) -> str:
    """A figure that stands nowhere in the JSON that is told."""
    return shown


def _measures(reach: Reach, of: Of = _plain) -> str:
    part = f" and part of {of(str(reach.in_part), 'reach.in_part')}" if reach.in_part else ""
    return f"{of(str(reach.measures), 'reach.measures')}{part} of {of(str(reach.of_measures), 'reach.of_measures')}"


def _drawn(roadmaps: Iterable[Compared | Point], comparison: Comparison | None = None) -> tuple[str, ...]:
    """The heads of both shares of draws, if any were made; what is told of several roadmaps is wider by the same factor."""
    by = next((r.widened.by for r in roadmaps if r.widened is not None), None)
    if by is None:
        return ()
    of = f", of {comparison.draws['draws']:,} draws" if comparison is not None and comparison.draws is not None else ""
    return f"Holds{of}", f"Ranges × {figure(by)}"


def _shares(r: Compared | Point, of: Of = _plain) -> tuple[str, str]:
    if r.held is None or r.interval is None or r.widened is None:
        return "-", "-"
    low, high = (of(percent(x), "interval", n) for n, x in enumerate(r.interval))
    return f"{of(percent(r.held), 'held')} ({low} to {high})", of(percent(r.widened.share), "widened.holds")


def gains(comparison: Comparison, naming: Naming) -> Iterator[Part]:
    """What each party gains by each if all keep to it, and the most that it risks."""
    names = [naming.names[naming.place[i]] for i in comparison.no_deal]
    worth = Table("Gain over no deal if all keep to it, each in its own units", "", *names)
    risks = Table("Most at risk: what a party would lose if another stopped just when it performs", "", *names)
    for n, r in enumerate(comparison.roadmaps):
        worth.add(letter(n), *(signed_figure(r.gain[i]) for i in comparison.no_deal))
        risks.add(letter(n), *(_peak(r, i, naming) for i in comparison.no_deal))
    yield worth
    yield quiet(
        "Units of one party cannot be compared with another’s. A roadmap that would not hold promises what it would not keep."
    )
    yield risks


def _peak(r: Compared, party: str, naming: Naming) -> str:
    peak = r.peaks[party]
    if peak.toward is None or peak.phase is None:
        return "nothing"
    allowed = float(peak.allowed or Fraction(0))
    when = naming.pace.tick(naming.case.phase_date(peak.phase))
    return f"{figure(peak.exposure)} to {naming.party(peak.toward)}, {when}; trust allows {figure(allowed)}"


def expected(comparison: Comparison, naming: Naming) -> Iterator[Part]:
    """What may come of each, and what it costs whom; nothing where nothing was played."""
    told = [(letter(n), r.expected) for n, r in enumerate(comparison.roadmaps) if r.expected is not None]
    if not told:
        return
    rows = ((n, percent(max(0.0, e.score[0])), percent(e.collapse[0]), str(len(e.given_up))) for n, e in told)
    yield Table.of("What may come", ("", "Of what was promised", "Collapses", "Demands given up"), rows)
    costs = [(n, e.gain if e.is_first else e.gain_behind, e.is_first, ()) for n, e in told]
    yield expected_gains(costs, naming, comparison.no_deal)
    waiting = [n for n, e in told if e.by_condition]
    pace = f" {', '.join(waiting)}: followed by condition, not by date." if waiting else ""
    yield quiet(
        f"Over {told[0][1].plays:,} plays, on the same luck for all: values drawn, parties who may not mean it, steps that "
        "fail, come late or are refused. Of the recommended roadmap the gain over no deal with its 95% interval; of the others "
        f"so much more (+) or less (\u2212).{pace}"
    )


def expected_gains(
    rows: Iterable[tuple[str, Mapping[str, Estimate], bool, tuple[str, ...]]], naming: Naming, parties: Iterable[str]
) -> Table:
    """What each of some parties may expect by roadmaps. rows : the roadmap, figures by party, whether these are its own gains
    and not what it brings more or less than another, and where they stand in the JSON (empty: nowhere that is told)."""
    parties = tuple(parties)
    out = Table("Expected gain, and what the others cost", "Roadmap", *(naming.names[naming.place[i]] for i in parties))
    for label, worth, own, place in rows:
        said, cells = figure if own else signed_figure, []
        for i in parties:
            mean, error = said(worth[i][0]), number(1.96 * worth[i][1])
            if place:
                mean = naming.of(mean, *place, i, "mean")
                error = naming.of(error, f"1.96*{place[0]}", *place[1:], i, "se")
            cells.append(f"{mean} ± {error}")
        out.add(label, *cells)
    return out


def provisions(comparison: Comparison, naming: Naming) -> Iterator[Part]:
    """From when on each roadmap carries out each signed provision in full; nothing where none is signed."""
    first = comparison.roadmaps[0].provisions
    if not first:
        return
    out = Table("Provisions, carried out in full from", "Provision", *(letter(n) for n in range(len(comparison.roadmaps))))
    agreement = ""
    for k, p in enumerate(first):
        if p.agreement != agreement:
            agreement = p.agreement
            out.add(strong(naming.case.agreements[agreement].title))
        phases = [r.provisions[k].phase for r in comparison.roadmaps]
        dates = ("never" if t is None else "already" if t < 0 else naming.pace.tick(naming.case.phase_date(t)) for t in phases)
        out.add(p.title, *dates)
    yield out


def first_failure(r: Compared, naming: Naming) -> str:
    """The first row of a roadmap that breaks, in a sentence; empty where it holds."""
    row = r.first_failure
    return "" if row is None else row_sentence(row, naming, r.roadmap, trust=trust_at(row, r.certificate))


def frontier(found: Frontier, naming: Naming) -> Iterator[Part]:
    """Certified roadmaps of which none is both faster and safer than another."""
    if not found.points:
        yield "Speed against safety: no roadmap with a step was found that holds and leaves nobody worse off.\n"
        return
    drawn, shown = _drawn(found.points), spread(found.points, _POINTS)
    parties = list(naming.case.parties)
    out = Table(
        "Speed against safety: none found is both faster and safer than one of these",
        *("Trust needed", "Speed", "Measures", "Last step", *(f"Gain of {n}" for n in naming.names), *drawn),
    )
    for p in shown:
        place = found.points.index(p)

        def of(shown: str, *key: object, place: int = place) -> str:
            return naming.of(shown, "comparison.frontier.points", place, *key)

        worth = (of(signed_figure(p.gain[i]), "gain", i) for i in parties)
        shares = _shares(p, of) if drawn else ()
        needs, fast = of(level_percent(p.needs), "needs"), of(figure(p.speed), "speed")
        out.add(needs, fast, _measures(p.reach, of), _last(p.reach, naming), *worth, *shares)
    yield out
    more = len(found.points) - len(shown)
    left = f"{more} points between these are left out. " if more else ""
    yield quiet(f"{left}Gains over no deal. {limits(found)}")


def limits(found: Frontier) -> str:
    """How much faster or safer a roadmap could be than those found."""
    if found.complete:
        return "Searched to the end: no roadmap is faster and needs no more trust."
    failed = f"{_failed(found.failed)}: points may be missing there. " if found.failed else ""
    if not found.caps:
        return f"{failed}How much faster a roadmap could be is not known."
    return f"{failed}No roadmap within the trust that there is can have a speed above {figure(found.caps[0].at_most)}."


def _failed(levels: Sequence[Fraction]) -> str:
    return f"The search failed at a trust of {', '.join(map(level_percent, levels))}"


def levels(found: TrustLevels, naming: Naming) -> Iterator[Part]:
    """What each level of trust makes possible."""
    who, whom = (naming.names[naming.place[i]] for i in found.pair)
    out = Table(f"What each level of trust makes possible: trust of {who} in {whom}", "From", "Measures", "Comes within reach")
    for rise in grouped(found.rises):
        out.add(level_percent(rise.needs), _measures(rise.reach), "; ".join(map(naming.title, rise.brings)))
    if not found.rises:
        out.add("-", "-", "no step at any level that was tried")
    if found.beyond:
        out.add("never", "", "; ".join(map(naming.title, found.beyond)))
    yield out
    yield quiet(settled(found))


def settled(found: TrustLevels) -> str:
    """How far the best roadmaps found may be from the best there are."""
    if found.exact:
        return "Every level was searched to the end."
    if found.failed:
        return f"{_failed(found.failed)}: more may be possible there. Every other level was searched to the end."
    close = [level for level in found.levels if level.gap is not None and level.gap <= _CLOSE]
    if not close or found.levels[0] is not close[0]:
        return "How much better a roadmap could be at these levels is not known: more may be possible."
    worst, low = max(level.gap or 0.0 for level in close), close[-1].level
    by = "no roadmap can be better" if worst < 1e-5 else f"no roadmap can be better by more than {level_percent(worst)}"
    if low == found.levels[-1].level:
        return f"At each of the levels tried {by}."
    return f"From a trust of {level_percent(low)} on, {by}; below that, more may be possible than was found."
