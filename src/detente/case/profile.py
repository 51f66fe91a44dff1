"""Profiles: named judgements that no case states, bundled with the part that needs them or in a file of one's own.

A file is read strictly: a model of pydantic has one field for each key, unknown keys are faults, and all faults are raised at
once, each where it stands. Nothing is assumed for a key that is missing, unless the model says what.

Most profiles are a list of single judgements (`Judgements`), each with its reason or source, and some with the range over
which it is tried:

    profile: plain
    title: What it holds, in a line
    values:
      patience: {value: 2, low: 0, high: 4, because: "Phases for which the others wait. Invented for illustration."}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, create_model, model_validator

from detente.base.bounds import absent, name_of, read_text
from detente.base.frozen import Frozen
from detente.base.json import read_json
from detente.base.plain import told
from detente.base.text import Path as Steps
from detente.base.text import Reading, dotted, read_yaml
from detente.base.wording import fault, patience, shown, suggestion
from detente.case.block import Block, Text
from detente.case.check import block_fault
from detente.case.number import number
from detente.errors import Fault, InputError

__all__ = ["Bounds", "Judgement", "Judgements", "bundled", "fault_at", "judgements", "read_profile", "refused", "validated"]

File = TypeVar("File", bound=Block)


def bundled(package: str, folder: str = "profiles") -> tuple[str, ...]:
    """The names of the profiles, or of the files of another folder, that a part comes with, in alphabetical order. package :
    such as ``detente.assess``."""
    return tuple(sorted(Path(file.name).stem for file in (resources.files(package) / folder).iterdir()))


def read_profile(
    given: str | Path, package: str, model: type[File], error: type[InputError], *, context: Any = None
) -> tuple[File, Reading]:
    """A bundled profile by its name, or a file by its path, YAML or JSON; and the reading, which knows where each key stands.

    context : what the model's references are held against.

    Raises
    ------
    InputError
        As `error`, with every fault at once: no such profile, or one that is not what the model says.
    """
    name, known = name_of(given), bundled(package)
    if name in known:
        shelf = resources.files(package) / "profiles"
        file = next(file for file in shelf.iterdir() if Path(file.name).stem == name)
        name, text = file.name, file.read_text(encoding="utf-8")
    elif absent(given):
        hint = suggestion(name, known) or f"bundled profiles: {', '.join(known)}"
        raise error(f"{name}: cannot be read as a profile: there is no such file ({hint})", source=name)
    else:
        text = read_text(given, error=error, what="profile")
    if name.endswith(".json"):  # of many numbers, which YAML would take long to read
        reading = Reading(read_json(text, name, error=error, what="profile"), {})
    else:
        reading = read_yaml(text if text.strip() else "null", name, error=error, what="profile")
    return validated(reading, name, model, error, context=context), reading


def validated(reading: Reading, source: str, model: type[File], error: type[InputError], *, context: Any = None) -> File:
    """What was read, as the model has it.

    Raises
    ------
    InputError
        As `error`, with every fault at once.
    """
    faults = list(reading.faults)
    if not isinstance(reading.data, Mapping):
        keys = ", ".join(model.model_fields)
        faults.append(_placed(reading, Fault(1, 1, "", f"got {shown(reading.data)}, wanted {keys}", "copy a bundled one")))
    else:
        try:
            with patience():
                found = model.model_validate(reading.data, context=context)
        except ValidationError as err:
            faults += [_placed(reading, block_fault(e["loc"], e["ctx"], reading)) for e in err.errors(include_url=False)]
    if faults:
        raise refused(source, faults, error)
    return found


def refused(source: str, faults: Iterable[Fault], error: type[InputError]) -> InputError:
    """What to raise for a profile with faults."""
    in_order = sorted(dict.fromkeys(faults), key=lambda found: (found.line, found.column))
    return error(f"{source}: cannot be used as a profile", source=source, faults=in_order)


def _placed(reading: Reading, found: Fault) -> Fault:
    """A fault without its place, where nothing of what was read has one."""
    return found if reading.places else replace(found, line=0, column=0)


def fault_at(reading: Reading, path: Steps, message: str, hint: str = "") -> Fault:
    """A fault that only shows across keys."""
    return Fault(*reading.place(path).value, dotted(path), message, hint)


@dataclass(frozen=True)
class Bounds:
    """Least and largest value of a judgement. whole : a whole number. ranged : with a range over which it is tried."""

    least: float
    most: float
    whole: bool = False
    ranged: bool = False

    def check(self, given: Any) -> float:
        x = number(given)
        if x is None or not self.least <= x <= self.most or (self.whole and not x.is_integer()):
            kind = "a whole number" if self.whole else "a number"
            raise fault(f"got {shown(given)}, wanted {kind} from {self.least:g} to {self.most:g}")
        return x


@dataclass(frozen=True)
class Judgement:
    """A judgement, the range over which it is tried, and why. ranged : whether one is stated; else it is the value alone."""

    value: float
    low: float
    high: float
    because: str
    ranged: bool = True

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        low : the low end of the range over which it is tried
        high : the high end of that range
        because : its reason or source
        """
        return told(self, "value low high because" if self.ranged else "value because")


