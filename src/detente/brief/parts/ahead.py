"""What is ahead: the strategies played out on the same luck, the weakest steps, what warns early, what decides.

All of it conditional: on the values of the case and on a profile of judgements, which the section names and lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from detente.assess.compared import family
from detente.assess.result import Assessment, Fared
from detente.assess.strategies import PLAN, RECOMMENDED
from detente.assess.wording import CAUSE, crossing_in_words, entry_in_words, sign_in_words
from detente.base.words import MINUS, as_written, count, joined, percent, quoted, sentence
from detente.brief.charts.ahead import Curve, ahead_chart, end_bar
from detente.brief.context import Context

__all__ = ["CROSSINGS", "GRID", "RUNS", "Ahead", "Line", "ahead", "followed_plays"]

RUNS = 2048
"""Plays of each strategy for a brief; `CROSSINGS` where assumptions are moved, at `GRID` points each."""
CROSSINGS = 256
GRID = 3

_DRAWN = 6  # lines in the picture: more could not be told apart
_WEAK = 4
_DECIDING = 4
_PLAYED = "The recommended roadmap, the fastest (the best if all goes well)"


@dataclass(frozen=True)
class Line:
    """A strategy in the table. `shares`: of what was promised, by party that was promised anything."""

    letter: str
    title: str
    bar: Markup
    ends: str
    cause: str
    shares: tuple[str, ...]
    drawn: bool


@dataclass(frozen=True)
class Ahead:
    """The section. `profile`: its entries, a sentence each; `weakest`, `deciding`: a sentence each; `warning`: one, or
    empty."""

    found: str
    sincere: str
    played: str
    recommended: str
    lines: tuple[Line, ...]
    served: tuple[int, ...]
    medium: Markup
    narrow: Markup
    weakest: tuple[str, ...]
    warning: str
    deciding: tuple[str, ...]
    profile: tuple[str, ...]
    how: str


def ahead(context: Context) -> Ahead | None:
    """The section; None where nothing was played, or nothing could be served."""
    found = context.assessment
    if found is None or not found.fared or not any(x > 0 for x in found.promise.values()):
        return None
    ranked = _best_of_each(found)
    letter = {x: chr(ord("A") + n) if n < 26 else str(n + 1) for n, x in enumerate(ranked)}
    drawn = _drawn(found, ranked)
    served = tuple(context.place[i] for i, x in found.promise.items() if x > 0)
    courses = [Curve(letter[x], [p for p, _ in found.fared[x].phase], x == found.recommended) for x in ranked if x in drawn]
    return Ahead(
        found=_found(context, found),
        sincere=_sincere(context, found),
        played=_PLAYED if found.recommended == RECOMMENDED else "The roadmap (the best if all goes well)",
        recommended=_named(found),
        lines=tuple(_line(context, found, x, letter[x], x in drawn, n) for n, x in enumerate(ranked)),
        served=served,
        medium=_picture(context, courses, "medium", 640.0),
        narrow=_picture(context, courses, "narrow", 350.0),
        weakest=tuple(_weakest(context, found)),
        warning=_warning(context, found),
        deciding=tuple(_deciding(context, found)),
        profile=tuple(_profile(context, found)),
        how=_how(context, found),
    )


def _best_of_each(found: Assessment) -> list[str]:
    """Strategies by score; of a rule that several parties could lead, the one that fares best."""
    out: dict[str, str] = {}
    for x in sorted(found.fared, key=lambda x: -found.fared[x].score[0]):
        out.setdefault(family(x, found.fared[x]), x)
    return list(out.values())


def _drawn(found: Assessment, ranked: list[str]) -> set[str]:
    """The roadmap, the fastest beside a recommended one, waiting, and the best of each family, as many as can be told apart."""
    out = [x for x in (RECOMMENDED, PLAN, "wait-and-see") if x in found.fared]
    families = {family(x, found.fared[x]) for x in out}
    for x in ranked:
        if len(out) < _DRAWN and family(x, found.fared[x]) not in families:
            families.add(family(x, found.fared[x]))
            out.append(x)
    return set(out)


def _score(context: Context, name: str, fared: Fared) -> str:
    return context.of(percent(max(0.0, fared.score[0])), "assessment.strategies", name, "score", 0)


def _found(context: Context, found: Assessment) -> str:
    best = found.fared[found.best]
    told = f"{quoted(best.strategy.title)} brings most of what was promised on average"
    plan = _roadmap(found)
    if plan is None or found.best == found.recommended:
        return f"Under these values and this profile {told}: {_score(context, found.best, best)} of it."
    own = _score(context, found.recommended or "", plan)
    shares = f"{_score(context, found.best, best)} of it, against {own} for {_named(found)}"
    lead = -plan.behind[0]
    sure = " The difference is within the error of the plays." if lead < 2 * plan.behind[1] else ""
    return f"Under these values and this profile {told}: {shares}.{sure}"


def followed_plays(context: Context) -> Fared | None:
    """How the roadmap that is told fared; None where nothing was played."""
    return None if context.assessment is None else _roadmap(context.assessment)


def _roadmap(found: Assessment) -> Fared | None:
    """How the roadmap that is told fared."""
    return None if found.recommended is None else found.fared[found.recommended]


def _named(found: Assessment) -> str:
    return "the recommended roadmap" if found.recommended == RECOMMENDED else "the roadmap"


def _sincere(context: Context, found: Assessment) -> str:
    told = [(context.party(i), context.of(percent(q), "assessment.sincere", i)) for i, q in found.sincere.items()]
    return joined([f"{party} in {share}" for party, share in told])


def _line(context: Context, found: Assessment, x: str, letter: str, drawn: bool, n: int) -> Line:
    f = found.fared[x]
    going, stopped, collapsed = f.under_way[0], f.stopped[0], f.collapse[0]
    told = ("under way", "under_way", going), ("stopped", "stopped", stopped), ("collapsed", "collapse", collapsed)
    key = ("assessment.strategies", x)
    ends = ", ".join(f"{said} {context.of(percent(share), *key, name, 0)}" for said, name, share in told)
    why = f.main_cause
    cause = "" if why is None else f"{sentence(CAUSE[why])}: {context.of(percent(f.causes[why][0]), *key, 'causes', why, 0)}"
    shares = tuple(_share(f.gain[i][0] / most) for i, most in found.promise.items() if most > 0)
    bar = end_bar(f"end-{n}", going, stopped, title=f"At the end: {ends}")
    return Line(letter, f.strategy.title, bar, ends, cause, shares, drawn)


def _share(x: float) -> str:
    whole = round(100 * x)
    return f"{MINUS if whole < 0 else ''}{abs(whole)}%"


def _weakest(context: Context, found: Assessment) -> Iterator[str]:
    f = _roadmap(found)
    if f is None:
        return
    key = ("assessment.strategies", context.assessment.recommended if context.assessment else "")
    for m, first, last in f.weakest_wholes(context.instance.slices)[:_WEAK]:
        p, _, when = f.entered[last]
        share = context.of(percent(p), *key, "entered", last, 0)
        comes = "it never comes in full" if not p else f"it comes in full in {share} of plays"
        if last == m:
            comes = comes.replace(" in full", "", 1)
        if p and when is not None and when >= 0:
            comes += f", {context.when(round(when))} on average"
        yield f"{quoted(context.title(m))}: the first not carried out in {percent(first)}; {comes}."


def _warning(context: Context, found: Assessment) -> str:
    f = _roadmap(found)
    if f is None or not f.signs:
        return ""
    s = f.signs[0]
    key = ("assessment.strategies", found.recommended, "signs", 0)
    both = ("ends_if", s.ends_if[0]), ("ends_if_not", s.ends_if_not[0])
    ends = [context.of(percent(share), *key, name, 0) for name, share in both]
    told = sign_in_words(s, context.case, context.party)
    changes = [i for i, x in s.worth.items() if x >= 0.005]
    worth = "By itself it would change no party’s decision to go on or to step out."
    if changes:
        worth = f"Knowing it could change the decision of {context.parties(changes)} to go on or to step out."
    return (
        f"{sentence(context.when(int(found.profile['warning'])))} the sign that tells most of whether the roadmap will "
        f"collapse is whether {told}: if so, it collapses in {ends[0]} of plays, if not, in {ends[1]}. {worth}"
    )


def _deciding(context: Context, found: Assessment) -> Iterator[str]:
    if found.between is None or not found.crossings:
        return
    first, second = (found.fared[x].strategy.title for x in found.between)
    crossing = [c for c in found.crossings if c.at is not None]
    for c in crossing[:_DECIDING]:
        yield crossing_in_words(c, first, second, context.case, context.party)
    others = len(found.crossings) - len(crossing)
    if others:
        better = first if found.crossings[0].ends[1] >= 0 else second
        yield (
            f"{count(others, 'assumption')} {'was' if others == 1 else 'were'} moved over the whole range, one at a time, "
            f"without changing the order of the two: {quoted(better)} stays the better, no crossing within the range."
        )


def _profile(context: Context, found: Assessment) -> Iterator[str]:
    """Its entries, some sentences each; classes of steps of which all is the same but the name are told together."""
    alike: dict[tuple[str, float, str], list[str]] = {}
    keys: dict[tuple[str, float, str], str] = {}
    for key, e in found.profile.values.items():
        of = f" {key.removeprefix('late_')}" if key.startswith("late_") else ""
        words, because = (x.replace(f"class{of}", "class") for x in (entry_in_words(key), e.because))
        alike.setdefault((words, e.value, because), []).append(of)
        keys.setdefault((words, e.value, because), key)
    for (words, value, because), kinds in alike.items():
        told = context.of(as_written(value), "assessment.profile.values", keys[words, value, because], "value")
        named = "class" + kinds[0] if len(kinds) == 1 else f"classes{joined(kinds)}"
        yield f"{sentence(words.replace('class', named))}: {told}. {because}"


def _how(context: Context, found: Assessment) -> str:
    plays = next((c.plays for c in found.crossings), 0)
    extra = f"; {plays:,} where an assumption was moved" if plays else ""
    luck = f"seed {found.seed}" if found.recommended != RECOMMENDED else "that on which the named roadmaps were judged"
    return f"{context.of(f'{found.runs:,}', 'assessment.runs')} plays of each strategy on the same luck, {luck}{extra}"


def _picture(context: Context, courses: list[Curve], name: str, width: float) -> Markup:
    phases = context.case.phases.count
    told = "; ".join(f"{c.letter}: {percent(c.reached[-1])} at the end" for c in courses)
    return ahead_chart(
        f"ahead-{name}", courses, context.ticks(phases), width,
        title="The chance that a strategy is still under way, by date",
        description=f"Each line falls from 100% as plays collapse or stop. {told}.",
    )  # fmt: skip
