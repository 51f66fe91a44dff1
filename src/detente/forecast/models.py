"""All models by name, fitted together on one set of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np

from detente.errors import InputError
from detente.forecast.baselines import BASELINES
from detente.forecast.panel import Series
from detente.forecast.past import Past
from detente.forecast.training import now, rows

__all__ = ["LEARNED", "MIXTURE", "Fitted", "check_extra", "fit", "simple"]

LEARNED = ("autoregression", "forest", "boosting")
MIXTURE = "mixture"
_EXTRA = {"sklearn": "scikit-learn", "lightgbm": "lightgbm"}


@dataclass(frozen=True, eq=False)
class Fitted:
    """Models that have learned up to `origin`; none, where there was too little to learn from."""

    origin: int
    models: Mapping[str, Any] = field(repr=False)

    def predict(self, known: Past, horizon: int) -> dict[str, Series]:
        """The forecasts of each from this origin or a later one, of shape (N, H, K)."""
        if not self.models:
            return {}
        ahead = now(known, horizon)
        found = {name: model.predict(ahead) for name, model in self.models.items()}
        for name, values in found.items():
            if not np.isfinite(values).all():
                raise InputError(
                    f"forecast: the model {name} got no finite forecast from this series (are its values of a sensible "
                    "size? scale them)"
                )
        return found


def check_extra() -> None:
    """Say which extra is missing.

    Raises
    ------
    InputError
        If a library that the models need is not installed.
    """
    missing = [shown for name, shown in _EXTRA.items() if find_spec(name) is None]
    if missing:
        raise InputError(f"forecast: {' and '.join(missing)} not installed (pip install 'detente[forecast]')")


def simple(names: Sequence[str], known: Past, horizon: int) -> dict[str, Series]:
    """The forecasts of the simple baselines of these names."""
    return {name: BASELINES[name](known, horizon) for name in names if name in BASELINES}


def fit(known: Past, horizon: int, seed: int) -> Fitted:
    """Teach the models that learn what is known at an origin."""
    from detente.forecast.autoregression import Autoregression
    from detente.forecast.boosting import Boosting
    from detente.forecast.forest import Forest

    if known.origin < 2:
        return Fitted(known.origin, {})
    taught = rows(known, horizon, seed)
    if len(taught.y) < known.judged["fewest_rows"]:
        return Fitted(known.origin, {})
    kinds: tuple[tuple[str, Any], ...] = (("autoregression", Autoregression), ("forest", Forest), ("boosting", Boosting))
    return Fitted(known.origin, {name: kind.fit(taught, horizon, seed) for name, kind in kinds})
