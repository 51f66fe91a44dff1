"""Values: exact numbers, ranges, grades.

    0.35                 a number                    low = likely = high
    [0.1, 0.3, 0.5]      a range                     low <= likely <= high
    small                a grade of the case's scale, or a word of the table that it names (`rough`), with its range
    -small               its negative                [-high, -likely, -low]

Numbers become `fractions.Fraction` from the decimals as they are written, so that every later sum is exact. They have at most
15 significant digits and, unless zero, a size from 1e-12 to 1e12: more would be lost in floating point on its way to a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from detente.base.wording import fault, shown, some, suggestion

__all__ = ["Exact", "Value", "Within", "exact"]

MAX_DIGITS = 15
MAX_EXPONENT = 12


def exact(number: object) -> Fraction:
    """The number as it is written in decimals.

    Raises
    ------
    PydanticCustomError
        If it is no number, not finite, too long, too large or too small.
    """
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal | Fraction):
        raise fault(f"got {shown(number)}, wanted a number")
    if isinstance(number, Fraction):
        return number
    decimal = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not decimal.is_finite():
        raise fault(f"got {shown(number)}, wanted a finite number")
    digits = len("".join(map(str, decimal.as_tuple().digits)).strip("0"))
    if digits > MAX_DIGITS:
        hint = "round it to the digits that mean something"
        raise fault(f"got {shown(number)} with {digits} significant digits, wanted at most {MAX_DIGITS}", hint)
    if decimal and not -MAX_EXPONENT <= decimal.adjusted() <= MAX_EXPONENT:
        raise fault(
            f"got {shown(number)}, wanted 0 or a size from 1e-{MAX_EXPONENT} to 1e{MAX_EXPONENT}", "choose another unit"
        )
    return Fraction(decimal)


def plain(number: Fraction) -> int | float:
    """The number for YAML and JSON."""
    return int(number) if number.denominator == 1 else float(number)


def _span(*numbers: Fraction) -> str:
    return f"[{', '.join(str(plain(x)) for x in numbers)}]"


@dataclass(frozen=True)
class Exact:
    """Annotates a `Fraction` with its bounds: `gt` and `lt` exclude the bound, `ge` and `le` include it."""

    gt: int | None = None
    ge: int | None = None
    lt: int | None = None
    le: int | None = None

    @property
    def wanted(self) -> str:
        words = {"above": self.gt, "of at least": self.ge, "below": self.lt, "of at most": self.le}
        return "a number " + " and ".join(f"{word} {bound}" for word, bound in words.items() if bound is not None)

    def check(self, number: object) -> Fraction:
        x = exact(number)
        if not self.holds(x):
            raise fault(f"got {shown(number)}, wanted {self.wanted}")
        return x

    def holds(self, x: Fraction) -> bool:
        """Whether a number is within the bounds."""
        return not (
            (self.gt is not None and x <= self.gt)
            or (self.ge is not None and x < self.ge)
            or (self.lt is not None and x >= self.lt)
            or (self.le is not None and x > self.le)
        )

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plainly = core_schema.plain_serializer_function_ser_schema(plain)
        return core_schema.no_info_plain_validator_function(self.check, serialization=plainly)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "number", **self.bounds}

    @property
    def bounds(self) -> dict[str, int]:
        """For the schema."""
        names = {"exclusiveMinimum": self.gt, "minimum": self.ge, "exclusiveMaximum": self.lt, "maximum": self.le}
        return {name: bound for name, bound in names.items() if bound is not None}


@dataclass(frozen=True)
class Value:
    """A value with its range; planning takes `likely`.

    low, likely, high : exact, low <= likely <= high.
    text : as a case would write it: ``0.3``, ``[0.1, 0.3, 0.5]``, ``small``.
    """

    low: Fraction
    likely: Fraction
    high: Fraction
    text: str

    @property
    def is_range(self) -> bool:
        return self.low < self.high

    @property
    def is_zero(self) -> bool:
        """Whether the value is nothing, in its whole range."""
        return self.low == self.high == 0

    @property
    def is_grade(self) -> bool:
        """Whether the value was given as a grade of the case's scale."""
        return self.text.removeprefix("-")[0].isalpha()

    @property
    def is_number(self) -> bool:
        """Whether the value was given as one number."""
        return not self.is_grade and not self.text.startswith("[")

    def __neg__(self) -> Value:
        if not self.is_grade:
            return Value.of([-self.high, -self.likely, -self.low] if self.text.startswith("[") else -self.likely)
        text = self.text.removeprefix("-") if self.text.startswith("-") else f"-{self.text}"
        return Value(-self.high, -self.likely, -self.low, text)

    @classmethod
    def of(cls, given: object, grades: Mapping[str, Value | None] | None = None, said: str = "a grade of the case") -> Value:
        """The value that is given as a number, a range of three, or the name of a grade. said : what errors call such a name.

        Raises
        ------
        PydanticCustomError
            If it is none of these, or a range out of order, or a grade that the case does not define.
        """
        if isinstance(given, Value):
            return given
        if isinstance(given, str):
            return cls._grade(given, grades or {}, said)
        if isinstance(given, list | tuple):
            return cls._range(given)
        x = exact(given)
        return cls(x, x, x, str(plain(x)))

    @classmethod
    def _range(cls, given: list[Any] | tuple[Any, ...]) -> Value:
        if len(given) != 3:
            raise fault(f"got a list of {len(given)}, wanted a range of three numbers: [low, likely, high]")
        low, likely, high = (exact(x) for x in given)
        if not low <= likely <= high:
            hint = f"did you mean {_span(*sorted((low, likely, high)))}?"
            raise fault(f"got the range {_span(low, likely, high)} out of order, wanted [low, likely, high]", hint)
        return cls(low, likely, high, _span(low, likely, high))

    @classmethod
    def _grade(cls, name: str, grades: Mapping[str, Value | None], said: str) -> Value:
        bare = name.removeprefix("-")
        if bare not in grades:
            known = some(list(grades))
            scale = f"{said} ({known})" if grades else "a grade (the case defines none under `grades`)"
            raise fault(f"got {shown(name)}, wanted a number, [low, likely, high] or {scale}", suggestion(bare, grades))
        grade = grades[bare] or cls(Fraction(0), Fraction(0), Fraction(0), bare)  # faulty itself, and reported there
        value = cls(grade.low, grade.likely, grade.high, bare)
        return -value if name.startswith("-") else value

    def to_plain(self) -> int | float | str | list[int | float]:
        """As it is written in YAML or JSON."""
        if self.text.startswith("["):
            return [plain(self.low), plain(self.likely), plain(self.high)]
        return self.text if self.is_grade else plain(self.likely)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plainly = core_schema.plain_serializer_function_ser_schema(cls.to_plain)
        return core_schema.with_info_plain_validator_function(cls._validate, serialization=plainly)

    @classmethod
    def _validate(cls, given: object, info: ValidationInfo, words: str = "worth") -> Value:
        if given is None or isinstance(given, dict):
            raise fault(f"got {shown(given)}, wanted a number, [low, likely, high] or the name of a grade")
        table = getattr(info.context, "words", {}).get(words, {})
        names = {**table, **getattr(info.context, "grades", {})}
        return cls.of(given, names, "a word" if table else "a grade of the case")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _forms({"type": "number"})


