"""Stated orders, tried as they stand: the first row that each breaks, for whom, by how much."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.case import Case
from detente.diagnose.result import OrderTrial
from detente.plan.certificate import Certificate, Row, certify
from detente.plan.roadmap import roadmap_from_steps

__all__ = ["first_break", "try_orders"]

_BEFORE = (
    "incentive",
    "coalition",
    "trust",
    "doubt",
    "red_line",
)  # rows that name a party come before those of the schedule itself


def try_orders(case: Case) -> tuple[OrderTrial, ...]:
    """Certify each stated order of the case."""
    out = []
    for order in case.orders:
        roadmap = roadmap_from_steps(order.steps, case.instance)
        certificate = certify(case.instance, roadmap)
        by: Sequence[str] = [order.by] if isinstance(order.by, str) else order.by
        out.append(OrderTrial(order.id, order.title, tuple(by), roadmap, certificate, first_break(certificate)))
    return tuple(out)


def first_break(certificate: Certificate) -> Row | None:
    """The broken row of the earliest phase; in it incentive before trust before the rest, then the largest shortfall."""

    def rank(row: Row) -> tuple[int, int, float]:
        kind = _BEFORE.index(row.row) if row.row in _BEFORE else len(_BEFORE)
        return row.phase, kind, float(row.slack)

    return min(certificate.broken, key=rank, default=None)
