"""Long lists, the newest entries first, a page at a time.

`count` says how many are wanted, and `before` after which entry to go on: the last one of the page before. So what is added
meanwhile shifts nothing. Where there is more, the header ``Link`` has the address of the next page (RFC 8288, ``rel="next"``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Query, Request, Response

__all__ = ["MOST", "SHOWN", "USUAL", "Count", "page"]

USUAL, MOST = 200, 1_000
"""Entries of a page: where nothing is said, and at most."""

SHOWN = 50
"""Entries of a list on a page for people, who read it on a telephone too."""

Count = Annotated[int, Query(ge=1, le=MOST)]

Entry = TypeVar("Entry")


def page(
    request: Request, response: Response, found: Callable[[int], Sequence[Entry]], count: int, mark: Callable[[Entry], Any]
) -> Sequence[Entry]:
    """A page of a list, and in the header of its answer where the next one is.

    Parameters
    ----------
    found : the newest of the entries that are asked for, so many at most; one more than `count` is looked for.
    mark : by what an entry is named in `before`.
    """
    entries = found(count + 1)
    if len(entries) > count:
        entries = entries[:count]
        url = request.url.include_query_params(before=mark(entries[-1]), count=count)
        response.headers["link"] = f'<{url.path}?{url.query}>; rel="next"'
    return entries
