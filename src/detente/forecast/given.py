"""A table that somebody gives, opened with DuckDB as the view `given`: .csv, .csv.gz (or .bz2, .xz), .tsv or .parquet.

How a file is packed and in which encoding it is, its content says and not its name: text is UTF-8, UTF-16 or UTF-32, else
Windows-1252. All columns of text are text. Its name is never taken for a pattern of names, and nothing else on this machine can
be read through it.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from detente.base.bounds import name_of, spooled, within
from detente.base.database import Database, literal_path
from detente.base.encoding import wide
from detente.base.packed import DAMAGED, packed, unpacked
from detente.errors import Fault, InputError

__all__ = ["given_table", "listed", "missing_columns"]

_MEMORY = "1GB"
_LONGEST = 1 << 22  # bytes of the first line that are looked at


@contextlib.contextmanager
def given_table(source: str | Path) -> Iterator[tuple[Database, list[str]]]:
    """A database with the view `given`, and the names of its columns. source : a path, or ``-`` for standard input.

    Raises
    ------
    InputError
        If there is no such file, it is no table, or it is too large; also for what DuckDB refuses while it is open.
    """
    called = name_of(source)
    import duckdb

    spill = Path(tempfile.mkdtemp(prefix="detente-"))
    try:
        with spooled(source) as path:
            file = _utf8(_plain(path, called, spill), spill)
            with Database(files=[file], memory=_MEMORY, spill=spill, threads=1) as base:
                try:
                    yield base, _view(base, file, called)
                except duckdb.Error as err:
                    said = str(err).splitlines()[0]
                    raise InputError(f"{called}: cannot be read as a table: {said}", source=called) from None
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _plain(path: Path, called: str, spill: Path) -> Path:
    """The file, unpacked where it is packed."""
    try:
        with path.open("rb") as file:
            kind = packed(file.read(8))
            if not kind:
                return path
            if kind == "zip":
                raise InputError(f"{called}: cannot be read as a table: it is an archive (unpack it)", source=called)
            file.seek(0)
            target = spill / "table"
            with target.open("wb") as out:
                for piece in unpacked(file, kind, path.stat().st_size, called):
                    out.write(piece)
            return target
    except (*DAMAGED, OSError) as err:
        said = (isinstance(err, OSError) and err.strerror) or err
        raise InputError(f"{called}: cannot be read: {said}", source=called) from None


def _utf8(file: Path, spill: Path) -> Path:
    """The file, written anew as UTF-8 where it is text in another encoding."""
    with file.open("rb") as opened:
        start = opened.read(4)
    if start == b"PAR1":
        return file
    encoding = wide(start)
    if not encoding:
        try:
            with file.open(encoding="utf-8") as text:
                while text.read(_LONGEST):
                    pass
        except UnicodeDecodeError:
            encoding = "cp1252"
        else:
            return file
    target = spill / "text"
    with (
        file.open(encoding=encoding, errors="replace", newline="") as text,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(text, out, _LONGEST)
    return target


def _view(base: Database, file: Path, called: str) -> list[str]:
    with file.open("rb") as opened:
        first = opened.readline(_LONGEST)
    path = base.let(literal_path(file))
    if first.startswith(b"PAR1") or called.endswith((".parquet", ".pq")):
        base.execute(f"create view given as select * from read_parquet({path})")  # a few bytes may stand for any number of rows
        counted = base.execute("select count(*) from given").fetchone()
        within("table-rows", int(counted[0]) if counted else 0, called)
    else:
        # DuckDB takes a time that grows with the square of their number to name the columns
        columns = 1 + max(first.count(mark) for mark in (b",", b";", b"\t", b"|"))
        within("columns", columns, called, fault=Fault(1, 1, "", ""))
        base.execute(f"create view given as select * from read_csv({path}, all_varchar=true, header=true, nullstr='')")
    names = [str(row[0]) for row in base.execute("describe given").fetchall()]
    within("columns", len(names), called)
    return names


def listed(columns: Sequence[str]) -> str:
    """The names of the columns of a table, shortened where they are many or long."""
    first = ", ".join(name if len(name) <= 60 else f"{name[:57]}..." for name in columns[:20])
    return first + (f" and {len(columns) - 20:,} more" if len(columns) > 20 else "")


def missing_columns(wanted: Iterable[str], known: Sequence[str]) -> list[Fault]:
    """A fault for each column that a table has not."""
    from detente.base.wording import suggestion

    return [
        Fault(1, 1, name, "there is no such column", suggestion(name, known) or f"the columns are {listed(known)}")
        for name in dict.fromkeys(wanted)
        if name not in known
    ]
