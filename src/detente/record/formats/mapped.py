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

Without `source_country` and `target_country` the country is found from the actor: a code of three letters, a country's name,
or a name with a country in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from detente.case.wording import suggestion
from detente.errors import Fault, RecordError
from detente.record.codes import PLOVER, cameo_quad, weis_quad
from detente.record.formats.format import Format, Projection, Raw
from detente.record.formats.icews import name_key
from detente.record.formats.recognise import FORMATS
from detente.record.schema import EVENTS

__all__ = ["ColumnMap", "read_map"]

_KEYS = {"name", "ontology", "scale", "date_format", "delimiter", "columns", "constants", "quad", "intensity", "countries"}
_NEEDED = ("date", "source", "target", "code")
_FIXED = {"ontology", "scale"}
_NUMBERS = {"quad", "intensity", "mentions", "tone"}


@dataclass(frozen=True)
class ColumnMap:
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
        given |= {name: _text(value) for name, value in self.constants.items()}
        day = given.get("date") or raw.day(self.columns["date"], self.date_format)
        code = given["code"]
        columns = {**given, "date": day, "scale": _text(self.scale) if self.scale else "null"}
        columns["quad"] = self._quad(given)
        if self.intensity:
            columns["intensity"] = _cases(code, self.intensity, "float")
        elif "intensity" not in given and self.ontology in ("cameo", "weis"):
            columns["scale"] = "'goldstein'"
        keys = {}
        for side in ("source", "target"):
            own = given.get(f"{side}_country")
            columns.pop(f"{side}_country", None)
            keys[side] = f"upper({own})" if own else self._key(given[side])
        quad_fault = [(f"{columns['quad']} is null", "an event code without a quad class")] if self._classed(given) else []
        return Projection(
            columns=columns,
            source_key=keys["source"],
            target_key=keys["target"],
            intensity_key=code if "intensity" not in columns and self.ontology in ("cameo", "weis") else "",
            faults=(
                (f"{day} is null", "no date that can be read"),
                (f"{given['source']} is null or {given['target']} is null", "no source or no target"),
                (f"{code} is null", "no event code"),
                *quad_fault,
            ),
        )

    def _key(self, actor: str) -> str:
        own = " ".join(f"when {_text(name)} then {_text(code)}" for name, code in self.countries.items())
        found = f"case when length({actor}) = 3 then upper({actor}) else {name_key(actor)} end"
        return f"(case {actor} {own} else {found} end)" if own else f"({found})"

    def _classed(self, given: Mapping[str, str]) -> bool:
        return bool(self.quad) or "quad" in given or self.ontology in ("cameo", "weis", "plover")

    def _quad(self, given: Mapping[str, str]) -> str:
        if "quad" in self.columns or "quad" in self.constants:
            return f"(case when {given['quad']} between 1 and 4 then {given['quad']} end)"
        if self.quad:
            return _cases(given["code"], self.quad, "utinyint")
        if self.ontology == "plover":
            return _cases(f"upper({given['code']})", PLOVER, "utinyint")
        by_root = {"cameo": cameo_quad, "weis": weis_quad}.get(self.ontology)
        return by_root(given["code"]) if by_root else "null::utinyint"


