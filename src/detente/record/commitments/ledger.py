"""The ledger of a case: `commitments(case)`, how everything that is on record stands, what is overdue and what is due soon."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from detente.base.plain import told
from detente.base.wording import shown, suggestion
from detente.case.case import Case
from detente.errors import RecordError
from detente.record.commitments.commit import history
from detente.record.commitments.entry import Entry
from detente.record.commitments.items import Item, items
from detente.record.commitments.scale import STATES, place_of, state_of
from detente.record.commitments.standing import Standing, by_commitment, standing

__all__ = ["SORTS", "Commitment", "Commitments", "commitments"]


@dataclass(frozen=True)
class Commitment:
    """One commitment: the item, how it stands, and whether it is due within the days asked for."""

    item: Item
    standing: Standing
    due_soon: bool

    @property
    def overdue(self) -> bool:
        return self.standing.overdue

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        item : a commitment: a measure, or AGREEMENT/PROVISION
        due : by when; `null`: no date was set
        state : `none`, `minimal`, `intermediate`, `full`, `reversed` or `disputed`
        score : the lowest and the highest score among the readings
        due_soon : whether it is due soon
        late : whether by some reading it was carried out late
        """
        return told(
            self,
            "item=item.id title=item.title kind=item.kind party=standing.party due=standing.due state=standing.state"
            " score=standing.score overdue due_soon late=standing.late readings=standing.readings",
        )


@dataclass(frozen=True)
class Commitments:
    """How the commitments of a case stand on a day.

    source : the folder of the record, or "bundled".
    soon : days within which an item counts as due soon.
    rows : what was asked for.
    of : how many commitments are on record in all. unread : items of the case without an entry.
    later : entries for later days, which do not count. entries : the whole history of items asked for one by one.
    """

    case: str
    source: str
    as_of: datetime.date
    soon: int
    rows: tuple[Commitment, ...]
    of: int
    unread: tuple[Item, ...]
    later: int
    entries: tuple[Entry, ...] = ()

    @property
    def overdue(self) -> tuple[Commitment, ...]:
        return tuple(c for c in self.rows if c.overdue)

    @property
    def due_soon(self) -> tuple[Commitment, ...]:
        return tuple(c for c in self.rows if c.due_soon)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        due_soon : of what is due soon
        overdue, due_soon : item and party
        """
        return {
            **told(self, "case source as_of soon on_record=of commitments=rows"),
            "overdue": [[c.standing.item, c.standing.party] for c in self.overdue],
            "due_soon": [[c.standing.item, c.standing.party] for c in self.due_soon],
            "unread": [i.id for i in self.unread],
            **told(self, "later history=entries"),
        }


_FAR = datetime.date.max
SORTS: Mapping[str, Callable[[Commitment], object]] = {
    "case": lambda _: 0,  # the order of the case
    "due": lambda c: c.standing.due or _FAR,
    "score": lambda c: (c.standing.low, c.standing.high),
    "state": lambda c: place_of(c.standing.state),
    "party": lambda c: c.standing.party,
    "read": lambda c: -max(r.entry.as_of for r in c.standing.readings).toordinal(),  # the latest first
}


def commitments(
    case: Case,
    workspace: str | Path | None = None,
    *,
    as_of: datetime.date | None = None,
    soon: int = 30,
    item: str | None = None,
    party: str | None = None,
    state: str | None = None,
    only: str | None = None,
    sort: str = "case",
) -> Commitments:
    """How the commitments of a case stand.

    Parameters
    ----------
    workspace : the folder of the record; None: the default folder, else the bundled record of the case.
    as_of : the day; None: the date of the case. Entries for later days do not count, and how many there are is told.
    soon : days within which an item counts as due soon.
    item, party, state : only these. An agreement stands for all its provisions. With `item`: the history of it, too.
    only : "overdue" or "soon", only these.
    sort : "case", "due", "score", "state", "party" or "read".

    Raises
    ------
    RecordError
        If there is no record, or a filter names nothing that there is.
    """
    kept = history(case, workspace)
    known = items(case)
    state = (state_of(state) or state) if state is not None else None
    wanted = _wanted(case, known, item, party, state, only, sort, soon)
    day = as_of or case.as_of
    grouped = by_commitment(kept.entries)
    place = {name: n for n, name in enumerate(known)}
    order = {name: n for n, name in enumerate(case.parties)}
    rows = []
    for key in sorted(grouped, key=lambda k: (place[k[0]], order[k[1]])):
        found = standing(grouped[key], day)
        if found is not None:
            rows.append(Commitment(known[key[0]], found, found.due_within(soon)))
    read = {c.item.id for c in rows}
    asked = [
        c
        for c in rows
        if (wanted is None or c.item.id in wanted)
        and (party is None or c.standing.party == party)
        and (state is None or c.standing.state == state)
        and (only is None or (c.overdue if only == "overdue" else c.due_soon))
    ]
    asked.sort(key=SORTS[sort])  # type: ignore[arg-type]
    whole = {c.standing.item for c in asked} if item is not None else set()
    return Commitments(
        case=case.case,
        source=kept.source,
        as_of=day,
        soon=soon,
        rows=tuple(asked),
        of=len(rows),
        unread=tuple(i for name, i in known.items() if name not in read),
        later=sum(e.as_of > day for e in kept.entries),
        entries=tuple(e for e in kept.entries if e.item in whole and (party is None or e.party == party)),
    )


def _wanted(
    case: Case,
    known: Mapping[str, Item],
    item: str | None,
    party: str | None,
    state: str | None,
    only: str | None,
    sort: str,
    soon: int,
) -> set[str] | None:
    """The items asked for, None for all, once everything asked for is checked."""
    for given, what, there in (
        (party, "a party of the case", list(case.parties)),
        (state if state_of(state or "") is None else None, "a state, or a share such as 40%", list(STATES)),
        (only, "a list", ["overdue", "soon"]),
        (sort, "an order", list(SORTS)),
    ):
        if given is not None and given not in there:
            close = suggestion(given, there)
            message = f"{case.case}: got {shown(given)}, wanted {what}: {', '.join(there)}" + (f" ({close})" if close else "")
            raise RecordError(message, source=case.case)
    if soon < 0:
        raise RecordError(f"soon: got {soon}, wanted 0 or more days (30 is usual)", source=case.case)
    if item is None or item in known:
        return None if item is None else {item}
    if item in case.agreements:
        return {name for name in known if name.startswith(f"{item}/")}
    close = suggestion(item, [*known, *case.agreements]) or f"`detente case {case.case}` lists them"
    message = f"{case.case}: got {shown(item)}, wanted a measure, an agreement or AGREEMENT/PROVISION ({close})"
    raise RecordError(message, source=case.case)
