"""What the head of an answer says of its body, read with distrust: a number that is none, or two that differ, is a fault."""

from __future__ import annotations

import re
from email.message import Message

from detente.record.fetching.patience import TransferError

__all__ = ["extent", "whole_length"]


def extent(status: int, headers: Message) -> tuple[int, int | None]:
    """The byte from which an answer begins, and the length of the whole file where it is told.

    Raises
    ------
    TransferError
        If what it says of that cannot be.
    """
    length = _length(headers)
    if status != 206:
        return 0, length
    told = headers.get("Content-Range") or ""
    found = re.fullmatch(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)", told.strip())
    first, last = (int(found[1]), int(found[2])) if found else (0, -1)
    whole = int(found[3]) if found and found[3] != "*" else last + 1
    if not first <= last < whole:
        raise TransferError(f"the server does not say which bytes it sends (Content-Range: {told[:60]})")
    return first, whole


def whole_length(headers: Message) -> int | None:
    """The length of a file of which no such bytes are there as were asked for (416); None where it is not told."""
    found = re.fullmatch(r"bytes \*/([0-9]{1,18})", (headers.get("Content-Range") or "").strip())
    return int(found[1]) if found else None


def _length(headers: Message) -> int | None:
    """What Content-Length says; of a body in chunks it says nothing."""
    told = {value.strip() for value in headers.get_all("Content-Length") or []}
    if len(told) > 1 or not all(re.fullmatch(r"[0-9]{1,18}", value) for value in told):
        shown = " and ".join(sorted(value[:40] for value in told)[:2])
        raise TransferError(f"the server does not say how much it sends (Content-Length: {shown})")
    return int(told.pop()) if told and "Transfer-Encoding" not in headers else None
