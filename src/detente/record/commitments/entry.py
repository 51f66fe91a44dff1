"""One entry of the record: on this day, so much of this item was done by this party, as read by so-and-so.

Entries are only ever added. The latest entry of a reader for an item, a party and a day is its reading of that day; a
correction is a new entry for the same day. What a reader last read holds until it reads again. Readers do not overrule each
other: where two readings of one item differ, both stand, and the item is disputed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from detente.base.dates import VARIABLE, span
from detente.base.plain import told
from detente.base.wording import shown, suggestion
from detente.case.case import Case
from detente.record.commitments.items import Item
from detente.record.commitments.scale import STATES, WANTED, state_of

__all__ = ["COLUMNS", "Entry", "Key", "checked"]

COLUMNS = ("item", "party", "due", "as_of", "state", "reader", "evidence", "note")
REQUIRED = ("item", "as_of", "state", "reader")
Key = tuple[str, str]
Report = Callable[[str, str, str], None]
"""Called with the field, what is wrong (got and wanted), and a hint."""


@dataclass(frozen=True)
class Entry:
    """An entry. `recorded`: when it was made (UTC); None in a bundled record. `file`, `line`: where it is from.

    number : by which it is retracted, such as ``7.3``; None in a bundled record.
    """

    item: str
    party: str
    as_of: datetime.date
    state: str
    reader: str
    due: datetime.date | None = None
    evidence: str = ""
    note: str = ""
    recorded: datetime.datetime | None = None
    file: str | None = None
    line: int | None = None
    number: str | None = None

    @property
    def key(self) -> Key:
        """Item and party: one commitment."""
        return self.item, self.party

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whenever it was made and wherever it is from."""
        return tuple(getattr(self, name) for name in COLUMNS)

    def to_dict(self) -> dict[str, object]:
        """The columns of the table, dates as text; with the file and line that it is from.

        recorded : when it was made (UTC); `null`: bundled
        item : which item
        state : how far done
        """
        made = self.recorded and self.recorded.isoformat(timespec="seconds")
        return {"number": self.number, "recorded": made, **told(self, " ".join((*COLUMNS, "file", "line")))}


def checked(
    given: Mapping[str, str], case: Case, known: Mapping[str, Item], report: Report, *, today: datetime.date | None
) -> Entry | None:
    """The entry that the fields describe, or None once every fault of it is reported.

    today : no reading can be made for a later day; None: not looked at.
    """
    faulty = False

    def fault(field: str, message: str, hint: str = "") -> None:
        nonlocal faulty
        faulty = True
        report(field, message, hint)

    text = {name: (given.get(name) or "").strip() for name in COLUMNS}
    for name in REQUIRED:
        if not text[name]:
            fault(name, f"got nothing, wanted {_WANTED[name]}")
    item = known.get(text["item"])
    if text["item"] and item is None:
        bare = text["item"].partition("/")[0]
        if bare in case.measures:
            hint = f"write {bare}; a part that is done is `minimal` or `intermediate`"
        else:
            hint = suggestion(text["item"], known) or f"`detente record commitments {case.case} --unread` lists them"
        fault("item", f"got {shown(text['item'])}, wanted a measure of the case or AGREEMENT/PROVISION", hint)
    party = _party(text["party"], item, case, fault)
    state = state_of(text["state"])
    if text["state"] and state is None:
        fault("state", f"got {shown(text['state'])}, wanted {WANTED}", suggestion(text["state"], STATES))
    as_of, due = _date("as_of", text["as_of"], fault), _date("due", text["due"], fault, ahead=_TERM)
    if as_of and today and as_of > today:
        fault(
            "as_of",
            f"got {as_of}, a day to come; a reading is made for a day that has been",
            "write when it is due under `due`",
        )
    if as_of and item and item.signed and as_of < item.signed:
        fault("as_of", f"got {as_of}, before the agreement was signed on {item.signed}", "read it from that day on")
    if faulty or item is None or as_of is None or state is None:
        return None
    return Entry(item.id, party, as_of, state, text["reader"], due, text["evidence"], text["note"])


_WANTED = {
    "item": "a measure of the case or AGREEMENT/PROVISION",
    "as_of": "the day of the reading, such as 2019-01-30",
    "state": WANTED,
    "reader": "whose reading it is: a party, or whoever keeps the record",
}


def _party(name: str, item: Item | None, case: Case, fault: Report) -> str:
    if not name:
        if item is not None and len(item.parties) == 1:
            return item.parties[0]
        if item is not None:
            fault("party", f"got nothing, wanted who owes it: {' or '.join(item.parties)}", "an entry is for one party")
        return ""
    if name not in case.parties:
        fault(
            "party", f"got {shown(name)}, wanted a party of the case: {', '.join(case.parties)}", suggestion(name, case.parties)
        )
    elif item is not None and name not in item.parties:
        fault("party", f"{name} does not carry out {item.id}: {' and '.join(item.parties)} would", "name one of these")
    return name


_TERM = 90  # years that a due day may lie behind the last day that a record can hold: accords run for decades


def _date(field: str, text: str, fault: Report, *, ahead: int = 0) -> datetime.date | None:
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        day = datetime.date.fromisoformat(text)
    except ValueError:
        fault(field, f"got {shown(text)}, wanted a date such as 2019-01-30", "")
        return None
    first, last = span()
    if not first <= day or day.year > last.year + ahead:
        until = last.year + ahead
        fault(field, f"got {day}, wanted a day from {first} to the end of {until}", f"{VARIABLE} states another span")
        return None
    return day
