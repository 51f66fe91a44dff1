"""What no party plans: risks; and what a mediator could add: supports."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator

from detente.base.wording import fault
from detente.case.block import Block, Chance, EvidenceIds, Id, Line, Loss, MeasureId, PartyId, Phase, SomeMeasures, Trust, Whole
from detente.case.value import Exact, Value

__all__ = ["GovernmentRisk", "PerformanceRisk", "Risk", "ShockRisk", "Support"]

# The key was `on` once. YAML 1.1 takes that word for the value true, so that a file did not survive a tool that rewrote it.
_OF = AliasChoices("of", "on")


class GovernmentRisk(Block):
    """A change of government: from a phase on, with some chance, other values or other trust."""

    id: Id = Field(description="Its name, once among the risks.")
    kind: Literal["government"] = Field(description="A change of government.")
    party: PartyId = Field(description="The party whose government changes.")
    at: Phase = Field(description="The phase from which on it holds.")
    chance: Chance = Field(description="Probability that it happens at all.")
    value: Mapping[MeasureId, Value] = Field(
        default_factory=dict, description="The party's values per phase afterwards, by measure."
    )
    trust: Mapping[PartyId, Trust] = Field(default_factory=dict, description="The party's trust afterwards, by party.")
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not self.value and not self.trust:
            raise fault("it changes nothing", "give `value`, `trust` or both")
        return self


class ShockRisk(Block):
    """An act outside the roadmap that costs trust."""

    id: Id = Field(description="Its name, once among the risks.")
    kind: Literal["shock"] = Field(description="An act outside the roadmap.")
    by: PartyId = Field(description="The party that is trusted less afterwards.")
    chance: Chance = Field(description="Probability per phase.")
    ratio: Annotated[Fraction, Exact(gt=0)] = Field(description="Multiplies the others' odds in that party.")
    evidence: EvidenceIds = ()


class PerformanceRisk(Block):
    """A step that is meant and yet fails, or comes late."""

    id: Id = Field(description="Its name, once among the risks.")
    kind: Literal["performance"] = Field(description="A step that is meant and not carried out, or late.")
    of: SomeMeasures = Field(validation_alias=_OF, description="The measures that it can befall.")
    fails: Chance = Field(Value.of(0), description="Probability that it is not carried out at all.")
    late: Loss | None = Field(None, description="Phases by which it comes late, at least 0.")
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _is_a_risk(self) -> Self:
        if self.fails.is_zero and self.late is None:
            raise fault("it neither fails nor comes late", "give `fails`, `late` or both")
        return self


Risk = Annotated[GovernmentRisk | ShockRisk | PerformanceRisk, Field(discriminator="kind")]


class Support(Block):
    """What a mediator could add to the case: supports of any kind, several of which one entry may combine.

    of + lag        a verifier: the measures are seen after so many phases
    of + signal     a witness: carrying them out says more
    of + slices     slicing: they may be cut into so many
    of + value      a side payment or guarantee: worth so much per phase to the party, in step with how much of them is in force
    party + breakdown   a deposit: the party loses so much more when the process collapses
    opens           measures of the case (a third party's, a costly signal) that can enter only with this support

    What a set of supports makes of the planning problem is told in `plan.unlock.supported`.
    """

    id: Id = Field(description="Its name, once among the supports.")
    title: Line = Field(description="What is added, as it is shown.")
    of: SomeMeasures | None = Field(
        None, validation_alias=_OF, description="The measures that it verifies, cuts, witnesses or pays for."
    )
    lag: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(None, description="Their detection lag with it.")
    signal: Annotated[Fraction, Exact(ge=1)] | None = Field(None, description="Their signal with it, at least 1.")
    slices: Annotated[Whole, Field(ge=2, le=100)] | None = Field(None, description="Into how many slices each may be cut.")
    value: Mapping[PartyId, Loss] = Field(
        default_factory=dict,
        description="Worth per phase to each party named, at least 0, while all of `of` is in force; a part of it, a part.",
    )
    party: PartyId | None = Field(None, description="The party that gives the guarantee.")
    breakdown: Loss | None = Field(None, description="Added to the party's breakdown loss.")
    opens: SomeMeasures | None = Field(None, description="Measures that can enter only with it.")
    cost: Mapping[PartyId, Loss] = Field(
        default_factory=dict, description="Cost per phase, by party, as a number of at least 0."
    )
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _supports(self) -> Self:
        acts = self.lag is not None or self.signal is not None or self.slices is not None or bool(self.value)
        if (self.of is None) == acts or (self.party is None) != (self.breakdown is None):
            raise fault(
                "half of a support: `of` goes with `lag`, `signal`, `slices` or `value`, and `party` with `breakdown`",
                "give both of the pair",
            )
        if self.of is None and self.party is None and self.opens is None:
            raise fault("it supports nothing", "give `of` and what it does, `party` and `breakdown`, or `opens`")
        if self.value and all(x.is_zero for x in self.value.values()):
            raise fault("it pays nobody: `value` is 0 for every party", "give its worth to at least one party")
        parts = [m for m in (self.of or () if self.slices is not None else ()) if "/" in m]
        parts += [m for m in self.opens or () if "/" in m]
        if parts:
            whole = parts[0].partition("/")[0]
            raise fault(
                f"got {', '.join(parts)}, wanted whole measures under `opens`, and under `of` with `slices`", f"name {whole}"
            )
        return self
