"""Sentences to PLOVER classes: the table, and the classes of plain cases."""

from __future__ import annotations

import math
import re
from pathlib import Path
from random import Random

import pytest

from detente.errors import InputError
from detente.read.actors import gazetteer
from detente.read.classes import classed
from detente.read.coding import code_sentences, found_actors, parsed, weighed
from detente.read.features import blocks
from detente.read.grammar import grammar
from detente.read.roles import MOST, best, candidates, weights

PLAIN = [
    ("Peru accused Chile of spying.", "Peru", "Chile", "ACCUSE"),
    ("Peru rejected a proposal of Chile.", "Peru", "Chile", "REJECT"),
    ("Peru threatened Chile with war.", "Peru", "Chile", "THREATEN"),
    ("Peru sent food aid to Chile.", "Peru", "Chile", "AID"),
    ("Troops of Peru attacked Chile and killed two soldiers.", "Peru", "Chile", "ASSAULT"),
    (
        "The president of Peru met the president of Chile for talks.",
        "The president of Peru",
        "the president of Chile",
        "CONSULT",
    ),
]


def table(path: Path, rows: list[tuple[str, ...]]) -> Path:
    """A table of sentences."""
    path.write_text("sentence\tsource\ttarget\n" + "\n".join("\t".join(row[:3]) for row in rows) + "\n", encoding="utf-8")
    return path


def test_plain_sentences_have_their_class(tmp_path: Path) -> None:
    """Catches weights, buckets or classes that no longer fit each other: the models would say anything."""
    found = code_sentences(table(tmp_path / "a.tsv", PLAIN))
    assert [c.root for c in found] == [root for *_, root in PLAIN]
    assert [c.penta for c in found] == [3, 3, 3, 2, 4, 1]
    assert [c.source_found for c in found][:4] == ["Peru"] * 4


WHO = [
    ("Peru accused Chile of spying.", "Peru", "Chile"),
    ("Chile was accused of spying by Peru.", "Peru", "Chile"),
    ("Peru and Chile signed a treaty of peace.", "Peru", "Chile"),
    ("LIMA (AP) -- Peruvian police arrested three Chilean fishermen near Arica.", "Peruvian police", "three Chilean fishermen"),
    ("Acme Steel said it had offered its workers a pay rise of 4 per cent.", "Acme Steel", "its workers"),
    ("Peru's government rejected a proposal by Chile.", "Peru's government", "Chile"),
    ("The prime minister agreed to resign on January 17.", "The prime minister", None),
]


def test_actors_are_found_in_each_voice() -> None:
    """Catches roles turned round in the passive, two subjects taken for one, and a dateline or a day taken for an actor."""
    assert grammar() is not None
    docs = parsed([sentence for sentence, *_ in WHO])
    assert [found_actors(row[0], doc, gazetteer()) for row, doc in zip(WHO, docs, strict=True)] == [row[1:] for row in WHO]


def test_the_models_without_grammar_stand_alone() -> None:
    """Catches a set of weights that needs the parser all the same."""
    right = sum(classed(sentence, source, target, None).root == root for sentence, source, target, root in PLAIN)
    assert right >= 5


def test_the_actors_are_marked_and_not_read() -> None:
    """Catches models that go by who acts: the same act of others would be another one."""
    one = blocks("Peru accused Chile of spying.", "Peru", "Chile", None)
    assert sum(one["marked"].values()) > 20
    assert one == blocks("Oman accused Togo of spying.", "Oman", "Togo", None)


def test_who_acts_is_weighed_without_knowing_anybody() -> None:
    """Catches a name, of a country or any other, among what is weighed: one side would be taken for the one who acts sooner."""
    sentences = ["Peru accused Chile of spying.", "Oman accused Togo of spying."]
    one, other = (weighed(s, doc, gazetteer())[1] for s, doc in zip(sentences, parsed(sentences), strict=True))
    assert one == other
    assert len(weights()) > 1000
    assert not {word for name in weights() for word in re.split("[^a-z]+", name.lower())} & set(gazetteer().names)


def test_source_and_target_are_the_likeliest_pair() -> None:
    """Catches a source chosen without its target: of "A and B met" both together leave nobody whom they meet."""
    (doc,) = parsed(["The envoys of Peru and the miners met in a hall near Lima."])
    found = candidates(doc, 0)
    random = Random(5)
    for _ in range(60):
        scores = [(random.gauss(0, 2), random.gauss(0, 2)) for _ in found]

        def worth(s: int, t: int, scores: list[tuple[float, float]] = scores) -> float:
            apart = [n for n, c in enumerate(found) if c.last < found[s].first or c.first > found[s].last]
            if t not in apart:
                return -1.0
            return math.exp(scores[s][0]) * math.exp(scores[t][1]) / sum(math.exp(scores[n][1]) for n in apart)

        likely = sorted(range(len(found)), key=lambda n: -scores[n][0])[:MOST]
        s, t = max(((s, t) for s in likely for t in range(len(found))), key=lambda pair: worth(*pair))
        names = [[str(n)] for n in range(len(found))]
        assert best(found, names, {str(n): both for n, both in enumerate(scores)}) == (found[s], found[t])


def test_a_line_end_within_a_sentence_is_a_space(tmp_path: Path) -> None:
    """Catches a reader of tables that ends in an error of its own: at a line end of old systems."""
    (tmp_path / "a.tsv").write_bytes(b"sentence\tsource\ttarget\nPeru met\rChile.\tPeru\tChile\n")
    assert [c.root for c in code_sentences(tmp_path / "a.tsv")] == ["CONSULT"]


def test_a_sentence_without_end_is_cut_and_told(tmp_path: Path) -> None:
    """Catches a parser that is given a whole book as one sentence, and a part that does not hold the actors."""
    long = ", ".join(["it rained on the hills and the roads were of no use"] * 400) + ", and so Peru accused Chile of spying"
    found = code_sentences(table(tmp_path / "a.tsv", [(long, "Peru", "Chile"), PLAIN[0][:3]]))
    assert [c.cut for c in found] == [True, False]
    assert found[0].root == "ACCUSE"


def test_without_actors_the_found_ones_are_taken(tmp_path: Path) -> None:
    """Catches an empty actor that stands for the whole sentence."""
    given, empty = code_sentences(table(tmp_path / "a.tsv", [PLAIN[3][:3], (PLAIN[3][0], "", "")]))
    assert (empty.source_found, empty.root) == (given.source_found, given.root)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "columns none"),
        ("sentence\tsource\nx\ty\n", "target not there"),
        ("sentence\tsource\ttarget\n", "no sentence"),
        ("sentence\tsource\ttarget\nPeru met Chile.\tPeru\n\ta\tb\n", r"(?s):2:1.*:3:1"),
        ("sentence\tsource\ttarget\n" + "x" * 1_000_001 + "\ta\tb\n", r"(?s):2:1.*more than 1,000,000 characters in a cell"),
    ],
)
def test_a_table_that_cannot_be_used_is_told(tmp_path: Path, content: str, said: str) -> None:
    """Catches rows that are left out, so that what is printed no longer goes with them."""
    (tmp_path / "a.tsv").write_text(content)
    with pytest.raises(InputError, match=said):
        code_sentences(tmp_path / "a.tsv")
