"""A roadmap as GraphML: a node a step, an arc from each step to those that wait for it."""

from __future__ import annotations

from collections.abc import Sequence

from detente.export.steps import Dated

__all__ = ["network"]


def network(title: str, steps: Sequence[Dated]) -> str:
    """The text of the file. Where several stand in one attribute, semicolons are between them."""
    import networkx

    graph = networkx.DiGraph(title=title)
    for s in steps:
        when = {"phase": s.phase, "enters": s.day.isoformat(), "work_phase": s.started, "work_starts": s.start.isoformat()}
        who = {"parties": "; ".join(s.names), "party_ids": "; ".join(s.parties), "measures": "; ".join(s.measures)}
        graph.add_node(f"s{s.number}", number=s.number, title=s.title, kind=s.kind, **when, **who)
    graph.add_edges_from((f"s{n}", f"s{s.number}") for s in steps for n in s.needs)
    text = "\n".join(networkx.generate_graphml(graph))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
