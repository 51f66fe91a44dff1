"""What a format is: how the columns of its files are brought to those of the record.

What a file or a mapping says never becomes text of a query: a column is named through `identifier`, and a value is kept in
the connection (`Raw.let`), where an expression stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from detente.base.database import identifier

__all__ = ["Format", "Projection", "Raw"]


class Raw:
    """The raw columns of one file by name, as SQL expressions; a column that the file has not is NULL.

    Names are compared without case, spaces and underscores. An empty cell is NULL. In a *clean* file duckdb reads numbers and
    days as such and text as it stands (much faster; it fails where a cell is not what it should be); else all cells are text,
    blanks around them are cut off, and what is no number or day becomes NULL. `kinds` says what was asked of each column.

    let : keeps a value of an SQL type for the query, and gives the expression that stands for it (`Database.let`); None: the
    names are only asked for. `constants` has the texts that were kept so, by expression.
    """

    def __init__(self, names: Sequence[str], *, clean: bool = False, let: Callable[[object, str], str] | None = None) -> None:
        self.names = tuple(names)
        self.clean = clean
        self.constants: dict[str, str] = {}
        self._let = let or _nowhere
        self.kinds: dict[str, str] = {}
        self.day_format = ""
        self._known = {_plain(name): name for name in reversed(self.names)}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _plain(name) in self._known

    def __getitem__(self, name: str) -> str:
        """A cell as text."""
        found = self._known.get(_plain(name))
        if found is None:
            return "null::varchar"
        return f"r.{identifier(found)}" if self.clean else f"nullif(trim(r.{identifier(found)}), '')"

    def value(self, text: str) -> str:
        """A text that is the same in every row."""
        expression = self._let(text, "varchar")
        self.constants[expression] = text
        return expression

    def looked_up(self, key: str, table: Mapping[str, object], kind: str) -> str:
        """What a table has for a key, of an SQL type; NULL where it has nothing. key : an SQL expression."""
        keys, values = self._let(list(table), "varchar[]"), self._let(list(table.values()), f"{kind}[]")
        return f"map_extract_value(map({keys}, {values}), {key})"

    def number(self, name: str) -> str:
        """A cell as a finite number."""
        cell = self._typed(name, "FLOAT")
        return f"(case when isfinite({cell}) then {cell} end)" if name in self else cell

    def whole(self, name: str, kind: str = "INTEGER") -> str:
        """A cell as a whole number."""
        return self._typed(name, kind)

    def day(self, name: str, form: str = "") -> str:
        """A cell as a day. form : as of strptime; empty: 2018-06-12, with or without a time behind it."""
        if self.clean and name in self:
            self.day_format = form
            return self._typed(name, "DATE")
        return f"try_strptime({self[name]}, {self.value(form)})::date" if form else f"try_cast(left({self[name]}, 10) as date)"

    def _typed(self, name: str, kind: str) -> str:
        if not self.clean or name not in self:
            return f"try_cast({self[name]} as {kind.lower()})"
        self.kinds[self._known[_plain(name)]] = kind
        return self[name]


@dataclass(frozen=True)
class Projection:
    """The columns of the record as SQL expressions over the raw row `r`.

    columns : expressions by column of EVENTS; what is absent stays empty. source_key, target_key : expressions whose value is
    looked up in the table of countries: a code in capital letters, or a normal name. intensity_key : the code that is looked
    up for the intensity, in the table of the ontology; empty: the file has its own. faults : conditions, in order, for which
    a row is put aside, each with the reason that is given. stated : keys that begin with `=` are
    codes that somebody has stated, and no country's code is wanted.
    """

    columns: Mapping[str, str]
    source_key: str = ""
    target_key: str = ""
    intensity_key: str = ""
    faults: Sequence[tuple[str, str]] = ()
    stated: bool = False


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


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


def _nowhere(value: object, kind: str) -> str:
    raise ValueError(f"got {value!r:.60}, and no connection that keeps it as {kind}")
