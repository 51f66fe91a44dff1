"""Conflicts in and out: the three ways to prefer, files of other programs, and every fault at once with its place."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import smallcases
from conflictcases import conflict_of, draw
from detente.base.text import read_yaml
from detente.errors import GraphError
from detente.graph.gmcr import read_gmcr, to_gmcr, write_gmcr
from detente.graph.read import read, read_conflict
from detente.graph.solve import graph

WELL = """\
conflict: well
title: Two farms at one well
source: invented
parties:
  east:
    name: Eastern farm
    options: {share: Share the water, meter: {title: Read the meter, direction: forward}}
    PREFERENCE
  west:
    name: Western farm
    options: {gate: Open the gate}
    statements: [share, NOT gate]
    strong: 1
infeasible: [meter AND NOT share]
status_quo: [gate]
"""


def well(preference: str) -> str:
    return WELL.replace("PREFERENCE", preference)


def test_three_ways_to_prefer_the_same() -> None:
    """Statements, weights and a ranking of one and the same order give the same levels. By hand: gate before all, then no
    share, then the meter."""
    ways = [
        "statements: [gate, NOT share, meter]",
        "weights: {gate: 4, share: -2.5, meter: 0.5}",
        "weights: {gate: 4, NOT share: 2, meter AND share: 1}",
        "ranking: [4, 6, 5, 1, 3, 2]",
        "ranking: [NNY, YYY, YNY, NNN, YYN, YNN]",
    ]
    levels = [graph(read_conflict(well(way))).levels[0].level.tolist() for way in ways]
    assert levels[0] == [2, 0, 1, 5, 3, 4]
    assert levels == [levels[0]] * len(ways)


def test_degrees_of_preference() -> None:
    """Where a preference is strong: by the first statements, from a difference of weights on, across '>>'."""
    for way, strong in (
        ("{statements: [gate, share], strong: 1}", [-1, -1, 1, 1]),
        ("{weights: {gate: 3, share: 1}, strong: 3}", [-1, -1, 0, 1]),
        ("{weights: {gate: 3, share: 1}, strong: 2.5}", [-1, -1, 0, 1]),
        ("{ranking: [[5, 6], 4, '>>', [2, 3], 1]}", [-1, -1, 1, 1]),
    ):
        found = graph(
            read_conflict(well(way[1:-1].replace("], strong", "]\n    strong").replace("}, strong", "}\n    strong")))
        )
        assert found.levels[0].strong.tolist() == strong, way


def test_unknown_pairs() -> None:
    """By number and by statement; the pair is unknown both ways, all else is not."""
    found = graph(read_conflict(well("statements: [gate]\n    unknown: [[1, 4], [share AND gate, NOT share AND NOT gate]]")))
    own = found.levels[0]
    pairs = {(s + 1, q + 1) for s in range(6) for q in range(6) if (own.one[s] & own.other[q]) | (own.other[s] & own.one[q])}
    assert pairs == {(1, 4), (4, 1), (5, 1), (6, 1), (1, 5), (1, 6)}
    assert set(found.to_dict()["extensions"]) == {"a", "b", "c", "d"}


BROKEN = """\
conflict: Broken
title: 12
parties:
  east:
    name: East
    options: {share: Share, gate: Gate, if: If, wall: {title: Wall, direction: up}}
    statements: [shar, share AND]
  west:
    name: West
    options: {gate: Open}
    weights: {gate: much}
  north:
    name: North
    options: {}
    statements: [share]
    ranking: [1]
