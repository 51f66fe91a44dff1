"""Figures that carry the place in `--json` from which they come, as long as a page is made of them.

A part writes a figure into a sentence as text. So the key travels in the text, between three characters that no case may hold,
and becomes an attribute where the page is written: ``<data data-of="plan.holds.share">82%</data>``. A key is a path of names
and places with dots between them; ``1.96*`` before it says that the figure is so many times what stands there.
"""

from __future__ import annotations

import re

__all__ = ["FIGURE", "keyed", "unkeyed"]

_OPEN, _THEN, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
FIGURE = re.compile(f"{_OPEN}([\\w./*-]+){_THEN}([^{_OPEN}{_THEN}{_CLOSE}]*){_CLOSE}")
"""A figure in a text: its key and how it is shown."""


def keyed(text: str, key: str) -> str:
    """A figure with its key."""
    return f"{_OPEN}{key}{_THEN}{text}{_CLOSE}"


def unkeyed(text: str) -> str:
    """A text as it is read, without keys."""
    return FIGURE.sub(r"\2", text) if _OPEN in text else text
