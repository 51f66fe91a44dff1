"""Lists of words that the rules know, written as text, and the words that say nothing of what an act is."""

from __future__ import annotations

__all__ = ["SMALL", "stem", "word_set"]


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are parted by spaces."""
    return frozenset(words.split())


SMALL = word_set(
    "the a an of to in on for and or its their his her that it by with from at as be is are was were has have had will "
    "shall not "
    "no this these those any all which who other"
)


def stem(word: str) -> str:
    """A word without its ending, four letters of it at least: what its forms share, near enough to compare clauses."""
    for ending in (
        "ements",
        "ement",
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ions",
        "ion",
        "ing",
        "als",
        "al",
        "ers",
        "ies",
        "ed",
        "es",
        "s",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
