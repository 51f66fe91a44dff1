"""What the numbers of a case rest on, and which of them it would help most to know better.

A number of the case is

    sourced     stated, in a block that cites evidence
    unsourced   stated, in a block that cites none
    word        a word stands in the case, and a table says what number it is
    class       nothing stands in the case; a table says what follows from the measure's class

The last two are assumed. A grade that the case defines is stated. Counted are the numbers that are drawn (module
`draws.quantities`) and by how much a step takes, where that is stated or follows from a class.

Help. An exchange is kept as long as d (1 - p + p g) (1 - r) >= 1: discount d, trust p, gain g for each unit of cost,
irreversible share r. A number is worth knowing by how far its range can move one of these factors, times what of a party's
stakes it is about. With A_i = sum over measures of |v|, likely, of party i, and the share w_i(m) = |v_im| / A_i:

    value of m to i                (high - low) / A_i; where only others act, times the least p of i in them
    stalemate                      (high - low) / A_i
    one-off of m, breakdown        (1 - d) (high - low) / A_i
    discount                       (high - low) / likely
    irreversible share of m        (high - low) times the largest w_i(m)
    lag of m, what m takes         1 - d^(high - low) times the largest w_i(m)
    trust of i in j                (high - low) times the sum of w_i(m) over what j does
    signal of m                    p (1 - p) ln(high / low) times that sum, the largest over those who do not act in m

It is a cheap first order: no row is computed and nothing is drawn. Chances of what no party plans are counted and not ranked.
Ranges are those of the draws, so that a number without one has that of the case's spread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.base.text import Path
from detente.case.case import Case
from detente.case.draws.quantities import Quantity, stated
from detente.case.draws.widen import Spans
from detente.case.profile import Judgement
from detente.case.rough.entries import entry_of
from detente.case.rough.table import Table, table
from detente.case.value import Value

__all__ = ["Footing", "Number", "Used", "footing", "roughness"]

BASES = ("sourced", "unsourced", "word", "class")
_IN_ROWS = ("value", "once", "stalemate", "breakdown", "discount", "trust", "irreversible", "lag", "takes", "signal")


@dataclass(frozen=True)
class Number(Frozen):
    """A number of the case. basis : one of `BASES`. entry : of the table, where it is assumed. weight : how much it would help
    to know it better."""

    path: str
    low: float
    likely: float
    high: float
    basis: str
    entry: str
    weight: float

    def to_dict(self) -> dict[str, object]:
        return told(self, "path low likely high basis weight", figures=3)


@dataclass(frozen=True)
class Used(Frozen):
    """An entry of the table on which numbers rest. changed : whether the case changes it. times : how many rest on it."""

    entry: str
    judged: Judgement
    changed: bool
    times: int

    def to_dict(self) -> dict[str, object]:
        return {"entry": self.entry, **self.judged.to_dict(), "changed": self.changed, "times": self.times}


@dataclass(frozen=True)
class Footing(Frozen):
    """What the numbers of a case rest on.

    table : its name; "" where the case names none. counts : numbers by basis, of all of `BASES`. used : entries on which some
    number rests, in the order of the table. numbers : all of them, those first that it would help most to know.
    """

    table: str
    counts: Mapping[str, int]
    used: tuple[Used, ...]
    numbers: tuple[Number, ...]

    @property
    def assumed(self) -> int:
        return self.counts["word"] + self.counts["class"]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        most = [number.to_dict() for number in self.numbers[:10] if number.weight > 0]
        return {**told(self, "table counts used"), "assumed": self.assumed, "helps_most": most}


def footing(case: Case) -> Footing:
    """What the numbers of the case rest on."""
    spans = Spans.of(case)
    words = table(case.rough.table, case.phases.length, case.rough.changes) if case.rough else None
    weigh = _Weights.of(case)
    written = case.written()
    numbers = []
    for q in (*stated(case, spans), *_takes(case)):
        basis, entry = _basis(case, written, q, words)
        low, high = float(q.low or 0), float(q.high or 0)
        numbers.append(Number(q.name, low, float(q.likely), high, basis, entry, weigh.weight(q, low, high)))
    counts = Counter(number.basis for number in numbers)
    rest = Counter(number.entry for number in numbers if number.entry)
    entries = words.entries if words else {}
    changed = words.changed if words else ()
    used = tuple(Used(key, judged, key in changed, rest[key]) for key, judged in entries.items() if rest[key])
    in_order = tuple(sorted(numbers, key=lambda number: -number.weight))
    return Footing(words.name if words else "", {basis: counts[basis] for basis in BASES}, used, in_order)


def roughness(case: Case) -> str:
    """How rough a case in words is, in a sentence; empty for one that names no table."""
    if case.rough is None:
        return ""
    found = footing(case)
    return (
        f"The case is rough: {found.assumed} of its {len(found.numbers)} numbers are assumed by the table {found.table}, "
        f"{found.counts['word']} for words and {found.counts['class']} for classes of measures."
    )


def _takes(case: Case) -> Iterator[Quantity]:
    for m in case.instance.slices:
        spec = case.measures[m]
        if "takes" in spec.model_fields_set and not spec.in_force:
            low, likely, high = spec.takes.low, spec.takes.likely, spec.takes.high
            yield Quantity("takes", None, m, low, likely, high, ("measures", m, "takes"))


def _basis(case: Case, written: Mapping[str, Any], q: Quantity, words: Table | None) -> tuple[str, str]:
    """On what a number rests, and the entry of the table where it is assumed."""
    given, cited = _given(written, q.path)
    if words and given is None and q.measure is not None:
        return "class", f"{q.kind}_{case.measures[q.measure].class_}"
    if words and isinstance(given, str):
        entry = entry_of(q.kind, given)
        if given.removeprefix("-") not in case.grades and entry in words.entries:
            return "word", entry
    return ("sourced" if cited else "unsourced"), ""


def _given(written: Mapping[str, Any], path: Path) -> tuple[Any, bool]:
    """What stands in the file at a path, and whether a block on the way to it cites evidence."""
    inner: Any = written
    cited = False
    for depth, step in enumerate(path):
        if isinstance(inner, Mapping):
            cited = cited or (depth > 0 and bool(inner.get("evidence")))  # at the top stands all evidence of the case
            inner = inner.get(str(step))
        else:
            inner = inner[step] if isinstance(inner, tuple) and isinstance(step, int) else None
    return inner, cited


@dataclass(frozen=True)
class _Weights:
    """What a number is weighed by: by party its stakes and its discount, by measure and party the share of them."""

    case: Case
    stakes: Mapping[str, float]
    share: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, case: Case) -> _Weights:
        size = {m: {i: abs(float(v.likely)) for i, v in spec.value.items()} for m, spec in case.measures.items()}
        stakes = {i: sum(of.get(i, 0.0) for of in size.values()) for i in case.parties}
        share = {m: {i: x / stakes[i] for i, x in of.items() if stakes[i]} for m, of in size.items()}
        return cls(case, stakes, share)

    def weight(self, q: Quantity, low: float, high: float) -> float:
        if q.kind not in _IN_ROWS or high <= low or not q.is_given:
            return 0.0
        if q.party is not None:
            return self._of_party(q, q.party, high - low)
        assert q.measure is not None
        spec = self.case.measures[q.measure]
        shares = self.share[q.measure]
        if q.kind == "signal":
            return log(high / low) * max(
                (float(p.likely * (1 - p.likely)) * self._from(i, j) for j in spec.by for i, p in self._trust(j)), default=0.0
            )
        moved = high - low if q.kind == "irreversible" else None
        return max(
            (x * (1 - self._discount(i) ** (high - low) if moved is None else moved) for i, x in shares.items()), default=0.0
        )

    def _of_party(self, q: Quantity, party: str, width: float) -> float:
        if q.kind == "discount":
            return width / float(q.likely)
        if q.kind == "trust":
            return width * self._from(party, q.toward or "")
        if not self.stakes[party]:
            return 0.0
        factor = 1 - self._discount(party) if q.kind in ("once", "breakdown") else self._counted_on(party, q.measure)
        return factor * width / self.stakes[party]

    def _counted_on(self, party: str, measure: str | None) -> float:
        """How far a party counts on what a measure is worth to it: as far as it trusts those who act, if it does not itself."""
        by = self.case.measures[measure].by if measure is not None else (party,)
        trust = self.case.parties[party].trust
        return 1.0 if party in by else min(float(trust[j].likely) for j in by)

    def _discount(self, party: str) -> float:
        return float(self.case.parties[party].discount.likely)

    def _trust(self, actor: str) -> Iterator[tuple[str, Value]]:
        for i, spec in self.case.parties.items():
            if actor in spec.trust:
                yield i, spec.trust[actor]

    def _from(self, party: str, actor: str) -> float:
        """What of a party's stakes is about what another does."""
        return sum(self.share[m].get(party, 0.0) for m, spec in self.case.measures.items() if actor in spec.by)
