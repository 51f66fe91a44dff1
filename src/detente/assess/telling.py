"""What is ahead, in sentences and tables: the strategies side by side, why they end, the weakest steps, signs, assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detente.assess.result import Assessment, Estimate, Fared
from detente.assess.strategies import RECOMMENDED
from detente.assess.wording import CAUSE, at_in_words, crossing_in_words, event_in_words, name_of, sign_in_words
from detente.base.parts import Part, Table, strong
from detente.base.words import as_written, count, joined, percent, quoted, rounded, sentence
from detente.case.case import Case
from detente.case.naming import Naming

__all__ = [
    *("best", "cause", "deciding", "ends", "named", "promised", "show_assessment", "signs", "sincere", "weakest"),
]

_WEAK = 5
_SIGNS = 3
_FIRSTS = 3
_ASSUMPTIONS = 6


def show_assessment(found: Assessment, case: Case) -> Iterator[Part]:
    """The parts in their order; what has no content is left out."""
    name, naming = {i: spec.name for i, spec in case.parties.items()}, Naming(case)
    many = f"{found.runs:,} plays of each strategy, seed {found.seed}"
    yield strong(f"Under these values and the profile {found.profile.name} ({found.profile.title.lower()}): {many}.")
    entries = ", ".join(f"{k} {as_written(e.value)}" for k, e in found.profile.values.items())
    yield f"Profile: {entries}."
    yield f"Sincere, by the others' trust, pooled: {sincere(found, naming)}."
    yield best(found, naming)
    yield from _strategies(found, name)
    yield _ends(found, naming)
    yield from _phases(found)
    for x in _detailed(found):
        if told := "\n".join(weakest(found, x, naming, _WEAK)):
            yield strong(f"Weakest steps: {found.fared[x].strategy.title}")
            yield told
        yield from _firsts(found.fared[x], naming)
    if case.agreements:
        yield _reach(found, case)
    for x in _detailed(found):
        if told := "\n".join(signs(found, x, naming, _SIGNS)):
            yield strong(f"What warns early: {found.fared[x].strategy.title}")
            yield told
    yield from _assumptions(found, naming)
    yield "Ids for --strategy: " + ", ".join(f"{x} ({f.strategy.title})" for x, f in found.fared.items()) + "."


def _detailed(found: Assessment) -> list[str]:
    """The roadmap and the best strategy, told in detail."""
    return list(dict.fromkeys([*(x for x in (found.recommended,) if x), found.best]))


def sincere(found: Assessment, naming: Naming) -> str:
    """How often each party means it."""
    told = [(naming.party(i), naming.of(percent(q), "assessment.sincere", i)) for i, q in found.sincere.items()]
    return joined([f"{party} in {share}" for party, share in told])


def best(found: Assessment, naming: Naming) -> str:
    """What brings most of what was promised, beside the roadmap."""
    first, own = found.fared[found.best], found.recommended
    told = f"Under these values and this profile {quoted(first.strategy.title)} brings most of what was promised on average"
    if own is None or found.best == own:
        return f"{told}: {promised(found, found.best, naming)} of it."
    plan = found.fared[own]
    shares = f"{promised(found, found.best, naming)} of it, against {promised(found, own, naming)} for {named(found)}"
    sure = " The difference is within the error of the plays." if -plan.behind[0] < 2 * plan.behind[1] else ""
    return f"{told}: {shares}.{sure}"


def promised(found: Assessment, x: str, naming: Naming) -> str:
    """What a strategy brings, of what was promised."""
    return naming.of(percent(max(0.0, found.fared[x].score[0])), "assessment.strategies", x, "score", 0)


def named(found: Assessment) -> str:
    """What the roadmap is called inside a sentence."""
    return "the recommended roadmap" if found.recommended == RECOMMENDED else "the roadmap"


def ends(found: Assessment, x: str, naming: Naming) -> str:
    """How plays of a strategy end."""
    f = found.fared[x]
    told = ("under way", "under_way", f.under_way), ("stopped", "stopped", f.stopped), ("collapsed", "collapse", f.collapse)
    return ", ".join(f"{said} {naming.of(percent(s[0]), 'assessment.strategies', x, key, 0)}" for said, key, s in told)


def cause(found: Assessment, x: str, naming: Naming) -> str:
    """The main cause of its collapses; empty where there are none."""
    f = found.fared[x]
    why = f.main_cause
    if why is None:
        return ""
    return f"{sentence(CAUSE[why])}: {naming.of(percent(f.causes[why][0]), 'assessment.strategies', x, 'causes', why, 0)}"


def weakest(found: Assessment, x: str, naming: Naming, most: int) -> Iterator[str]:
    """The steps of a strategy that are likeliest to be the first not carried out, a sentence each."""
    f = found.fared[x]
    for m, first, last in f.weakest_wholes(found.instance.slices)[:most]:
        p, _, when = f.entered[last]
        share = naming.of(percent(p), "assessment.strategies", x, "entered", last, 0)
        comes = "it never comes in full" if not p else f"it comes in full in {share} of plays"
        if last == m:
            comes = comes.replace(" in full", "", 1)
        if p and when is not None and when >= 0:
            comes += f", {naming.when(round(when))} on average"
        yield f"{quoted(naming.title(m))}: the first not carried out in {percent(first)}; {comes}."


def signs(found: Assessment, x: str, naming: Naming, most: int) -> Iterator[str]:
    """What tells early whether a strategy will collapse, what says most first, a sentence each."""
    f = found.fared[x]
    it = named(found) if x == found.recommended else quoted(f.strategy.title)
    for n, s in enumerate(f.signs[:most]):
        key = ("assessment.strategies", x, "signs", n)
        yes = naming.of(percent(s.ends_if[0]), *key, "ends_if", 0)
        no = naming.of(percent(s.ends_if_not[0]), *key, "ends_if_not", 0)
        start = (
            f"{sentence(naming.when(int(found.profile['warning'])))} the sign that tells most of whether {it} will collapse is "
            "whether"
            if n == 0
            else "Next, whether"
        )
        changes = [naming.party(i) for i, worth in s.worth.items() if worth >= 0.005]
        worth = "By itself it would change no party’s decision to go on or to step out."
        if changes:
            worth = f"Knowing it could change the decision of {joined(changes)} to go on or to step out."
        yield (f"{start} {sign_in_words(s, naming)}: if so, it collapses in {yes} of plays, if not, in {no}. {worth}")


def deciding(found: Assessment, naming: Naming, most: int) -> Iterator[str]:
    """Which assumptions decide between the two best, a sentence each."""
    if found.between is None or not found.crossings:
        return
    first, second = (found.fared[x].strategy.title for x in found.between)
    crossing = [c for c in found.crossings if c.at is not None]
    for c in crossing[:most]:
        yield crossing_in_words(c, first, second, naming)
    others = len(found.crossings) - len(crossing)
    if others:
        better = first if found.crossings[0].ends[1] >= 0 else second
        yield (
            f"{count(others, 'assumption')} {'was' if others == 1 else 'were'} moved over the whole range, one at a time, "
            f"without changing the order of the two: {quoted(better)} stays the better, no crossing within the range."
        )


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
            f"{title}, ranked by what they bring, on the same luck (values: mean ± standard error; no deal in brackets)",
            "Strategy", *(f"{name[i]} ({rounded(no_deal[i], 1)})" for i in served),
            "Of what was promised", "Behind", "Regret",
        )  # fmt: skip
        for x, f in rows:
            values = [_pm(f.value[i]) for i in served]
            behind = "best" if x == found.best else f"{percent(-f.behind[0], 1)} ± {percent(f.behind[1], 1)}"
            out.add(f.strategy.title, *values, percent(max(0.0, f.score[0])), behind, percent(f.regret[0]))
        yield out


def _ends(found: Assessment, naming: Naming) -> Part:
    out = Table("Why it ends", "Strategy", "How it ends", "Main cause of collapse", "Main cause of a stop")
    for x, f in found.fared.items():
        stop = max(f.stop_causes, key=lambda c: f.stop_causes[c][0], default=None)
        why = "" if stop is None or not f.stopped[0] else f"{sentence(CAUSE[stop])}: {percent(f.stop_causes[stop][0])}"
        out.add(f.strategy.title, ends(found, x, naming), cause(found, x, naming), why)
    return out


def _phases(found: Assessment) -> Iterator[Part]:
    T = found.instance.phases
    shown = sorted({t for t in (0, 1, 2, 3, 6, 9, 12, 18, 23, 35, 47) if t < T} | {T - 1})
    out = Table("Chance that a phase begins with the process still under way", "Strategy", *map(str, shown))
    for f in found.fared.values():
        out.add(f.strategy.title, *(percent(f.phase[t][0]) for t in shown))
    yield out


def _firsts(f: Fared, naming: Naming) -> Iterator[Part]:
    """What is first refused and first late, as sentences of a table: who, why, when, how likely, what then."""
    for what, first in (("not carried out", f.first_refused), ("late", f.first_late)):
        if not first.events:
            continue
        out = Table(f"First {what}: {f.strategy.title}", "Who and why", "Phase", "Chance", "Steps", "Held back then")
        for e in first.events[:_FIRSTS]:
            low, middle, high = e.phase
            when = str(middle) if low == high else f"{middle} ({low} to {high})"
            chance = f"{rounded(100 * e.chance, 0)} ± {rounded(196 * e.se, 0)}%"
            out.add(event_in_words(e, naming), when, chance, _some_titles(e.steps, naming), _some_titles(e.held_back, naming))
        yield out


def _some_titles(ids: Sequence[str], naming: Naming) -> str:
    wholes = list(dict.fromkeys(m.partition("/")[0] for m in ids))
    more = f" and {len(wholes) - 2} more" if len(wholes) > 2 else ""
    return "; ".join(naming.title(m) for m in wholes[:2]) + more


def _reach(found: Assessment, case: Case) -> Part:
    told = [found.fared[x] for x in _detailed(found)]
    out = Table("Provisions carried out in full (mean phase)", "Provision", *(f.strategy.title for f in told))
    titles = {p.id: p.title for a in case.agreements.values() for p in a.provisions}
    for p in told[0].reach:
        cells = []
        for f in told:
            when = f.when[p]
            cells.append(percent(f.reach[p][0]) + ("" if when is None or when < 0 else f" ({rounded(when, 0)})"))
        out.add(titles.get(p.rpartition("/")[2], p), *cells)
    return out


def _assumptions(found: Assessment, naming: Naming) -> Iterator[Part]:
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
            out.add(name_of(a, naming), *ends, "no crossing" if c.at is None else at_in_words(a, c.at))
        yield out
        yield "\n".join(deciding(found, naming, _ASSUMPTIONS))
    if found.sensitivity is not None:
        s = found.sensitivity
        out = Table(
            f"All at once: Sobol indices of the difference, {s.points:,} points, 95% intervals",
            "Assumption", "First order", "Total",
        )  # fmt: skip
        for x in s.indices:
            cells = (f"{rounded(y[0], 2)} ({rounded(y[1], 2)} to {rounded(y[2], 2)})" for y in (x.first, x.total))
            out.add(name_of(x.assumption, naming), *cells)
        yield out
        yield f"Of the variance {percent(s.noise)} is noise of the plays; it blurs the indices."
