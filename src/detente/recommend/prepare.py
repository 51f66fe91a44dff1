"""Preparing for the roadmap that is recommended: planned first, then asked what to do on the day on which a step is missed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.steps import step
from detente.prepare.prepare import checked
from detente.prepare.prepare import prepare as prepared

if TYPE_CHECKING:
    from detente.case.case import Case
    from detente.plan.result import Plan
    from detente.plan.roadmap import Roadmap
    from detente.prepare.contingency import Preparation

__all__ = ["prepare"]


def prepare(
    case: Case | str | Path,
    roadmap: Roadmap | Plan | Mapping[str, Any] | str | Path | None = None,
    *,
    likely: bool = False,
    **options: Any,
) -> Preparation:
    """A table of contingencies for a roadmap: the recommended one, if none is given.

    Parameters
    ----------
    roadmap, options : as for `prepare.prepare`.
    likely : without a roadmap, take the best one at the likely values.

    Raises
    ------
    RoadmapError, InputError
        As `prepare.prepare` and `recommend.plan`.
    """
    from detente.case.load import as_case
    from detente.recommend.plan import plan

    case = as_case(case)
    if roadmap is None and not likely:
        checked(case, **{k: v for k, v in options.items() if k != "progress"})
        limit = options.get("time_limit")
        asked = {k: options[k] for k in ("objective", "progress") if k in options}
        roadmap = plan(case, reasons=False, **asked, **({} if limit is None else {"time_limit": limit / 2}))
        if limit is not None:
            options["time_limit"] = limit / 2
    step("asking what to do if a step is missed")
    return prepared(case, roadmap, **options)
