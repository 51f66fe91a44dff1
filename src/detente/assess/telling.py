"""What is ahead, for the terminal: the strategies side by side, why they end, the weakest steps, signs, assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.assess.result import Assessment, Estimate, Fared
from detente.assess.wording import at_in_words, cause_in_words, crossing_in_words, event_in_words, name_of, sign_in_words
from detente.base.parts import Part, Table, strong
from detente.base.words import as_written, number, percent, rounded
from detente.case.case import Case

__all__ = ["show_assessment"]

_WEAK = 5
_SIGNS = 3
_FIRSTS = 3
_ASSUMPTIONS = 6


def show_assessment(found: Assessment, case: Case) -> Iterator[Part]:
    """The parts in their order; what has no content is left out."""
    name = {i: spec.name for i, spec in case.parties.items()}
    many = f"{found.runs:,} plays of each strategy, seed {found.seed}"
    yield strong(f"Under these values and the profile {found.profile.name} ({found.profile.title.lower()}): {many}.")
    entries = ", ".join(f"{k} {as_written(e.value)}" for k, e in found.profile.values.items())
    yield f"Profile: {entries}."
    sincere = ", ".join(f"{name[i]} {percent(q)}" for i, q in found.sincere.items())
    yield f"Sincere with a chance of: {sincere} (the others' trust, pooled)."
    yield from _strategies(found, name)
    yield _ends(found)
    yield from _phases(found)
    for fared in _detailed(found):
        yield from _weakest(fared, found, case)
        yield from _firsts(fared, case)
    if case.agreements:
        yield _reach(found, case)
    yield from _signs(found, case)
    yield from _assumptions(found, case)
    yield "Ids for --strategy: " + ", ".join(f"{x} ({f.strategy.title})" for x, f in found.fared.items()) + "."


def _detailed(found: Assessment) -> list[Fared]:
    """The roadmap and the best strategy, told in detail."""
    ids = dict.fromkeys([*(x for x in (found.recommended,) if x), found.best])
    return [found.fared[x] for x in ids]


def _pm(x: Estimate, digits: int = 1) -> str:
    return f"{rounded(x[0], digits)} ± {rounded(x[1], digits)}"


def _strategies(found: Assessment, name: dict[str, str]) -> Iterator[Part]:
    """Roadmaps and orders by score; rules of conduct, which announce no schedule that could be planned for, apart."""
    ranked = sorted(found.fared.items(), key=lambda kv: -kv[1].score[0])
    served = [i for i in name if found.promise[i] > 0]
    some = ranked[0][1]
    no_deal = {i: some.value[i][0] - some.gain[i][0] for i in served}
    for title, rules in (("Roadmaps and orders", False), ("Rules of conduct, which cannot be planned for", True)):
        rows = [(x, f) for x, f in ranked if (f.strategy.kind == "rule") == rules]
        if not rows:
            continue
        out = Table(
            f"{title}, ranked by score, on the same luck (values: mean ± standard error; no deal in brackets)",
            "Strategy", *(f"{name[i]} ({rounded(no_deal[i], 1)})" for i in served),
            "Collapse", "Stop", "Under way", "Score", "Behind", "Regret",
        )  # fmt: skip
        for x, f in rows:
            values = [_pm(f.value[i]) for i in served]
            behind = "best" if x == found.best else _pm((-f.behind[0], f.behind[1]), 3)
            ends = (percent(x[0]) for x in (f.collapse, f.stopped, f.under_way))
            out.add(f.strategy.title, *values, *ends, rounded(f.score[0], 2), behind, rounded(f.regret[0], 2))
        yield out


def _ends(found: Assessment) -> Part:
    out = Table("Why it ends", "Strategy", "Collapse, its main cause", "Stop, its main cause")
    for f in found.fared.values():
        stop = max(f.stop_causes, key=lambda c: f.stop_causes[c][0], default=None)
        out.add(
            f.strategy.title,
            "-"
            if f.main_cause is None or f.collapse[0] < 0.005
            else f"{percent(f.causes[f.main_cause][0])}: {cause_in_words(f.main_cause)}",
            "-" if stop is None or f.stopped[0] < 0.005 else f"{percent(f.stop_causes[stop][0])}: {cause_in_words(stop)}",
        )
    return out


def _phases(found: Assessment) -> Iterator[Part]:
    T = found.instance.phases
    shown = sorted({t for t in (0, 1, 2, 3, 6, 9, 12, 18, 23, 35, 47) if t < T} | {T - 1})
    out = Table("Chance that a phase begins with the process still under way", "Strategy", *map(str, shown))
    for f in found.fared.values():
        out.add(f.strategy.title, *(percent(f.phase[t][0]) for t in shown))
    yield out


def _weakest(f: Fared, found: Assessment, case: Case) -> Iterator[Part]:
    if not f.weakest:
        return
    out = Table(f"Weakest steps: {f.strategy.title}", "Step", "First not carried out", "Ever in force", "Mean phase")
    for m, first, last in f.weakest_wholes(found.instance.slices)[:_WEAK]:
        p, _, when = f.entered[last]
        phase = "-" if when is None else "today" if when < 0 else rounded(when, 1)
        out.add(case.measure_title(m), percent(first, 1), percent(p), phase)
    yield out


def _firsts(f: Fared, case: Case) -> Iterator[Part]:
    """What is first refused and first late, as sentences of a table: who, why, when, how likely, what then."""
    for what, first in (("not carried out", f.first_refused), ("late", f.first_late)):
        if not first.events:
            continue
        out = Table(f"First {what}: {f.strategy.title}", "Who and why", "Phase", "Chance", "Steps", "Held back then")
        for e in first.events[:_FIRSTS]:
            low, middle, high = e.phase
            when = str(middle) if low == high else f"{middle} ({low} to {high})"
            chance = f"{rounded(100 * e.chance, 0)} ± {rounded(196 * e.se, 0)}%"
            out.add(event_in_words(e, case), when, chance, _some_titles(e.steps, case), _some_titles(e.held_back, case))
        yield out


def _some_titles(ids: Sequence[str], case: Case) -> str:
    wholes = list(dict.fromkeys(m.partition("/")[0] for m in ids))
    more = f" and {len(wholes) - 2} more" if len(wholes) > 2 else ""
    return "; ".join(case.measure_title(m) for m in wholes[:2]) + more


def _reach(found: Assessment, case: Case) -> Part:
    told = _detailed(found)
    out = Table("Provisions carried out in full (mean phase)", "Provision", *(f.strategy.title for f in told))
    titles = {p.id: p.title for a in case.agreements.values() for p in a.provisions}
    for p in told[0].reach:
        cells = []
        for f in told:
            when = f.when[p]
            cells.append(percent(f.reach[p][0]) + ("" if when is None or when < 0 else f" ({rounded(when, 0)})"))
        out.add(titles.get(p.rpartition("/")[2], p), *cells)
    return out


def _signs(found: Assessment, case: Case) -> Iterator[Part]:
    for f in _detailed(found):
        if not f.signs:
            continue
        at = int(found.profile["warning"])
        out = Table(
            f"What tells at the beginning of phase {at} whether it will collapse: {f.strategy.title}",
            "Sign", "Seen", "Collapse if seen", "if not", "Bits", "Worth knowing",
        )  # fmt: skip
        for s in f.signs[:_SIGNS]:
            worth = (
                ", ".join(f"{case.parties[i].name} {number(x)}" for i, x in s.worth.items() if x >= 0.005)
                or "changes no decision"
            )
            out.add(
                sign_in_words(s, case),
                percent(s.seen),
                percent(s.ends_if[0]),
                percent(s.ends_if_not[0]),
                rounded(s.bits, 3),
                worth or "changes no decision",
            )
        yield out


def _assumptions(found: Assessment, case: Case) -> Iterator[Part]:
    if found.between is None:
        return
    first, second = (found.fared[x].strategy.title for x in found.between)
    if found.crossings:
        out = Table(
            f"What decides between “{first}” and “{second}” (score of the first less the second, each assumption alone)",
            "Assumption", "Low", "As assumed", "High", "Change places at",
        )  # fmt: skip
        for c in found.crossings[:_ASSUMPTIONS]:
            a = c.assumption
            ends = [
                f"{rounded(y, 3, sign=True)} at {at_in_words(a, x)}"
                for x, y in zip((a.low, a.likely, a.high), c.ends, strict=True)
            ]
            out.add(name_of(a, case), *ends, "no crossing" if c.at is None else at_in_words(a, c.at))
        yield out
        for c in found.crossings[:_ASSUMPTIONS]:
            if c.at is not None:
                yield crossing_in_words(c, first, second, case)
        if all(c.at is None for c in found.crossings):
            yield f"“{first}” and “{second}” change places within the range of no single assumption."
    if found.sensitivity is not None:
        s = found.sensitivity
        out = Table(
            f"All at once: Sobol indices of the difference, {s.points:,} points, 95% intervals",
            "Assumption", "First order", "Total",
        )  # fmt: skip
        for x in s.indices:
            cells = (f"{rounded(y[0], 2)} ({rounded(y[1], 2)} to {rounded(y[2], 2)})" for y in (x.first, x.total))
            out.add(name_of(x.assumption, case), *cells)
        yield out
        yield f"Of the variance {percent(s.noise)} is noise of the plays; it blurs the indices."
