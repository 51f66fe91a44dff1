"""What is uncertain in a case, and how it is drawn."""

from __future__ import annotations

__all__ = ["USUAL_DRAWS"]

USUAL_DRAWS = 1000
"""Draws in which a roadmap is tried where nothing else is said (standard error: 1%): one basis for all that tell its share."""
