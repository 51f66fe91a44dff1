"""Conflicts as games of Gambit: read back by pygambit, payoffs and moves held against the conflict itself."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from conflictcases import Plain, conflict_of, draw
from detente.cli import app
from detente.errors import GraphError
from detente.graph.gambit import extensive, normal, write_gambit
from detente.graph.solve import graph

SKIPPED = "GAMBIT TESTS SKIPPED: pip install pygambit"


def read(text: str, folder: Path, ending: str) -> Any:
    gambit = pytest.importorskip("pygambit", reason=SKIPPED)
    file = folder / f"game.{ending}"
    file.write_text(text, encoding="utf-8")
    return (gambit.read_nfg if ending == "nfg" else gambit.read_efg)(str(file))


def test_the_dilemma_is_the_game_that_it_is(tmp_path: Path) -> None:
    """Catches strategies or payoffs in a wrong order. Silence is told Y; each likes best to talk while the other is silent,
    then silence on both sides, then talk on both, and least to be silent alone."""
    game = read(normal(graph("prisoners-dilemma")), tmp_path, "nfg")
    first, second = game.players
    assert (game.get_strategies(first), game.get_strategies(second)) == (["none", "silent-1"], ["none", "silent-2"])
    ranks = [array.tolist() for array in game.to_arrays(dtype=float)]  # of each party, by choice of the first, then the second
    assert ranks == [[[1, 3], [0, 2]], [[1, 0], [3, 2]]]


def open_choices() -> list[Plain]:
    """Drawn conflicts in which every combination can be, and every option goes both ways."""
    drawn = (draw(seed, most_options=5) for seed in range(400))
    return [p for p in drawn if not p.infeasible and set(p.directions) == {"both"}][:8]


@pytest.mark.parametrize("plain", open_choices())
def test_pure_equilibria_are_the_nash_stable_states(tmp_path: Path, plain: Plain) -> None:
    """Catches payoffs that do not order the states as the conflict does: Gambit finds the equilibria of one, we of the other.

    Where every choice is open a pure equilibrium is a state from which nobody can reach a better one by itself.
    """
    gambit = pytest.importorskip("pygambit", reason=SKIPPED)
    found = graph(conflict_of(plain))
    game = read(normal(found), tmp_path, "nfg")
    states = set()
    for profile in gambit.nash.enumpure_solve(game).equilibria:
        chosen = [next(label for label in game.get_strategies(p) if profile[p][label] == 1) for p in game.players]
        taken = {name for label in chosen for name in label.split(" + ")}
        states.add("".join("Y" if option.id in taken else "N" for option in found.conflict.options))
    assert states == {found.pattern(n) for n in found.equilibria("nash")}


def test_a_round_of_moves_is_every_way_through_the_states(tmp_path: Path) -> None:
    """Catches a move that cannot be, one that is missing, an outcome that is not the state reached, or a wrong rank."""
    found = graph("elmira")
    text = extensive(found)
    ends = re.findall(r'^t "" (\d+) "(\d+) ([YN]+)" \{ ([\d, ]+) \}$', text, flags=re.M)
    conflict, states = found.conflict, {int(s) for s in found.states}
    here = [conflict.status_quo]
    for p in range(len(conflict.parties)):
        own = conflict.parties[p].options
        step = []
        for state in here:
            assert state is not None
            for bits in itertools.product([0, 1], repeat=len(own)):
                to = state
                for n, bit in zip(own, bits, strict=True):
                    to = to & ~(1 << n) | bit << n
                ways = [(n, conflict.options[n].direction, state >> n & 1, to >> n & 1) for n in own]
                allowed = all(was == now or way == "both" or (way == "forward") == (now == 1) for _, way, was, now in ways)
                if to in states and allowed:
                    step.append(to)
        here = list(step)
    expected = sorted(conflict.pattern(state) for state in here if state is not None)
    assert sorted(pattern for _, _, pattern, _ in ends) == expected
    for outcome, number, pattern, ranks in ends:
        assert outcome == number
        assert found.pattern(int(number)) == pattern
        assert ranks == ", ".join(str(own.level[int(number) - 1]) for own in found.levels)
    game = read(text, tmp_path, "efg")
    assert set(game.get_outcomes()) == {f"{number} {pattern}" for _, number, pattern, _ in ends}


def test_what_is_no_game_or_too_large_is_refused(tmp_path: Path) -> None:
    """Catches a normal form that invents an outcome for what cannot be, and a file without end."""
    out = tmp_path / "game.nfg"
    with pytest.raises(GraphError):
        write_gambit(graph("elmira"), out)
    many = "\n".join(f"      o{n}: Do {n}" for n in range(15))
    text = f"conflict: game\ntitle: Many\nparties:\n  a:\n    name: A\n    options:\n{many}\n    statements: [o0]\n"
    file = tmp_path / "game.yaml"
    file.write_text(f"{text}status_quo: []\n", encoding="utf-8")
    found = graph(file)
    for ending in ("nfg", "efg"):
        with pytest.raises(GraphError):
            write_gambit(found, tmp_path / f"game.{ending}")
    assert not list(tmp_path.glob("game.?fg"))


def test_names_that_end_a_text_do_not(tmp_path: Path) -> None:
    """Catches a quotation mark, a backslash or a line end in a name that breaks the file."""
    text = (
        "conflict: game\ntitle: 'A \"game\" \\ of } two'\nparties:\n"
        "  a: {name: 'A \"the first\"', options: {x: Do x}, statements: [x]}\n"
        "  b: {name: 'B {', options: {y: Do y}, statements: [y]}\nstatus_quo: []\n"
    )
    (tmp_path / "game.yaml").write_text(text, encoding="utf-8")
    found = graph(tmp_path / "game.yaml")
    for write, ending in ((normal, "nfg"), (extensive, "efg")):
        game = read(write(found), tmp_path, ending)
        assert list(game.players) == ['A "the first"', "B {"]


def test_the_command_writes_games(tmp_path: Path) -> None:
    """Catches an ending that is not understood, and .gmcr files that are no longer written."""
    run = CliRunner()
    for ending, begins in (("nfg", "NFG 1 R"), ("efg", "EFG 2 R"), ("gmcr", "{")):
        out = tmp_path / f"c.{ending}"
        assert run.invoke(app, ["graph", "chicken", "-o", str(out)]).exit_code == 0
        assert out.read_text(encoding="utf-8").startswith(begins)
