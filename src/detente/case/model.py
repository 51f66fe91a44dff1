"""The format of a case file: one model a block, one field a key (risks, supports: in `risk`; questions: in `question`; why a
step is not carried out: in `causes`).

Values and references are resolved while the file is checked (see `value` and `declared_ids`), so what stands here afterwards
is exact and points at something. Unknown keys are faults. What the planner needs is taken from here by `to_instance`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from detente.base.wording import CODE, GRADE, LENGTH, URL, fault
from detente.case.block import (
    Belief,
    Block,
    Chance,
    Collapse,
    EvidenceIds,
    Id,
    Line,
    MeasureId,
    Measures,
    OneOrMoreMeasures,
    OneOrMoreParties,
    PartialDate,
    PartyId,
    SomeMeasures,
    Steps,
    Text,
    Whole,
)
from detente.case.causes import Answer, Class, Consent, Governments, Ranges
from detente.case.declared_ids import MOST_PHASES, To
from detente.case.question import Known, Question
from detente.case.risk import Risk, Support
from detente.case.rough.block import Rough
from detente.case.value import Exact, Value, Within
from detente.case.when import later

__all__ = [
    "Agreement",
    "CaseFile",
    "Comparison",
    "Demand",
    "Drawing",
    "Evidence",
    "MeasureSpec",
    "Order",
    "PartySpec",
    "Phases",
    "Provision",
    "Requires",
    "Source",
    "Window",
]


Length = Annotated[str, Field(pattern=LENGTH)]
Kind = Literal["contact", "humanitarian", "economic", "political", "military", "nuclear", "verification", "other"]


class Phases(Block):
    """The roadmap's time."""

    length: Length = Field(description="Length of a phase: `1 month`, `2 weeks`, `1 quarter`, `30 days`, `1 year`.")
    count: Whole = Field(ge=1, le=MOST_PHASES, description="T: phases of the roadmap; its last level is held for ever after.")


class PartySpec(Block):
    """A party to the stand-off. Its values are in its own units; only differences within a party count."""

    name: Line = Field(description="Name as it is shown.")
    article: Literal["the", "none"] | None = Field(
        None, description="Whether `the` stands before the name in a sentence, the name as it is; else as English has it."
    )
    number: Literal["singular", "plural"] = Field(
        "singular", description="Whether the name takes its verbs in the plural: `the firms hold`."
    )
    discount: Annotated[Value, Within(gt=0, lt=1, words="foresight")] = Field(
        description="Weight of the next phase against this one, 0 < d < 1."
    )
    stalemate: Value = Field(Value.of(0), description="Value of no deal, per phase.")
    breakdown: Collapse = Field(description="Lost once when the process collapses, at least 0.")
    trust: Mapping[PartyId, Belief] = Field(
        description="Probability, 0 < p < 1, that the other keeps its word although it could gain by not, or a range of three "
        "such; for every other party that can act."
    )
    red_line: Annotated[Fraction, Exact(ge=0)] | None = Field(
        None, description="Cap on the party's exposure in any phase, if it has one."
    )
    governments: Governments | None = Field(None, description="Changes of government that come round.")
    code: Annotated[str, Field(pattern=CODE)] | None = Field(
        None, description="Its code in the events of a record: ISO 3166-1 alpha-3, such as KOR, or one of its own: TPLF."
    )
    also_called: tuple[Line, ...] = Field((), description="Other names that events give it; with `code`, which they stand for.")
    evidence: EvidenceIds = ()

    def agreeing(self, one: str, many: str) -> str:
        """Of two forms of a verb, or of a pronoun, the one that goes with the name."""
        return many if self.number == "plural" else one

    @model_validator(mode="after")
    def _has_a_code(self) -> Self:
        if self.also_called and self.code is None:
            raise fault("`also_called` is given without `code`, for which the names stand", "give `code` as well, such as TPLF")
        return self


class Requires(Block):
    """One prerequisite: at least one of `any` entered `after` phases before."""

    any: OneOrMoreMeasures = Field(description="One of these is enough.")
    after: Whole = Field(1, ge=0, le=1000, description="Phases in between; 0: the same phase will do.")

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"any": data} if isinstance(data, str) else data


