"""What would happen in each stated order of steps, tried as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import joined, sentence
from detente.brief.charts.orders import order_bar
from detente.brief.context import Context
from detente.diagnose.result import OrderTrial
from detente.diagnose.telling import order
from detente.plan.sentences import row_keys

__all__ = ["Orders", "Tried", "orders"]


@dataclass(frozen=True)
class Tried:
    """An order and how far it gets. `verdict`: in a few words; `why`: the row that breaks, "" where it is not told."""

    title: str
    by: str
    holds: bool
    verdict: str
    why: str
    picture: Markup


@dataclass(frozen=True)
class Orders:
    """The section; all bars run from date `start` to date `stop`."""

    tried: tuple[Tried, ...]
    start: str
    stop: str


def orders(context: Context, *, numbers: bool = True) -> Orders | None:
    """The section; None without stated orders. numbers : tell the row that breaks, which is reckoned from the values of one
    party."""
    trials = context.diagnosis.orders
    if not trials:
        return None
    shown = 1 + max((t for trial in trials for t in _ends(trial)), default=0)
    tried = tuple(_tried(context, n, trial, shown, numbers) for n, trial in enumerate(trials))
    ticks = context.ticks(shown + 1)
    return Orders(tried, ticks[0], ticks[shown])


def _ends(trial: OrderTrial) -> list[int]:
    steps = [t for t, step in enumerate(trial.roadmap.steps) if step]
    return [*steps, *([] if trial.breaks_at is None else [min(trial.breaks_at.phase, trial.roadmap.phases - 1)])]


def _tried(context: Context, n: int, trial: OrderTrial, shown: int, numbers: bool) -> Tried:
    row = trial.breaks_at
    verdict, why = order(trial, context, row_keys("diagnosis.orders", n, "breaks_at"))
    why = why if numbers else ""
    steps = [t for t, step in enumerate(trial.roadmap.steps) if step]
    by = joined([context.names[context.place[p]] for p in trial.by])
    picture = order_bar(
        f"order-{n}", shown, steps, None if row is None else row.phase,
        title=f"How far the order {trial.title} gets", description=f"{sentence(verdict)}. {why}".strip(),
    )  # fmt: skip
    return Tried(trial.title, by, trial.holds, verdict, why, picture)
