"""How sure a roadmap is, in sentences: in how many draws it holds, where it breaks first, which values decide it."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, strong
from detente.base.words import count, figure, joined, percent, quoted, sentence
from detente.case.case import Case
from detente.case.naming import Naming
from detente.plan.draws.result import Break, Deciding, DrawsResult, Widened

__all__ = ["breaks", "chosen", "decides", "drawn", "found", "in_words", "show_held", "times_as_wide", "would"]

_SHOWN = 5
_LEAST = 0.01  # a first break in fewer draws is not told
_ROWS = {
    "incentive": "would gain by stopping",
    "trust": "would have to risk more than {its} trust allows",
    "doubt": "would do better to cheat for fear that the other side stops",
    "coalition": "would do better to step out together with others",
    "red_line": "would have to cross {its} red line",
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


def show_held(held: DrawsResult, case: Case) -> Iterator[Part]:
    """The share of draws and what was asked for, where it breaks first, which values decide it."""
    naming = Naming(case)
    yield strong(found(held, naming))
    if not held.shares.uncertain:
        return
    yield " ".join(filter(None, [chosen(held), drawn(held)]))
    if told := "\n".join(breaks(held, naming, _SHOWN)):
        yield told
    if held.shares.deciding:
        rows = (decides(n, d, naming) for n, d in enumerate(held.shares.deciding[:_SHOWN]))
        yield Table.of("What decides it", ("Value", "How much"), rows)


def found(held: DrawsResult, naming: Naming) -> str:
    """In which share of draws all conditions hold, and in which if every range is wider."""
    shares, of = held.shares, naming.of
    if shares.note:
        return f"{sentence(shares.note)}."
    low, high = (of(percent(x), "plan.holds.interval", n) for n, x in enumerate(shares.interval))
    counted = f"in {of(percent(shares.share), 'plan.holds.share')} of {of(f'{shares.draws:,}', 'plan.holds.draws')} draws"
    wide, wider = shares.widened, ""
    if wide is not None:
        share = of(percent(wide.share), "plan.holds.widened.holds")
        wider = f" {share} {times_as_wide(wide, naming)}: those that experts give are too narrow."
    return f"All conditions hold {counted} (95% interval: {low} to {high}).{wider}"


def times_as_wide(wide: Widened, naming: Naming) -> str:
    """Under what such a share was counted."""
    return f"if every range is {naming.of(figure(wide.by), 'plan.holds.widened.by')} times as wide"


def chosen(held: DrawsResult) -> str:
    """What was asked for, and what it costs; empty where nothing was."""
    if held.asked is None or held.likely is None:
        return ""
    asked = f"at least {percent(held.asked)} of draws"
    cut = " The search on draws was cut short by its time limit." if held.search and held.search["cut_short"] else ""
    if not held.met:
        return (
            f"A roadmap that holds in {asked} was asked for and not found; this one holds in the largest share that was found, "
            f"{percent(held.shares.share, 1)}.{cut}"
        )
    best = percent(held.likely.share)
    return (
        f"It was chosen to hold in {asked}, by a search that had not seen these. The roadmap that is best under the likely "
        f"values alone holds in {best} of them.{cut}"
    )


def drawn(held: DrawsResult) -> str:
    """How values were drawn: number, shape, who said so, seed, ties; in how many a party would act otherwise by itself."""
    shares, how = held.shares, held.shares.distribution
    shape = {"pert": "the PERT distribution", "triangular": "the triangular distribution"}[str(how["shape"])]
    by = "as the case says" if how["said_by"] == "case" else "the usual choice, since the case names none"
    meant = f" that holds it with {percent(float(str(how['confidence'])))}" if "confidence" in how else ""
    meant = f", {figure(float(str(how['widen'])))} times as wide,{meant}" if "widen" in how else meant
    tied = f"; {how['tied']} of them are tied by comparisons and were drawn together" if how["tied"] else ""
    turned = (
        f" In {percent(shares.turned)} of them some party would do otherwise with an act of its own than at the likely values; "
        "it is taken to do the same."
        if shares.turned
        else ""
    )
    return (
        f"{count(shares.draws, 'draw')}, {shares.varied}, each in its range{meant} by {shape} ({by}), seed {shares.seed}{tied}."
        f"{turned}"
    )


def breaks(held: DrawsResult, naming: Naming, most: int) -> Iterator[str]:
    """Where the roadmap breaks first, the most frequent first, a sentence each."""
    told = [(k, b) for k, b in enumerate(held.shares.breaks) if b.share >= _LEAST][:most]
    for n, (k, b) in enumerate(told):
        start = "Where it breaks, it does so first most often" if n == 0 else "Next,"
        share = naming.of(percent(b.share), "plan.holds.breaks", k, "share")
        yield f"{start} {naming.when(b.phase)}, when {_who(naming, b)}: {share} of draws."


def _who(naming: Naming, b: Break) -> str:
    if not b.party:
        return "the schedule itself is at fault"
    return would(b.row, b.party, naming)


def would(row: str, party: str, naming: Naming) -> str:
    """What a party would do where a row of this kind breaks."""
    return f"{naming.party(party)} {_ROWS[row].format(its=naming.agreeing(party, 'its', 'their'))}"


def decides(n: int, d: Deciding, naming: Naming) -> tuple[str, str]:
    """A value, or set of values, that decides: it in words, and how much depends on it, and which way. n : its place."""
    key = ("plan.holds.deciding", n)

    def of(x: float, *more: object) -> str:  # no share is more than all, though an estimate of one may be
        return naming.of(percent(x), *key, *more) if x <= 1 else percent(1)

    low, high = (of(x, "interval", k) for k, x in enumerate(d.interval))
    leans = "" if d.leans is None else f" The roadmap holds more often where it is {d.leans}."
    return in_words(naming, d), f"{of(d.index, 'index')} of the doubt ({low} to {high}).{leans}"


def in_words(naming: Naming, d: Deciding) -> str:
    """A value, or set of values, that decides, as a heading."""
    return f"{_what(naming, d)}{' (assumed range)' if d.by_spread else ''}"


def _what(naming: Naming, d: Deciding) -> str:
    if d.party is None:
        return f"{_TERMS[d.kind]} {quoted(naming.title(d.measures[0]))}"
    if d.kind == "trust":
        return sentence(f"the trust of {naming.party(d.party)} in {naming.party(d.quantities[0].rpartition('.')[2])}")
    if not d.measures:
        return _OWN[d.kind].format(naming.party(d.party))
    titles = joined([quoted(naming.title(m)) for m in d.measures])
    verb = "is" if len(d.measures) == 1 else "are"
    once = " on entry" if d.kind == "once" else ""
    return f"What {titles} {verb} worth{once} to {naming.party(d.party)}"