class Window(Block):
    """When a measure can enter; phases from 0."""

    not_before: Whole = Field(0, ge=0, description="First phase in which it can enter.")
    not_after: Whole | None = Field(
        None, ge=0, description="Last phase in which it can enter; the last of the roadmap if absent."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.not_after is not None and self.not_after < self.not_before:
            raise fault(
                f"the window closes (not_after {self.not_after}) before it opens (not_before {self.not_before})", "swap them"
            )
        return self


class MeasureSpec(Block):
    """One act that a party, or several together, can take."""

    title: Line = Field(description="What is done, as it is shown.")
    by: OneOrMoreParties = Field(
        description="The party that acts; several: a joint measure, in force while all of them hold to it."
    )
    kind: Kind = Field(description="What sort of act it is; for display only.")
    value: Mapping[PartyId, Value] = Field(
        default_factory=dict, description="Worth per phase while in force, by party; not named: 0."
    )
    once: Mapping[PartyId, Value] = Field(default_factory=dict, description="Worth once, on entry, by party; not named: 0.")
    irreversible: Chance = Field(Value.of(0), description="Share of the effect that remains for ever after it is broken off.")
    lag: Annotated[Value, Within(ge=1, le=1000, whole=True)] = Field(
        Value.of(1), description="Detection lag: phases until the others know that it is not carried out."
    )
    takes: Annotated[Value, Within(ge=0, le=1000, whole=True)] = Field(
        Value.of(0),
        description="Phases from the start of the work to the effect; what it costs its actors runs from the start. The plan "
        "reckons with the most.",
    )
    signal: Annotated[Value, Within(ge=1)] = Field(
        Value.of(1), description="How many times likelier a sincere party takes this step than an insincere one."
    )
    slices: Whole = Field(
        1, ge=1, le=100, description="More than 1: divisible, in equal slices id/1, id/2, .. that follow each other."
    )
    requires: tuple[Annotated[Requires, BeforeValidator(lambda x: x, json_schema_input_type=MeasureId | Requires)], ...] = (
        Field((), description="Prerequisites, all of them: ids, or `{any: [..], after: n}`.")
    )
    excludes: Measures = Field((), description="Measures that cannot be in force together with this one.")
    class_: Class | None = Field(
        None, alias="class", description="What sort of work it is: how often steps of its sort come late, as a profile has it."
    )
    needs: tuple[Consent, ...] = Field((), description="Consents without which it is not taken, all of them.")
    window: Window = Field(Window.model_validate({}), description="When it can enter.")
    in_force: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether it is in force already on the date of the case."
    )
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _is_valued(self) -> Self:
        if all(x.is_zero for x in (*self.value.values(), *self.once.values())):
            raise fault(
                "nobody values it: `value` and `once` are 0 for every party",
                "give its worth, or its cost, to at least one party",
            )
        return self


class Demand(Block):
    """Who insists on what before what."""

    id: Id = Field(description="Its name, once among the demands.")
    by: PartyId = Field(description="The party that insists.")
    first: SomeMeasures = Field(description="What it wants to see first.")
    before: SomeMeasures = Field(description="What it withholds until then.")
    firm: Literal["low", "medium", "high"] | None = Field(None, description="How firm the demand is.")
    standing: Annotated[bool, Field(strict=True)] = Field(
        False, description="Whether `before` is kept up only for as long as `first` is."
    )
    reading: Mapping[PartyId, SomeMeasures] = Field(
        default_factory=dict, description="What `first` means to a party, where it means something else to it."
    )
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        for key, wanted in {"first": self.first, **{f"reading.{i}": read for i, read in self.reading.items()}}.items():
            both = [m for m in wanted if m in self.before]
            if both:
                raise fault(f"{', '.join(both)} is demanded before itself", f"take it from `{key}` or from `before`")
        return self


class Provision(Block):
    """A clause of an agreement."""

    id: Id = Field(description="Its name, once in the agreement.")
    title: Line = Field(description="What is agreed, as it is shown.")
    measures: Measures = Field((), description="The measures that carry it out.")
    evidence: EvidenceIds = ()


class Agreement(Block):
    """A signed text, clause by clause."""

    title: Line = Field(description="Title as it is shown.")
    date: datetime.date = Field(description="When it was signed.")
    provisions: tuple[Provision, ...] = Field((), description="Its clauses, in their order.")


