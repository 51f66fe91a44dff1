"""Silence: what it says that a commitment is not yet carried out, at each share of the time allowed.

A commitment of class c is made on day d0 and due on day d1 > d0. A profile that gives curves says how likely it is that a
sincere party has carried it out by the time x: F_c(x), where x is the share (D - d0) / (d1 - d0) of the time allowed, or the
years since d0. F is a straight line from (0, 0) through the points given, and flat after the last: what is not known there says
nothing more. With K and l the log ratios of keeping it and of being late (`record.trust.bayes`), and x1 the time of d1, an
insincere party has carried it out by x with the chance

    G(x) = F(min(x, x1)) e^-K  +  (F(x) - F(min(x, x1))) e^-max(K + l, 0)

so that a delivery in time is e^K times likelier from a sincere party, whenever it comes, and a late one e^(K + l) times: the
ratios that hold without a curve. Where a late delivery would speak against a party (K + l < 0), G takes it as saying nothing:
else it would be better to stay silent than to deliver. Not yet carried out at x then has the log ratio

    R(x) = log (1 - F(x)) - log (1 - G(x))      R(0) = 0;  R <= 0, since G <= F;  R falls wherever F rises

Coherence: to be silent until x and then to deliver has the likelihood of the delivery alone, since
(1 - F(x)) * dF / (1 - F(x)) = dF, and likewise for G. So what was said on the way leaves no trace in what is said at the end,
and a commitment counts as it stands.

R goes on through the date without a jump. With the ratio b of a missed one that a profile states for commitments without a
curve it agrees at d1 exactly where F(x1) = (1 - b) / (1 - b e^-K): kept 1.2 and broken 0.4 are the rates 0.9 and 0.75, F = 0.9.

R falls when F, K or l rise. So its low end is where these are at their high ends, and the other way round.

When it was made: a provision on the day of its agreement, a measure on the day of the last agreement before d1 that it helps
to carry out, and without any on the day of the first reading. Without a date, or due no later than made, nothing says what
share of the time has gone, and silence says what it says without a curve.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.record.commitments.items import Item
from detente.record.commitments.standing import Standing

__all__ = ["Allowed", "Delivery", "allowed", "expected"]

Triple = tuple[float, float, float]
"""At the low end, as is likely, at the high end."""

ANY = "any"
"""The curve of what has no class, or one without a curve."""

_YEAR = 365.25


@dataclass(frozen=True)
class Allowed:
    """The time allowed for a commitment. accord : the agreement that it is from, "" if from none."""

    made: datetime.date
    due: datetime.date
    accord: str

    @property
    def days(self) -> int:
        return (self.due - self.made).days

    def share(self, day: datetime.date) -> float:
        """The share of it that has gone on a day; above 1 after the date."""
        return max((day - self.made).days, 0) / self.days

    def day(self, share: float) -> datetime.date | None:
        """The day on which that share of it has gone; None beyond the end of the calendar."""
        try:
            return self.made + datetime.timedelta(days=round(share * self.days))
        except OverflowError:
            return None


@dataclass(frozen=True)
class Delivery(Frozen):
    """The curves of a profile.

    of : what they run over, "share" or "years". at : at which of these they are given.
    done : the score from which on they count something as delivered.
    curves : by class, the chance that a sincere party has delivered by then. classes : of items, where the profile states it.
    looks : the shares of the time allowed at which the curves are held against what was done.
    """

    of: str
    done: Fraction
    at: tuple[float, ...]
    curves: Mapping[str, tuple[Triple, ...]]
    looks: tuple[float, ...]
    classes: Mapping[str, str] = field(default_factory=dict)

    def curve(self, item: Item, case: Case) -> str | None:
        """The class whose curve an item has, None if it has none.

        Its class is that of the profile; else, of a measure, that of the case; of a provision that which its measures share.
        """
        named = self.classes.get(item.id)
        if named is None:
            found = {case.measures[m].class_ for m in item.measures or (item.id,) if m in case.measures}
            named = found.pop() if len(found) == 1 else None
        for name in (named, ANY):
            if name in self.curves:
                return name
        return None

    def delivered(self, curve: str, time: Allowed, share: float) -> Triple:
        """The chance that a sincere party has delivered when that share of the time has gone."""
        x = share if self.of == "share" else share * time.days / _YEAR
        low, likely, high = ((0.0, *(point[n] for point in self.curves[curve])) for n in range(3))
        return _line(x, self.at, low), _line(x, self.at, likely), _line(x, self.at, high)

    def says(self, curve: str, time: Allowed, share: float, kept: Triple, late: Triple) -> Triple:
        """R: the log ratio of what is not yet carried out."""
        due, now = self.delivered(curve, time, min(share, 1)), self.delivered(curve, time, share)
        low, likely, high = (
            math.log1p(-f) - math.log1p(-_insincere(f1, f, k, la))
            for f1, f, k, la in zip(due[::-1], now[::-1], kept[::-1], late[::-1], strict=True)
        )
        return low, likely, high

    def days(self, time: Allowed) -> set[datetime.date]:
        """The days on which the course of trust is worth a point: half time, the date, and where a curve bends."""
        bends = self.at if self.of == "share" else [x * _YEAR / time.days for x in self.at]
        return {day for share in (0.5, 1, *bends) if (day := time.day(share)) is not None}


def allowed(case: Case, item: Item, s: Standing) -> Allowed | None:
    """The time that was allowed for a commitment, None if nothing says how long that was."""
    if s.due is None:
        return None
    accords = {ref.partition("/")[0] for ref in item.provisions or (item.id,)} & case.agreements.keys()
    before = [(a.date, name) for name in accords if (a := case.agreements[name]).date < s.due]
    made, accord = max(before, default=(s.first, ""))
    return Allowed(made, s.due, accord) if made < s.due else None


def expected(delivery: Delivery, curve: str, time: Allowed, share: float, p: float, kept: float, late: float) -> float:
    """The chance that a party which is sincere with chance p has delivered when that share of the time has gone."""
    due, now = delivery.delivered(curve, time, min(share, 1))[1], delivery.delivered(curve, time, share)[1]
    return p * now + (1 - p) * _insincere(due, now, kept, late)


def _insincere(due: float, now: float, kept: float, late: float) -> float:
    """G, from F at the date or now, if that is earlier, and F now."""
    return due * math.exp(-kept) + (now - due) * math.exp(-max(kept + late, 0))


def _line(x: float, at: tuple[float, ...], shares: tuple[float, ...]) -> float:
    """The curve at x; `shares` begins with the one at 0."""
    x0, y0 = 0.0, shares[0]
    for x1, y1 in zip(at, shares[1:], strict=True):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        x0, y0 = x1, y1
    return y0
