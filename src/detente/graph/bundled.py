"""The bundled conflicts: textbook models with known answers, each with its source."""

from __future__ import annotations

from importlib import resources

from detente.case.profile import bundled

__all__ = ["bundled_conflict", "conflict_slugs"]


def conflict_slugs() -> tuple[str, ...]:
    """The slugs of the bundled conflicts, in alphabetical order."""
    return bundled("detente.graph", "library")


def bundled_conflict(slug: str) -> str:
    """The text of a bundled conflict's file."""
    return (resources.files("detente.graph") / "library" / f"{slug}.yaml").read_text(encoding="utf-8")