infeasible: [share AND (gate]
status_quo: [shore]
colour: red
"""


def test_every_fault_at_once(tmp_path: Path) -> None:
    """Catches a fault that hides another one, or that has no place."""
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(GraphError) as err:
        read(file)
    text = str(err.value)
    for said in (
        "broken.yaml:1:11: conflict: got 'Broken', wanted an id",
        "broken.yaml:2:8: title: got 12, wanted text",
        "options.wall.direction: got 'up', wanted 'both', 'forward' or 'back'",
        "'if' is a word of the statements",
        "broken.yaml:10:21: parties.west.options.gate: the option 'gate' belongs to east already",
        "parties.west.weights.gate: got 'much', wanted a number",
        "got statements and ranking, wanted one of statements, weights and ranking",
        "parties.east.statements[0]: got 'shar', wanted an option, at character 1 of the statement (did you mean 'share'?)",
        "parties.east.statements[1]: it ends where an option was wanted",
        "infeasible[0]: got 'the end', wanted a closing parenthesis",
        "status_quo[0]: got 'shore', wanted an option (did you mean 'share'?)",
        "broken.yaml:19:1: colour: unknown key 'colour'",
    ):
        assert said in text, f"{said}\n{text}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[gate, NOT share]", "[gat]"), "well.yaml:8:18: parties.east.statements[0]: got 'gat', wanted an option"),
        (("statements: [gate, NOT share]", "ranking: [4, 6, 5]"), "it lacks 1, 2, 3"),
        (("statements: [gate, NOT share]", "ranking: [4, 6, [5, 5], 1, 2, 3]"), "it has twice 5"),
        (("statements: [gate, NOT share]", "ranking: [9, 4, 6, 5, 1, 2, 3]"), "got 9, wanted the number of a state, 1 to 6"),
        (("statements: [gate, NOT share]", "ranking: [NNN]\n    strong: 2"), "`strong` says nothing about a ranking"),
        (("[gate, NOT share]", "[gate]\n    strong: 2"), "got strong: 2, wanted a whole number up to 1"),
        (("[gate, NOT share]", "[gate]\n    unknown: [[gate, share]]"), "would not compare with itself"),
        (("status_quo: [gate]", "status_quo: [meter]"), "today's state is not feasible"),
        (("status_quo: [gate]", "status_quo: [gates]"), "did you mean 'gate'?"),
        (("status_quo: [gate]", "coalitions: [[east, west], [west]]"), "west stands in two coalitions"),
        (("[meter AND NOT share]", "[meter OR NOT meter]"), "no state is feasible"),
        (("title: Two farms", "title: [Two farms"), "not YAML"),
        (("conflict: well", "- well"), "cannot be read as a conflict"),
    ],
)
def test_faults_are_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """Catches a fault that passes, and one that ends in a traceback."""
    file = tmp_path / "well.yaml"
    file.write_text(well("statements: [gate, NOT share]").replace(*change), encoding="utf-8")
    with pytest.raises(GraphError) as err:
        graph(file)
    assert said in str(err.value)


def test_other_programs_files_are_read_and_written(tmp_path: Path) -> None:
    """A conflict that goes out and comes in again has the same states, moves, preferences and answers."""
    for seed in range(40):
        conflict = conflict_of(draw(seed, most_options=5), strong=False)
        file = tmp_path / "random.gmcr"
        assert write_gmcr(conflict, file) == []
        a, b = graph(conflict), graph(file)
        assert (a.states == b.states).all()
        assert all((x.level == y.level).all() for x, y in zip(a.levels, b.levels, strict=True))
        assert all((a.stable[c] == b.stable[c]).all() for c in a.stable)


def test_a_file_whose_options_stand_in_another_order() -> None:
    """Conditions use the file's numbers, states the order of the decision makers; compound conditions are alternatives. By
    hand: the options become b (0), a (1); not both; states 1 NN, 2 YN (b), 3 NY (a)."""
    data = {
        "options": [{"name": "a", "permittedDirection": "both"}, {"name": "b", "permittedDirection": "fwd"}],
        "decisionMakers": [
            {"name": "First", "options": [1], "preferences": [[[0, "Y"]], {"compound": True, "members": [[[1, "Y"]]]}]},
            {"name": "Second", "options": [0], "preferences": []},
        ],
        "infeasibles": [[[0, "Y"], [1, "Y"]]],
        "version": "0.1",
    }
    found = graph(read_gmcr(json.dumps(data)))
    assert [found.pattern(n) for n in (1, 2, 3)] == ["NN", "YN", "NY"]
    assert [x.level.tolist() for x in found.levels] == [[0, 1, 2], [0, 0, 0]]
    assert found.moves.of(0, 0).tolist() == [1]
    assert found.moves.of(0, 1).tolist() == []
    ranked = {**data, "useManualPreferenceVectors": True}
    for maker in ranked["decisionMakers"]:  # type: ignore[attr-defined]
        maker["preferenceVector"] = [3, [1, 2]]
    assert [x.level.tolist() for x in graph(read_gmcr(json.dumps(ranked))).levels] == [[0, 0, 1]] * 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"decisionMakers": []}, "decisionMakers: there is none"),
        ({"options": 3}, "options: got 3, wanted a list"),
        ({"infeasibles": [[[7, "Y"]]]}, 'infeasibles[0][0]: got [7, "Y"]'),
        ({"infeasibles": [[[[0], "Y"]]]}, "infeasibles[0][0]"),
        ({"infeasibles": [[]]}, "no state is feasible"),
        ({"options": [{"name": "a", "permittedDirection": ["x"]}]}, "permittedDirection"),
        ({"decisionMakers": [{"name": "A", "options": [0]}, {"name": "B", "options": [0]}]}, "owned by two parties"),
        ({"useManualPreferenceRanking": True}, "preferenceRanking: got nothing, wanted a list"),
        ({"coalitions": [[0, 0]]}, "coalitions"),
    ],
)
def test_broken_files_of_other_programs(change: dict[str, object], said: str) -> None:
    """Catches a broken file that ends in a traceback, or is read as something else."""
    data = {"options": [{"name": "a"}], "decisionMakers": [{"name": "A", "options": [0]}], **change}
    with pytest.raises(GraphError) as err:
        graph(read_gmcr(json.dumps(data)))
    assert said in str(err.value)
    for depth in (900, 100_000):
        nested = '{"compound": true, "members": [' * depth + "[]" + "]}" * depth
        with pytest.raises(GraphError, match=r"nested too deeply|more than 40 levels"):
            read_gmcr(json.dumps(data)[:-1] + f', "infeasibles": [{nested}]}}')
    with pytest.raises(GraphError, match="not JSON"):
        read_gmcr('{"options": ')
    with pytest.raises(GraphError, match="infeasibles is given twice"):
        read_gmcr(json.dumps(data)[:-1] + ', "infeasibles": [], "infeasibles": []}')


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    """Would catch a file of an early form being loaded: that runs whatever its maker wrote."""
    ran = tmp_path / "ran"
    for protocol in (2, 3, 4, 5):
        (tmp_path / "old.gmcr").write_bytes(pickle.dumps(_Runs(ran), protocol=protocol))
        with pytest.raises(GraphError, match="is not opened"):
            read(tmp_path / "old.gmcr")
    assert not ran.exists()


class _Runs:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_half_a_character_and_thousands_of_names() -> None:
    """Would catch a name that can be neither written nor shown, and a time that grows with the square of the names."""
    data = {"options": [{"name": "a\ud800"}], "decisionMakers": [{"name": "A", "options": [0]}]}
    assert read_gmcr(json.dumps(data)).options[0].title == "a?"
    many = {"options": [{"name": "a"}] * 50_000, "decisionMakers": [{"name": "A", "options": list(range(50_000))}]}
    with pytest.raises(GraphError, match="50,000 options"):
        read_gmcr(json.dumps(many))


def test_what_the_format_cannot_say_is_said() -> None:
    """Strength, unknown pairs and today's state are lost in a .gmcr file, and not without a word."""
    _, lost = to_gmcr(read_conflict(well("statements: [gate]\n    unknown: [[1, 4]]")))
    assert lost == [
        "Eastern farm: which preferences are unknown",
        "Western farm: which preferences are strong",
        "which state is today's",
    ]


def test_many_options_with_few_states() -> None:
    """Forty options of which one at most is taken are 41 states: the effort follows the feasible states, not 2^40."""
    names = [f"o{n}" for n in range(40)]
    lines = ["conflict: many", "title: Many", "parties:"]
    for p in range(2):
        options = ", ".join(f"{o}: {o}" for o in names[20 * p : 20 * p + 20])
        lines.append(f"  p{p}: {{name: P{p}, options: {{{options}}}, statements: [o{p}]}}")
    pairs = [f"{a} AND {b}" for n, a in enumerate(names) for b in names[n + 1 :]]
    found = graph(read_conflict("\n".join([*lines, f"infeasible: [{', '.join(pairs)}]"])))
    assert found.count == 41
    assert np.array_equal(found.states, [0, *(1 << n for n in range(40))])


def test_too_many_states_are_refused() -> None:
    """2^40 states end in a message, not in a full memory."""
    options = ", ".join(f"o{n}: x" for n in range(40))
    with pytest.raises(GraphError, match="more than 4,194,304 feasible states"):
        graph(read_conflict(f"conflict: x\ntitle: x\nparties: {{p: {{name: P, options: {{{options}}}, statements: []}}}}"))


@pytest.mark.parametrize("written", [json.dumps, lambda data: json.dumps(dict(reversed(data.items())), indent=1)])
def test_a_case_and_a_conflict_may_be_written_as_json(written: Any, tmp_path: Path) -> None:
    """Catches a case or a conflict in braces that is taken for the file of another program, and blamed for its form."""
    case, conflict = tmp_path / "case.yaml", tmp_path / "conflict.json"
    case.write_text(written(smallcases.swap()), encoding="utf-8")
    assert [p.id for p in read(case).parties] == ["a", "b"]
    conflict.write_text(written(read_yaml(well("weights: {gate: 4}"), "well").data), encoding="utf-8")
    assert [p.id for p in read(conflict).parties] == ["east", "west"]
    other = tmp_path / "other.json"
    other.write_text('{"decisionMakers": [', encoding="utf-8")
    with pytest.raises(GraphError, match=r"other\.json"):
        read(other)
