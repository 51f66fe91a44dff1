"""The benchmark's results as tables (markdown) and as a picture of their growth.

A result holds the case (measures, phases, parties, seed, trust), its target and whether that was met, the figures of each
method (module `runs`) and, under `ratios`, those of the others against the planner's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from picture import Curve, Panel, picture

__all__ = ["growth", "line", "tables"]

Result = Mapping[str, Any]


def tables(about: Mapping[str, object], results: Sequence[Result]) -> str:
    """The planner against its targets, the others against the planner, and where this was run."""
    planner = [
        [
            _name(r),
            r["plan"].get("error") or _status(r["plan"]),
            _gap(r["plan"].get("gap")),
            _number(r["plan"].get("seconds")),
            _number(r["plan"].get("cpu_seconds")),
            r["target"] or "none",
            {True: "yes", False: "no", None: "-"}[r["met"]],
            f"{_count(r['plan'].get('certificate_rows'))} in {_number(r['plan'].get('certificate_seconds'))} s",
            f"{_count(r['plan'].get('memory'))} MB",
        ]
        for r in results
    ]
    heads = ["case", "status", "gap", "seconds", "of CPU", "target", "met", "certificate rows", "peak memory"]
    parts = ["### The planner", _table(heads, planner)]
    if any("plain" in r for r in results):
        heads = ["case", "status", "gap", "seconds", "times the planner's", "short", "non-zeros", "times the planner's"]
        parts += ["### The plain formulation", _table(heads, [_plain(r) for r in results if "plain" in r])]
    if any("greedy" in r for r in results):
        heads = ["case", "status", "additions", "seconds", "times the planner's", "short"]
        parts += ["### Greedy pair-adding", _table(heads, [_greedy(r) for r in results if "greedy" in r])]
    parts.append("; ".join(f"{key.replace('_', ' ')} {value}" for key, value in about.items()))
    return "\n\n".join(parts)


def line(r: Result) -> str:
    """A case's results in one line."""
    methods = [(method, r[method]) for method in ("plan", "plain", "greedy") if method in r]
    parts = [f"{method} {f.get('error') or f['status']} {_number(f.get('seconds'))} s" for method, f in methods]
    return f"{_name(r)}: {', '.join(parts)}"


def growth(results: Sequence[Result]) -> str:
    """The figures of the first seed and trust of the run, as a picture."""
    first = [r for r in results if (r["seed"], r["trust"]) == (results[0]["seed"], results[0]["trust"])]

    def curves(named: Sequence[tuple[str, str, str, int]]) -> tuple[Curve, ...]:
        return tuple(
            Curve(name, colour, parties > 2, _points([r for r in first if r["parties"] == parties], method, key))
            for name, method, key, colour in named
            for parties in sorted({r["parties"] for r in first})
        )

    seconds = curves(
        [
            ("planner", "plan", "seconds", 0),
            ("certificate", "plan", "certificate_seconds", 1),
            ("plain formulation", "plain", "seconds", 2),
            ("greedy pairs", "greedy", "seconds", 3),
        ]
    )
    nonzeros = curves([("planner", "plan", "nonzeros", 0), ("plain formulation", "plain", "nonzeros", 2)])
    panels = [Panel("Time", "seconds", seconds), Panel("Size of the programme", "non-zeros", nonzeros)]
    return picture("What grows with the number of measures", panels)


def _status(plan: Result) -> str:
    because = plan.get("nothing_because")
    return f"{plan['status']} ({because})" if because else str(plan["status"])


def _plain(r: Result) -> list[str]:
    plain, ratios = r["plain"], r["ratios"]["plain"]
    if plain.get("status") == "not built":
        return [_name(r), f"not built: {_count(plain['nonzeros'])} non-zeros", *["-"] * 4, *_size_of(plain, ratios)]
    more = ">" if plain.get("status") != "optimal" else ""
    return [
        _name(r),
        plain.get("error") or plain["status"] + ("" if plain.get("holds", True) else ", does not hold"),
        _gap(plain.get("gap")),
        _number(plain.get("seconds")),
        f"{more}{_number(ratios['seconds'])}",
        _share(ratios["short"]),
        *_size_of(plain, ratios),
    ]


def _size_of(plain: Result, ratios: Result) -> list[str]:
    return [_count(plain.get("nonzeros")), _number(ratios["nonzeros"])]


def _greedy(r: Result) -> list[str]:
    greedy, ratios = r["greedy"], r["ratios"]["greedy"]
    return [
        _name(r),
        greedy.get("error") or greedy["status"] + ("" if greedy["holds"] else ", does not hold"),
        _count(greedy.get("additions")),
        _number(greedy.get("seconds")),
        _number(ratios["seconds"]),
        _share(ratios["short"]),
    ]


def _points(results: Sequence[Result], method: str, key: str) -> tuple[tuple[int, float, bool], ...]:
    out = []
    for r in results:
        figures = r.get(method, {})
        if figures.get(key):
            ended = key == "seconds" and figures["status"] in ("feasible", "none found", "out of time")
            out.append((r["measures"], float(figures[key]), ended))
    return tuple(out)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _name(r: Result) -> str:
    return f"{r['measures']} x {r['phases']}, {r['parties']} parties, {r['trust']} trust, seed {r['seed']}"


def _gap(gap: float | None) -> str:
    if gap is None:
        return "-"
    if gap < 1e-4:
        return "0" if gap < 1e-6 else "under 0.01%"
    return f"{gap:.2%}" if gap < 10 else f"{gap:,.0f}-fold"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _number(x: float | None) -> str:
    return "-" if x is None else f"{x:.2g}" if x < 10 else f"{x:,.0f}"


def _count(n: float | None) -> str:
    return "-" if n is None else f"{n:,.0f}"
