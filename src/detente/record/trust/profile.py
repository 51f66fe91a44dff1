"""How much each kind of evidence says: a named profile, bundled or a file of one's own.

    kept        likelihood ratio of a commitment that is carried out, at least 1
    late        what it is multiplied by if it came late, at most 1
    broken      likelihood ratio of one that is overdue and not begun, at most 1
    reversed    likelihood ratio of one that was taken back, at most 1
    prior       how far the odds before the record may lie from the trust that the case states, or that trust itself, by pair
    fading      after how many days evidence counts half, if it fades at all
    silence     how likely it is that a sincere party has delivered by then, for each share of the time allowed; in place of
                `broken`, and before the date too. Without it, silence before the date says nothing
    items       own ratios for single items, in place of the four above, and the class by which an item has its curve

Each is a number or a range [low, likely, high] above 0, with the reason for it. There is no figure outside the profile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from detente.base.bounds import name_of
from detente.base.frozen import Frozen
from detente.base.text import Path as Steps
from detente.base.text import Reading
from detente.base.wording import shown, suggestion
from detente.case.block import Block, Id, PartyId, Text, Whole
from detente.case.case import Case
from detente.case.declared_ids import DeclaredIds
from detente.case.number import Number
from detente.case.profile import bundled, fault_at, refused
from detente.case.profile import read_profile as read_strictly
from detente.case.value import Value
from detente.errors import Fault, RecordError
from detente.record.commitments.items import items
from detente.record.commitments.scale import SCORES
from detente.record.trust.silence import Delivery, Triple

__all__ = ["KINDS", "ProfileFile", "TrustProfile", "log_odds", "profiles", "read_profile"]

KINDS = ("kept", "late", "broken", "reversed")


class Ratio(Block):
    """A likelihood ratio and why it is what it is."""

    ratio: Value = Field(description="How many times likelier a sincere party does this than an insincere one.")
    reason: Text = Field(description="Why; or that it is invented.")


class Prior(Block):
    """Trust before the record."""

    odds_times: Value | None = Field(
        None, description="The odds of the trust that the case states, times this; its likely value is 1."
    )
    trust: Mapping[PartyId, Mapping[PartyId, Value]] = Field(
        default_factory=dict, description="Trust before the record, by pair, in place of what the case states."
    )
    reason: Text = Field(description="Why; or that it is invented.")


class Fading(Block):
    """What is old counts less."""

    half_life: Annotated[Whole, Field(ge=1, le=1_000_000)] = Field(
        description="Days after which a piece of evidence counts half."
    )
    reason: Text = Field(description="Why; or that it is invented.")


class Curve(Block):
    """How soon a class of commitments is carried out."""

    shares: Annotated[tuple[Value, ...], Field(min_length=1)] = Field(
        description="Chance that a sincere party has delivered, at each point of `at`: at least 0, below 1, never falling."
    )
    reason: Text = Field(description="Why; or that it is invented.")


class Silence(Block):
    """What it says that something is not yet carried out."""

    of: Literal["share", "years"] = Field(
        description="What the curves run over: the share of the time allowed, or years since it was promised."
    )
    done: Literal["minimal", "intermediate", "full"] = Field(
        description="The state from which on the curves count something as delivered."
    )
    at: Annotated[tuple[Number, ...], Field(min_length=1, max_length=20)] = Field(
        description="The points at which they are given, above 0 and rising; a straight line between, flat after the last."
    )
    looks: Annotated[tuple[Number, ...], Field(min_length=1, max_length=20)] = Field(
        description="The shares of the time allowed at which the curves are held against what was done, above 0 and rising."
    )
    curves: Annotated[Mapping[Id, Curve], Field(min_length=1)] = Field(
        description="By class of step; `any` for what has no class, or one without a curve."
    )


class Own(Block):
    """Own ratios of an item."""

    class_: Id | None = Field(None, alias="class", description="The class whose curve it has, in place of the case's.")

    kept: Value | None = Field(None, description="In place of the profile's, and of the signal that the case gives.")
    late: Value | None = Field(None, description="In place of the profile's.")
    broken: Value | None = Field(None, description="In place of the profile's.")
    reversed: Value | None = Field(None, description="In place of the profile's.")
    reason: Text = Field(description="Why; or that it is invented.")


class ProfileFile(Block):
    """The keys of a profile."""

    profile: Id = Field(description="Its name.")
    title: Text = Field(description="What it holds, in a line.")
    prior: Prior = Field(description="Trust before the record.")
    kept: Ratio = Field(description="A commitment that is carried out: at least 1.")
    late: Ratio = Field(description="What that is multiplied by if it came late: at most 1.")
    broken: Ratio = Field(description="A commitment that is overdue and not begun: at most 1.")
    reversed: Ratio = Field(description="A commitment that was taken back: at most 1.")
    fading: Fading | None = Field(None, description="Whether what is old counts less.")
    silence: Silence | None = Field(None, description="What it says that something is not yet carried out; nothing if absent.")
    items: Mapping[str, Own] = Field(default_factory=dict, description="Own ratios, by item.")


@dataclass(frozen=True)
class TrustProfile(Frozen):
    """A profile as it is reckoned with: natural logarithms of its ratios.

    logs : by kind. own : by item and kind. times : of the prior odds. trust : by ordered pair, where the profile states it.
    delivery : its curves, if it has any.
    """

    name: str
    title: str
    half_life: int | None
    logs: Mapping[str, Triple]
    own: Mapping[str, Mapping[str, Triple]] = field(default_factory=dict)
    times: Triple = (0.0, 0.0, 0.0)
    trust: Mapping[tuple[str, str], Triple] = field(default_factory=dict)
    delivery: Delivery | None = None

    def log(self, item: str, kind: str) -> Triple:
        """The log ratio of a kind of evidence from an item."""
        return self.own.get(item, {}).get(kind, self.logs[kind])


def profiles() -> tuple[str, ...]:
    """The names of the bundled profiles."""
    return bundled("detente.record.trust")


def read_profile(given: str | Path, case: Case) -> TrustProfile:
    """A bundled profile by its name, or a file.

    Raises
    ------
    RecordError
        If there is none, or with every fault of the file at once.
    """
    known = DeclaredIds({"parties": case.parties, "measures": case.measures, "sources": {}, "evidence": {}}, {}, {}, None)
    file, reading = read_strictly(given, "detente.record.trust", ProfileFile, RecordError, context=known)
    if faults := list(_against(file, case, reading)):
        raise refused(name_of(given), faults, RecordError)
    return _profile(file)


def _against(file: ProfileFile, case: Case, reading: Reading) -> Iterator[Fault]:
    fault = partial(fault_at, reading)

    def bounds(path: Steps, kind: str, value: Value) -> Iterator[Fault]:
        if kind == "kept" and value.low < 1:
            yield fault(path, f"got {value.text}, wanted at least 1: keeping it never speaks against a party")
        if kind != "kept" and not 0 < value.low <= value.high <= 1:
            yield fault(path, f"got {value.text}, wanted above 0 and at most 1: it never speaks for a party")

    for kind in KINDS:
        yield from bounds((kind, "ratio"), kind, getattr(file, kind).ratio)
    known = items(case)
    for name, own in file.items.items():
        if name not in known:
            yield fault(
                ("items", name),
                f"got {shown(name)}, wanted a measure of the case or AGREEMENT/PROVISION",
                suggestion(name, known),
            )
        for kind in KINDS:
            value = getattr(own, kind)
            if value is not None:
                yield from bounds(("items", name, kind), kind, value)
        curves = {} if file.silence is None else file.silence.curves
        if own.class_ is not None and own.class_ not in curves:
            hint = suggestion(own.class_, curves) or "add the curve, or leave the class out"
            yield fault(("items", name, "class"), f"got {own.class_}, wanted a class of silence.curves", hint)
    if file.silence is not None:
        yield from _silent(file.silence, fault)
    times = file.prior.odds_times
    if times is not None and not (times.low > 0 and times.likely == 1):
        yield fault(("prior", "odds_times"), f"got {times.text}, wanted above 0 with 1 as its likely value")
    for i, given in file.prior.trust.items():
        for j, p in given.items():
            if i == j:
                yield fault(("prior", "trust", i, j), f"got {i}'s trust in itself", "take it out")
            if not 0 < p.low <= p.high < 1:
                yield fault(("prior", "trust", i, j), f"got {p.text}, wanted above 0 and below 1")


def _silent(given: Silence, fault: Callable[..., Fault]) -> Iterator[Fault]:
    """Curves that fall, or points and shares that do not fit."""
    for key, points in (("at", given.at), ("looks", given.looks)):
        if any(b <= a for a, b in pairwise((0.0, *points))):
            yield fault(
                ("silence", key), f"got {', '.join(f'{x:g}' for x in points)}, wanted numbers above 0, each above the last"
            )
    for name, curve in given.curves.items():
        path = ("silence", "curves", name, "shares")
        if len(curve.shares) != len(given.at):
            yield fault(path, f"got {len(curve.shares)} of them, wanted {len(given.at)}, one for each point of `at`")
        for before, share in pairwise((Value.of(0), *curve.shares)):
            if share.low < 0 or share.high >= 1:
                yield fault(path, f"got {share.text}, wanted at least 0 and below 1: some never deliver")
            elif any(getattr(share, end) < getattr(before, end) for end in ("low", "likely", "high")):
                yield fault(path, f"got {share.text} after {before.text}, wanted no fall: what is delivered was delivered")


def _profile(file: ProfileFile) -> TrustProfile:
    own = {
        name: {kind: _logs(value) for kind in KINDS if (value := getattr(given, kind)) is not None}
        for name, given in file.items.items()
    }
    trust = {
        (i, j): (log_odds(p.low), log_odds(p.likely), log_odds(p.high))
        for i, given in file.prior.trust.items()
        for j, p in given.items()
    }
    return TrustProfile(
        name=file.profile,
        title=file.title,
        half_life=None if file.fading is None else file.fading.half_life,
        logs={kind: _logs(getattr(file, kind).ratio) for kind in KINDS},
        own=own,
        times=(0.0, 0.0, 0.0) if file.prior.odds_times is None else _logs(file.prior.odds_times),
        trust=trust,
        delivery=_delivery(file),
    )


def _delivery(file: ProfileFile) -> Delivery | None:
    given = file.silence
    if given is None:
        return None
    curves = {
        name: tuple((float(x.low), float(x.likely), float(x.high)) for x in curve.shares)
        for name, curve in given.curves.items()
    }
    classes = {name: own.class_ for name, own in file.items.items() if own.class_ is not None}
    return Delivery(given.of, SCORES[given.done], given.at, curves, given.looks, classes)


def _logs(value: Value) -> Triple:
    return math.log(value.low), math.log(value.likely), math.log(value.high)


def log_odds(p: Fraction) -> float:
    """The natural logarithm of the odds of a probability."""
    return math.log(p / (1 - p))
