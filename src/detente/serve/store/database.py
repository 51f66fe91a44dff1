"""One database, SQLite by default or PostgreSQL by address, spoken to in the same few statements.

The statements are written once, in the SQL that both understand, with ``?`` for a value; the two differ in how a connection is
opened and a transaction begun, and nowhere else. So there is no layer between: the standard library's `sqlite3` and `psycopg`
(a statement took 10 microseconds this way and 216 through SQLAlchemy's core, which adds 29 MB).

SQLite runs in WAL mode with ``synchronous=FULL``: a reader never waits for a writer, and what is committed survives the end of
the process and of the machine. A writing transaction begins as such (``BEGIN IMMEDIATE``), so that it never has to be tried
again half-way; on PostgreSQL a single statement that compares and sets does the same.

Times are text, ISO 8601 in UTC with microseconds, so that they sort as they follow each other.
"""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from detente.base.atomic import write_atomic
from detente.errors import InputError, OutputError
from detente.serve.folder import Folder

__all__ = ["LARGEST", "Database", "NotThereError", "Transaction", "belongs", "now"]

_BUSY = 10.0  # seconds that a statement waits for another process at the same SQLite file
LARGEST = 2**31 - 1
"""The largest number that a column holds."""
_KEPT = 8  # connections that are kept open

SCHEMA = (
    """create table if not exists settings (name text primary key, value text not null)""",
    """create table if not exists documents (path text primary key, revision integer not null, digest text not null,
       written text not null)""",
    """create table if not exists versions (path text not null, revision integer not null, kind text not null, shown integer,
       author text not null, at text not null, reason text not null, digest text not null, content text,
       primary key (path, revision))""",
    """create table if not exists asides (id text primary key, path text not null, base integer not null, head integer not null,
       author text not null, at text not null, reason text not null, content text, at_paths text not null, settled text)""",
    """create table if not exists accounts (name text primary key, role text not null, scope text not null,
       password text not null, at text not null)""",
    """create table if not exists sessions (digest text primary key, name text not null, role text not null,
       scope text not null,
       at text not null, ends text not null)""",
    """create table if not exists jobs (id text primary key, task text not null, slug text not null, key text not null,
       input text not null, options text not null, state text not null, author text not null, at text not null, ended text,
       progress text not null, result text, error text)""",
    """create index if not exists jobs_by_case on jobs (slug, task, at)""",
    """create index if not exists jobs_by_key on jobs (key)""",
    """create table if not exists texts (id text primary key, slug text not null, name text not null, digest text not null,
       content text not null, author text not null, at text not null)""",
    """create table if not exists decisions (text text not null, claim text not null, decision text not null,
       author text not null, at text not null, primary key (text, claim))""",
    """create table if not exists audit (id text primary key, at text not null, who text not null, what text not null,
       about text not null, address text not null)""",
    """create index if not exists audit_by_time on audit (at)""",
)
"""`documents`: the newest revision of each file, its digest, and that of what was last written to disk. `versions`: all of
them, and those of the roadmaps that a team works on, by the slug of the case; `shown`: of an undo, redo or restore the revision
whose content it has. `asides`: what conflicted, kept whole. `decisions`: on the claims of `texts`."""

FORMAT = "1"


class NotThereError(InputError):
    """What is asked for is not in the workspace: 404."""


