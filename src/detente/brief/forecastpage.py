"""A forecast as a page of its own: the fan, and beside it how such forecasts did before. One file that needs no script."""

from __future__ import annotations

from pathlib import Path

from detente.brief.page import _environment
from detente.brief.parts.forecast import forecast_part
from detente.forecast.result import Forecast

__all__ = ["forecast_page"]


def forecast_page(found: Forecast, *, threshold: float | None = None) -> str:
    """The whole file. The same forecast gives the same text."""
    part = forecast_part(found, threshold=threshold)
    return _environment().get_template("forecastpage.html.j2").render(forecast=part, source=Path(found.past.source).name)
