"""How much each kind of evidence says: a named profile, bundled or a file of one's own.

    kept        likelihood ratio of a commitment that is carried out, at least 1
    late        what it is multiplied by if it came late, at most 1
    broken      likelihood ratio of one that is overdue and not begun, at most 1
    reversed    likelihood ratio of one that was taken back, at most 1
    prior       how far the odds before the record may lie from the trust that the case states, or that trust itself, by pair
    fading      after how many days evidence counts half, if it fades at all
    items       own ratios for single items, in place of the four above

Each is a number or a range [low, likely, high] above 0, with the reason for it. There is no figure outside the profile.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import Field

from detente.base.bounds import name_of
from detente.base.frozen import Frozen
from detente.base.text import Path as Steps
from detente.base.text import Reading
from detente.base.wording import shown, suggestion
from detente.case.block import Block, Id, PartyId, Text, Whole
from detente.case.case import Case
from detente.case.declared_ids import DeclaredIds
from detente.case.profile import bundled, fault_at, refused
from detente.case.profile import read_profile as read_strictly
from detente.case.value import Value
from detente.errors import Fault, RecordError
from detente.record.commitments.items import items

__all__ = ["KINDS", "ProfileFile", "TrustProfile", "log_odds", "profiles", "read_profile"]

KINDS = ("kept", "late", "broken", "reversed")
Triple = tuple[float, float, float]
"""At the low end, as is likely, at the high end."""


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


class Own(Block):
    """Own ratios of an item."""

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
    items: Mapping[str, Own] = Field(default_factory=dict, description="Own ratios, by item.")


@dataclass(frozen=True)
class TrustProfile(Frozen):
    """A profile as it is reckoned with: natural logarithms of its ratios.

    logs : by kind. own : by item and kind. times : of the prior odds. trust : by ordered pair, where the profile states it.
    """

    name: str
    title: str
    half_life: int | None
    logs: Mapping[str, Triple]
    own: Mapping[str, Mapping[str, Triple]] = field(default_factory=dict)
    times: Triple = (0.0, 0.0, 0.0)
    trust: Mapping[tuple[str, str], Triple] = field(default_factory=dict)

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
    times = file.prior.odds_times
    if times is not None and not (times.low > 0 and times.likely == 1):
        yield fault(("prior", "odds_times"), f"got {times.text}, wanted above 0 with 1 as its likely value")
    for i, given in file.prior.trust.items():
        for j, p in given.items():
            if i == j:
                yield fault(("prior", "trust", i, j), f"got {i}'s trust in itself", "take it out")
            if not 0 < p.low <= p.high < 1:
                yield fault(("prior", "trust", i, j), f"got {p.text}, wanted above 0 and below 1")


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
    )


def _logs(value: Value) -> Triple:
    return math.log(value.low), math.log(value.likely), math.log(value.high)


def log_odds(p: Fraction) -> float:
    """The natural logarithm of the odds of a probability."""
    return math.log(p / (1 - p))
