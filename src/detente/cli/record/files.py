"""Files that commands of the record read besides the events."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from detente.errors import Fault, RecordError

__all__ = ["read_actors", "read_text"]


def read_text(path: str) -> str:
    """A file's text.

    Raises
    ------
    RecordError
        If it cannot be read as UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise RecordError(f"{path}: is not UTF-8 (save the file as UTF-8)", source=path) from None
    except OSError as err:
        reason = "there is no such file" if isinstance(err, FileNotFoundError) else f"cannot be read: {err.strerror}"
        raise RecordError(f"{path}: {reason}", source=path) from None


def read_actors(path: str) -> dict[str, str]:
    """A table of actors: name, country (alpha-3), with or without that header.

    Raises
    ------
    RecordError
        With every fault at once.
    """
    from detente.record.codes.countries import normal

    found: dict[str, str] = {}
    faults = []
    reader = csv.reader(read_text(path).splitlines())
    for row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells) or [cell.lower() for cell in cells[:2]] == ["name", "country"]:
            continue
        if len(cells) < 2 or not cells[0]:
            faults.append(Fault(reader.line_num, 1, "", f"got {','.join(row)!r:.60}, wanted a name and a country"))
        elif not re.fullmatch("[A-Z]{3}", cells[1]):
            faults.append(Fault(reader.line_num, 1, cells[0], f"got {cells[1]!r:.40}, wanted an ISO 3166-1 code such as KOR"))
        elif not normal(cells[0]):  # it would stand for every name without Latin letters
            faults.append(Fault(reader.line_num, 1, cells[0], "got no Latin letter, wanted a name in Latin letters"))
        else:
            found[cells[0]] = cells[1]
    if faults:
        raise RecordError(f"{path}: cannot be used as a table of actors", source=path, faults=faults)
    return found
