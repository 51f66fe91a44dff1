"""The exceptions of Détente: one tree, so that a caller can catch as much or as little as it wants.

    DetenteError
    ├── InputError            what was given cannot be read or means nothing (exit code 2)
    │   ├── CaseError         a case file: every fault of it at once, each with file:line:column
    │   ├── RoadmapError      a roadmap file: unknown measures, phases outside the horizon
    │   ├── GraphError        a conflict graph: a broken file, an incomplete ranking, no feasible state
    │   ├── PositionsError    a table of actors' positions, or a profile of coefficients, that cannot be used
    │   ├── StatusError       a status file: what is done, late and broken contradicts the case or itself
    │   ├── ProfileError      a profile for playing strategies out: an entry missing, unknown or out of range
    │   ├── RecordError       a record that cannot be read, a file whose format is unknown, a question it cannot answer
    │   └── OutputError       a place that cannot be written to
    └── SolverError           the solver stopped without an answer (exit code 2); never an empty success

A negative answer (no roadmap, a roadmap that does not hold) is no exception: it is a result, with exit code 1. Any exception
that is not of this tree is a fault of ours, with exit code 3. A solver that stops is none: more time or other values help,
which are the caller's to give.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "CaseError",
    "DetenteError",
    "Fault",
    "GraphError",
    "InputError",
    "OutputError",
    "PositionsError",
    "ProfileError",
    "RecordError",
    "RoadmapError",
    "SolverError",
    "StatusError",
    "printable",
]

MOST_FAULTS = 50
"""How many faults a message lists; all of them are in `InputError.faults`."""


def printable(text: str) -> str:
    """Text that does to a terminal or a page what it looks like.

    Control characters but for line ends and tabs, the marks that turn the direction of writing, line and paragraph separators
    and lone surrogates become escapes such as ``\\x1b`` or ``\\u202e``.
    """
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in "\n\t" or not (unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class DetenteError(Exception):
    """Anything that Détente raises on purpose."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in a file: where it stands and what to do about it.

    Parameters
    ----------
    line, column : int
        1-based; 0 where the fault belongs to the file as a whole.
    key : str
        The path of the fault in the file, e.g. ``measures.liaison-office.lag``.
    message : str
        What was got and what was wanted.
    hint : str
        One next step, or the empty string.
    """

    line: int
    column: int
    key: str
    message: str
    hint: str = ""


class InputError(DetenteError):
    """Input that cannot be used. `faults` lists every fault found, `source` names the file."""

    def __init__(self, message: str, *, source: str = "", faults: Sequence[Fault] = ()) -> None:
        self.source = source
        self.faults = tuple(faults)
        lines = [message]
        for fault in self.faults[:MOST_FAULTS]:
            place = f"{source}:{fault.line}:{fault.column}" if fault.line else source
            text = f"{place}: {fault.key}: {fault.message}" if fault.key else f"{place}: {fault.message}"
            lines.append(text + (f" ({fault.hint})" if fault.hint else ""))
        if len(self.faults) > MOST_FAULTS:
            lines.append(f"... and {len(self.faults) - MOST_FAULTS:,} more faults")
        super().__init__(printable("\n".join(lines)))


class CaseError(InputError):
    """A case file that cannot be used."""


class GraphError(InputError):
    """A conflict graph that cannot be used."""


class PositionsError(InputError):
    """A table of actors' positions, or a profile of coefficients, that cannot be used."""


class RoadmapError(InputError):
    """A roadmap that does not fit its case."""


class StatusError(InputError):
    """A status of a roadmap under way that cannot be used."""


class RecordError(InputError):
    """A record of events and commitments that cannot be used, or that cannot answer what it is asked."""


class ProfileError(InputError):
    """A profile for playing strategies out that cannot be used."""


class OutputError(InputError):
    """A result that cannot be written where it was asked for."""


class SolverError(DetenteError):
    """The solver ended without a roadmap and without a proof that there is none."""
