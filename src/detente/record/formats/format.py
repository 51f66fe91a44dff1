"""What a format is: how the columns of its files are brought to those of the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Format", "Projection", "Raw", "number", "whole"]


class Raw:
    """The raw columns of one file by name, as SQL expressions: a column that the file has not is NULL.

    Names are compared without case, spaces and underscores. An empty cell is NULL.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._known = {_plain(name): f"nullif(trim(r.{_quoted(name)}), '')" for name in reversed(self.names)}

    def __getitem__(self, name: str) -> str:
        return self._known.get(_plain(name), "null::varchar")

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _plain(name) in self._known


@dataclass(frozen=True)
class Projection:
    """The columns of the record as SQL expressions over the raw row `r`.

    columns : expressions by column of EVENTS; what is absent stays empty.
    source_key, target_key : expressions whose value is looked up in the table of countries (`=CODE` or a normal name); empty
        where the file has the alpha-3 code itself.
    intensity_key : the code that is looked up for the intensity, in the table of the ontology; empty: the file has its own.
    faults : conditions, in order, for which a row is put aside, each with the reason that is given.
    """

    columns: Mapping[str, str]
    source_key: str = ""
    target_key: str = ""
    intensity_key: str = ""
    faults: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Format:
    """A format.

    headers : for files without a header, by number of columns, the names of the columns; empty where files have one.
    wanted : of each group one column must be there, or the file is not in this format.
    native : every row has a number of its own by which it is known again (`id`).
    """

    name: str
    title: str
    ontology: str
    project: Callable[[Raw], Projection]
    wanted: Sequence[tuple[str, ...]]
    headers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    native: bool = False


def whole(expression: str) -> str:
    """An expression as a whole number, NULL where it is none."""
    return f"try_cast({expression} as integer)"


def number(expression: str) -> str:
    """An expression as a finite number, NULL where it is none."""
    return f"(case when isfinite(try_cast({expression} as float)) then try_cast({expression} as float) end)"


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
