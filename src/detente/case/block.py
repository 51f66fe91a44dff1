"""What the blocks of the case file have in common: the base class, ids, references, dates, losses."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from detente.base.frozen import frozen
from detente.base.legible import is_blank
from detente.base.wording import ID, SLICE, fault, is_echo, reword, shown, some
from detente.case.declared_ids import To
from detente.case.value import Exact, Value, Within

__all__ = [
    "Belief",
    "Block",
    "Chance",
    "Collapse",
    "EvidenceIds",
    "Id",
    "Line",
    "Loss",
    "MeasureId",
    "Measures",
    "OneOrMoreMeasures",
    "OneOrMoreParties",
    "PartialDate",
    "PartyId",
    "Phase",
    "SomeMeasures",
    "Steps",
    "Text",
    "Trust",
    "Whole",
]


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


def _unlisted(given: tuple[str, ...]) -> str | list[str]:
    return given[0] if len(given) == 1 else list(given)


def _distinct(given: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted(x for x, n in Counter(given).items() if n > 1)
    if twice:
        raise fault(f"{some(twice)} given twice", "name each once")
    return given


def _seen(given: str) -> str:
    if is_blank(given):
        raise fault(f"got {shown(given)}, wanted text that can be seen", "write what it is")
    return given


def _line(given: str) -> str:
    line = given.rstrip("\n")  # the end of a block of text
    if "\n" in line:
        raise fault(f"got {shown(given)}, wanted one line", "fold it: `>-` in place of `|`")
    return line


def _partial_date(given: Any) -> Any:
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(text, str):
        raise fault(f"got {shown(given)}, wanted a date such as 2019, 2019-01 or 2019-01-30")
    try:
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII):
            raise ValueError
        datetime.date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        raise fault(f"got {shown(given)}, wanted a date such as 2019, 2019-01 or 2019-01-30") from None
    return text


def _loss(given: Value) -> Value:
    if given.low < 0:
        raise fault(f"got {given.text}, wanted at least 0", "a loss or cost is written without a minus sign here")
    return given


def _in_horizon(phase: int, info: ValidationInfo) -> int:
    count = getattr(info.context, "phases", None)
    if count is not None and phase >= count:
        raise fault(f"got phase {phase}, wanted 0 to {count - 1}: the roadmap has {count} phases")
    return phase


def _fits(steps: tuple[tuple[str, ...], ...], info: ValidationInfo) -> tuple[tuple[str, ...], ...]:
    count = getattr(info.context, "phases", None)
    if count is not None and len(steps) > count:
        raise fault(
            f"got {len(steps)} steps, wanted at most {count}: the roadmap has {count} phases", "leave out the last ones"
        )
    _distinct(tuple(m for step in steps for m in step))
    return steps


Id = Annotated[str, Field(pattern=ID)]
Text = Annotated[str, Field(min_length=1), AfterValidator(_seen)]
Line = Annotated[Text, AfterValidator(_line)]
Whole = Annotated[int, Field(strict=True)]
PartyId = Annotated[str, To("parties")]
MeasureId = Annotated[str, Field(pattern=SLICE), To("measures")]
Measures = Annotated[tuple[MeasureId, ...], AfterValidator(_distinct)]
SomeMeasures = Annotated[tuple[MeasureId, ...], Field(min_length=1), AfterValidator(_distinct)]
OneOrMoreMeasures = Annotated[
    SomeMeasures, BeforeValidator(_listed, json_schema_input_type=str | SomeMeasures), PlainSerializer(_unlisted)
]
SomeParties = Annotated[tuple[PartyId, ...], Field(min_length=1), AfterValidator(_distinct)]
OneOrMoreParties = Annotated[
    SomeParties, BeforeValidator(_listed, json_schema_input_type=str | SomeParties), PlainSerializer(_unlisted)
]
EvidenceIds = Annotated[
    tuple[Annotated[str, To("evidence")], ...],
    AfterValidator(_distinct),
    Field(description="Ids under `evidence` on which this rests."),
]
Loss = Annotated[Value, AfterValidator(_loss)]
Collapse = Annotated[Value, Within(words="breakdown"), AfterValidator(_loss)]
PartialDate = Annotated[str, BeforeValidator(_partial_date, json_schema_input_type=str | int)]
Chance = Annotated[Value, Within(ge=0, le=1)]
Trust = Annotated[Fraction, Exact(gt=0, lt=1)]
Belief = Annotated[Value, Within(gt=0, lt=1, words="trust")]
Phase = Annotated[Whole, Field(ge=0), AfterValidator(_in_horizon)]
Steps = Annotated[tuple[Measures, ...], AfterValidator(_fits)]


class Block(BaseModel):
    """A block of the file: frozen, no unknown keys, faults in the words of this house."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @model_validator(mode="after")
    def _frozen(self) -> Self:
        own = self.__dict__
        for name, value in own.items():
            own[name] = frozen(value)
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _reword(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as err:
            errors = [e for e in err.errors(include_url=False) if not is_echo(e)]
            keys = {field.alias or name: field for name, field in cls.model_fields.items()}
            raise ValidationError.from_exception_data(cls.__name__, [reword(e, keys) for e in errors]) from None
