"""How the roadmap holds: why each party keeps going, and who risks what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from detente.base.words import amount, sentence
from detente.brief.charts.exposure import exposure_chart
from detente.brief.charts.holding import holding_chart
from detente.brief.context import Context
from detente.plan.certificate import Row
from detente.plan.sentences import row_sentence

__all__ = ["Holding", "Panel", "holding"]


@dataclass(frozen=True)
class Panel:
    """A small chart with its heading and a sentence on its narrowest place. `party`: its place in the case."""

    heading: str
    party: int
    picture: Markup
    said: str


@dataclass(frozen=True)
class Holding:
    going_on: tuple[Panel, ...]
    risks: tuple[Panel, ...]
    no_risk: str


def holding(context: Context) -> Holding | None:
    """The section; None without a roadmap."""
    if not context.plan:
        return None
    return Holding(tuple(_going_on(context)), tuple(_risks(context)), _no_risk(context))


def _going_on(context: Context) -> Iterator[Panel]:
    certificate = context.plan.certificate
    shown = context.settled + 1
    dates = context.ticks(shown)
    for i, course in certificate.courses.items():
        on = course.continuation[:shown]
        off = [
            out if cheat is None else max(out, cheat)
            for out, cheat in zip(course.stepping_out[:shown], course.deviation[:shown], strict=True)
        ]
        if not any(on) and not any(off):
            continue
        n, name = context.place[i], context.party(i)
        said = _narrowest(context, i, [v - d for v, d in zip(on, off, strict=True)])
        expects, it = (context.agreeing(i, *forms) for forms in (("expects", "expect"), ("it", "they")))
        title = f"What {name} {expects} by going on, and the best {it} could get by stopping"
        picture = holding_chart(f"holding-{n}", _floats(on), _floats(off), dates, n, title=title, description=said)
        yield Panel(context.names[n], n, picture, said)


def _narrowest(context: Context, party: str, gaps: Sequence[Fraction]) -> str:
    t = min(range(len(gaps)), key=lambda t: gaps[t])
    name, when = sentence(context.party(party)), context.when(t)
    gains, it = (context.agreeing(party, *forms) for forms in (("gains", "gain"), ("it", "they")))
    if gaps[t] == 0:
        return f"{name} never {gains} by stopping. The gap closes {when}: there {it} would lose nothing by stopping either."
    return f"{name} never {gains} by stopping. The gap is narrowest {when}: {it} would then lose {amount(gaps[t])} by it."


def _risks(context: Context) -> Iterator[Panel]:
    shown = context.settled + 1
    dates = context.ticks(shown)
    for k, ((i, j), pair) in enumerate(context.plan.certificate.pairs.items()):
        if max(pair.exposure) <= 0:
            continue
        n = context.place[i]
        exposure, allowance = pair.exposure[:shown], pair.allowance[:shown]
        t = max(range(shown), key=lambda t: exposure[t])
        keys = {"left": ("plan.certificate.pairs", k, "exposure", t), "right": ("plan.certificate.pairs", k, "allowance", t)}
        row = Row("trust", i, t, None, exposure[t], allowance[t], allowance[t] - exposure[t], toward=j)
        said = (
            row_sentence(row, context, context.plan.roadmap, trust=pair.trust[t], keys=keys)
            .replace("would put", f"{context.agreeing(i, 'puts', 'put')} most at risk:", 1)
            .replace(" at risk at the hands", " at the hands", 1)
        )
        red_line = context.instance.party[i].red_line
        heading = f"{context.names[n]} at the hands of {context.party(j)}"
        picture = exposure_chart(
            f"exposure-{n}-{context.place[j]}",
            _floats(exposure),
            _floats(allowance),
            None if red_line is None else float(red_line),
            dates,
            n,
            title=f"What {context.party(i)} {context.agreeing(i, 'risks', 'risk')} at the hands of {context.party(j)}",
            description=said,
        )
        yield Panel(heading, n, picture, said)


def _no_risk(context: Context) -> str:
    quiet = [
        f"{context.party(i)} at the hands of {context.party(j)}"
        for (i, j), pair in context.plan.certificate.pairs.items()
        if max(pair.exposure) <= 0
    ]
    return f"Nothing is put at risk by {'; '.join(quiet)}." if quiet else ""


def _floats(xs: Sequence[Fraction]) -> list[float]:
    return [float(x) for x in xs]