def now() -> str:
    """This moment."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")


class Transaction:
    """Statements that hold together or not at all."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection = connection
        self._mark = mark

    def run(self, sql: str, *values: object) -> int:
        """Run a statement; how many rows it changed."""
        return int(self._connection.execute(sql.replace("?", self._mark), _sound(values)).rowcount)

    def insert(self, table: str, **values: object) -> None:
        """Put a row in: its values by the names of their columns."""
        self.run(f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})", *values.values())

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds."""
        cursor = self._connection.execute(sql.replace("?", self._mark), _sound(values))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, sql: str, *values: object) -> dict[str, Any] | None:
        """The first row that a query finds; None: none."""
        found = self.rows(sql, *values)
        return found[0] if found else None


def _sound(values: tuple[object, ...]) -> tuple[object, ...]:
    """Values that either database can hold.

    Raises
    ------
    InputError
        On a character that neither can, or a number beyond 32 bits.
    """
    for value in values:
        if isinstance(value, str) and (bad := next((c for c in value if c == "\0" or "\ud800" <= c <= "\udfff"), None)):
            raise InputError(f"got the character U+{ord(bad):04X}, which no text has (remove it)")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise InputError(f"got the number {value:.6g}, wanted none above {LARGEST:,}")
    return values


class Database:
    """A database, and the connections to it; any thread may use it.

    Parameters
    ----------
    address : the path of an SQLite file, or ``postgresql://...``.

    Raises
    ------
    InputError
        If it cannot be reached, or if it was made by a newer version.
    """

    def __init__(self, address: str | Path) -> None:
        if "://" in str(address) and not str(address).startswith(("postgresql://", "postgres://")):
            shown = str(address).split("://")[0]
            raise InputError(
                f"--database: got {shown}://..., wanted postgresql://NAME:PASSWORD@HOST/DATABASE", source="database"
            )
        self.is_postgresql = str(address).startswith(("postgresql://", "postgres://"))
        self._address = str(address)
        self._mark = "%s" if self.is_postgresql else "?"
        self._free: list[Any] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        with self.transaction() as at:
            for statement in SCHEMA:
                at.run(statement)
            at.run("insert into settings (name, value) values ('format', ?) on conflict do nothing", FORMAT)
            found = at.row("select value from settings where name = 'format'")
        if found is None or found["value"] != FORMAT:
            raise InputError(f"{self.name}: was made by a newer Détente (update this one)", source=self.name)

    @property
    def name(self) -> str:
        """The database as messages call it: without a password."""
        if not self.is_postgresql:
            return self._address
        return "postgresql://" + self._address.split("://", 1)[1].rsplit("@", 1)[-1].split("?")[0]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that writes: committed at the end, or undone if anything is raised."""
        with contextlib.nullcontext() if self.is_postgresql else self._writing, self._connected() as connection:
            connection.execute("begin" if self.is_postgresql else "begin immediate")
            try:
                yield Transaction(connection, self._mark)
                connection.execute("commit")
            except BaseException:
                with contextlib.suppress(Exception):
                    connection.execute("rollback")
                raise

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What a query finds, outside any transaction."""
        with self._connected() as connection:
            return Transaction(connection, self._mark).rows(sql, *values)

    def row(self, sql: str, *values: object) -> dict[str, Any] | None:
        """The first row that a query finds; None: none."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def newest(self, what: str, *, count: int = LARGEST, before: str | None = None, **where: object) -> list[dict[str, Any]]:
        """The newest rows of a table that has `id` and `at`, the newest first: `count` of them at most.

        what : ``COLUMNS from TABLE``. before : of those that came before the row of this id. where : what columns hold; None:
        nothing.

        Raises
        ------
        NotThereError
            If no row has the id of `before`.
        """
        table = what.rpartition(" from ")[2]
        wanted = [f"{name} is null" if value is None else f"{name} = ?" for name, value in where.items()]
        values = [value for value in where.values() if value is not None]
        if before is not None:
            last = self.row(f"select at, id from {table} where id = ?", before)
            if last is None:
                raise NotThereError(f"{table}: there is none of the id {before[:40]!r}", source="before")
            wanted.append("(at, id) < (?, ?)")
            values += last.values()
        only = f" where {' and '.join(wanted)}" if wanted else ""
        return self.rows(f"select {what}{only} order by at desc, id desc limit ?", *values, count)

    def close(self) -> None:
        """Close the connections that are free; what is under way closes its own."""
        with self._lock:
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        with self._lock:
            connection = self._free.pop() if self._free else None
        if connection is not None and not self._answers(connection):
            connection = None
        connection = connection or self._open()
        try:
            yield connection
        except BaseException:
            connection.close()  # whatever state it is in
            raise
        with self._lock:
            if len(self._free) < _KEPT and not getattr(connection, "closed", False):
                self._free.append(connection)
                return
        connection.close()

    def _answers(self, connection: Any) -> bool:
        """Whether a connection that was kept still leads somewhere: a server may have been started anew."""
        if not self.is_postgresql:
            return True
        try:
            connection.execute("select 1")
        except Exception:
            connection.close()
            return False
        return True

    def _open(self) -> Any:
        if not self.is_postgresql:
            return self._open_sqlite()
        try:
            import psycopg
        except ImportError:
            raise InputError(
                f"{self.name}: PostgreSQL needs psycopg (install it: pip install 'detente[serve]')", source=self.name
            ) from None
        try:
            return psycopg.connect(self._address, autocommit=True, connect_timeout=10)
        except psycopg.Error as err:
            said = " ".join(str(err).split())
            raise InputError(f"{self.name}: cannot be reached: {said} (is the server running?)", source=self.name) from None

    def _open_sqlite(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._address, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
        except sqlite3.Error as err:
            raise OutputError(f"{self._address}: cannot be used: {err} (choose another folder)", source=self._address) from None
        return connection


def belongs(database: Database, folder: Folder) -> None:
    """Mark a database and a workspace as belonging together: another folder's would take its files for removed.

    Raises
    ------
    InputError
        If the database is that of another workspace.
    OutputError
        If the mark cannot be written.
    """
    mark = folder.own / "workspace"
    try:
        known = mark.read_text(encoding="ascii").strip() if mark.is_file() and not mark.is_symlink() else ""
        if not known:
            known = uuid.uuid4().hex
            write_atomic(mark, known + "\n")
    except (OSError, UnicodeDecodeError) as err:
        raise OutputError(f"{mark}: cannot be used: {err} (remove it)", source=str(mark)) from None
    with database.transaction() as at:
        at.run("insert into settings (name, value) values ('workspace', ?) on conflict do nothing", known)
        found = at.row("select value from settings where name = 'workspace'")
    if found is None or found["value"] != known:
        raise InputError(
            f"{database.name}: is the database of another workspace than {folder.root}"
            " (name another database, or that workspace)",
            source=database.name,
        )
