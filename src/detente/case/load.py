"""Cases in and out: by slug, by path, from standard input, from Python data; every fault with its line."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Rational, Real
from pathlib import Path
from typing import IO, Any

from detente.base.atomic import write_atomic
from detente.base.bounds import decoded, name_of, read_text
from detente.base.text import Reading, read_yaml
from detente.base.wording import ID, shown, suggestion
from detente.case.case import Case, Origin
from detente.case.check import check
from detente.case.library import Listed, bundled, slugs
from detente.case.rough.entries import WORDS
from detente.case.rough.table import table_of
from detente.case.value import MAX_DIGITS
from detente.errors import CaseError, InputError, OutputError

__all__ = ["as_case", "cases", "load", "read_case", "save"]


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
    if isinstance(source, str) and source in slugs():
        content = bundled(source).read_bytes()
        return read_case(decoded(content, f"{source}.yaml", error=CaseError, what="case"), f"{source}.yaml", slug=source)
    slug = None
    if isinstance(source, str | Path) and source != "-":
        path = Path(source)
        with contextlib.suppress(OSError, ValueError):  # what cannot be read is told by whoever reads it
            if not path.exists():
                raise _not_found(str(source))
            slug = path.stem if path.is_file() else None
    return read_case(read_text(source, error=CaseError, what="case"), name_of(source), slug=slug)


def cases() -> tuple[Listed, ...]:
    """Every bundled case, read and checked."""
    found = (load(slug) for slug in slugs())
    return tuple(Listed(c.case, c.title, c.as_of.isoformat(), c.counts) for c in found)


def as_case(given: Case | str | Path | Mapping[str, Any]) -> Case:
    """A case as it is; what stands for one, loaded.

    Raises
    ------
    CaseError
        As `load`.
    InputError
        If it is something else.
    """
    if isinstance(given, Case):
        return given
    if isinstance(given, str | Path | Mapping):
        return load(given)
    raise InputError(f"got {shown(given)}, wanted a case: what `load` returns, or the slug or the path of one")


def read_case(text: str, source: str = "<text>", *, slug: str | None = None, reading: Reading | None = None) -> Case:
    """Read and check the text of a case file.

    source : how errors name the text. slug : the name that the case must have, if it has to have one. reading : of this text,
    where it has been read already.

    Raises
    ------
    CaseError
        With every fault at once.
    """
    reading = reading or read_yaml(text, source)
    table = table_of(reading.data)
    words = {key: table.words(key) for key in WORDS} if table else None
    case = check(Case, reading, source, slug=slug, filled=table.fill(reading.data) if table else None, words=words)
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
        folder = Path(path) if Path(path).is_dir() else Path(path).parent
        hint = f"choose {folder / f'{case.case}.yaml'}"
        raise OutputError(f"{path}: a case is saved under its own name, {case.case} ({hint})", source=str(path))
    write_atomic(path, case.text)


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
        YAML().dump(_plain(data, {}), stream)
    except YAMLError as err:
        raise CaseError(f"<mapping>: not plain data: {err}", source="<mapping>") from None
    except RecursionError:
        raise CaseError("<mapping>: not plain data: nested too deeply", source="<mapping>") from None
    except ValueError as err:  # a number that is too long to be written out
        raise CaseError(f"<mapping>: not plain data: {err}", source="<mapping>") from None
    return stream.getvalue()


def _plain(given: Any, known: dict[int, Any]) -> Any:
    """Data as YAML knows it. Numbers of any kind, numpy's too, become decimals, computed ones of as many digits as a value may
    have: 0.1 + 0.2 is 0.3, and a third 0.333333333333333. `known` : what stands for what, by id; what stands in two places is
    one thing."""
    if isinstance(given, str | bytes | bool | int | None):
        return given
    if isinstance(given, Integral):
        return int(given)
    if isinstance(given, Real | Decimal):
        near = float(given) if isinstance(given, Rational) else float(str(given))  # numpy's short floats as they are written
        if bool(near) != bool(given):
            raise ValueError(f"got {given}, too small for a number")
        return float(f"{near:.{MAX_DIGITS}g}")
    if id(given) in known:
        return known[id(given)]
    if isinstance(given, Mapping):
        block = known[id(given)] = {}
        block.update((_plain(key, known), _plain(entry, known)) for key, entry in given.items())
        return block
    if hasattr(given, "tolist"):
        return _plain(given.tolist(), known)
    if isinstance(given, list | tuple | set | frozenset):
        entries = known[id(given)] = []
        entries.extend(_plain(entry, known) for entry in given)
        return entries
    return given
