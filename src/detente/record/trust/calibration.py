"""Whether the curves of delivery are right: what they made of each commitment, held against what was done.

For each share s of the time allowed at which the profile looks (half time, the date, after it), and each commitment of a party
that can act which has a curve and a time (`record.trust.silence`) and of which the record knows what was done by then:

    forecast    q = p F(s) + (1 - p) G(s)       F, G at their likely values
    outcome     y = 1 if by every version it was done as far as the curves mean (`done`) on some day up to then; else 0

p is the trust before the record: the mean of what the other parties give the one that owes it. Nothing in q is from the record
that it is held against. Known: done by then, or read as not done by then and read again on that day or later. What is disputed
on that day is not known. A provision does not count where a measure of it does, and nothing counts that was done already on the
day on which its time began: how long it took is not known.

    Brier score     mean of (q - y)^2
    baseline        mean of (b - y)^2, b the share done by then of all commitments from *other* agreements, so that no agreement
                    is told by itself; with one agreement only, of all of them, which flatters the baseline

By tenths of q: how many, their mean forecast, the share done. A Brier score below the baseline says that the curves know more
than that so many are done.

Sources: Brier 1950, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1); DeGroot and
Fienberg 1983, The comparison and evaluation of forecasters, The Statistician 32 (1/2).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

from detente.base.plain import told
from detente.case.case import Case
from detente.record.commitments.entry import Entry, Key
from detente.record.commitments.items import Item
from detente.record.commitments.standing import standing
from detente.record.trust.bayes import Silent, kept_ratio, prior, silent_by
from detente.record.trust.profile import TrustProfile
from detente.record.trust.silence import Delivery, expected

__all__ = ["Calibration", "Look", "Tenth", "calibration"]


@dataclass(frozen=True)
class Tenth:
    """Commitments of which the forecast lies in one tenth: how many, mean forecast, share delivered."""

    count: int
    forecast: float
    delivered: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        count : by tenths of the forecast: how many
        forecast : their mean forecast
        delivered : the share of them delivered
        """
        return told(self)


@dataclass(frozen=True)
class Look:
    """Forecast and outcome at a share of the time allowed.

    count : commitments of which the outcome is known. unknown : of which it is not, or not yet.
    delivered : the share delivered. brier, baseline : scores; all three None without a commitment.
    """

    share: float
    count: int
    unknown: int
    delivered: float | None
    brier: float | None
    baseline: float | None
    tenths: tuple[Tenth, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        share : when that share of the time allowed had gone:
        brier : the Brier score of the forecasts
        baseline : that of the share delivered (of several agreements, in the others)
        """
        return told(self)


@dataclass(frozen=True)
class Calibration:
    """A look for each share. accords : from how many agreements."""

    accords: int
    looks: tuple[Look, ...]

    def to_dict(self) -> dict[str, object]:
        return told(self)


@dataclass(frozen=True)
class _Case:
    """A commitment at a look: the agreement that it is from, forecast, outcome."""

    accord: str
    forecast: float
    outcome: bool


def calibration(
    case: Case, known: Mapping[str, Item], grouped: Mapping[Key, Sequence[Entry]], profile: TrustProfile, as_of: datetime.date
) -> Calibration | None:
    """The curves of a profile against the entries of each commitment, all for days up to `as_of`; None if it has no curves."""
    if profile.delivery is None:
        return None
    judged: dict[Key, Silent] = {}
    for key in sorted(grouped, key=lambda k: known[k[0]].kind):  # measures before provisions
        s, item = standing(grouped[key], as_of), known[key[0]]
        silent = None if s is None or key[1] not in case.instance.acting else silent_by(case, item, s, profile)
        if silent is None or any((m, key[1]) in judged for m in item.measures):
            continue
        if not _delivered(grouped[key], silent.time.made, profile.delivery.done):
            judged[key] = silent
    looks = tuple(_look(share, judged, case, grouped, profile, profile.delivery) for share in profile.delivery.looks)
    return Calibration(len({silent.time.accord for silent in judged.values()}), looks)


def _look(
    share: float,
    judged: Mapping[Key, Silent],
    case: Case,
    grouped: Mapping[Key, Sequence[Entry]],
    profile: TrustProfile,
    delivery: Delivery,
) -> Look:
    found = []
    for key, silent in judged.items():
        day = silent.time.day(share)
        outcome = None if day is None else _delivered(grouped[key], day, delivery.done)
        if day is not None and outcome is not None:
            kept, late = kept_ratio(case, key[0], profile)[0][1], profile.log(key[0], "late")[1]
            p, at = _trust(case, profile, key[1]), silent.time.share(day)
            forecast = expected(delivery, silent.curve, silent.time, at, p, kept, late)
            found.append(_Case(silent.time.accord, forecast, outcome))
    unknown = len(judged) - len(found)
    if not found:
        return Look(share, 0, unknown, None, None, None, ())
    bins: dict[int, list[_Case]] = {}
    for c in found:
        bins.setdefault(min(int(10 * c.forecast), 9), []).append(c)
    return Look(
        share=share,
        count=len(found),
        unknown=unknown,
        delivered=fmean(c.outcome for c in found),
        brier=fmean((c.forecast - c.outcome) ** 2 for c in found),
        baseline=fmean((b - c.outcome) ** 2 for b, c in zip(_shares(found), found, strict=True)),
        tenths=tuple(
            Tenth(len(cs), fmean(c.forecast for c in cs), fmean(c.outcome for c in cs)) for _, cs in sorted(bins.items())
        ),
    )


def _delivered(entries: Sequence[Entry], day: datetime.date, done: Fraction) -> bool | None:
    """Whether it was carried out by the end of a day; None if the record does not know."""
    found = [s for d in sorted({e.as_of for e in entries if e.as_of <= day}) if (s := standing(entries, d)) is not None]
    if any(s.low >= done for s in found):
        return True
    read_again = any(e.as_of >= day for e in entries)
    return False if found and found[-1].high < done and read_again else None


def _shares(found: Sequence[_Case]) -> list[float]:
    """For each, the share delivered among those from other agreements, or among all if there are no others."""
    count, total = len(found), sum(c.outcome for c in found)
    own: dict[str, list[bool]] = {}
    for c in found:
        own.setdefault(c.accord, []).append(c.outcome)
    rest = {name: (count - len(ys), total - sum(ys)) for name, ys in own.items()}
    return [total / count if len(own) == 1 else rest[c.accord][1] / rest[c.accord][0] for c in found]


def _trust(case: Case, profile: TrustProfile, party: str) -> float:
    """The mean trust of the others in a party, before the record."""
    return fmean(1 / (1 + math.exp(-prior(case, profile, i, party)[1])) for i in case.parties if i != party)
