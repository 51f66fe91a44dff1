"""The bundled conflicts: textbook models with known answers, each with its source."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

__all__ = ["bundled_conflict", "conflict_slugs"]


def conflict_slugs() -> tuple[str, ...]:
    """The slugs of the bundled conflicts, in alphabetical order."""
    names = (file.name for file in _shelf().iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml")))


def bundled_conflict(slug: str) -> str:
    """The text of a bundled conflict's file."""
    return (_shelf() / f"{slug}.yaml").read_text(encoding="utf-8")


def _shelf() -> Traversable:
    return resources.files("detente.graph") / "library"
