"""The workspace: a folder of plain files that people, git and other commands use as well.

The case files stand directly in the folder, as ``SLUG.yaml``. What the workbench keeps for itself is in ``.detente/``, which
only its owner may read and git leaves out. Every name is checked before it is used: it is one plain name, and what it leads to
is a regular file of this folder, never a link, so that no path leaves the workspace.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.base.bounds import limit
from detente.errors import InputError, OutputError

__all__ = ["Folder", "digest_of"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}\.yaml")
_CASE = re.compile(r"^case[ \t]*:", re.MULTILINE)
_OWN = ".detente"


def digest_of(text: str | None) -> str:
    """What stands for a content: SHA-256 in hex; of no file: the empty string."""
    return "" if text is None else sha256(text.encode("utf-8")).hexdigest()


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
            ignored = self.own / ".gitignore"
            if not ignored.exists():
                write_atomic(ignored, "*\n")
        except OSError as err:
            reason = err.strerror or type(err).__name__
            raise OutputError(f"{self.own}: cannot be written: {reason} (choose another folder)", source=str(path)) from None

    def cases(self) -> Iterator[str]:
        """The names of the case files: regular YAML files with the key `case`, in order."""
        for name in sorted(entry.name for entry in self.root.iterdir()):
            if _NAME.fullmatch(name):
                with contextlib.suppress(InputError):
                    text = self.read(name)
                    if text is not None and _CASE.search(text):
                        yield name

    def strangers(self) -> Iterator[tuple[str, str]]:
        """Files that look like cases and are not taken: the name, and why."""
        for name in sorted(entry.name for entry in self.root.iterdir()):
            if name.startswith(".") or not name.lower().endswith((".yaml", ".yml")):
                continue
            if not _NAME.fullmatch(name):
                yield name, "its name is no slug of a case; rename it to small letters, digits and hyphens with .yaml"
                continue
            try:
                self.read(name)
            except InputError as err:
                yield name, str(err).removeprefix(f"{name}: ")

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
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise InputError(f"{name}: is no regular file (move it away)", source=name)
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
