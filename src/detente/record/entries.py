"""What the entries of a record's chain may hold: strict, since whoever sends a record writes them as well.

Each is a JSON object with no key but these. Texts and numbers are bounded, names of files are of small letters, digits and
hyphens, and nothing here is ever a piece of a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from detente.record.schema import EVENTS

__all__ = ["About", "Added", "Entry", "Mark", "Retracted", "first_fault", "parsed", "unfounded"]

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0, lt=1 << 62)]
Number = Annotated[int, Field(ge=1, lt=1 << 31)]
Text = Annotated[str, Field(max_length=4_000)]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Name = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}(-[0-9a-z]{1,16}){0,3}$")]
Reference = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}(\.[1-9][0-9]{0,8})?$")]
Column = Annotated[str, Field(pattern=f"^({'|'.join(EVENTS)})$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Mark(_Strict):
    """record.json: the record's own id, and its head."""

    version: Literal[2]
    id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    entries: Count
    bytes: Count
    root: Hash


class About(_Strict):
    """What an addition says of itself.

    rows : how many its file has. file : what it was read from. read = added + known + the sum of rejected, in records.
    first_line : the line of the first row, where rows are lines; lines : the rows have a column that says theirs; at : their
    lines. constants : columns that have one value in every row. dates, ids : the earliest and the latest, the least and the
    greatest. case : whose commitments they are.
    """

    rows: Count
    file: Text | None = None
    sha256: Hash | None = None
    size: Count | None = None
    format: Text = ""
    ontology: Text | None = None
    imported: Text | None = None
    case: Text | None = None
    read: Count = 0
    added: Count = 0
    known: Count = 0
    rejected: dict[Text, Count] = Field(default_factory=dict)
    first_line: Count | None = None
    lines: bool = False
    at: tuple[Count | None, ...] | None = None
    constants: dict[Column, Text | None] = Field(default_factory=dict)
    dates: tuple[Day | None, Day | None] | None = None
    ids: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _as_many_lines_as_rows(self) -> About:
        if self.at is not None and len(self.at) != self.rows:
            raise ValueError(f"`at` has {len(self.at):,} lines, wanted one for each of {self.rows:,} rows")
        return self


class _Numbered(_Strict):
    """number : 1 for the first entry. previous : the hash of the line before. made : by the clock of the machine, in UTC."""

    number: Number
    previous: Hash
    made: Annotated[str, AfterValidator(lambda made: datetime.fromisoformat(made) and made)]


class Added(_Numbered):
    """Rows that were added to a table: the file WORKSPACE/TABLE/FILE.parquet, of this length and SHA-256.

    key : stands for the content and how it was read. aside : the SHA-256 of WORKSPACE/TABLE/FILE.rejected.csv, where rows were
    put aside. replaces : the addition that this one heals, and that counts no more.
    """

    kind: Literal["added"]
    table: Literal["events", "commitments", "indicators"]
    key: Name
    file: Name
    sha256: Hash
    bytes: Count
    aside: Hash | None = None
    replaces: Number | None = None
    about: About


class Retracted(_Numbered):
    """What counts no more: an entry by number (``7``), or one row of an addition (``7.3``, its third)."""

    kind: Literal["retracted"]
    of: Annotated[tuple[Reference, ...], Field(min_length=1)]
    because: Annotated[str, Field(min_length=1, max_length=4_000)]


Entry = Added | Retracted
_READER: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


@lru_cache(maxsize=1 << 16)
def parsed(line: bytes) -> Entry:
    """The entry that a line holds.

    Raises
    ------
    ValidationError
        If it holds none.
    """
    return _READER.validate_json(line)


def unfounded(entry: Entry, before: Sequence[Entry]) -> str:
    """What an entry says of others that is not so; empty: nothing. before : all entries before it, in order.

    Whoever adds names only what is there already, and each file once; anything else would let rows count twice, or not at all.
    """
    if isinstance(entry, Added):
        if entry.replaces is None:
            return ""
        healed = before[entry.replaces - 1] if entry.replaces <= len(before) else None
        fit = isinstance(healed, Added) and healed.table == entry.table
        return "" if fit else f"replaces entry {entry.replaces}, which is no earlier addition to its table"
    for reference in entry.of:
        number, _, row = reference.partition(".")
        named = before[int(number) - 1] if int(number) <= len(before) else None
        if named is None or (row and not (isinstance(named, Added) and int(row) <= named.about.rows)):
            return f"takes back {reference}, which was not there before it"
    return ""


def first_fault(err: ValidationError) -> str:
    """The first thing that is wrong, in a few words."""
    from detente.base.wording import shown

    found = err.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(step) for step in found["loc"] if step not in ("added", "retracted"))
    got = f", got {shown(found['input'])}" if place and found["type"] != "missing" else ""
    return f"{place + ': ' if place else ''}{found['msg']}{got}"
