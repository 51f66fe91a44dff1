"""How long forecasts of positions take, beside plain ways to the same answer in the same run.

    python benchmarks/positions.py [--actors 300] [--issues 10000] [--data FILE [--seeds 5]]

Draws one issue with so many actors and asks for its forecast with all that is told about one issue; draws so many issues with
outcomes and fits a profile on them. Prints seconds, and ratios to an alternative on the same data in the same run: for the
forecast, the distribution worked out one component and grid point after the other in plain Python; for the fit, the same losses
minimised with gradients by differences, on a hundredth of the issues and scaled up. Imports are not counted. Exit code 1 if the
forecast takes more than 0.1 s (the best of five) or the fit more than 60 s.

--data FILE, the development data of `fit_eu_council.py`, tries instead what else could be stated of an issue, by nested
cross-validation as in `detente positions backtest`: the mixture pooled with the dressed weighted mean, the mean in place of the
median, the shortest interval in place of the 10 % to the 90 % point. Differences with 95 % intervals, groups redrawn.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from unittest import mock

import numpy as np
from fit_eu_council import CONSTANTS

from detente.base.crps import crps
from detente.positions import fit as fitting
from detente.positions.backtest import interval
from detente.positions.fit import baselines, fit_panel
from detente.positions.forecast import positions
from detente.positions.mixture import GRID, distribution
from detente.positions.panel import Panel, panel
from detente.positions.profile import Constant, PositionsProfile, read_profile
from detente.positions.scores import dressed, median, quantiles, shortest
from detente.positions.table import Issue, Row, Table, read_table
from detente.positions.weights import features, weights

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


POOLED = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Shares of the dressed weighted mean."""


def tried(of: Panel, profile: PositionsProfile) -> dict[str, np.ndarray]:
    """Each way to state a forecast, scored on every issue."""
    P = distribution(of, weights(of, features(of, profile.constants), profile), profile)
    y, grid = of.outcome, np.tile(GRID, (of.count, 1))
    plain = dressed(baselines(of)["weighted_mean"], np.array(profile.residuals["weighted_mean"]))
    out = {"mean": np.abs(P @ GRID - y), "squared:mean": (P @ GRID - y) ** 2, "squared:median": (median(GRID, P) - y) ** 2}
    for share in POOLED:
        points = np.concatenate([grid, plain], axis=1)
        mass = np.concatenate([(1 - share) * P, np.full(plain.shape, share / plain.shape[1])], axis=1)
        order = np.argsort(points, axis=1, kind="stable")
        points, mass = (np.take_along_axis(x, order, axis=1) for x in (points, mass))
        middle = np.take_along_axis(points, (np.cumsum(mass, axis=1) >= 0.5 - 1e-9).argmax(axis=1)[:, None], axis=1)[:, 0]
        out |= {f"crps:{share}": crps(points, y, mass), f"median:{share}": np.abs(middle - y)}
    ends = {"points": quantiles(GRID, P, 0.1), "shortest": shortest(GRID, P, 0.8)}
    for name, (low, high) in ends.items():
        out |= {f"covers:{name}": ((low <= y + 0.5) & (y - 0.5 <= high)).astype(float), f"wide:{name}": high - low}
    return out


def choices(path: str, seeds: int) -> None:
    """Print what nested cross-validation says of each, by seed of the folds."""
    issues = read_table(path, outcome="outcome", group="proposal", span=(0.0, 100.0)).issues
    issues = tuple(i for i in issues if i.outcome is not None)
    of = panel(issues)
    constants = tuple(Constant(c.partition(":")[0], dict(w.split("=") for w in c.split(":")[1:])) for c in CONSTANTS)

    def folded(group: np.ndarray, count: int, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
        fold = rng.permutation(np.arange(group.max() + 1) % count)[group]
        return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(count)]

    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        found: dict[str, np.ndarray] = {}
        for inside, outside in folded(of.group, 10, rng):
            training = panel([issues[n] for n in inside])
            inner: dict[bool, dict[str, float]] = {False: {}, True: {}}
            for fitted, test in folded(training.group, 5, rng):
                parts = [panel([issues[n] for n in inside[at]]) for at in (fitted, test)]
                for effects, total in inner.items():
                    profile = fitting.fit_panel(parts[0], constants=constants, effects=effects)
                    for key, values in tried(parts[1], profile).items():
                        total[key] = total.get(key, 0.0) + float(values.sum())
            effects = inner[True]["crps:0.0"] < inner[False]["crps:0.0"]
            share = min(POOLED, key=lambda s: inner[effects][f"crps:{s}"])
            profile = fitting.fit_panel(training, constants=constants, effects=effects)
            scores = tried(panel([issues[n] for n in outside]), profile)
            scores |= {"crps:chosen": scores[f"crps:{share}"], "median:chosen": scores[f"median:{share}"]}
            for key, values in scores.items():
                found.setdefault(key, np.full(of.count, np.nan))[outside] = values
        print(f"seed {seed}: " + ", ".join(f"{k} {v.mean():.3f}" for k, v in found.items() if ":" in k))
        for a, b in (
            ("crps:0.3", "crps:0.0"),
            ("crps:chosen", "crps:0.0"),
            ("median:0.3", "median:0.0"),
            ("median:chosen", "median:0.0"),
            ("mean", "median:0.0"),
        ):
            print(f"  {a} less {b}: " + " ".join(f"{x:.3f}" for x in interval(found[a] - found[b], of.group, 0)), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time forecasts of positions.")
    parser.add_argument("--actors", type=int, default=300)
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--data")
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    if asked.data:
        choices(asked.data, asked.seeds)
        return
    rng = np.random.default_rng(0)
    profile = read_profile("eu-council")
    one = drawn("0", asked.actors, rng, False)
    table = Table((one,), "drawn")
    answer = positions(table, profile=profile).forecasts[0]  # imports are not counted
    ours = seconds(lambda: positions(table, profile=profile), 5)
    held = [h.weight for h in answer.holders]
    theirs = seconds(lambda: plain(one, held, dict(profile.mixture)))
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
