"""What the JSON answers hold, for the OpenAPI: it tells programs what to expect, and the tests hold every answer to it.

A result of a job is left open here: it is what ``--json`` of the command prints.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "REFUSALS",
    "Account",
    "Aside",
    "Case",
    "Checked",
    "Conflict",
    "Entry",
    "Found",
    "Job",
    "Listed",
    "Named",
    "Path",
    "Refused",
    "Session",
    "Text",
    "Version",
    "told",
]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Fault(_Answer):
    """One thing that is wrong in a file; line and column from 1, 0: of the file as a whole."""

    line: int
    column: int
    key: str
    message: str
    hint: str


class Refused(_Answer):
    """Why nothing was done, and where it is wrong."""

    error: str
    faults: list[Fault] = []


class Checked(_Answer):
    """The faults of a text; `error` is empty where there are none."""

    error: str
    faults: list[Fault]


class Version(_Answer):
    """A version, without its text; at : ISO 8601 in UTC; digest : SHA-256 of the text, empty: the file was removed."""

    path: str
    revision: int
    kind: str
    shown: int | None
    author: str
    at: str
    reason: str
    digest: str


class Text(Version):
    """A version with its text; null: the file was removed."""

    content: str | None


class Aside(_Answer):
    """A text that conflicted, kept whole; settled : "taken", "dropped", or null while it is open."""

    id: str
    path: str
    base: int
    head: int
    author: str
    at: str
    reason: str
    content: str | None
    at_paths: list[str]
    settled: str | None


class Case(Text):
    """The newest version of a case; undo, redo : the revisions whose text these would show."""

    undo: int | None
    redo: int | None
    asides: list[Aside]


class Conflict(Refused):
    """The same entries were changed by somebody who was quicker: what stands, and the text that is kept beside it. A step from
    a version that is no longer the newest has neither."""

    aside: Aside | None = None
    head: Text | None = None


class Found(_Answer):
    """A job, without what came of it; input : the digest of the text it is about; withheld : it is somebody else's own."""

    id: str
    task: str
    slug: str
    key: str
    input: str
    options: dict[str, Any]
    state: str = Field(pattern="queued|running|done|failed|cancelled|interrupted")
    author: str
    at: str
    ended: str | None
    progress: dict[str, Any]
    error: str | None
    withheld: bool = False


class Job(Found):
    """A job; result : null until it is done."""

    result: dict[str, Any] | None


class Latest(Job):
    """A job that is done; stale : the case has been changed since."""

    stale: bool


class Listed(_Answer):
    """A case as a list shows it; asides : how many conflicts are open; jobs : by task the newest that is done."""

    slug: str
    title: str
    version: Version
    faults: list[Fault]
    jobs: dict[str, Latest]
    asides: int


class Session(_Answer):
    """Who is asking; csrf : to be sent as X-CSRF-Token with a change."""

    name: str
    role: str
    scope: str
    csrf: str


class Entry(_Answer):
    """Of the log."""

    id: str
    at: str
    who: str
    what: str
    about: str
    address: str


class Account(_Answer):
    """An account; at : when it was made or changed last."""

    name: str
    role: str
    scope: str
    at: str = ""


class Named(_Answer):
    """The account that is gone."""

    name: str


class Path(_Answer):
    """Where to go."""

    path: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refused, "description": "The body cannot be read."},
    401: {"model": Refused, "description": "Nobody is logged in."},
    403: {"description": "The role does not reach this far, or the token of the session is missing; as plain text."},
    404: {"model": Refused, "description": "There is no such thing here."},
    409: {"model": Conflict, "description": "It stands otherwise by now."},
    413: {"model": Refused, "description": "More than a file may hold."},
    422: {"model": Refused, "description": "What was got, what was wanted, and where: all faults at once."},
    503: {"model": Refused, "description": "The database cannot be used; nothing was changed."},
}
"""What any of them may be answered instead."""


def told(model: Any, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """What an answer of this status holds, for the OpenAPI."""
    return {status: {"model": model}}
