"""The chain of a record: one line for everything that was ever added, in order, each tied to the one before it.

    WORKSPACE/record.json     the id of the record, and its head: how many entries, in how many bytes, and the root over them
    WORKSPACE/chain.jsonl     the entries, one a line, numbered from 1

An entry says what was added, with the SHA-256 of its file; `previous` is the hash of the line before it, and of the record's id
for the first. So an entry that is edited, dropped, moved, or brought in from another record breaks the chain at its place, and
the root, which stands for all lines (`detente.record.merkle`), becomes another one. Whoever rewrites all of it, head and all,
makes a record that is whole in itself: that shows against a head that was written down before (`detente.record.head`). The time
of an entry is what the clock of the machine said; what counts is the order.

The head is replaced last, in one step: an addition is there once the head counts it. Lines behind the head are of a process
that was killed, or that is still at it; whoever adds next cuts them off.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import uuid
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.base.atomic import write_atomic
from detente.base.bounds import read_bytes, within
from detente.base.plain import told
from detente.errors import Fault, OutputError, RecordError
from detente.record.entries import Added, Entry, Mark, first_fault, parsed, unfounded
from detente.record.merkle import leaf_hash, root

__all__ = ["VERSION", "Chain", "Head", "version"]

VERSION = 2
_MARK = "record.json"
_CHAIN = "chain.jsonl"


@dataclass(frozen=True)
class Head:
    """How many entries a record has, and the root over them. It stands for all of them, and tells nothing of them."""

    record: str
    entries: int
    root: str

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        record : the record's id
        entries : how many entries it has
        root : the root over them
        """
        return told(self)


