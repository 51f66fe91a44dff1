"""A page on which claims are accepted or struck, beside the text that they stand in: one file, which asks the network
for nothing.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.read.read import Reading

__all__ = ["page", "write_page"]


def page(reading: Reading) -> str:
    """The page as HTML. Claims that only name a party are left out: nothing hangs on them."""
    data = {
        "texts": [{"source": t.source, "text": t.text} for t in reading.texts],
        "claims": [c.to_dict() for c in reading.claims if c.type != "party"],
        "names": dict(reading.names),
    }
    held = json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return (files("detente.read") / "review.html").read_text(encoding="utf-8").replace("/*DATA*/", held)


def write_page(reading: Reading, path: str | Path) -> None:
    """Write the page.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    write_atomic(path, page(reading))
