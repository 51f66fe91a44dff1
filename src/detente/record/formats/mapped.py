"""Any delimited table, with a mapping file that says what its columns are.

    name: border-log                       how the format is called; letters, digits, hyphens
    ontology: own                          cameo, weis, plover: codes of that list; any other name: codes of your own
    scale: minutes                         what `intensity` is measured on; needed where there is an intensity
    date_format: "%d.%m.%Y"                left out: 2018-06-12
    delimiter: ";"                         left out: found by itself
    columns:                               column of the record: column of the file (see `detente.record.schema.EVENTS`)
      date: Day
      source: From
      target: To
      code: What
    constants: {publisher: Joint commission}         the same for every row
    quad: {crossing-opened: 2, shots: 4}             by code, for codes of your own: 1, 2, 3 or 4
    intensity: {crossing-opened: 3, shots: -9}       by code, on `scale`
    countries: {North: PRK, South: KOR}              alpha-3 code by name, for names that are no country's

A code is read as it is written: 010 stays 010, with quotation marks or without.

`source_country` and `target_country` hold codes of countries or of one's own, or names of countries. Without them the country
is found from the actor: a code of three letters, a country's name, or a name with a country in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from detente.base.database import Database
from detente.base.dates import plausible
from detente.base.frozen import Frozen
from detente.base.text import Path, Reading, dotted, read_yaml
from detente.base.wording import CODE, CODES, shown, suggestion
from detente.errors import Fault, RecordError
from detente.record.codes import PLOVER, cameo_quad, weis_quad
from detente.record.codes.countries import normal_sql
from detente.record.formats.format import Format, Projection, Raw
from detente.record.formats.icews import name_key
from detente.record.formats.recognise import FORMATS
from detente.record.schema import EVENTS

__all__ = ["ColumnMap", "read_map"]

_KEYS = {"name", "ontology", "scale", "date_format", "delimiter", "columns", "constants", "quad", "intensity", "countries"}
_NEEDED = ("date", "source", "target", "code")
_FIXED = {"ontology", "scale"}
_NUMBERS = {"quad", "intensity", "mentions", "tone"}
_LARGEST = 10**30


@dataclass(frozen=True)
class ColumnMap(Frozen):
    """A mapping file, checked."""

    name: str
    ontology: str
    columns: Mapping[str, str]
    scale: str = ""
    date_format: str = ""
    delimiter: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    quad: Mapping[str, int] = field(default_factory=dict)
    intensity: Mapping[str, float] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    @property
    def format(self) -> Format:
        wanted = tuple((column,) for column in self.columns.values())
        return Format(self.name, f"CSV ({self.name})", self.ontology, self._project, wanted, native="id" in self.columns)

    def _project(self, raw: Raw) -> Projection:
        given = {name: _typed(raw, name, column) for name, column in self.columns.items() if name != "date"}
        given |= {name: raw.value(value) for name, value in self.constants.items()}
        day = given.get("date") or raw.day(self.columns["date"], self.date_format)
        code = given["code"]
        columns = {**given, "date": day, "quad": self._quad(raw, given)}
        scale = self.scale
        if self.intensity:
            columns["intensity"] = raw.looked_up(code, self.intensity, "float")
        elif "intensity" not in given and self.ontology in ("cameo", "weis"):
            scale = "goldstein"
        if scale:
            columns["scale"] = raw.value(scale)
        keys = {}
        for side in ("source", "target"):
            own = given.get(f"{side}_country")
            columns.pop(f"{side}_country", None)
            keys[side] = _own(own) if own else self._key(raw, given[side])
        quad_fault = [(f"{columns['quad']} is null", "an event code without a quad class")] if self._classed(given) else []
        return Projection(
            columns=columns,
            source_key=keys["source"],
            target_key=keys["target"],
            stated=bool(self.countries) or not given.keys().isdisjoint(("source_country", "target_country")),
            intensity_key=code if "intensity" not in columns and self.ontology in ("cameo", "weis") else "",
            faults=(
                (f"{day} is null", "no date that can be read"),
                (f"{given['source']} is null or {given['target']} is null", "no source or no target"),
                (f"{code} is null", "no event code"),
                *quad_fault,
            ),
        )

    def _key(self, raw: Raw, actor: str) -> str:
        found = f"case when length({actor}) = 3 then {_code(actor)} else {name_key(actor)} end"
        return (
            f"coalesce('=' || {raw.looked_up(actor, self.countries, 'varchar')}, {found})" if self.countries else f"({found})"
        )

    def _classed(self, given: Mapping[str, str]) -> bool:
        return bool(self.quad) or "quad" in given or self.ontology in ("cameo", "weis", "plover")

    def _quad(self, raw: Raw, given: Mapping[str, str]) -> str:
        if "quad" in self.columns or "quad" in self.constants:
            return f"(case when {given['quad']} between 1 and 4 then {given['quad']} end)"
        if self.quad:
            return raw.looked_up(given["code"], self.quad, "utinyint")
        if self.ontology == "plover":
            return raw.looked_up(f"upper({given['code']})", PLOVER, "utinyint")
        by_root = {"cameo": cameo_quad, "weis": weis_quad}.get(self.ontology)
        return by_root(given["code"]) if by_root else "null::utinyint"


def read_map(text: str, source: str) -> ColumnMap:
    """Read and check a mapping file (YAML or JSON).

    Raises
    ------
    RecordError
        With every fault at once.
    """
    reading = read_yaml(text if text.strip() else "null", source, error=RecordError, what="mapping file")
    if not isinstance(reading.data, dict):
        hint = "see the how-to page on importing events"
        fault = Fault(1, 1, "", f"got {shown(reading.data)}, wanted keys", hint)
        raise RecordError(f"{source}: cannot be used as a mapping file", source=source, faults=[fault])
    found = _Checked(reading)
    if found.faults:
        raise RecordError(f"{source}: cannot be used as a mapping file", source=source, faults=sorted(set(found.faults)))
    return found.map()


class _Checked:
    """The keys of a mapping file, and all that is wrong with them."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.data: Mapping[str, Any] = reading.data
        self.faults = list(reading.faults)
        self.tables = {key: self.table(key) for key in ("columns", "constants", "quad", "intensity", "countries")}
        self.texts = {key: self.text(key) for key in ("name", "ontology", "scale", "date_format", "delimiter")}
        self.keys()
        self.columns()
        self.codes()

    def fault(self, path: Path, message: str, hint: str = "") -> None:
        self.faults.append(Fault(*self.reading.place(path).value, dotted(path), message, hint))

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.data.get(key, {})
        if isinstance(value, dict):
            return value
        self.fault((key,), f"got {shown(value)}, wanted names and values", "write one `name: value` a line")
        return {}

    def text(self, key: str) -> str:
        value = self.data.get(key, "")
        if isinstance(value, str):
            return value
        self.fault((key,), f"got {shown(value)}, wanted text", "put it in quotation marks")
        return ""

    def keys(self) -> None:
        for key in self.data:
            if key not in _KEYS:
                hint = suggestion(key, sorted(_KEYS)) or "known: " + ", ".join(sorted(_KEYS))
                self.fault((key,), "there is no such key", hint)
        name = self.texts["name"] if "name" in self.data else "csv"
        if name in FORMATS:
            self.fault(("name",), f"got {shown(name)}, which is the name of another format", "choose a name of your own")
        elif isinstance(self.data.get("name", ""), str) and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            self.fault(("name",), f"got {shown(name)}, wanted small letters, digits and hyphens")
        if not self.data.get("ontology"):
            self.fault(("ontology",), "is missing", "cameo, weis, plover, or a name for codes of your own")
        delimiter, form = self.texts["delimiter"], self.texts["date_format"]
        if len(delimiter) > 1 or delimiter in ('"', "\n", "\r", "\0"):
            self.fault(("delimiter",), f"got {shown(delimiter)}, wanted a single character between cells")
        if form and not _formats_dates(form):
            self.fault(("date_format",), f"got {shown(form)}, wanted a form of dates", 'such as "%d.%m.%Y"')

    def columns(self) -> None:
        columns, constants = self.tables["columns"], self.tables["constants"]
        for column, value in columns.items():
            if not isinstance(value, str):
                hint = "write the column's name in quotation marks"
                self.fault(("columns", column), f"got {shown(value)}, wanted text", hint)
        for column, value in constants.items():
            if not isinstance(value, str) and not (column in _NUMBERS and _number(value) is not None):
                self.fault(("constants", column), f"got {shown(value)}, wanted text", "write it in quotation marks")
            elif wanted := _misfit(column, str(value)):
                self.fault(("constants", column), f"got {shown(value)}, wanted {wanted}")
        given = [*(("columns", column) for column in columns), *(("constants", column) for column in constants)]
        for path in given:
            if path[1] not in EVENTS or path[1] in _FIXED:
                self.fault(path, "the record has no such column", suggestion(path[1], list(EVENTS)))
        for column in sorted(set(columns) & set(constants)):
            self.fault(("constants", column), "is given as a column too", "leave one of the two out")
        for column in _NEEDED:
            if column not in columns and column not in constants:
                hint = "say which column of the file it is, or give it under `constants`"
                self.fault(("columns", column), "is missing", hint)
        measured = "intensity" in columns or "intensity" in constants
        if (self.tables["intensity"] or measured) and not self.data.get("scale"):
            self.fault(("scale",), "is missing", "say what the intensity is measured on, e.g. `scale: goldstein`")
        if self.tables["intensity"] and measured:
            self.fault(("intensity",), "is given by code and as a column", "leave one of the two out")

    def codes(self) -> None:
        for code, value in self.tables["quad"].items():
            if isinstance(value, bool) or value not in (1, 2, 3, 4):
                self.fault(("quad", code), f"got {shown(value)}, wanted 1, 2, 3 or 4")
        for code, value in self.tables["intensity"].items():
            if _number(value) is None:
                self.fault(("intensity", code), f"got {shown(value)}, wanted a number")
        for actor, value in self.tables["countries"].items():
            if not isinstance(value, str) or not re.fullmatch(CODE, value):
                message = f"got {shown(value)}, wanted {CODES}"
                self.fault(("countries", actor), message)

    def map(self) -> ColumnMap:
        return ColumnMap(
            name=self.texts["name"] or "csv",
            ontology=self.texts["ontology"],
            columns=self.tables["columns"],
            scale=self.texts["scale"],
            date_format=self.texts["date_format"],
            delimiter=self.texts["delimiter"],
            constants={k: str(v) for k, v in self.tables["constants"].items()},
            quad={k: int(v) for k, v in self.tables["quad"].items()},
            intensity={k: float(v) for k, v in self.tables["intensity"].items()},
            countries=self.tables["countries"],
        )


