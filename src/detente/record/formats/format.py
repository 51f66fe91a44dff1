"""What a format is: how the columns of its files are brought to those of the record.

What a file or a mapping says never becomes text of a query: a column is named through `identifier`, and a value is kept in
the connection (`Raw.let`), where an expression stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from detente.base.database import identifier
from detente.record.formats.days import day_of, pivoted
from detente.record.formats.sides import Joint

__all__ = ["JOINT", "OWN", "SIDES", "Format", "Projection", "Raw", "plain"]

OWN = "detente:"
"""What stands before the names of columns that are not the file's."""

JOINT = f"{OWN}sides"
SIDES = f'r."{JOINT}"'
"""What stands for one pair of actors of a row that names several (see `Joint`)."""


class Raw:
    """The raw columns of one file by name, as SQL expressions; a column that the file has not is NULL.

    Names are compared without case, spaces and underscores. An empty cell is NULL. In a *clean* file duckdb reads numbers and
    days as such and text as it stands (much faster; it fails where a cell is not what it should be); else all cells are text,
    blanks around them are cut off, and what is no number or day becomes NULL. `kinds` says what was asked of each column.

    let : keeps a value of an SQL type for the query, and gives the expression that stands for it (`Database.let`); None: the
    names are only asked for. `constants` has the texts that were kept so, by expression. wrapped : a cell that stands as a
    whole in quotation marks is what is between them. edited : somebody's tool has written the file anew, perhaps with codes
    taken for numbers. order : what comes first in 3/4/2018 (see `day_of`). comma : 1,5 is one and a half.
    """

    def __init__(
        self,
        names: Sequence[str],
        *,
        clean: bool = False,
        let: Callable[[object, str], str] | None = None,
        wrapped: bool = False,
        edited: bool = False,
        order: str = "",
        comma: bool = False,
    ) -> None:
        self.names = tuple(names)
        self.clean = clean
        self.wrapped = wrapped
        self.edited = edited
        self.order = order
        self.comma = comma
        self.constants: dict[str, str] = {}
        self._let = let or _nowhere
        self.kinds: dict[str, str] = {}
        self.day_format = ""
        self._known = {plain(name): name for name in reversed(self.names)}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and plain(name) in self._known

    def __getitem__(self, name: str) -> str:
        """A cell as text."""
        found = self._known.get(plain(name))
        if found is None:
            return "null::varchar"
        cell = f"r.{identifier(found)}"
        if self.wrapped:
            cell = f"({cell}::varchar)"  # it may be read as a number, too
            inner = f"replace({cell}[2:-2], '\"\"', '\"')"
            cell = f"(case when {cell}[1] = '\"' and {cell}[-1] = '\"' and length({cell}) > 1 then {inner} else {cell} end)"
        return cell if self.clean and not self.wrapped else f"nullif(trim({cell}), '')"

    def first(self, *names: str) -> str:
        """The first of some cells that is not empty, as text."""
        return f"coalesce({', '.join(self[name] for name in names)})"

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
        sure = self.clean and name in self
        if size := _compact(form):
            cell = f"trim({self[name]})"
            read = f"when length({cell}) = {size} then {'' if sure else 'try_'}strptime({cell}, {self.value(form)})::date"
            read = f"(case {read} {f'when {cell} is not null then error({cell})::date ' if sure else ''}end)"
        elif sure:
            self.day_format = form or "%Y-%m-%d"  # of itself duckdb passes over what stands behind a day
            read = self._typed(name, "DATE")
        else:
            read = f"try_strptime({self[name]}, {self.value(form)})::date" if form else day_of(self[name])
        return pivoted(read) if "%y" in form else read

    def date(self, *names: str) -> str:
        """The first of some cells that is not empty as a day, in any form that is sure (see `day_of`)."""
        return day_of(self.first(*names), self.order)

    def _typed(self, name: str, kind: str) -> str:
        if not self.clean or name not in self:
            cell = self[name]
            if self.comma:
                cell = f"case when regexp_full_match({cell}, '-?[0-9]*,[0-9]+') then replace({cell}, ',', '.') else {cell} end"
            return f"try_cast({cell} as {kind.lower()})"
        found = self._known[plain(name)]
        self.kinds[found] = kind
        return f"r.{identifier(found)}"


@dataclass(frozen=True)
class Projection:
    """The columns of the record as SQL expressions over the raw row `r`.

    columns : expressions by column of EVENTS; what is absent stays empty. source_key, target_key : expressions whose value is
    looked up in the table of countries: a code in capital letters, or a normal name. intensity_key : the code that is looked
    up for the intensity, in the table of the ontology; empty: the file has its own. faults : conditions, in order, for which
    a row is put aside, each with the reason that is given. stated : keys that begin with `=` are codes that somebody has
    stated, and no country's code is wanted. joint : the sides of a row that may name several actors; each pair of them is an
    event, and `SIDES` stands for it in the other expressions. times : how many events alike a row is, at least 1; empty: one.
    mended : on which condition the code was brought back to what it must have been.
    """

    columns: Mapping[str, str]
    source_key: str = ""
    target_key: str = ""
    intensity_key: str = ""
    faults: Sequence[tuple[str, str]] = ()
    stated: bool = False
    joint: Joint | None = None
    times: str = ""
    mended: str = ""


@dataclass(frozen=True)
class Format:
    """A format.

    headers : for files without a header, by number of columns, the names of the columns; empty where files have one.
    wanted : of each group one column must be there, or the file is not in this format.
    native : every row has a number of its own by which it is known again (`id`).
    marks : what cells of a row without a header look like, by their place: regular expressions.
    dates : the columns of the day, where they may be written as 3/4/2018; usual : what comes first in such a date, "day" or
    "month", where no date of the file decides it; empty: what may be two days is put aside.
    several : a row may be several events (`Projection.joint` or `times`).
    published : the columns as they are published, for files whose header names more than the rows have.
    """

    name: str
    title: str
    ontology: str
    project: Callable[[Raw], Projection]
    wanted: Sequence[tuple[str, ...]]
    headers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    native: bool = False
    marks: Mapping[int, str] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    usual: str = ""
    several: bool = False
    published: Sequence[str] = ()


def _compact(form: str) -> int:
    """How long a day is in a form such as %Y%m%d, where nothing but its length tells the year from the month; 0: another."""
    sizes = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%j": 3}
    parts = [form[at : at + 2] for at in range(0, len(form), 2)]
    return sum(sizes[part] for part in parts) if parts and set(parts) <= set(sizes) else 0


def plain(name: str) -> str:
    """The name of a column as it is compared."""
    return "".join(c for c in name.lower() if c.isalnum())


def _nowhere(value: object, kind: str) -> str:
    raise ValueError(f"got {value!r:.60}, and no connection that keeps it as {kind}")
