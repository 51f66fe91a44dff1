"""Out again: round trips, comments, changed entries, atomic writing."""

from __future__ import annotations

import copy
import datetime
import difflib
import io
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from detente.base.atomic import write_atomic
from detente.base.legible import is_blank, steering
from detente.base.text import read_yaml
from detente.case.edit import _with, changed
from detente.case.load import load, read_case, save
from detente.case.value import Value
from detente.errors import CaseError, OutputError

FARMS = Path(__file__).parent / "data" / "two-farms.yaml"

numbers = st.integers(-9999, 9999).map(lambda n: n / 100)
ranges = st.lists(numbers, min_size=3, max_size=3).map(sorted)
values = st.one_of(numbers, ranges, st.sampled_from(["low-grade", "-low-grade"]))
losses = st.one_of(numbers.map(abs), ranges.map(lambda r: sorted(map(abs, r))))
shares = st.integers(1, 99).map(lambda n: n / 100)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: not steering(text) and not is_blank(text)
)


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """A case file with every block, as plain data."""
    parties = ["i", "j", "k-3"][: draw(st.integers(2, 3))]
    measures = [f"m{n}" for n in range(draw(st.integers(1, 5)))]
    some = st.lists(st.sampled_from(measures), min_size=1, unique=True)

    def measure(n: int) -> dict[str, Any]:
        earlier = measures[:n]
        requires = st.sampled_from(earlier) | st.fixed_dictionaries(
            {"any": st.lists(st.sampled_from(earlier), min_size=1, unique=True)}, optional={"after": st.integers(0, 2)}
        )
        optional: dict[str, st.SearchStrategy[Any]] = {
            "once": st.dictionaries(st.sampled_from(parties), values),
            "irreversible": shares,
            "lag": st.integers(1, 4),
            "signal": st.integers(100, 9999).map(lambda n: n / 100),
            "slices": st.integers(1, 4),
            "window": st.just({"not_before": 1, "not_after": 999}),
            "class": st.sampled_from(["works", "pledge", "inspection"]),
            "needs": st.just(
                [{"id": "c", "by": "Board", "chance": [0.1, 0.2, 0.9], "again": 1}, {"id": "d", "by": "J", "chance": 1}]
            ),
            "evidence": st.just(["e1"]),
        }
        if earlier:
            optional["requires"] = st.lists(requires, max_size=2)
        by = st.sampled_from(parties) | st.lists(st.sampled_from(parties), min_size=1, unique=True)
        value = st.dictionaries(st.sampled_from(parties), values).map(lambda v: {**v, parties[0]: 0.25})
        fixed = {"title": texts, "by": by, "kind": st.sampled_from(["contact", "other"]), "value": value}
        return draw(st.fixed_dictionaries(fixed, optional=optional))

    provision = {"id": "p", "title": "P", "measures": draw(some)}
    demand = {"id": "d", "by": parties[0], "first": ["m0"], "before": measures[1:], "firm": "low", "standing": True}
    demand |= {"reading": {parties[1]: ["m0"]}} if draw(st.booleans()) else {}
    governments = {"every": 4, "first": 0, "chance": 0.5, "value": {"m0": draw(values)}, "undoes": draw(shares)}
    acts = {m: measure(n) for n, m in enumerate(measures)}
    own = {
        i: [m for m, spec in acts.items() if i in ([spec["by"]] if isinstance(spec["by"], str) else spec["by"])]
        for i in parties
    }
    answers = [
        {"if": m, "by": i, "holds": own[i], "chance": 0.5} for i in parties for m in measures if own[i] and m not in own[i]
    ]
    return {
        "case": "drawn",
        "title": draw(texts),
        "as_of": draw(st.dates(max_value=datetime.date(2100, 1, 1))).isoformat(),
        "phases": {"length": "1 month", "count": draw(st.integers(20, 60))},
        "grades": {"low-grade": draw(ranges)},
        "parties": {
            i: {
                "name": f"{draw(texts)} {i}",
                "discount": draw(shares),
                "stalemate": draw(values),
                "breakdown": draw(losses),
                "trust": {j: draw(shares) for j in parties if j != i},
                "governments": governments,
            }
            for i in parties
        },
        "measures": acts,
        "demands": [demand] if measures[1:] else [],
        "agreements": {"a": {"title": draw(texts), "date": "2018-06-12", "provisions": [provision]}},
        "orders": [{"id": "o", "by": parties, "title": draw(texts), "steps": [[], draw(some)]}],
        "answers": answers,
        "ranges": {"confidence": draw(shares)},
        "risks": [
            {"id": "s", "kind": "shock", "by": parties[1], "chance": draw(shares), "ratio": 0.5},
            {"id": "g", "kind": "government", "party": parties[0], "at": 3, "chance": 1, "value": {"m0": draw(values)}},
            {"id": "f", "kind": "performance", "of": draw(some), "fails": draw(shares), "late": draw(losses)},
        ],
        "supports": [
            {"id": "v", "title": draw(texts), "of": draw(some), "lag": 1, "cost": {parties[0]: draw(losses)}},
            {"id": "w", "title": draw(texts), "of": ["m0"], "signal": 2, "value": {parties[1]: [0.1, 0.2, 0.3]}},
            {"id": "x", "title": draw(texts), "of": ["m0"], "slices": 96, "party": parties[0], "breakdown": draw(losses)},
        ],
        "sources": {"s": {"title": draw(texts), "date": "2019-01"}},
        "evidence": {"e1": {"source": "s", "says": draw(texts)}},
    }


