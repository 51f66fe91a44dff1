"""How sure it is: the share of draws of the values in which the roadmap holds, where it breaks first, what decides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import count, joined, percent, quoted, sentence
from detente.brief.charts.sure import index_bar, sure_chart
from detente.brief.context import Context
from detente.plan.draws.result import Break, Deciding, DrawsResult, Widened

__all__ = ["Decided", "Sure", "drawn", "first_break", "how_much", "in_words", "share_held", "sure", "times_as_wide"]

WIDE, NARROW = 680.0, 340.0
_DECIDING = 2
_BREAKS = 3
_LEAST = 0.01  # a first break in fewer draws is not told
_ROWS = {
    "incentive": "would gain by stopping",
    "trust": "would have to risk more than its trust allows",
    "doubt": "would do better to cheat for fear that the other side stops",
    "coalition": "would do better to step out together with others",
    "red_line": "would have to cross its red line",
}

_OWN = {
    "breakdown": "What {} would lose if all collapsed",
    "discount": "How much the next phase counts to {}",
    "stalemate": "What the stand-off, left alone, does to {}",
}
_TERMS = {
    "irreversible": "What stays after a break-off of",
    "lag": "How long it takes to notice a breach of",
    "signal": "How much the others learn from",
}


@dataclass(frozen=True)
class Decided:
    """A value, or set of values, that decides. `what`: it in words; `said`: how much depends on it, and which way."""

    what: str
    said: str
    picture: Markup


@dataclass(frozen=True)
class Sure:
    """The section. `found`: the share; `chosen`: what was asked for; `breaks`: where it breaks first; `drawn`: how."""

    found: str
    chosen: str
    breaks: tuple[str, ...]
    medium: Markup | None
    narrow: Markup | None
    deciding: tuple[Decided, ...]
    tied: bool
    drawn: str


def sure(context: Context) -> Sure | None:
    """The section; None where no draws were made, or no value of the case is uncertain."""
    held = _held(context)
    if held is None:
        return None
    breaks = tuple(_breaks(context, held))
    deciding = held.shares.deciding[:_DECIDING]
    medium = narrow = None
    if held.shares.share < 1:
        medium, narrow = (_picture(context, held, name, width) for name, width in (("medium", WIDE), ("narrow", NARROW)))
    return Sure(
        found=_found(context, held),
        chosen=_chosen(held),
        breaks=breaks,
        medium=medium,
        narrow=narrow,
        deciding=tuple(_decided(context, n, d) for n, d in enumerate(deciding)),
        tied=any(len(d.quantities) > 1 for d in deciding),
        drawn=drawn(context),
    )


def share_held(context: Context) -> float | None:
    """The share of draws in which the roadmap holds; None as for `sure`."""
    held = _held(context)
    return None if held is None else held.shares.share


def how_much(context: Context) -> str:
    """How much of the case was varied, and the share under wider ranges, in sentences; empty as for `sure`."""
    held = _held(context)
    if held is None:
        return ""
    wide = held.shares.widened
    return f"{held.shares.varied}." if wide is None else f"{percent(wide.share)} {times_as_wide(wide)}. {held.shares.varied}."


def times_as_wide(wide: Widened) -> str:
    """Under what such a share was counted."""
    return f"if every range is {wide.by:.3g} times as wide"


def first_break(context: Context) -> str:
    """Where the roadmap breaks first most often, in a sentence; empty where it always holds."""
    held = _held(context)
    return next(_breaks(context, held), "") if held is not None else ""


def drawn(context: Context) -> str:
    """How values were drawn: number, shape, who said so, seed, ties."""
    held = _held(context)
    if held is None:
        return ""
    shares, how = held.shares, held.shares.distribution
    shape = {"pert": "the PERT distribution", "triangular": "the triangular distribution"}[str(how["shape"])]
    by = "as the case says" if how["said_by"] == "case" else "the usual choice, since the case names none"
    meant = f" that holds it with {percent(float(str(how['confidence'])))}" if "confidence" in how else ""
    tied = f"; {how['tied']} of them are tied by comparisons and were drawn together" if how["tied"] else ""
    return (
        f"{count(shares.draws, 'draw')}, {shares.varied}, each in its range{meant} by {shape} ({by}), seed {shares.seed}{tied}."
    )


def _held(context: Context) -> DrawsResult | None:
    held = context.plan.holds
    return held if context.plan and held is not None and held.shares.uncertain else None


def _found(context: Context, held: DrawsResult) -> str:
    shares, of = held.shares, context.of
    low, high = (of(percent(x), "plan.holds.interval", n) for n, x in enumerate(shares.interval))
    counted = f"in {of(percent(shares.share), 'plan.holds.share')} of {of(f'{shares.draws:,}', 'plan.holds.draws')} draws"
    wide, wider = shares.widened, ""
    if wide is not None:
        share = of(percent(wide.share), "plan.holds.widened.holds")
        wider = f" {share} {times_as_wide(wide)}: those that experts give are too narrow."
    return f"All conditions hold {counted} (95% interval: {low} to {high}).{wider}"


def _chosen(held: DrawsResult) -> str:
    if held.asked is None or held.likely is None:
        return ""
    asked = f"at least {percent(held.asked)} of draws"
    if not held.met:
        return (
            f"A roadmap that holds in {asked} was asked for and not found; this one holds in the largest share that was found."
        )
    best = percent(held.likely.share)
    return f"It was chosen to hold in {asked}. The roadmap that is best under the likely values alone holds in {best} of them."


def _breaks(context: Context, held: DrawsResult) -> Iterator[str]:
    told = [(k, b) for k, b in enumerate(held.shares.breaks) if b.share >= _LEAST][:_BREAKS]
    for n, (k, b) in enumerate(told):
        start = "Where it breaks, it does so first most often" if n == 0 else "Next,"
        share = context.of(percent(b.share), "plan.holds.breaks", k, "share")
        yield f"{start} {context.when(b.phase)}, when {_who(context, b)}: {share} of draws."


def _who(context: Context, b: Break) -> str:
    return f"{context.party(b.party)} {_ROWS[b.row]}" if b.party else "the schedule itself is at fault"


def _decided(context: Context, n: int, d: Deciding) -> Decided:
    key = ("plan.holds.deciding", n)

    def of(x: float, *more: object) -> str:  # no share is more than all, though an estimate of one may be
        return context.of(percent(x), *key, *more) if x <= 1 else percent(1)

    low, high = (of(x, "interval", k) for k, x in enumerate(d.interval))
    index = of(d.index, "index")
    leans = "" if d.leans is None else f" The roadmap holds more often where it is {d.leans}."
    return Decided(
        what=in_words(context, d),
        said=f"{index} of the doubt ({low} to {high}).{leans}",
        picture=index_bar(f"deciding-{n}", d.index, d.interval, title=f"Share of the doubt: {percent(min(1.0, d.index))}"),
    )


def in_words(context: Context, d: Deciding) -> str:
    """A value, or set of values, that decides, as a heading."""
    return f"{_what(context, d)}{' (assumed range)' if d.by_spread else ''}"


def _what(context: Context, d: Deciding) -> str:
    if d.party is None:
        return f"{_TERMS[d.kind]} {quoted(context.title(d.measures[0]))}"
    if d.kind == "trust":
        return sentence(f"the trust of {context.party(d.party)} in {context.party(d.quantities[0].rpartition('.')[2])}")
    if not d.measures:
        return _OWN[d.kind].format(context.party(d.party))
    titles = joined([quoted(context.title(m)) for m in d.measures])
    verb = "is" if len(d.measures) == 1 else "are"
    once = " on entry" if d.kind == "once" else ""
    return f"What {titles} {verb} worth{once} to {context.party(d.party)}"


def _picture(context: Context, held: DrawsResult, name: str, width: float) -> Markup:
    shown = min(context.settled + 1, len(held.shares.by_phase))
    by_phase = list(held.shares.by_phase[:shown])
    by_phase[-1] = held.shares.share  # what breaks after the last date shown breaks in it at the latest
    return sure_chart(
        f"sure-{name}", by_phase, context.ticks(shown), width,
        title="The share of draws in which the roadmap still holds",
        description=" ".join([_found(context, held), *_breaks(context, held)]),
    )  # fmt: skip
