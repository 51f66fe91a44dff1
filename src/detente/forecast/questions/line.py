"""The lines of a log of questions, each by itself; what only shows between them is looked at in `log`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from detente.base.dates import plausible, span
from detente.base.wording import fault, shown
from detente.case.block import Block, Text
from detente.case.number import Number, number

__all__ = ["QuestionLine", "ResolutionLine"]


def _day(given: Any) -> date:
    try:
        if not isinstance(given, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
            raise ValueError
        day = date.fromisoformat(given)
    except ValueError:
        raise fault(f"got {shown(given)}, wanted a day such as 2019-06-30") from None
    if not plausible(day):
        first, last = span()
        raise fault(f"got {day}, wanted a day from {first} to {last}")
    return day


def _chance(given: Any) -> float:
    p = number(given)
    if p is None or not 0 <= p <= 1:
        raise fault(f"got {shown(given)}, wanted a number from 0 to 1")
    return p


Day = Annotated[date, BeforeValidator(_day)]


_MOST_OPTIONS = 1_000


class QuestionLine(Block):
    """A question as it was asked."""

    kind: Literal["question"] = Field(description="What the line is.")
    id: Text = Field(description="Its id.")
    text: str = Field(description="The question in words.")
    options: Mapping[Text, str] = Field(description="Its options.")
    start: Day = Field(description="Its first day.")
    close: Day = Field(description="Its last day.")
    chance: Mapping[Text, Annotated[float, BeforeValidator(_chance)]] | None = Field(None, description="What was answered.")
    set: str | None = Field(None, description="The file that it was imported from.")
    close_as_given: str | None = Field(None, description="Its last day there.")
    indicator: str | None = Field(None, description="What is asked about.")
    model: str | None = Field(None, description="What answered.")
    interval: tuple[Number, Number] | None = Field(None, description="Of the answer.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not 2 <= len(self.options) <= _MOST_OPTIONS:
            raise fault(f"got {len(self.options)} options, wanted 2 to {_MOST_OPTIONS:,}")
        if self.close < self.start:
            raise fault(f"it closes on {self.close}, before it starts on {self.start}")
        for option in self.chance or ():
            if option not in self.options:
                raise fault(f"got a chance of {shown(option)}, wanted one of {', '.join(self.options)}")
        total = sum((self.chance or {}).values())
        if self.chance and abs(total - 1) > 0.011:
            raise fault(f"the chances add up to {total:g}, wanted 1")
        return self

    @property
    def more(self) -> dict[str, object]:
        """What is kept of it besides, as it was given."""
        given = {name: getattr(self, name) for name in _MORE if name in self.model_fields_set}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}


_MORE = ("set", "close_as_given", "indicator", "model", "interval")


class ResolutionLine(Block):
    """What came true."""

    kind: Literal["resolution"] = Field(description="What the line is.")
    id: Text = Field(description="The question.")
    outcome: str | None = Field(description="The option that came true; null: void.")
    on: Day = Field(description="The day on which it was resolved.")
