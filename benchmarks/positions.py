"""How long forecasts of positions take, beside plain ways to the same answer in the same run.

    python benchmarks/positions.py [--actors 300] [--issues 10000]

Draws one issue with so many actors and asks for its forecast with all that is told about one issue; draws so many issues with
outcomes and fits a profile on them. Prints seconds, and ratios to an alternative on the same data in the same run: for the
forecast, the distribution worked out one component and grid point after the other in plain Python; for the fit, the same losses
minimised with gradients by differences, on a hundredth of the issues and scaled up. Imports are not counted. Exit code 1 if the
forecast takes more than 0.1 s (the best of five) or the fit more than 60 s.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from unittest import mock

import numpy as np

from detente.positions import fit as fitting
from detente.positions.fit import fit_panel
from detente.positions.forecast import positions
from detente.positions.panel import panel
from detente.positions.profile import read_profile
from detente.positions.table import Issue, Row, Table

TARGETS = {"forecast": 0.1, "fit": 60.0}


def drawn(name: str, actors: int, rng: np.random.Generator, outcome: bool) -> Issue:
    places = np.round(rng.uniform(0, 100, actors), 0 if outcome else 6)
    rows = tuple(Row(f"a{k}", float(x), float(rng.integers(0, 101)), float(np.exp(rng.normal()))) for k, x in enumerate(places))
    y = float(rng.choice(places)) if outcome else None
    return Issue(name, rows, 0.0, 100.0, f"p{int(name) // 3}", f"p{int(name) // 3}", y)


def plain(issue: Issue, weights: list[float], h: dict[str, float]) -> list[float]:
    """The distribution, one grid point after the other."""
    grid = range(101)
    xs = [r.position for r in issue.rows]
    held, low, high = sorted(set(xs)), min(xs), max(xs)
    mu = sum(v * x for v, x in zip(weights, xs, strict=True))
    rough = [1.0 if g % 10 == 0 else 0.6 if g % 5 == 0 else 0.12 for g in grid]
    parts = []
    for p in held:
        share = sum(v for v, x in zip(weights, xs, strict=True) if x == p)
        far = sum(v * abs(x - p) for v, x in zip(weights, xs, strict=True))
        z = h["share"] * math.log(share + 0.03) - h["distance"] * far / 25
        z += h["end"] * (p in (0, 100)) + h["inner"] * (low < p < high)
        parts.append((z, [math.exp(-abs(g - p)) for g in grid]))
    bell = {sd: [math.exp(-((g - mu) ** 2) / (2 * sd * sd)) * rough[g] for g in grid] for sd in (8, 16, 28)}
    parts += [(h[f"normal_{sd}"], f) for sd, f in bell.items()]
    parts.append((h["uniform"], [rough[g] * (low <= g <= high) for g in grid]))
    total = sum(math.exp(z) for z, _ in parts)
    out = [0.0] * 101
    for z, f in parts:
        whole = sum(f)
        for g in grid:
            out[g] += math.exp(z) / total * f[g] / whole
    return out


def by_differences(loss: object, start: np.ndarray) -> np.ndarray:
    from scipy.optimize import minimize

    found: np.ndarray = minimize(lambda v: loss(v)[0], start, method="L-BFGS-B").x  # type: ignore[operator]
    return found


def seconds(action: object, times: int = 1) -> float:
    best = math.inf
    for _ in range(times):
        start = time.perf_counter()
        action()  # type: ignore[operator]
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description="Time forecasts of positions.")
    parser.add_argument("--actors", type=int, default=300)
    parser.add_argument("--issues", type=int, default=10_000)
    asked = parser.parse_args()
    rng = np.random.default_rng(0)
    profile = read_profile("eu-council")
    one = drawn("0", asked.actors, rng, False)
    table = Table((one,), "drawn")
    answer = positions(table, profile=profile).forecasts[0]  # imports are not counted
    ours = seconds(lambda: positions(table, profile=profile), 5)
    weights = [h.weight for h in answer.holders]
    theirs = seconds(lambda: plain(one, weights, dict(profile.mixture)))
    tried = 1 + len(answer.influence or ())
    print(f"forecast, {asked.actors} actors: {ours:.3f} s with {tried - 1} influences")
    print(f"  one distribution in plain Python {theirs:.3f} s, {tried} of them {tried * theirs / ours:.0f} times as long")
    many = panel([drawn(str(n), 17, rng, True) for n in range(asked.issues)])
    fitted = seconds(lambda: fit_panel(many))
    few = panel([drawn(str(n), 17, rng, True) for n in range(max(asked.issues // 100, 20))])
    with mock.patch.object(fitting, "_minimum", by_differences):
        slow = seconds(lambda: fit_panel(few)) * many.count / few.count
    print(
        f"fit, {many.count:,} issues of 17 actors: {fitted:.1f} s; by differences {slow:.0f} s, "
        f"{slow / fitted:.1f} times as long"
    )
    sys.exit(int(ours > TARGETS["forecast"] or fitted > TARGETS["fit"]))


if __name__ == "__main__":
    main()
