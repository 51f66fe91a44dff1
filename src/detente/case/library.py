"""The bundled cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from detente.base.frozen import Frozen
from detente.case import profile

__all__ = ["Listed", "bundled", "slugs"]


@dataclass(frozen=True)
class Listed(Frozen):
    """A bundled case in a line: slug, title, date, and how much it holds by block."""

    slug: str
    title: str
    as_of: str
    counts: Mapping[str, int]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        counts : how many entries each block of the file holds
        """
        return {"case": self.slug, "title": self.title, "as_of": self.as_of, "counts": dict(self.counts)}


def slugs() -> tuple[str, ...]:
    """The slugs of the bundled cases, in alphabetical order."""
    return profile.bundled("detente.case", "library")


def bundled(slug: str) -> Traversable:
    """The file of a bundled case."""
    return resources.files("detente.case") / "library" / f"{slug}.yaml"
