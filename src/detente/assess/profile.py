"""The judgements that plays need and a case has not: a named profile, bundled or a file.

No entry has a default in the code, and a file must give every one, with its reason. Every result names the profile and its
values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

from detente.base.bounds import absent, name_of, read_text
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.base.text import Reading, read_yaml
from detente.base.wording import shown
from detente.case.number import number
from detente.errors import Fault, ProfileError

__all__ = ["ENTRIES", "Entry", "PlayProfile", "load_profile"]

ENTRIES: Mapping[str, tuple[float, float, bool]] = {
    "spoilers": (0, 1, False),
    "strikes": (0, 1, False),
    "overlooked": (0, 0.95, False),
    "mends": (0, 1, False),
    "patience": (0, 100, True),
    "tolerate": (0, 100, True),
    "initiatives": (1, 100, True),
    "odds": (1, 100, False),
    "warning": (1, 1000, True),
}
"""Least and largest value of each entry, and whether it is a whole number."""


@dataclass(frozen=True)
class Entry:
    """A judgement, the range over which it is tried, and why."""

    value: float
    low: float
    high: float
    because: str

    def to_dict(self) -> dict[str, object]:
        return told(self)


@dataclass(frozen=True)
class PlayProfile(Frozen):
    """A name and its entries, by the keys of `ENTRIES`."""

    name: str
    title: str
    values: Mapping[str, Entry]

    def __getitem__(self, key: str) -> float:
        return self.values[key].value

    def changed(self, **values: float) -> PlayProfile:
        """The same profile with other values."""
        return replace(self, values={k: replace(e, value=values.get(k, e.value)) for k, e in self.values.items()})

    def to_dict(self) -> dict[str, object]:
        return told(self)


def load_profile(given: str | Path | Mapping[str, Any] | PlayProfile = "plain") -> PlayProfile:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    ProfileError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    if isinstance(given, PlayProfile):
        return given
    if isinstance(given, Mapping):
        return _checked(given, "<profile>")
    shelf = resources.files("detente.assess") / "profiles"
    names = sorted(f.name.removesuffix(".yaml") for f in shelf.iterdir() if f.name.endswith(".yaml"))
    text = name_of(given)
    if text in names:
        return _read((shelf / f"{text}.yaml").read_text(encoding="utf-8"), text)
    if absent(given):
        message = f"{text}: there is no such file; wanted a file, or a bundled profile: {', '.join(names)}"
        raise ProfileError(message, source=text)
    return _read(read_text(given, error=ProfileError, what="profile"), text)


def _read(text: str, source: str) -> PlayProfile:
    reading = read_yaml(text if text.strip() else "null", source, error=ProfileError, what="profile")
    return _checked(reading.data, source, reading)


def _checked(data: Any, source: str, reading: Reading | None = None) -> PlayProfile:
    faults: list[Fault] = list(reading.faults) if reading else []

    def wrong(key: str, message: str, hint: str = "") -> None:
        place = reading.place(tuple(key.split("."))).value if reading else (0, 0)
        faults.append(Fault(*place, key, message, hint))

    if not isinstance(data, Mapping) or not isinstance(data.get("values"), Mapping):
        wrong("values", "wanted an object with `profile`, `title` and `values`", "see the bundled profile `plain`")
        raise ProfileError(f"{source}: cannot be read as a profile", source=source, faults=faults)
    for key in ("profile", "title"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            wrong(key, f"got {shown(data.get(key))}, wanted text")
    for key in data:
        if key not in ("profile", "title", "values"):
            wrong(str(key), "no such key", "profile, title, values")
    entries: dict[str, Entry] = {}
    for key in data["values"]:
        if key not in ENTRIES:
            wrong(f"values.{key}", "no such entry", f"wanted {', '.join(ENTRIES)}")
    for key, (least, most, whole) in ENTRIES.items():
        spec = data["values"].get(key)
        if not isinstance(spec, Mapping):
            wrong(
                f"values.{key}",
                f"got {shown(spec)}, wanted value, low, high and because",
                "nothing is assumed where it is missing",
            )
            continue
        unknown = sorted(str(k) for k in spec if k not in ("value", "low", "high", "because"))
        if unknown:
            wrong(f"values.{key}", f"no such key: {', '.join(unknown)}", "value, low, high, because")
        if not isinstance(spec.get("because"), str) or not spec["because"].strip():
            wrong(f"values.{key}.because", f"got {shown(spec.get('because'))}, wanted the reason or the source")
        numbers = []
        for name in ("value", "low", "high"):
            x = number(spec.get(name))
            if x is None or not least <= x <= most or (whole and not x.is_integer()):
                kind = "a whole number" if whole else "a number"
                wrong(f"values.{key}.{name}", f"got {shown(spec.get(name))}, wanted {kind} from {least:g} to {most:g}")
            else:
                numbers.append(x)
        if len(numbers) == 3:
            value, low, high = numbers
            if not low <= value <= high:
                wrong(f"values.{key}", f"value {value:g} is not within {low:g} to {high:g}", "widen the range")
            entries[key] = Entry(value, low, high, " ".join(str(spec.get("because", "")).split()))
    if faults:
        raise ProfileError(f"{source}: cannot be used as a profile", source=source, faults=sorted(set(faults)))
    return PlayProfile(data["profile"], data["title"], entries)