@settings(max_examples=30)
@given(files())
def test_load_dump_load_is_the_same_case(data: dict[str, Any]) -> None:
    """Every block survives the way out and in again: values, grades, single names and lists of names."""
    case = load(data)
    assert read_case(case.text) == case
    again = load(case.model_dump(exclude_unset=True))
    assert again == case
    assert again.instance == case.instance


def test_save_keeps_every_comment_and_the_mode(tmp_path: Path) -> None:
    """What was loaded is saved as it stood; an existing file keeps its mode and its link."""
    target, link = tmp_path / "kept" / "two-farms.yaml", tmp_path / "two-farms.yaml"
    target.parent.mkdir()
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    case = load(FARMS)
    save(case, link)
    assert target.read_bytes() == FARMS.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert load(link) == case
    assert sorted(p.name for p in target.parent.iterdir()) == ["two-farms.yaml"]


def test_save_only_under_its_own_name(tmp_path: Path) -> None:
    """Under another name the file could not be loaded again."""
    with pytest.raises(OutputError, match=r"saved under its own name, two-farms \(choose .*two-farms\.yaml\)"):
        save(load(FARMS), tmp_path / "farms.yaml")
    assert not list(tmp_path.iterdir())


def test_changed_entries_leave_the_rest_as_it_was(tmp_path: Path) -> None:
    """Comments, order and the way numbers are written stay; the original is untouched; what comes out is checked."""
    case = load(FARMS)
    other = changed(
        case, {"parties.east.trust.west": 0.3, "demands[0].firm": "low", "measures.meet.once.west": Value.of([1, 2, 3])}
    )
    assert other.parties["east"].trust["west"].likely * 10 == 3
    assert other.demands[0].firm == "low"
    assert other.measures["meet"].once["west"].text == "[1, 2, 3]"
    assert case.demands[0].firm == "high"
    assert "# a verbal scale" in other.text
    assert "# Two invented farms that share a well." in other.text
    assert "discount: 0.90" in other.text
    save(other, tmp_path / "two-farms.yaml")
    assert load(tmp_path / "two-farms.yaml") == other
    with pytest.raises(CaseError, match=r"parties\.east\.trust\.west: got 3"):
        changed(case, {"parties.east.trust.west": 3})
    for nowhere in ("partys.east.name", "demands[7].firm", "title.of.it", "demands[x]"):
        with pytest.raises(CaseError, match="leads nowhere"):
            changed(case, {nowhere: "x"})


