"""A file that somebody uploads, for as long as it is read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import UploadFile

from detente.base.bounds import within
from detente.errors import DetenteError, InputError

__all__ = ["uploaded"]

_NAME = 150  # bytes of the name of an upload


@contextmanager
def uploaded(file: UploadFile) -> Iterator[Path]:
    """The file in a folder of its own, under the plain part of its name; both go when it has been read.

    Raises
    ------
    InputError
        If it is longer than a table may be, and for what is wrong with it while it is read, without the folder's name.
    """
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        path = Path(folder) / _name(file.filename or "")
        try:
            within("table-bytes", file.size or 0, path.name)
            with path.open("wb") as out:
                shutil.copyfileobj(file.file, out)
            yield path
        except DetenteError as err:
            raise InputError(str(err).replace(f"{folder}/", "")) from err


def _name(given: str) -> str:
    """The last part of a file's name, as far as it is plain: by its ending a packed file is known."""
    plain = "".join(c for c in Path(given.replace("\\", "/")).name if c.isalnum() or c in "._- ")
    short = plain.encode("utf-8", "ignore")[-_NAME:].decode("utf-8", "ignore")  # its end, which has the ending
    return short.lstrip(".- ") or "events"