@dataclass(frozen=True)
class Judgements(Frozen):
    """A profile of single judgements, by their keys."""

    name: str
    title: str
    values: Mapping[str, Judgement]

    def __getitem__(self, key: str) -> float:
        return self.values[key].value

    def changed(self, **values: float) -> Judgements:
        """The same profile with other values."""
        return replace(self, values={k: replace(e, value=values.get(k, e.value)) for k, e in self.values.items()})

    def to_dict(self) -> dict[str, object]:
        return told(self)


def judgements(
    given: str | Path | Mapping[str, Any] | Judgements, package: str, wanted: Mapping[str, Bounds], error: type[InputError]
) -> Judgements:
    """A profile of single judgements: as it is, bundled by its name, a file, or plain data. wanted : its keys, all of them.

    Raises
    ------
    InputError
        As `error`, with every fault at once.
    """
    if isinstance(given, Judgements):
        return given
    keys: dict[str, Any] = {key: (_entry(bounds), Field(description="A judgement.")) for key, bounds in wanted.items()}
    values: Any = create_model("Values", __base__=Block, **keys)
    model: Any = create_model("File", __base__=_File, values=(values, Field(description="The judgements.")))
    if isinstance(given, Mapping):
        file = validated(Reading(given, {}), "<profile>", model, error)
    else:
        file = read_profile(given, package, model, error)[0]
    entries = {key: _judgement(getattr(file.values, key)) for key in wanted}
    return Judgements(file.profile, file.title, entries)


class _File(Block):
    """The keys of a profile of single judgements."""

    profile: Text = Field(description="Its name.")
    title: Text = Field(description="What it holds, in a line.")


class _Entry(Block):
    """A judgement."""

    because: Text = Field(description="The reason or the source.")

    @model_validator(mode="after")
    def _within(self) -> Self:
        given: Any = self
        if hasattr(self, "low") and not given.low <= given.value <= given.high:
            value, low, high = given.value, given.low, given.high
            raise fault(f"value {value:g} is not within {low:g} to {high:g}", "widen the range")
        return self


def _entry(bounds: Bounds) -> Any:
    """The model of a judgement within bounds."""
    kind: Any = (Annotated[float, BeforeValidator(bounds.check)], Field(description="A number."))
    names = ("value", "low", "high") if bounds.ranged else ("value",)
    return create_model("Entry", __base__=_Entry, **dict.fromkeys(names, kind))


def _judgement(entry: Any) -> Judgement:
    low, high = getattr(entry, "low", entry.value), getattr(entry, "high", entry.value)
    return Judgement(entry.value, low, high, " ".join(entry.because.split()), hasattr(entry, "low"))