class TestWriteAtomic:
    """The old state or the new one, and a clear word where nothing can be written."""

    def test_a_failure_leaves_the_old_file_and_no_litter(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As if the process was killed between writing and renaming."""
        file = tmp_path / "x"
        file.write_text("old")

        def killed(_: int) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(os, "fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            write_atomic(file, "new")
        assert file.read_text() == "old"
        assert list(tmp_path.iterdir()) == [file]

    def test_a_new_file_has_the_usual_mode(self, tmp_path: Path) -> None:
        """A temporary file is private; a result is not."""
        write_atomic(tmp_path / "x", b"\x00new")
        usual = tmp_path / "usual"
        usual.touch()
        assert (tmp_path / "x").read_bytes() == b"\x00new"
        assert (tmp_path / "x").stat().st_mode == usual.stat().st_mode

    @pytest.mark.parametrize(
        ("place", "message"), [("absent/x", "create the folder first"), (".", "a folder"), ("a" * 300, "choose another")]
    )
    def test_unwritable_places(self, tmp_path: Path, place: str, message: str) -> None:
        """One message with a next step, whatever is in the way."""
        with pytest.raises(OutputError, match=message) as err:
            write_atomic(tmp_path / place, "x")
        assert "cannot be written" in str(err.value)

    def test_no_name_and_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Catches a fault of ours in place of a next step, and a next step that is no place for a case."""
        monkeypatch.chdir(tmp_path)
        with pytest.raises(OutputError, match="'': cannot be written: it is a folder"):
            write_atomic("", "x")
        for place, hint in ((".", "toy-exchange.yaml"), ("", "toy-exchange.yaml"), (tmp_path, f"{tmp_path}/toy-exchange.yaml")):
            with pytest.raises(OutputError, match=re.escape(f"(choose {hint})")):
                save(load("toy-exchange"), place)

    def test_a_pipe_is_written_to(self, tmp_path: Path) -> None:
        """Renaming over /dev/stdout or a pipe would replace it by a file."""
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        write_atomic(pipe, "text")
        assert os.read(reader, 10) == b"text"
        os.close(reader)
        assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        ({"parties.us.trust.dprk": [0.1, 0.2, 0.3]}, 1),
        ({"demands[0].firm": "low"}, 1),
        ({"title": 'A: title, with # and "marks"'}, 1),
        ({"measures.tourism.lag": 2, "parties.dprk.stalemate": -0.25}, 2),
        ({"evidence.a-new-one": {"source": "judgement", "says": "It was said, once: [so]."}}, 1),
    ],
)
def test_a_changed_entry_leaves_every_other_line(entries: Mapping[str, Any], lines: int) -> None:
    """Catches an editor that breaks the lines of a whole file anew, so that git shows hundreds of changes for one number."""
    case = load("us-dprk-2019")
    after = changed(case, entries)
    diff = [x for x in difflib.ndiff(case.text.splitlines(), after.text.splitlines()) if x[0] in "-+"]
    assert sum(x[0] == "+" for x in diff) == lines
    assert sum(x[0] == "-" for x in diff) <= lines


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_put_into_a_text_is_what_was_asked_for(data: st.DataObject) -> None:
    """Catches an entry that lands elsewhere, changes another, or is not what was given, however the text is written."""
    scalars = st.one_of(
        st.integers(-9, 9), st.sampled_from(["x", "a: b", "it's", '"', "# no", "1", "null", "- y", "é", "~", "", "[z"])
    )
    flows = st.one_of(scalars, st.lists(scalars, max_size=3), st.dictionaries(st.sampled_from("pqr"), scalars, max_size=2))
    plain = data.draw(
        st.dictionaries(st.sampled_from("abcd"), st.one_of(flows, st.dictionaries(st.sampled_from("ef"), flows)), min_size=1)
    )
    document = YAML()
    document.default_flow_style = data.draw(st.sampled_from([None, False, True]))
    stream = io.StringIO()
    document.dump(plain, stream)
    text = "# a comment\n" + stream.getvalue() + data.draw(st.sampled_from(["", "\n# the end\n"]))
    key = data.draw(st.sampled_from(sorted(plain)))
    inner = sorted(plain[key]) if isinstance(plain[key], dict) and plain[key] else []
    path = (
        f"{key}.{data.draw(st.sampled_from(inner))}"
        if inner and data.draw(st.booleans())
        else data.draw(st.sampled_from([key, "new"]))
    )
    entry = data.draw(flows)
    expected = copy.deepcopy(plain)
    if "." in path:
        expected[path[0]][path[2]] = entry
    else:
        expected[path] = entry
    found, reading = _with(text, read_yaml(text, "text"), {path: entry}, "text")
    assert YAML(typ="safe").load(found) == expected
    assert reading == read_yaml(found, "text")
    assert "# a comment" in found


def test_many_entries_leave_every_other_line() -> None:
    """Catches entries that move each other out of their places: in one block, in a block that is new, in each other, twice the
    same, and at the ends of two blocks that end together."""
    case = load("us-dprk-2019")
    last = list(case.parties)[-1]
    entries: dict[str, object] = {
        "evidence.a": {"source": "judgement", "says": "so"},
        "evidence.b": {"source": "judgement", "says": "so"},
        "evidence.a.says": "not so",
        f"parties.{last}.trust.somebody": 0.5,
        f"parties.{last}.extra": 1,
        "parties.somebody": {"name": "A"},
        "title": "A longer title than it was",
        "demands[0].firm": "low",
    }
    text, reading = _with(case.text, case._origin.reading, entries, "text")
    diff = [x for x in difflib.ndiff(case.text.splitlines(), text.splitlines()) if x[0] in "-+"]
    assert sum(x[0] == "+" for x in diff) == 7  # a, b, extra and somebody are new; trust, title and firm are others
    assert sum(x[0] == "-" for x in diff) == 3
    assert reading.data["evidence"]["a"] == {"source": "judgement", "says": "not so"}
    assert (reading.data["parties"][last]["extra"], reading.data["parties"]["somebody"]) == (1, {"name": "A"})
    assert reading == read_yaml(text, "text")


def test_an_entry_that_stands_for_another_is_changed_where_it_stands() -> None:
    """Catches a file that is written anew, its layout lost, for an entry of a block that an alias repeats."""
    text = "a: &x   # the first\n  k:  1\n  l:   2\nb: *x\n"
    found, reading = _with(text, read_yaml(text, "text"), {"b.k": 3}, "text")
    assert found == text.replace("k:  1", "k:  3")
    assert reading.data == {"a": {"k": 3, "l": 2}, "b": {"k": 3, "l": 2}}
