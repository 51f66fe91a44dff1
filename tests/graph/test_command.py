"""`detente graph` from end to end: what it prints, its exit codes, the keys that other tools rely on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from conflictcases import conflict_of, draw
from detente.base.parts import notebook
from detente.cli import app
from detente.errors import DetenteError, GraphError
from detente.graph.formula import literal
from detente.graph.model import Conflict, Option, Party, Stated
from detente.graph.pairs import EXTENSIONS
from detente.graph.sentences import improvements, witness
from detente.graph.solve import graph
from detente.graph.telling import show_graph

FIXED = {"parties", "options", "states", "equilibria", "stable"}


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["graph", *arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_the_keys_that_other_tools_rely_on() -> None:
    """Catches a key that was renamed, and numbers that count from 0."""
    data = json.loads(run("toy-exchange", "--json"))
    assert set(data) >= FIXED
    assert (data["parties"], data["options"], data["states"]) == (["a", "b"], ["give-a", "give-b"], 4)
    assert data["equilibria"] == {"nash": [1], "gmr": [1, 4], "smr": [1, 4], "seq": [1, 4], "sim": [1, 4]}
    assert data["stable"]["a"]["nash"] == [1, 3]
    told = json.loads(run("toy-exchange", "--json", "--coalitions", "--horizon", "2", "--states", "--why", "4"))
    assert told["coalitions"]["stable"][0]["members"] == ["a", "b"]
    assert told["limited"]["horizon"] == 2
    assert told["patterns"] == ["NN", "YN", "NY", "YY"]
    assert "Party B" in told["verdicts"]["a"]["seq"]


def test_above_4096_states_counts_take_the_place_of_lists() -> None:
    """Lists of a million numbers are of no use to anybody who did not ask for them."""
    options = tuple(Option(f"o{n}", f"o{n}") for n in range(13))
    parties = tuple(
        Party(f"p{i}", f"P{i}", tuple(range(7 * i, 7 + 6 * i)), Stated((literal(0), literal(12, False)))) for i in range(2)
    )
    found = graph(Conflict("many", "Many", parties, options, status_quo=0))
    short, long = found.to_dict(), found.to_dict(states=True)
    assert short["states"] == 8192
    assert short["listed"] is False
    assert short["equilibria"]["nash"] == len(long["equilibria"]["nash"]) > 0  # type: ignore[index]
    assert isinstance(short["stable"]["p0"]["gmr"], int)  # type: ignore[index]
    json.dumps(short), json.dumps(long)


def test_text_for_people() -> None:
    """The option table, today's state with a sentence for each verdict, other states and the inverse question on request."""
    plain = run("toy-exchange")
    assert "state 1" not in plain  # numbers are for who asks for states
    assert "better than today for everybody" in " ".join(plain.split())
    text = run("toy-exchange", "--states")
    for said in ("4 feasible states", "A gives", "Today's state", "No move of Party A leads", "Options: demands"):
        assert said in text
    assert "would leave state 4 for state 3" in " ".join(run("toy-exchange", "--why", "4", "--concept", "nash").split())
    assert "it would have to hold 1 state no better" in " ".join(run("toy-exchange", "--inverse", "3").split())
    asked = json.loads(run("toy-exchange", "--inverse", "3", "--party", "b", "--concept", "nash", "--json"))
    assert (asked["state"], asked["parties"][0]["fewest"], asked["parties"][0]["changes"]) == (3, 1, [[1]])


def test_a_conflict_can_be_written_for_other_programs(tmp_path: Path) -> None:
    """The file is read back as the same conflict; what it cannot say is said."""
    file = tmp_path / "toy.gmcr"
    run("toy-exchange", "-o", str(file))
    assert json.loads(run(str(file), "--json"))["equilibria"]["nash"] == [1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing-here",),
        ("toy-exchange", "--options", "nonsense"),
        ("toy-exchange", "--concept", "nush"),
        ("toy-exchange", "--why", "9"),
        ("toy-exchange", "--inverse", "9"),
        ("toy-exchange", "--inverse", "1", "--party", "c"),
        ("toy-exchange", "--horizon", "0"),
        ("toy-exchange", "--unknown", "e"),
    ],
)
def test_bad_input_is_an_error_of_its_own(arguments: tuple[str, ...]) -> None:
    """Catches a slip that ends in a traceback or is passed over: each becomes exit code 2 in `main`."""
    done = CliRunner().invoke(app, ["graph", *arguments])
    assert isinstance(done.exception, DetenteError) or done.exit_code == 2  # the former ends the command with 2 as well
    assert done.exit_code != 0


@pytest.mark.parametrize("unknown", [False, True])
def test_a_sentence_for_every_verdict(unknown: bool) -> None:
    """The sentence and the verdict agree: a state that is not stable names a move that nobody answers, a stable one an
    answer."""
    for seed in range(60):
        plain = draw(seed, unknown=unknown, most_options=4)
        found = graph(conflict_of(plain), unknown="abcd"[seed % 4])
        open_to, _ = EXTENSIONS[found.unknown] if found.extensions else (False, False)
        for concept, flags in found.stable.items():
            for i, party in enumerate(found.conflict.parties):
                for s in range(found.count):
                    text = found.verdict(s + 1, party.id, concept)
                    assert flags[i, s] == ("would leave" not in text), (seed, concept, text)
                    for q in improvements(found, i, s, open_to) if concept != "nash" and flags[i, s] else ():
                        assert witness(found, s, i, concept, q) is not None


def test_the_same_input_gives_the_same_bytes() -> None:
    """Catches an order that depends on hashing."""
    assert run("supplier-dispute", "--json") == run("supplier-dispute", "--json")


def test_a_notebook_says_what_the_command_says_and_the_face_finds_what_it_is_asked_for() -> None:
    """Catches a notebook that says something else than the command, and names that are looked up by id only."""
    found = graph(conflict_of(draw(1, most_options=4)))
    assert found._repr_html_() == notebook(*show_graph(found, states=True))
    assert found.is_stable(1, "Party 0", "nash") == found.is_stable(1, "p0", "nash")
    assert found.number("X" * len(found.conflict.options)) in (1, None)
    with pytest.raises(GraphError, match="wanted a party"):
        found.place("p9")
    assert np.array_equal(
        found.equilibria("nash"), [n for n in range(1, found.count + 1) if found.stable["nash"][:, n - 1].all()]
    )
