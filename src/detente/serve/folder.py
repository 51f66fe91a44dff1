"""The workspace: a folder of plain files that people, git and other commands use as well.

The case files stand directly in the folder, as ``SLUG.yaml``. What the workbench keeps for itself is in ``.detente/``, which
only its owner may read and git leaves out. Every name is checked before it is used: it is one plain name, and what it leads to
is a regular file of this folder, never a link, so that no path leaves the workspace.
"""

from __future__ import annotations

import os
import re
import stat
import time
from hashlib import sha256
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.base.bounds import limit
from detente.errors import InputError, OutputError

__all__ = ["Folder", "digest_of", "is_case"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.yaml")
_CASE = re.compile(r"^case[ \t]*:", re.MULTILINE)
_OWN = ".detente"
_SETTLED = 2_000_000_000  # nanoseconds


def digest_of(text: str | None) -> str:
    """What stands for a content: SHA-256 in hex; of no file: the empty string."""
    return "" if text is None else sha256(text.encode("utf-8")).hexdigest()


def is_case(text: str) -> bool:
    """Whether a text means to be a case: it has the key `case`."""
    return _CASE.search(text) is not None


class Folder:
    """A workspace on disk.

    Raises
    ------
    InputError
        If there is no such folder.
    OutputError
        If the workbench cannot keep its own files in it.
    """

    def __init__(self, path: str | Path) -> None:
        given = Path(path)
        if not given.is_dir():
            raise InputError(f"{path}: got no folder, wanted one with case files (create it: mkdir {path})", source=str(path))
        self.root = given.resolve()
        self.own = self.root / _OWN
        try:
            if self.own.is_symlink():
                raise OutputError(f"{self.own}: is a link, wanted a folder or nothing (remove it)", source=str(self.own))
            self.own.mkdir(mode=0o700, exist_ok=True)
            self.own.chmod(0o700)
            if links := [entry for entry in self.own.iterdir() if entry.is_symlink()]:  # somebody else's folder was unpacked
                raise OutputError(f"{links[0]}: is a link, wanted a file or nothing (remove it)", source=str(links[0]))
            ignored = self.own / ".gitignore"
            if not ignored.exists():
                write_atomic(ignored, "*\n")
        except OSError as err:
            reason = err.strerror or type(err).__name__
            raise OutputError(f"{self.own}: cannot be written: {reason} (choose another folder)", source=str(path)) from None

    def names(self) -> list[str]:
        """The names that a case file can have and something in the folder has, in order."""
        return sorted(entry.name for entry in self.root.iterdir() if _NAME.fullmatch(entry.name))

    def misnamed(self) -> list[str]:
        """YAML files whose name no case file can have, in order."""
        names = [entry.name for entry in self.root.iterdir() if not entry.name.startswith(".")]
        return sorted(n for n in names if n.lower().endswith((".yaml", ".yml")) and not _NAME.fullmatch(n))

    def signature(self, name: str) -> tuple[int, ...] | None:
        """What changes with the content of a file, if it has been left alone for `_SETTLED`; None: read it."""
        try:
            about = (self.root / name).lstat()
        except OSError:
            return None
        if abs(time.time_ns() - max(about.st_mtime_ns, about.st_ctime_ns)) < _SETTLED:
            return None  # it may be changed once more within the grain of the clock
        return about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns

    def read(self, name: str) -> str | None:
        """The text of a file; None: there is none.

        Raises
        ------
        InputError
            If the name leads elsewhere, or if what stands there is no regular file, too large, or no text in UTF-8.
        """
        path = self.place(name)
        try:
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        except FileNotFoundError:
            return None
        except OSError as err:
            raise InputError(f"{name}: cannot be read: {err.strerror or type(err).__name__}", source=name) from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise InputError(f"{name}: is no regular file (move it away)", source=name)
        with os.fdopen(handle, "rb") as file:
            most = limit("bytes")
            content = file.read(most + 1)
        if len(content) > most:
            raise InputError(f"{name}: more than {most:,} bytes (move it away)", source=name)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise InputError(f"{name}: is no text in UTF-8 (save it as UTF-8)", source=name) from None
        if "\0" in text:
            raise InputError(f"{name}: holds the character U+0000, which no text has (remove it)", source=name)
        return text

    def write(self, name: str, text: str | None) -> None:
        """Write a file in one step; None: remove it.

        Raises
        ------
        InputError
            If the name leads elsewhere.
        OutputError
            If it cannot be written.
        """
        path = self.place(name)
        if text is not None:
            write_atomic(path, text)
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as err:
            raise OutputError(f"{name}: cannot be removed: {err.strerror or type(err).__name__}", source=name) from None

    def place(self, name: str) -> Path:
        """Where a file of this name stands.

        Raises
        ------
        InputError
            If it is not a plain name of a case file, or a link stands there.
        """
        if not _NAME.fullmatch(name):
            raise InputError(f"got the name {name[:120]!r}, wanted small letters, digits and hyphens with .yaml", source=name)
        path = self.root / name
        if path.is_symlink():
            raise InputError(f"{name}: is a link, wanted a file (replace it by what it leads to)", source=name)
        return path