@dataclass(frozen=True)
class Within(Exact):
    """Annotates a `Value` all of whose range is within the bounds. whole : of whole numbers. words : what the words of a table
    that may stand for it are said of, as `rough.entries` has it; none: no word of a table may."""

    whole: bool = False
    words: str = ""

    @property
    def wanted(self) -> str:
        return super().wanted.replace("a number", "a whole number", 1) if self.whole else super().wanted

    def check_all(self, given: object, info: ValidationInfo) -> Value:
        value = Value._validate(given, info, self.words)
        for x in (value.low, value.likely, value.high):
            if not self.holds(x) or (self.whole and x.denominator != 1):
                raise fault(f"got {value.text}, wanted {self.wanted}{'' if value.is_number else ', all of the range'}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        plainly = core_schema.plain_serializer_function_ser_schema(Value.to_plain)
        return core_schema.with_info_plain_validator_function(self.check_all, serialization=plainly)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return _forms({"type": "integer" if self.whole else "number", **self.bounds})


def _forms(number: dict[str, Any]) -> JsonSchemaValue:
    """The three forms of a value, for the schema."""
    span = {"type": "array", "items": number, "minItems": 3, "maxItems": 3, "description": "[low, likely, high]"}
    grade = {"type": "string", "pattern": "^-?[a-z][a-z0-9-]*$", "description": "a grade of the case, or its negative"}
    return {"anyOf": [number, span, grade]}
