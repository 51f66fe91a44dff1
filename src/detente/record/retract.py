"""Taking back: an entry that says what counts no more, and why. Nothing is erased.

A whole addition is named by its number, or by the file that it was read from; one row by the number of its addition and its own
(``7.3``). A retraction is an entry too, and can itself be retracted: what it took back counts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.base.plain import told
from detente.base.wording import shown, suggestion
from detente.errors import Fault, RecordError
from detente.record.chain import Chain
from detente.record.entries import Added, Retracted
from detente.record.workspace import Workspace, live_parts, taken_back

__all__ = ["Retraction", "retract"]

_LONGEST = 4_000


@dataclass(frozen=True)
class Retraction:
    """What was taken back. number : of the new entry. of : what counts no more, by number.

    import_again : files whose import left out rows that were on record, and may be gone now.
    """

    workspace: str
    number: int
    of: tuple[str, ...]
    because: str
    import_again: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        because : why
        """
        return told(self)


def retract(workspace: Workspace, references: Sequence[str], because: str) -> Retraction:
    """Take back additions, rows of them, or retractions.

    Parameters
    ----------
    references : numbers of entries (``7``), of rows of additions (``7.3``), or names of imported files.
    because : the reason, at most 4,000 characters.

    Raises
    ------
    RecordError
        With everything that is wrong with the references at once; nothing is retracted then.
    """
    if not because.strip() or len(because) > _LONGEST:
        got = f"{len(because):,} characters" if because.strip() else "nothing"
        message = f"because: got {got}, wanted the reason, in at most {_LONGEST:,} characters"
        raise RecordError(f"{message} (it stays on record beside what it takes back)", source=str(workspace.path))
    with workspace.adding():
        chain = workspace.chain()
        faults: list[Fault] = []
        found = dict.fromkeys(number for given in references for number in _numbers(chain, given, faults))
        if faults or not found:
            message = f"{workspace.path}: nothing was retracted"
            raise RecordError(message, source=str(workspace.path), faults=faults)
        chain = chain.append({"kind": "retracted", "of": list(found), "because": because.strip()})
        chain.commit()
    entry = chain.entries[-1]
    first = min(int(reference.partition(".")[0]) for reference in found)
    later = (part for part in live_parts(chain) if part.table == "events" and part.number > first and part.about.get("known"))
    again = dict.fromkeys(str(part.about.get("file")) for part in later)
    return Retraction(str(workspace.path), entry.number, tuple(found), because.strip(), tuple(again))


def _numbers(chain: Chain, given: str, faults: list[Fault]) -> list[str]:
    """The numbers that a reference stands for; none once a fault is noted."""

    def fault(message: str, hint: str) -> list[str]:
        faults.append(Fault(0, 0, "", message, hint))
        return []

    parts = {part.number: part for part in live_parts(chain)}
    head, _, row = given.partition(".")
    listed = "`detente record contents` lists what can be"
    if not (head.isascii() and head.isdigit() and (not row or (row.isascii() and row.isdigit()))):
        by_file = [str(part.number) for part in parts.values() if part.about.get("file") == given]
        close = suggestion(given, [str(part.about.get("file")) for part in parts.values()])
        return by_file or fault(
            f"got {shown(given)}, wanted the number of an entry or the name of an imported file", close or listed
        )
    number = int(head[:9])
    entry = chain.entries[number - 1] if 0 < number <= len(chain.entries) else None
    if entry is None:
        return fault(f"got {shown(given)}: the record has entries 1 to {len(chain.entries)}", listed)
    if isinstance(entry, Added) and number not in parts:
        return fault(f"got {shown(given)}: entry {number} counts no more already", listed)
    if not row:
        if isinstance(entry, Retracted) and number in taken_back(chain)[0]:
            return fault(f"got {shown(given)}: retraction {number} counts no more already", listed)
        return [str(number)]
    if not isinstance(entry, Added):
        return fault(
            f"got {shown(given)}: entry {number} is a retraction, and has no rows", f"take back the whole of it: {number}"
        )
    if not 0 < int(row[:9]) <= entry.about.rows:
        return fault(f"got {shown(given)}: entry {number} has rows 1 to {entry.about.rows}", listed)
    if int(row) in parts[number].without:
        return fault(f"got {shown(given)}: this row counts no more already", listed)
    return [f"{number}.{int(row)}"]