def _own(cell: str) -> str:
    """The key of a cell that gives a party's code, or a country's name."""
    return (
        f"case when regexp_full_match({cell}, '{CODE}') then '=' || {cell} when length({cell}) <= 3 then {_code(cell)}"
        f" else {normal_sql(cell)} end"
    )


def _code(cell: str) -> str:
    """A short name as a code, without the mark that a stated one has."""
    return f"upper(ltrim({cell}, '='))"


def _number(value: Any) -> float | None:
    """A number of a size that the record can hold; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return float(number) if number.is_finite() and abs(number) < _LARGEST else None


def _misfit(column: str, value: str) -> str:
    """What a constant should have been; empty where it fits its column."""
    if column == "date":
        try:
            return "" if plausible(date.fromisoformat(value)) else "a date of the span that a record can hold"
        except ValueError:
            return "a date such as 2018-06-12"
    if column == "quad":
        return "" if value in ("1", "2", "3", "4") else "1, 2, 3 or 4"
    if column == "mentions":
        return "" if re.fullmatch(r"[0-9]{1,9}", value) else "a whole number"
    if column in _NUMBERS:
        try:
            return "" if abs(float(value)) < _LARGEST else "a number"
        except ValueError:
            return "a number"
    return ""


def _typed(raw: Raw, name: str, column: str) -> str:
    if name in ("intensity", "tone"):
        return raw.number(column)
    kinds = {"mentions": "INTEGER", "quad": "UTINYINT"}
    return raw.whole(column, kinds[name]) if name in kinds else raw[column]


def _formats_dates(form: str) -> bool:
    """Whether duckdb knows a form of dates."""
    import duckdb

    with Database() as base:
        try:
            base.execute("select try_strptime('', $1)", [form])
        except duckdb.Error:
            return False
    return True
