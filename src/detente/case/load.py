"""Cases in and out: by slug, by path, from standard input, from Python data; every fault with its line."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from detente.case.atomic import write_atomic
from detente.case.case import Case, Origin
from detente.case.check import check
from detente.case.library import bundled, slugs
from detente.case.text import MAX_CHARACTERS, read_yaml
from detente.case.wording import ID, suggestion
from detente.errors import CaseError, Fault, OutputError

__all__ = ["load", "read_case", "save"]

_MAX_BYTES = 4 * MAX_CHARACTERS


def load(source: str | Path | IO[str] | IO[bytes] | Mapping[str, Any]) -> Case:
    """Read and check a case.

    Parameters
    ----------
    source : str, Path, open file or mapping
        The slug of a bundled case; the path of a case file, whose name must be the slug; ``-``: standard input; an open file;
        or the case as plain Python data.

    Raises
    ------
    CaseError
        With every fault at once, each with its line and column.
    """
    if isinstance(source, Mapping):
        return read_case(_written(source), "<mapping>")
    if hasattr(source, "read"):
        return _from_file(source, str(getattr(source, "name", "<file>")))
    if source == "-":
        return _from_file(getattr(sys.stdin, "buffer", sys.stdin), "<stdin>")
    if isinstance(source, str) and source in slugs():
        return read_case(_decoded(bundled(source).read_bytes(), f"{source}.yaml"), f"{source}.yaml", slug=source)
    return _from_path(Path(source), source)


def read_case(text: str, source: str = "<text>", *, slug: str | None = None) -> Case:
    """Read and check the text of a case file.

    source : how errors name the text. slug : the name that the case must have, if it has to have one.

    Raises
    ------
    CaseError
        With every fault at once.
    """
    reading = read_yaml(text, source)
    case = check(Case, reading, source, slug=slug)
    case._origin = Origin(source, text, reading)
    return case


def save(case: Case, path: str | Path) -> None:
    """Write the case file, comments and all, atomically.

    Raises
    ------
    OutputError
        If the place cannot be written to, or the file's name is not the slug of the case.
    """
    if Path(path).stem != case.case:
        hint = f"choose {Path(path).with_name(case.case + '.yaml')}"
        raise OutputError(f"{path}: a case is saved under its own name, {case.case} ({hint})", source=str(path))
    write_atomic(path, case.text)


def _from_path(path: Path, given: str | Path) -> Case:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise _not_found(str(given)) from None
    except OSError as err:
        reason = "it is a folder" if isinstance(err, IsADirectoryError) else err.strerror or type(err).__name__
        raise CaseError(f"{path}: cannot be read: {reason}", source=str(path)) from None
    except ValueError as err:
        raise CaseError(f"{given!s:.60}: is not the path of a file: {err}", source="") from None
    return read_case(_decoded(content, str(path)), str(path), slug=path.stem if path.is_file() else None)


def _from_file(file: Any, source: str) -> Case:
    try:
        content = file.read(_MAX_BYTES + 1)
    except UnicodeDecodeError as err:
        raise _not_text(err, source) from None
    except OSError as err:
        raise CaseError(f"{source}: cannot be read: {err.strerror or type(err).__name__}", source=source) from None
    return read_case(content if isinstance(content, str) else _decoded(content, source), source)


def _decoded(content: bytes, source: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        raise _not_text(err, source) from None


def _not_text(err: UnicodeDecodeError, source: str) -> CaseError:
    before = bytes(err.object)[: err.start]
    line, column = before.count(b"\n") + 1, err.start - before.rfind(b"\n")
    fault = Fault(
        line, column, "", f"not UTF-8: the byte 0x{err.object[err.start]:02x} cannot stand here", "save the file as UTF-8"
    )
    return CaseError(f"{source}: cannot be read as a case", source=source, faults=[fault])


def _not_found(given: str) -> CaseError:
    known = slugs()
    if not re.match(ID, given):
        return CaseError(f"{given}: there is no such file", source=given)
    close = suggestion(given, known)
    names = ", ".join(known) or "none"
    message = f"{given}: there is no such case and no such file" + (f"; {close}" if close else "")
    return CaseError(f"{message} (bundled cases: {names})", source=given)


def _written(data: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    stream = io.StringIO()
    try:
        YAML().dump(dict(data), stream)
    except YAMLError as err:
        raise CaseError(f"<mapping>: not plain data: {err}", source="<mapping>") from None
    return stream.getvalue()
