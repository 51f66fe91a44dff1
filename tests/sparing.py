"""What `make test` spares: most plays of the search for a roadmap, and some of the examples of random tests.

With few plays a search may end at a worse roadmap, which is judged, told and proved like any other: enough for all tests but
those of how good the search is, which say themselves how many plays it has or ask for the fixture `whole_search`. Random tests
draw the same cases each time (`derandomize`), so that many examples find more than few only after a change;
`DETENTE_EXAMPLES=all` draws them all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

__all__ = ["PART", "spare_examples", "spare_plays"]

PLAYS = 10_000
PART = 0.4
"""The examples that are drawn, of those that a test asks for."""
_LEAST = 20


def spare_plays() -> None:
    """From here on, in this process, a search in plays ends after a few."""
    from detente.recommend import recommend
    from detente.recommend.search import plays_for

    recommend.plays_for = lambda instance: min(PLAYS, plays_for(instance))  # type: ignore[attr-defined]


def spare_examples(items: Iterable[pytest.Item]) -> None:
    """Draw a part of the examples of each random test, but no fewer than 20 where it asks for as many."""
    from hypothesis import is_hypothesis_test, settings

    if os.environ.get("DETENTE_EXAMPLES") == "all":
        return
    own: dict[int, Any] = {id(test): test for test in (getattr(item, "function", None) for item in items) if test}
    for test in own.values():
        if is_hypothesis_test(test):
            asked: settings = test._hypothesis_internal_use_settings
            fewer = min(asked.max_examples, max(_LEAST, round(PART * asked.max_examples)))
            test._hypothesis_internal_use_settings = settings(asked, max_examples=fewer)
