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
from detente.assess.telling import best, cause, deciding, ends, named, signs, sincere, weakest
from detente.assess.wording import entry_in_words
from detente.base.words import MINUS, as_written, joined, percent, sentence
from detente.brief.charts.ahead import Curve, ahead_chart, end_bar
from detente.brief.context import Context
from detente.compare.telling import letter

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
    ranked, own = _best_of_each(found), found.recommended
    letters = {x: letter(n) for n, x in enumerate(ranked)}
    drawn = _drawn(found, ranked)
    served = tuple(context.place[i] for i, x in found.promise.items() if x > 0)
    courses = [Curve(letters[x], [p for p, _ in found.fared[x].phase], x == found.recommended) for x in ranked if x in drawn]
    return Ahead(
        found=best(found, context),
        sincere=sincere(found, context),
        played=_PLAYED if found.recommended == RECOMMENDED else "The roadmap (the best if all goes well)",
        recommended=named(found),
        lines=tuple(_line(context, found, x, letters[x], x in drawn, n) for n, x in enumerate(ranked)),
        served=served,
        medium=_picture(context, courses, "medium", 640.0),
        narrow=_picture(context, courses, "narrow", 350.0),
        weakest=() if own is None else tuple(weakest(found, own, context, _WEAK)),
        warning="" if own is None else next(signs(found, own, context, 1), ""),
        deciding=tuple(deciding(found, context, _DECIDING)),
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


def followed_plays(context: Context) -> Fared | None:
    """How the roadmap that is told fared; None where nothing was played."""
    found = context.assessment
    return None if found is None or found.recommended is None else found.fared[found.recommended]


def _line(context: Context, found: Assessment, x: str, letter: str, drawn: bool, n: int) -> Line:
    f = found.fared[x]
    going, stopped, said = f.under_way[0], f.stopped[0], ends(found, x, context)
    shares = tuple(_share(f.gain[i][0] / most) for i, most in found.promise.items() if most > 0)
    bar = end_bar(f"end-{n}", going, stopped, title=f"At the end: {said}")
    return Line(letter, f.strategy.title, bar, said, cause(found, x, context), shares, drawn)


def _share(x: float) -> str:
    whole = round(100 * x)
    return f"{MINUS if whole < 0 else ''}{abs(whole)}%"


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
