"""Files that commands of the record read besides the events."""

from __future__ import annotations

import re

from detente.base import bounds
from detente.base.delimited import delimited
from detente.errors import Fault, RecordError

__all__ = ["read_actors", "read_text"]


def read_text(path: str) -> str:
    """The text of a file, or of standard input where the path is ``-``.

    Raises
    ------
    RecordError
        If it cannot be read as UTF-8, or is too large.
    """
    return bounds.read_text(path, error=RecordError)


def read_actors(path: str) -> dict[str, str]:
    """A table of actors: name, country (alpha-3), with or without that header; ``-`` for standard input.

    Raises
    ------
    RecordError
        With every fault at once.
    """
    from detente.base.wording import shown
    from detente.record.codes.countries import normal

    found: dict[str, str] = {}
    faults: list[Fault] = []
    for line, row in delimited(read_text(path), path, error=RecordError):
        if len(faults) > bounds.PATIENCE:
            faults.append(Fault(line, 1, "", "the rest was not looked at", "mend what is above first"))
            break
        cells = [cell.strip() for cell in row]
        if not any(cells) or [cell.lower() for cell in cells[:2]] == ["name", "country"]:
            continue
        if len(cells) < 2 or not cells[0]:
            faults.append(Fault(line, 1, "", f"got {shown(','.join(row))}, wanted a name and a country"))
        elif not re.fullmatch("[A-Z]{3}", cells[1]):
            faults.append(Fault(line, 1, cells[0][:60], f"got {shown(cells[1])}, wanted an ISO 3166-1 code such as KOR"))
        elif not normal(cells[0]):  # it would stand for every name without Latin letters
            faults.append(Fault(line, 1, cells[0][:60], "got no Latin letter, wanted a name in Latin letters"))
        elif found.setdefault(cells[0], cells[1]) != cells[1]:
            faults.append(Fault(line, 1, cells[0][:60], f"got {cells[1]}, but {found[cells[0]]} above", "keep one of the two"))
    if faults:
        raise RecordError(f"{path}: cannot be used as a table of actors", source=path, faults=faults)
    return found
