"""`detente graph`: which states of a conflict are stable, for whom, and by which foresight."""

from __future__ import annotations

from typing import Annotated

import typer

from detente.cli.app import command
from detente.cli.options import JsonOption, PageOption, argument, option
from detente.cli.output import print_aside, print_json, print_rich


@command("graph", "elmira")
def show_conflict_graph(
    source: Annotated[
        str,
        argument(
            "FILE|CASE",
            "A conflict file (YAML), a .gmcr file, a case file, a bundled case or conflict, or - for standard input.",
        ),
    ],
    options: Annotated[
        str | None,
        option(
            "--options",
            "CHOICE",
            "Of a case, what becomes an option: demands, all, provisions, or ids of measures with commas between them; "
            "demands where the case has some, else all.",
        ),
    ] = None,
    concept: Annotated[
        list[str] | None,
        option(
            "--concept",
            "NAME",
            "Show this concept only; may be repeated: nash, gmr, smr, seq, sim, strong-gmr, strong-smr, strong-seq.",
        ),
    ] = None,
    state: Annotated[int | None, option("--why", "N", "Say why this state is stable, or is not, for each party.")] = None,
    inverse: Annotated[
        int | None, option("--inverse", "N", "Say what would have to be preferred for this state to be stable.")
    ] = None,
    party: Annotated[str | None, option("--party", "ID", "With --inverse: by this party; else by each.")] = None,
    coalitions: Annotated[bool, typer.Option("--coalitions", help="Sweep over all coalitions as well.")] = False,
    horizon: Annotated[int | None, option("--horizon", "H", "Find limited-move stability L(h) as well.")] = None,
    unknown: Annotated[
        str,
        option(
            "--unknown", "EXTENSION", "Where preferences are unknown, which extension the lists hold: a, b, c or d.", shown=True
        ),
    ] = "a",
    states: Annotated[
        bool,
        typer.Option(
            "--states",
            help="Tables of states by number, and why each party keeps to today's. With --json: states however many there are, "
            "with their patterns and levels.",
        ),
    ] = False,
    output: Annotated[
        str | None,
        option(
            "--output -o",
            "FILE",
            "Write the conflict as a .gmcr file as well; FILE.nfg or FILE.efg: as a game for Gambit.",
        ),
    ] = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say in sentences what each party could do by itself, what would be better for all, and whether it would hold.

    With --states, --concept, --coalitions or --horizon: the stable states as tables, for every party, under every concept.

    States are numbered from 1 among the feasible ones, the first option being the lowest bit.
    """
    from detente.graph.read import read
    from detente.graph.solve import graph
    from detente.graph.telling import show_graph, show_inverse, show_state

    conflict = read(source, options=options)
    found = graph(conflict, unknown=unknown, horizon=horizon)
    concepts = [found.known(c) for c in concept or ()]
    if output is not None:
        from pathlib import Path

        from detente.graph.gambit import ENDINGS, write_gambit
        from detente.graph.gmcr import write_gmcr

        game = Path(output).suffix.lower() in ENDINGS
        for lost in write_gambit(found, output) if game else write_gmcr(conflict, output):
            print_aside(f"detente: {output}: the format cannot say {lost}")
    if page is not None:
        from detente.base.atomic import write_atomic
        from detente.brief.conflictpage import conflict_page

        write_atomic(page, conflict_page(found))
    if inverse is not None:
        from detente.graph.inverse import inverse as invert

        asked = invert(found, inverse, concepts[0] if concepts else "nash", party=party)
        if as_json:
            wanted = {"conflict": conflict.id, "state": inverse, "concept": asked[0].concept}
            print_json({**wanted, "parties": [one.to_dict() for one in asked]})
        else:
            print_rich(*show_inverse(found, asked))
    elif as_json:
        told = found.to_dict(states=states, coalitions=coalitions)
        if state is not None:
            told["verdicts"] = found.verdicts(state)
        print_json(told)
    elif state is not None:
        print_rich(*show_state(found, state, concepts))
    else:
        print_rich(*show_graph(found, states=states, concepts=concepts, coalitions=coalitions))
