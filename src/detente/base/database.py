"""duckdb, locked down: a database in memory that can reach the files it is meant to read and write, and nothing else.

Three rules keep what somebody else wrote from being run as SQL. A value reaches a query as a bound parameter, or as a variable
of the connection (`Database.let`) where SQL takes no parameter, as in a view; the name of a column goes through `identifier`;
and the text of a query is otherwise written in this project, one statement a call. What would still slip through finds no
door: no file outside the folders named, no network, no extension, no setting that can be changed.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Database", "identifier", "literal_path"]


class Database:
    """A database in memory.

    Parameters
    ----------
    folders : whatever stands in these may be read and written.
    files : these may be, too.
    memory : how much it may hold, such as ``1200MB``; None: duckdb's own measure.
    spill : the folder for what is too much; None: there is none, and too much is an error.
    threads : None: as many as there are processors.
    """

    def __init__(
        self,
        *,
        folders: Iterable[str | Path] = (),
        files: Iterable[str | Path] = (),
        memory: str | None = None,
        spill: Path | None = None,
        threads: int | None = None,
    ) -> None:
        import duckdb

        self._connection: DuckDBPyConnection = duckdb.connect()
        self._names = count()
        settings: dict[str, object] = {
            "allowed_directories": _allowed((*folders, *([spill] if spill else []))),
            "allowed_paths": _allowed(files),
            "temp_directory": str(spill.absolute()) if spill else "",
            "enable_progress_bar": False,  # it would stand in the midst of an answer
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "enable_external_access": False,
        }
        if memory is not None:
            settings["memory_limit"] = memory
        if threads is not None:
            settings["threads"] = threads
        order = sorted(settings, key="enable_external_access".__eq__)  # after the folders that are allowed
        for name in (*order, "lock_configuration"):
            self._connection.execute(f"set {name} = ?", [settings.get(name, True)])

    def __enter__(self) -> Database:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give up what it holds."""
        self._connection.close()

    def execute(self, query: str, values: Sequence[object] | Mapping[str, object] | None = None) -> DuckDBPyConnection:
        """Run one statement; values : what its parameters stand for.

        Raises
        ------
        ValueError
            If the text holds more or less than one statement.
        duckdb.Error
            Where duckdb refuses it.
        """
        statements = self._connection.extract_statements(query)
        if len(statements) != 1:
            raise ValueError(f"got {len(statements)} statements, wanted one a call: {query[:200]!r}")
        return self._connection.execute(statements[0], values)

    def executemany(self, query: str, rows: Sequence[Sequence[object]]) -> None:
        """Run one statement for each of some rows."""
        if rows:
            self._connection.executemany(query, rows)

    def let(self, value: object, kind: str = "") -> str:
        """Keep a value in the connection; the SQL that stands for it, also where no parameter may stand.

        kind : the SQL type that it is to have.
        """
        name = f"v{next(self._names)}"
        self.execute(f"set variable {name} = ?", [value])
        return f"getvariable('{name}')" + (f"::{kind}" if kind else "")

    def interrupt(self) -> None:
        """End what is running in another thread."""
        self._connection.interrupt()


def _allowed(paths: Iterable[str | Path]) -> list[str]:
    """Paths as they are, and as `literal_path` writes them: duckdb looks at both."""
    return [form for path in paths for form in dict.fromkeys((str(Path(path).absolute()), literal_path(path)))]


def identifier(name: str) -> str:
    """The name of a column or table as it stands in SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal_path(path: str | Path) -> str:
    """A path for duckdb to read: nothing in it is taken for a pattern of names."""
    return glob.escape(str(Path(path).absolute()))