class Order(Block):
    """An order of steps that somebody proposes, tried as it stands."""

    id: Id = Field(description="Its name, once among the orders.")
    by: OneOrMoreParties = Field(description="Whose order it is.")
    title: Line = Field(description="Title as it is shown.")
    steps: Steps = Field(min_length=1, description="Position = phase, [] = nothing enters in it.")
    evidence: EvidenceIds = ()


class Comparison(Block):
    """A ranking of two measures by a party, where no value is known."""

    by: PartyId = Field(description="The party that ranks them.")
    prefers: MeasureId = Field(description="The measure that it ranks higher.")
    to: MeasureId = Field(description="The measure that it ranks lower.")
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.prefers == self.to:
            raise fault(f"{self.to} is compared with itself", "name two measures")
        return self


class Drawing(Block):
    """How uncertain numbers are drawn from their ranges, and how far those without a range may be off."""

    shape: Literal["pert", "triangular"] | None = Field(
        None,
        description="pert (also if absent): a Beta distribution over the range, the likely value with weight 4; triangular: "
        "straight lines.",
    )
    spread: Annotated[Fraction, Exact(ge=0, lt=1)] | None = Field(
        None,
        description="How far a number without a range may be off, as a share of it; 0: it is not varied. If absent that of a "
        "bundled profile.",
    )


class Source(Block):
    """A document that evidence is taken from."""

    title: Line = Field(description="Title of the document.")
    author: Line | None = Field(None, description="Who wrote it.")
    publisher: Line | None = Field(None, description="Who published it.")
    date: PartialDate | None = Field(None, description="2019, 2019-01 or 2019-01-30.")
    url: Annotated[str, Field(pattern=URL)] | None = Field(None, description="Where it can be read.")


class Evidence(Block):
    """What a source says, in the analyst's own words."""

    source: Annotated[str, To("sources")] = Field(description="Id under `sources`.")
    at: Text | None = Field(None, description="Where in the source: a paragraph, a page.")
    says: Text = Field(description="What it says, in own words.")


class CaseFile(Block):
    """A stand-off as data."""

    case: Id = Field(description="Slug; the same as the file's name without its ending.")
    title: Line = Field(description="Title as it is shown.")
    as_of: datetime.date = Field(description="The date of the case: phase 0 begins on it.")
    phases: Phases = Field(description="The roadmap's time.")
    rough: Rough | None = Field(None, description="The table by which words become numbers; without it no word does.")
    grades: Mapping[Annotated[str, Field(pattern=GRADE)], Value] = Field(
        default_factory=dict, description="A verbal scale: name to range; `-name` is its negative."
    )
    parties: Mapping[Id, PartySpec] = Field(min_length=1, description="The parties, by id.")
    measures: Mapping[Id, MeasureSpec] = Field(min_length=1, description="What they can do, by id.")
    demands: tuple[Demand, ...] = Field((), description="Who insists on what before what.")
    agreements: Mapping[Id, Agreement] = Field(default_factory=dict, description="What has been signed, by id.")
    orders: tuple[Order, ...] = Field((), description="Stated orders, tried as they stand.")
    answers: tuple[Answer, ...] = Field((), description="What is held back when a step is missed.")
    comparisons: tuple[Comparison, ...] = Field((), description="Values known only by comparison.")
    ranges: Ranges | None = Field(None, description="What the ranges mean.")
    draws: Drawing | None = Field(None, description="How uncertain numbers are drawn.")
    risks: tuple[Risk, ...] = Field((), description="What no party plans.")
    supports: tuple[Support, ...] = Field((), description="What a mediator could add.")
    positions: tuple[Question, ...] = Field(
        (), description="Bargains on one scale among many actors, for the forecast of positions."
    )
    calibration: tuple[Known, ...] = Field((), description="Questions with known answers, for those who judge.")
    sources: Mapping[Id, Source] = Field(default_factory=dict, description="Documents, by id.")
    evidence: Mapping[Id, Evidence] = Field(default_factory=dict, description="What they say, by id.")

    @model_validator(mode="after")
    def _ends_within_the_calendar(self) -> Self:
        try:
            later(self.as_of, self.phases.length, self.phases.count)
        except OverflowError:
            raise fault(
                f"{self.phases.count} phases of {self.phases.length} end after the year 9999", "shorten `phases`"
            ) from None
        return self
