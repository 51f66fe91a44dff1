"""Files that commands of the record read besides the events."""

from __future__ import annotations

import re

from detente.base.bounds import patiently, read_text
from detente.base.delimited import delimited
from detente.errors import Fault, RecordError

__all__ = ["read_actors"]


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
    for line, row in patiently(delimited(read_text(path, error=RecordError), path, error=RecordError), faults):
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
