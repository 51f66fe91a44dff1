"""What is claimed about the speed of draws, to be run by anyone: python benchmarks/holds.py

A roadmap of 30 measures over 24 phases is checked, row by row, in 10,000 draws of its values on one core (the kernel of
`detente.plan.draws`), once the kernel has been compiled. Beside it, in the same run, the plain way: one exact certificate a
draw, for a few draws, and the ratio of the two. Where the two disagree on a draw that both have checked, that is a
failure, whatever the speed.

Exit code: 0 where the target is met, 1 where it is not, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from cases import draw

from detente.base.atomic import write_atomic
from detente.case.draws.draw import Draws, Uncertainty
from detente.case.draws.quantities import Quantity
from detente.case.draws.spread import Varied
from detente.case.draws.widen import Spans
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.draws.trial import Trial
from detente.plan.tables.party_rows import entries
from detente.plan.walk.pairs import grow

MEASURES, PHASES, PARTIES, DRAWS = 30, 24, 2, 10_000
SECONDS = 2.0
_SPREAD = Fraction(1, 4)  # of a value, to either side of it


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    found = measure(options.draws, options.seed, options.plain)
    print(table(found))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out / "holds.json", json.dumps(found, indent=1) + "\n")
        write_atomic(options.out / "holds.md", table(found) + "\n")
    return 0 if found["met"] else 1


def measure(draws: int, seed: int, plain: int, size: tuple[int, int] = (MEASURES, PHASES)) -> dict[str, Any]:
    """The figures: seconds of the kernel, of the plain way, and whether they agree."""
    instance = draw(*size, PARTIES, seed, "moderate")
    roadmap = grow(instance, seconds=60.0).roadmap
    quantities = uncertain(instance)
    spans = Spans(Fraction(0), "benchmark", "pert", "benchmark", None, Fraction(1))
    varied = Varied(len(quantities), len(quantities), 0, 0.0, "benchmark")
    values = Uncertainty(instance.case, quantities, spans, varied, ()).draw(draws, seed).values
    entry, parties = entries(instance, roadmap), range(len(instance.parties))
    trial = Trial(instance, Draws(quantities, values, seed, draws, None))
    Trial(instance, Draws(quantities, values[:1], seed, 1, None)).first(entry)  # compiles
    began = time.perf_counter()
    held = (trial.first(entry) > instance.phases).all(axis=(1, 2))
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    exact = [certify(with_values(instance, quantities, values[n]), roadmap).holds for n in range(min(plain, draws))]
    each = (time.perf_counter() - began) / max(1, len(exact))
    agree = exact == held[: len(exact)].tolist()
    steps = sum(len(s) for s in roadmap.steps)
    return {
        "about": {
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, one used",
            "load_at_start": round(os.getloadavg()[0], 2),
            "seed": seed,
        },
        "measures": len(instance.measures),
        "phases": instance.phases,
        "parties": len(list(parties)),
        "steps": steps,
        "draws": draws,
        "share": float(held.mean()),
        "seconds": seconds,
        "plain_draws": len(exact),
        "plain_seconds_a_draw": each,
        "ratio": each * draws / seconds,
        "agree": agree,
        "target": SECONDS,
        "met": agree and steps > 0 and (seconds <= SECONDS or (draws, size) != (DRAWS, (MEASURES, PHASES))),
    }


def uncertain(instance: Instance) -> tuple[Quantity, ...]:
    """Every value and loss of the instance as a range."""

    def ranged(kind: str, party: str, measure: str | None, likely: Fraction) -> Quantity:
        low, high = sorted((likely * (1 - _SPREAD), likely * (1 + _SPREAD)))
        return Quantity(kind, party, measure, low, likely, high, (kind, party, measure or ""))

    losses = [ranged("breakdown", p.id, None, p.breakdown) for p in instance.parties if p.breakdown]
    return (*losses, *(ranged("value", i, m.id, v) for m in instance.measures for i, v in m.value.items() if v))


def with_values(instance: Instance, quantities: Sequence[Quantity], values: np.ndarray[Any, Any]) -> Instance:
    """The instance with a draw in it."""
    of = {(q.kind, q.party, q.measure): Fraction(float(x)) for q, x in zip(quantities, values, strict=True)}
    parties = tuple(dataclasses.replace(p, breakdown=of.get(("breakdown", p.id, None), p.breakdown)) for p in instance.parties)
    measures = tuple(
        dataclasses.replace(m, value={i: of.get(("value", i, m.id), v) for i, v in m.value.items()}) for m in instance.measures
    )
    return dataclasses.replace(instance, parties=parties, measures=measures)


def table(found: dict[str, Any]) -> str:
    """The figures as a page."""
    about = "; ".join(f"{key.replace('_', ' ')} {value}" for key, value in found["about"].items())
    size = f"{found['measures']} measures x {found['phases']} phases, {found['parties']} parties, {found['steps']} steps"
    cells = {
        "roadmap": size,
        "draws": f"{found['draws']:,}",
        "share that holds": f"{found['share']:.1%}",
        "kernel": f"{found['seconds']:.2f} s",
        "certificate, a draw": f"{1000 * found['plain_seconds_a_draw']:.1f} ms",
        "ratio": f"{found['ratio']:,.0f}",
        "on the draws that both checked": f"{'agree' if found['agree'] else 'DISAGREE'} ({found['plain_draws']})",
        "target": f"{found['target']:g} s",
        "met": "yes" if found["met"] else "no",
    }
    rows = (cells.keys(), ["---"] * len(cells), cells.values())
    return "\n".join([about, "", *(f"| {' | '.join(row)} |" for row in rows)])


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="holds.py", description="Time the check of a roadmap in many draws.")
    parser.add_argument("--draws", type=_at_least(1), default=DRAWS, help=f"default {DRAWS}")
    parser.add_argument("--plain", type=_at_least(0), default=100, help="draws for which the certificate is asked; default 100")
    parser.add_argument("--seed", type=_at_least(0), default=1, help="default 1")
    parser.add_argument("--out", type=Path, help="folder for holds.md and holds.json")
    return parser.parse_args(argv)


def _at_least(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r}: wanted a whole number of {least} or more")
        return int(text)

    return number


if __name__ == "__main__":
    sys.exit(main())