@dataclass(frozen=True)
class Chain:
    """The entries of a record, checked. leaves : the hashes of their lines. bytes : how long the lines are together.

    behind : the additions behind the head, which do not count.
    """

    folder: Path
    id: str
    entries: tuple[Entry, ...] = ()
    leaves: tuple[bytes, ...] = ()
    bytes: int = 0
    behind: tuple[Added, ...] = ()

    @classmethod
    def begin(cls, folder: Path) -> Chain:
        """A new chain without entries, in a folder that exists."""
        chain = cls.new(folder)
        chain.commit()
        return chain

    @classmethod
    def new(cls, folder: Path) -> Chain:
        """The same, of which nothing is on the disk yet."""
        return cls(folder, uuid.uuid4().hex)

    @classmethod
    def read(cls, folder: Path) -> Chain:
        """The chain of a record.

        Raises
        ------
        RecordError
            If it cannot be read, or is not as it was written: with every place at which it is broken.
        """
        mark, path = _mark(folder), folder / _CHAIN
        real(path)
        content = read_bytes(path, name="table-bytes", error=RecordError) if mark.entries or path.exists() else b""
        *lines, rest = content[: mark.bytes].split(b"\n")
        entries, leaves, found = _linked(content[: mark.bytes], _origin(mark.id))
        faults = list(found)
        if rest or len(content) < mark.bytes or len(lines) != mark.entries:
            message = f"the entries end elsewhere than the head of the record says: {len(lines)} of {mark.entries} are whole"
            faults.append(Fault(0, 0, "", message, _RESTORE))
        elif not faults and root(leaves).hex() != mark.root:
            message = "the last entry is another one than the head of the record was made for, or the head was edited"
            faults.append(Fault(max(1, len(lines)), 1, "", message, _RESTORE))
        if faults:
            message = f"{path}: is not as it was written; nothing is computed from it"
            raise RecordError(message, source=str(path), faults=faults)
        return cls(folder, mark.id, entries, leaves, mark.bytes, _behind(content[mark.bytes :]))

    @property
    def head(self) -> Head:
        return Head(self.id, len(self.entries), root(self.leaves).hex())

    def append(self, entry: dict[str, Any]) -> Chain:
        """The chain with one more entry, which is on the disk behind the head; `commit` makes it count.

        entry : all but number, previous and made.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        made = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        previous = self.leaves[-1].hex() if self.leaves else _origin(self.id)
        whole = {"number": len(self.entries) + 1, "previous": previous, "made": made, **entry}
        line = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        added, path = parsed(line), self.folder / _CHAIN
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666), "wb") as out:
                out.truncate(self.bytes)
                out.seek(self.bytes)
                out.write(line + b"\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as err:
            message = f"{path}: cannot be written: {err.strerror or err} (free some space, or choose another place)"
            raise OutputError(message, source=str(path)) from None
        leaves, length = (*self.leaves, leaf_hash(line)), self.bytes + len(line) + 1
        return replace(self, entries=(*self.entries, added), leaves=leaves, bytes=length, behind=())

    def commit(self) -> None:
        """Make the entries that are on the disk count: the head is replaced."""
        head = self.head
        mark = {"version": VERSION, "id": self.id, "entries": head.entries, "bytes": self.bytes, "root": head.root}
        write_atomic(self.folder / _MARK, json.dumps(mark) + "\n")


def version(folder: Path) -> object:
    """The version of the record in a folder, whatever it is; None: there is no record in it.

    Raises
    ------
    RecordError
        If its mark cannot be read.
    """
    mark = folder / _MARK
    real(mark)
    if not os.path.lexists(mark):
        return None
    try:
        found = json.loads(read_bytes(mark, error=RecordError))
        return found["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as err:
        what = "it has no version" if isinstance(err, KeyError | TypeError) else str(err)
        raise RecordError(f"{mark}: cannot be read: {what} (is the folder a record?)", source=str(mark)) from None


def real(path: Path) -> None:
    """Refuse a link in a record: what it leads to is no part of it.

    Raises
    ------
    RecordError
    """
    if path.is_symlink():
        message = f"{path}: is a link; a record has only files and folders of its own (put the file itself there)"
        raise RecordError(message, source=str(path))


_RESTORE = "restore the record from a copy"


def _mark(folder: Path) -> Mark:
    path = folder / _MARK
    real(path)
    try:
        return Mark.model_validate_json(read_bytes(path, error=RecordError))
    except ValidationError as err:
        raise RecordError(f"{path}: cannot be read: {first_fault(err)} ({_RESTORE})", source=str(path)) from None


def _origin(record: str) -> str:
    """What stands for the line before the first."""
    return hashlib.sha256(f"detente record {record}".encode()).hexdigest()


@lru_cache(maxsize=1)  # a command asks for each table
def _linked(content: bytes, before: str) -> tuple[tuple[Entry, ...], tuple[bytes, ...], tuple[Fault, ...]]:
    """The entries of some lines, the hashes of the lines, and every place at which they are not a chain."""
    lines = content.split(b"\n")[:-1]
    leaves = tuple(map(leaf_hash, lines))
    entries: list[Entry] = []
    faults: list[Fault] = []
    files = set[tuple[str, str]]()
    for n, (line, leaf) in enumerate(zip(lines, leaves, strict=True), 1):
        try:
            within("bytes", len(line), f"entry {n}", error=RecordError)
            entry = parsed(line)
        except ValidationError as err:
            faults.append(Fault(n, 1, "", f"is no entry of a record: {first_fault(err)}", _RESTORE))
        else:
            if not faults and (untrue := unfounded(entry, entries)):
                faults.append(Fault(n, 1, "", f"entry {n} {untrue}", _RESTORE))
            if isinstance(entry, Added):
                if (entry.table, entry.file) in files:
                    faults.append(Fault(n, 1, "file", f"entry {n} adds a file that was added before", _RESTORE))
                files.add((entry.table, entry.file))
            entries.append(entry)
            if entry.number != n:
                message = f"entry {entry.number} stands where entry {n} belongs: one was dropped, added or moved"
                faults.append(Fault(n, 1, "number", message, _RESTORE))
            elif entry.previous != before and n > 1:
                message = f"entry {n} was made after another entry {n - 1} than this one, which was edited or exchanged"
                faults.append(Fault(n, 1, "previous", message, _RESTORE))
            elif entry.previous != before:
                faults.append(Fault(1, 1, "previous", "entry 1 belongs to another record", _RESTORE))
        before = leaf.hex()
    return tuple(entries), leaves, tuple(faults)


def _behind(content: bytes) -> tuple[Added, ...]:
    found = []
    for line in content.split(b"\n"):
        with contextlib.suppress(ValidationError):
            entry = parsed(line)
            if isinstance(entry, Added):
                found.append(entry)
    return tuple(found)