def read_map(text: str, source: str) -> ColumnMap:
    """Read and check a mapping file (YAML or JSON).

    Raises
    ------
    RecordError
        With every fault at once.
    """
    data = _yaml(text, source)
    faults: list[Fault] = []

    def fault(key: str, message: str, hint: str = "") -> None:
        faults.append(Fault(0, 0, key, message, hint))

    for key in data:
        if key not in _KEYS:
            fault(str(key), "there is no such key", suggestion(str(key), sorted(_KEYS)) or "known: " + ", ".join(sorted(_KEYS)))
    tables: dict[str, dict[str, Any]] = {}
    for key in ("columns", "constants", "quad", "intensity", "countries"):
        value = data.get(key, {})
        if not isinstance(value, dict):
            fault(key, f"got {value!r:.40}, wanted names and values", "write one `name: value` a line")
            value = {}
        for name in value:
            if not isinstance(name, str):
                fault(
                    f"{key}.{name}",
                    f"got the number {name!r}, wanted text",
                    "write it in quotation marks",
                )
        tables[key] = {str(k): v for k, v in value.items()}
    for key in ("name", "ontology", "scale", "date_format", "delimiter"):
        if not isinstance(data.get(key, ""), str):
            fault(key, f"got {data[key]!r:.40}, wanted text", "put it in quotation marks")
    name = data.get("name", "csv")
    if isinstance(name, str) and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        fault("name", f"got {name!r:.40}, wanted small letters, digits and hyphens")
    elif name in FORMATS:
        fault("name", f"got {name!r}, which is the name of another format", "choose a name of your own")
    for column, value in tables["columns"].items():
        if not isinstance(value, str):
            fault(f"columns.{column}", f"got {value!r:.40}, wanted text", "write the column's name in quotation marks")
    for column, value in tables["constants"].items():
        if not isinstance(value, str | date) and (column not in _NUMBERS or not isinstance(value, int | float)):
            fault(f"constants.{column}", f"got {value!r:.40}, wanted text", "write it in quotation marks")
    given = {**tables["columns"], **tables["constants"]}
    for column in given:
        if column not in EVENTS or column in _FIXED:
            fault(f"columns.{column}", "the record has no such column", suggestion(column, list(EVENTS)) or "")
    for column in sorted(set(tables["columns"]) & set(tables["constants"])):
        fault(f"constants.{column}", "is given as a column too", "leave one of the two out")
    for column in _NEEDED:
        if column not in given:
            fault(f"columns.{column}", "is missing", "say which column of the file it is, or give it under `constants`")
    if data.get("ontology") is None:
        fault("ontology", "is missing", "cameo, weis, plover, or a name for codes of your own")
    for code, value in tables["quad"].items():
        if value not in (1, 2, 3, 4) or isinstance(value, bool):
            fault(f"quad.{code}", f"got {value!r:.40}, wanted 1, 2, 3 or 4")
    for code, value in tables["intensity"].items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e30:
            fault(f"intensity.{code}", f"got {value!r:.40}, wanted a number")
    for actor, value in tables["countries"].items():
        if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
            fault(f"countries.{actor}", f"got {value!r:.40}, wanted an ISO 3166-1 code of three capital letters")
    if (tables["intensity"] or "intensity" in given) and not data.get("scale"):
        fault("scale", "is missing", "say what the intensity is measured on, e.g. `scale: goldstein`")
    if tables["intensity"] and "intensity" in given:
        fault("intensity", "is given by code and as a column", "leave one of the two out")
    delimiter = data.get("delimiter", "")
    if isinstance(delimiter, str) and (len(delimiter) > 1 or delimiter in ('"', "\n", "\r")):
        fault("delimiter", f"got {delimiter!r:.40}, wanted a single character between cells")
    date_format = data.get("date_format", "")
    if isinstance(date_format, str) and date_format and not _formats_dates(date_format):
        fault("date_format", f"got {date_format!r:.40}, wanted a form of dates", 'such as "%d.%m.%Y"')
    if faults:
        raise RecordError(f"{source}: cannot be used as a mapping file", source=source, faults=faults)
    return ColumnMap(
        name=name,
        ontology=data["ontology"],
        columns={k: str(v) for k, v in tables["columns"].items()},
        scale=data.get("scale", ""),
        date_format=date_format,
        delimiter=delimiter,
        constants={k: str(v) for k, v in tables["constants"].items()},
        quad=tables["quad"],
        intensity=tables["intensity"],
        countries=tables["countries"],
    )


def _typed(raw: Raw, name: str, column: str) -> str:
    if name in ("intensity", "tone"):
        return raw.number(column)
    kinds = {"mentions": "INTEGER", "quad": "UTINYINT"}
    return raw.whole(column, kinds[name]) if name in kinds else raw[column]


def _formats_dates(format: str) -> bool:
    """Whether duckdb knows a form of dates."""
    import duckdb

    try:
        duckdb.execute("select try_strptime('', $1)", [format])
    except duckdb.Error:
        return False
    return True


def _yaml(text: str, source: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as err:
        mark = err.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        fault = Fault(place[0], place[1], "", str(err.problem or err), "mend the line")
        raise RecordError(f"{source}: cannot be read as a mapping file", source=source, faults=[fault]) from None
    except (YAMLError, RecursionError) as err:
        raise RecordError(f"{source}: cannot be read as a mapping file: {err}", source=source) from None
    if not isinstance(data, dict):
        hint = "see the how-to page on importing events"
        raise RecordError(
            f"{source}: cannot be used as a mapping file: got {type(data).__name__}, wanted keys ({hint})", source=source
        )
    return data


def _cases(code: str, table: Mapping[str, object], kind: str) -> str:
    whens = " ".join(f"when {_text(str(name))} then {value}" for name, value in table.items())
    return f"(case {code} {whens} end)::{kind}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
