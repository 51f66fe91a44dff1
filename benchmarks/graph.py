"""What is claimed about the speed of the conflict graph, to be run by anyone: python benchmarks/graph.py

The whole pipeline is timed: feasible states, preferences, all five concepts for every state and party, equilibria. Every size
runs in a process of its own, after the kernels have been compiled on a tiny conflict.

Exit code: 0 where every target is met, 1 where one is not, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from conflicts import draw
from picture import Curve, Panel, picture

from detente.base.atomic import write_atomic
from detente.graph.pairs import CONCEPTS
from detente.graph.solve import graph

# shape and bits: seconds, megabytes
TARGETS = {("free", 12): (0.1, 2048.0), ("free", 20): (15.0, 2048.0), ("bound", 16): (30.0, 2048.0)}
SIZES = {"free": [12, 14, 16, 18, 20], "bound": [12, 14, 16]}
MOST_BITS = 22
KEY = "full line: all combinations; broken: many infeasible, some one-way"

Figures = dict[str, Any]


def main(argv: Sequence[str] | None = None) -> int:
    options = _options(argv)
    if options.one:
        print(json.dumps(_work(*options.one.split(","))))
        return 0
    about = {
        "python": platform.python_version(),
        "numba": version("numba"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load_at_start": round(os.getloadavg()[0], 2),
        "seed": options.seed,
        "parties": options.parties,
    }
    results: list[Figures] = []
    for shape, sizes in (("free", options.free), ("bound", options.bound)):
        for bits in sizes:
            results.append(_run(shape, bits, options.parties, options.seed))
            print(_line(results[-1]), file=sys.stderr, flush=True)
    text = tables(about, results)
    print(text)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        write_atomic(options.out / "graph.json", json.dumps({"about": about, "results": results}, indent=1) + "\n")
        write_atomic(options.out / "graph.md", text + "\n")
        write_atomic(options.out / "graph.svg", growth(results))
    return 0 if all(r["met"] is not False for r in results) else 1


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="graph.py", description="Time the conflict graph.")
    parser.add_argument("--free", type=_bits, default=SIZES["free"], help="2^these states, all combinations; default 12 to 20")
    parser.add_argument("--bound", type=_bits, default=SIZES["bound"], help="the same, of more combinations; default 12 to 16")
    parser.add_argument("--parties", type=int, choices=range(2, 7), default=4, help="default 4")
    parser.add_argument("--seed", type=int, default=1, help="default 1")
    parser.add_argument("--out", type=Path, help="folder for graph.md, graph.json and graph.svg")
    parser.add_argument("--quick", action="store_true", help="a smoke test: 2^12 states only")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.quick:
        options.free, options.bound = [12], [12]
    return options


def _bits(text: str) -> list[int]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() and 4 <= int(part) <= MOST_BITS for part in found):
        raise argparse.ArgumentTypeError(f"{text!r}: wanted whole numbers from 4 to {MOST_BITS} with commas between them")
    return [int(part) for part in found]


def _run(shape: str, bits: int, parties: int, seed: int) -> Figures:
    """The figures of one size, from a fresh process; `error` in place of them where it failed."""
    case: Figures = {"shape": shape, "bits": bits}
    command = [sys.executable, str(Path(__file__).resolve()), "--one", f"{shape},{bits},{parties},{seed}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {**case, "met": False, "error": (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]}
    figures: Figures = {**case, **json.loads(done.stdout)}
    target = TARGETS.get((shape, bits))
    met = None if target is None else figures["seconds"] < target[0] and figures["memory"] < target[1]
    return {**figures, "target": target, "met": met}


def _work(shape: str, bits: str, parties: str, seed: str) -> Figures:
    for warm in ("free", "bound"):
        graph(draw(warm, 6, int(parties), 0))
    conflict = draw(shape, int(bits), int(parties), int(seed))
    wall, cpu = time.monotonic(), time.process_time()
    found = graph(conflict)
    equilibria = {c: len(found.equilibria(c)) for c in CONCEPTS}
    spent = {"seconds": time.monotonic() - wall, "cpu_seconds": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = round(peak / (1024**2 if sys.platform == "darwin" else 1024))
    return {**spent, "memory": memory, "states": found.count, "options": len(conflict.options), "equilibria": equilibria}


def _line(result: Mapping[str, Any]) -> str:
    told = result.get("error") or f"{result['states']:,} states in {result['seconds']:.3g} s, {result['memory']} MB"
    return f"{result['shape']} 2^{result['bits']}: {told}"


def tables(about: Mapping[str, object], results: Sequence[Mapping[str, Any]]) -> str:
    """The results as markdown, and where this was run."""
    head = ["shape", "options", "states", "seconds", "CPU seconds", "memory", "target", "met", *(c for c in CONCEPTS)]
    rows = [head, ["---"] * len(head)]
    for r in results:
        if "error" in r:
            rows.append([r["shape"], "", f"2^{r['bits']}", r["error"], *[""] * (len(head) - 4)])
            continue
        target = "none" if r["target"] is None else f"{r['target'][0]:g} s, {r['target'][1]:g} MB"
        figures = [f"{r['seconds']:.3g}", f"{r['cpu_seconds']:.3g}", f"{r['memory']} MB"]
        met = {True: "yes", False: "no", None: "-"}[r["met"]]
        counts = [f"{r['equilibria'][c]:,}" for c in CONCEPTS]
        rows.append([r["shape"], str(r["options"]), f"{r['states']:,}", *figures, target, met, *counts])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", *(f"- {key}: {value}" for key, value in about.items())])


def growth(results: Sequence[Mapping[str, Any]]) -> str:
    """Seconds and memory against states."""
    sound = [r for r in results if "error" not in r]

    def curves(key: str) -> tuple[Curve, ...]:
        return tuple(
            Curve(shape, colour, shape == "bound", tuple((1 << r["bits"], r[key], False) for r in sound if r["shape"] == shape))
            for colour, shape in ((0, "free"), (2, "bound"))
        )

    labels = {1 << r["bits"]: f"2^{r['bits']}" for r in sound}
    panels = [
        Panel("Time", "seconds", curves("seconds"), "states", labels),
        Panel("Memory", "MB", curves("memory"), "states", labels),
    ]
    return picture("Conflict graph: all concepts, all states", panels, KEY)


if __name__ == "__main__":
    sys.exit(main())
