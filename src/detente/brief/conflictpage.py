"""A conflict graph as a page of its own: the option table of its equilibria and the graph of improvements around today's state.

One self-contained file that needs no script, like the brief.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from markupsafe import Markup

from detente.base.words import count, isolated, joined
from detente.brief.charts.improvements import Node, improvements_chart
from detente.brief.page import _environment
from detente.graph.pairs import CONCEPTS
from detente.graph.result import Graph
from detente.graph.sentences import improvements
from detente.graph.telling import LABELS, choices, reasons, shown_columns, shown_states

__all__ = ["conflict_page"]

MOST_NODES = 24
MOST_COLUMNS = 8


def conflict_page(found: Graph) -> str:
    """The whole file. The same graph gives the same text."""
    today = found.status_quo
    numbers, more = shown_columns(found, CONCEPTS, MOST_COLUMNS)
    held = [(LABELS[c], [bool(found.stable[c][:, n - 1].all()) for n in numbers]) for c in found.stable]
    why = [] if today is None else [reasons(found, today, p.id) for p in found.conflict.parties]
    return _environment().get_template("conflictpage.html.j2").render(
        title=found.conflict.title,
        source=found.conflict.source,
        names=tuple(isolated(p.name) for p in found.conflict.parties),
        states=count(found.count, "feasible state"),
        heads=[(n, n == today) for n in numbers],
        rows=choices(found, numbers),
        held=held,
        more=f"{more:,} more equilibria are not shown." if more else "",
        picture=_picture(found),
        verdicts=list(enumerate(why)),
        notes=found.notes,
    )  # fmt: skip


def _picture(found: Graph) -> Markup:
    columns, heads = _columns(found)
    shown = {s for column in columns for s in column}
    nodes = [_node(found, s, k, shown) for k, column in enumerate(columns) for s in column]
    said = " ".join(n.said for n in nodes)
    return improvements_chart("improvements", nodes, heads, title="Who would move where", description=said)


def _columns(found: Graph) -> tuple[list[list[int]], list[str]]:
    """States (from 0) by the number of improvements that lead to them from today, and equilibria that none leads to."""
    today = found.status_quo
    columns: list[list[int]] = []
    seen = set[int]()
    if today is not None:
        depth = {today - 1: 0}
        waiting = deque([today - 1])
        while waiting and len(depth) < MOST_NODES:
            s = waiting.popleft()
            for i in range(len(found.conflict.parties)):
                for q in improvements(found, i, s, False):
                    if q not in depth and len(depth) < MOST_NODES:
                        depth[q] = depth[s] + 1
                        waiting.append(q)
        seen = set(depth)
        for s in sorted(depth):
            columns += [[] for _ in range(depth[s] + 1 - len(columns))]
            columns[depth[s]].append(s)
    heads = ["today", *(f"after {count(k, 'move')}" for k in range(1, len(columns)))][: len(columns)]
    rest = [n - 1 for n in shown_states(found, CONCEPTS, MOST_NODES)[0] if n - 1 not in seen][: max(0, MOST_NODES - len(seen))]
    if rest:
        half = (len(rest) + 7) // 8
        columns += [rest[k::half] for k in range(half)]
        heads += ["equilibria that no improvement leads to" if seen else "equilibria", *[""] * (half - 1)]
    return columns or [[0]], heads or [""]


def _node(found: Graph, s: int, column: int, shown: set[int]) -> Node:
    value, today = int(found.states[s]), found.status_quo
    parties = found.conflict.parties
    gains = tuple((i, q + 1) for i in range(len(parties)) for q in improvements(found, i, s, False) if q in shown)
    held = "nash" if found.stable["nash"][:, s].all() else "foresight" if found.stable["seq"][:, s].all() else ""
    return Node(
        s + 1,
        f"{s + 1}, today" if s + 1 == today else str(s + 1),
        column,
        tuple(tuple(bool(value >> o & 1) for o in p.options) for p in parties),
        held,
        gains,
        " ".join(_said(found, s, gains, held)),
    )


def _said(found: Graph, s: int, gains: tuple[tuple[int, int], ...], held: str) -> Iterator[str]:
    value = int(found.states[s])
    taken = [o.title for n, o in enumerate(found.conflict.options) if value >> n & 1]
    yield f"State {s + 1}: {joined(taken) or 'nothing is done'}."
    if held:
        yield "Nobody would leave it." if held == "nash" else "It holds if answers are expected."
    for i, party in enumerate(found.conflict.parties):
        to = [str(q) for j, q in gains if j == i]
        if to:
            yield f"{party.name} would move to {joined(to, 'or')}."
