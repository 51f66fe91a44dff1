"""Engines that answer questions to the record: duckdb on this machine, Spark for records beyond one machine.

The questions of `detente.record.engines.queries` are written once, as expressions of ibis, and asked of either engine;
`SUPPORT` says which question which engine answers, and the tests hold the two to the same answers.
"""

from __future__ import annotations

__all__ = ["ENGINES", "SUPPORT"]

ENGINES = ("duckdb", "spark")

SUPPORT: dict[str, tuple[str, ...]] = {
    "dyad": ("duckdb", "spark"),
    "formats": ("duckdb", "spark"),
    "pairs": ("duckdb", "spark"),
    "changes": ("duckdb",),
    "contacts": ("duckdb",),
    "import": ("duckdb",),
    "reciprocity": ("duckdb",),
    "unanswered": ("duckdb",),
}
"""Which engines answer which question. What is missing is missing: it raises, and never falls back in silence."""
