"""What is uncertain in a case: every number that is given as a range or as a grade, every other number that the case states, as
far as its spread says (module `spread`), and every value that is only compared.

A quantity is one entry of the case file: `discount`, `stalemate`, `breakdown` or `trust.ID` of a party; `value.ID`, `once.ID`,
`irreversible`, `lag` or `signal` of a measure. Two entries that name the same grade are two quantities: a grade says how
large, not that they move together. A divisible measure is one quantity; each of its n slices is worth 1/n of it and has the
n-th root of its signal. A lag is drawn as a number and rounded to a whole phase. The chances of risks, `chance` and `fails`,
are quantities of plays alone: no row of a roadmap knows them.

A comparison (`by` prefers one measure `to` another) says that the value per phase of the one is at least that of the other, of
a divisible measure as a whole. An id with a slice number, `id/2`, means that slice: 1/n of the whole. One-off values are not
compared. A value that is compared but not given is a quantity without a range: planning takes 0 for it, draws take whatever the
comparisons and the other ranges leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.base.text import Path, dotted
from detente.case.draws.widen import Spans
from detente.case.value import Value

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["OF_MEASURES", "Preference", "Quantity", "preferences", "quantities", "stated"]


OF_MEASURES = ("irreversible", "lag", "signal")


@dataclass(frozen=True)
class Quantity:
    """A number that stands in the case, uncertain or not.

    kind : "value", "once", "stalemate", "breakdown", "trust", "discount", "irreversible", "lag" or "signal"; of a risk "chance"
    or "fails".
    party : None for what belongs to the measure or the risk alone. measure : the id in the case file; None for what belongs to
    the party or the risk alone.
    low, likely, high : low <= likely <= high; low and high are None where the value is compared and not given.
    path : where it stands in the case file, or would.
    toward : of trust, the party that is trusted. by_spread : its range is not the case's own, but that of the spread.
    """

    kind: str
    party: str | None
    measure: str | None
    low: Fraction | None
    likely: Fraction
    high: Fraction | None
    path: Path
    toward: str | None = None
    by_spread: bool = False

    @property
    def is_given(self) -> bool:
        return self.low is not None

    @property
    def is_fixed(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def name(self) -> str:
        """Its path in the case file: ``measures.relief.value.north``."""
        return dotted(self.path)


@dataclass(frozen=True)
class Preference:
    """A comparison as an inequality: more * upper >= less * lower. `index`: its place under `comparisons`."""

    index: int
    upper: Quantity
    more: Fraction
    lower: Quantity
    less: Fraction


def quantities(case: Case, spans: Spans, *, risks: bool = True) -> tuple[Quantity, ...]:
    """Every uncertain number of the case, in the order of the file; those that are only compared come last.

    risks : False leaves the chances of risks out.
    """
    found = {q.path: q for q in stated(case, spans, risks=risks) if not q.is_fixed}
    for preference in preferences(case, spans):
        for q in (preference.upper, preference.lower):
            if not q.is_given:
                found.setdefault(q.path, q)
    return tuple(found.values())


def preferences(case: Case, spans: Spans) -> tuple[Preference, ...]:
    """The comparisons of the case."""
    out = []
    for n, given in enumerate(case.comparisons):
        upper, more = _compared(case, given.by, given.prefers, spans)
        lower, less = _compared(case, given.by, given.to, spans)
        out.append(Preference(n, upper, more, lower, less))
    return tuple(out)


def stated(case: Case, spans: Spans, *, risks: bool = True) -> Iterator[Quantity]:
    """Every number that the case states, uncertain or not, but for red lines, what only a support opens, what holds after a
    change of government and by how much a step comes late. risks : False leaves the chances of risks out."""
    for i, party in case.parties.items():
        for kind in ("discount", "stalemate", "breakdown"):
            if kind in party.model_fields_set:
                yield _quantity(kind, i, None, getattr(party, kind), ("parties", i, kind), spans)
        for j, p in party.trust.items():
            yield replace(_quantity("trust", i, None, p, ("parties", i, "trust", j), spans), toward=j)
    for m in case.instance.slices:
        spec = case.measures[m]
        for i, value in spec.value.items():
            yield _quantity("value", i, m, value, ("measures", m, "value", i), spans)
        for i, value in spec.once.items():
            yield _quantity("once", i, m, value, ("measures", m, "once", i), spans)
        for kind in OF_MEASURES:
            if kind in spec.model_fields_set:
                yield _quantity(kind, None, m, getattr(spec, kind), ("measures", m, kind), spans)
    if risks:
        yield from _chances(case, spans)


def _chances(case: Case, spans: Spans) -> Iterator[Quantity]:
    """The chances of what no party plans, and of what keeps a step from being carried out."""
    for i, party in case.parties.items():
        for kind in ("chance", "undoes") if party.governments else ():
            yield _quantity(kind, None, None, getattr(party.governments, kind), ("parties", i, "governments", kind), spans)
    for m in case.instance.slices:
        for k, need in enumerate(case.measures[m].needs):
            yield _quantity("chance", None, None, need.chance, ("measures", m, "needs", k, "chance"), spans)
    for n, answer in enumerate(case.answers):
        yield _quantity("chance", None, None, answer.chance, ("answers", n, "chance"), spans)
    for n, risk in enumerate(case.risks):
        for kind in ("chance", "fails"):
            if kind in risk.model_fields_set:
                yield _quantity(kind, None, None, getattr(risk, kind), ("risks", n, kind), spans)


def _quantity(kind: str, party: str | None, measure: str | None, value: Value | None, path: Path, spans: Spans) -> Quantity:
    if value is None:
        return Quantity(kind, party, measure, None, Fraction(0), None, path)
    low, high = spans.span(kind, value)
    return Quantity(kind, party, measure, low, value.likely, high, path, by_spread=low < high and not value.is_range)


def _compared(case: Case, party: str, measure: str, spans: Spans) -> tuple[Quantity, Fraction]:
    """The value that is compared, and the part of it that is meant."""
    whole, _, number = measure.partition("/")
    spec = case.measures[whole]
    quantity = _quantity("value", party, whole, spec.value.get(party), ("measures", whole, "value", party), spans)
    return quantity, Fraction(1, spec.slices if number else 1)
