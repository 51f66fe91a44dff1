"""In how many draws of the uncertain values a roadmap holds: `shares(case, roadmap, draws=1000, seed=0)`."""

from __future__ import annotations

from detente.plan.draws.shares import shares

__all__ = ["shares"]
