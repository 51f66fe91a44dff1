"""YAML as text: what is not YAML, and what would not end."""

from __future__ import annotations

import io
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.base.text import read_yaml
from detente.case.load import load, read_case
from detente.errors import CaseError

FARMS = (Path(__file__).parents[1] / "case" / "data" / "two-farms.yaml").read_text()
LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))

UNREADABLE = [
    ("", (0, 0), "empty: there is no case in it"),
    ("# only a comment\n", (0, 0), "empty"),
    ("- case: x\n", (1, 1), "got a list of 1, wanted a mapping that begins with `case: <slug>`"),
    ("just text", (1, 1), "got 'just text', wanted a mapping"),
    ("case: x\n\ttitle: y\n", (2, 1), "not YAML: found character '\\t'"),
    ("case: x\ntitle: a: b\n", (2, 9), "not YAML: mapping values are not allowed here"),
    ("case: x\ntitle: [a, b\n", (3, 1), "not YAML: expected ',' or ']'"),
    ("case: *x\n", (1, 7), "not YAML: found undefined alias 'x'"),
    ("case: x\n---\ncase: y\n", (2, 1), "not YAML: but found another document"),
    ("case: x\ntitle: a\x00b\n", (2, 9), "the character U+0000 is not allowed in YAML"),
    ("a: &a [*a]\n", (1, 4), "more than 40 levels"),
    ("[" * 5000, (1, 42), "more than 40 levels"),
    ("".join(" " * n + "a:\n" for n in range(800)), (41, 41), "more than 40 levels"),
    (LAUGHS, None, "more than 200,000 entries"),
]


@pytest.mark.parametrize(("text", "place", "message"), UNREADABLE, ids=[m[2][:30] for m in UNREADABLE])
def test_what_cannot_be_read(text: str, place: tuple[int, int] | None, message: str) -> None:
    """One clear message with its place; no traceback, no endless expansion, no half-read case."""
    with pytest.raises(CaseError) as err:
        read_case(text)
    (fault,) = err.value.faults
    assert message in fault.message
    assert place is None or (fault.line, fault.column) == place


def test_not_utf8_is_named_at_its_byte(tmp_path: Path) -> None:
    """A file in another encoding is not read as nonsense."""
    for content, place in ((b"case: x\ntitle: caf\xe9\n", (2, 11)), (b"\x80", (1, 1))):
        file = tmp_path / "two-farms.yaml"
        file.write_bytes(content)
        with pytest.raises(CaseError, match="not UTF-8") as err:
            load(file)
        assert (err.value.faults[0].line, err.value.faults[0].column) == place


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, an impossible name, an empty standard input: a message each."""
    with pytest.raises(CaseError, match="it is a folder"):
        load(tmp_path)
    with pytest.raises(CaseError, match=r"not the path of a file|no such file"):
        load("a\0b")
    with pytest.raises(CaseError, match="cannot be read"):
        load("x/" * 3000)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(CaseError, match=r"<stdin>.*empty"):
        load("-")


def test_yaml_1_2_and_exact_numbers() -> None:
    """`no` is Norway, 0.10 is a tenth, 1_000 a thousand, and a date stays text."""
    data = read_yaml("{a: no, b: 0.10, c: 1e-2, d: 0x1F, e: 2019-01-30, f: ~, g: True, h: '5', i: 012, on: 1}", "-").data
    wanted = {"a": "no", "b": Decimal("0.10"), "c": Decimal("0.01"), "d": "0x1F", "e": "2019-01-30", "f": None, "g": True}
    assert data == {**wanted, "h": "5", "i": 12, "on": 1}
    assert str(data["b"]) == "0.10"


def test_keys_given_twice_keep_the_first_and_are_all_told() -> None:
    """The usual YAML reader takes the last one without a word."""
    reading = read_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", "-")
    assert reading.data == {"a": 1, "b": {"c": 1}}
    assert [(f.line, f.column, f.key) for f in reading.faults] == [(2, 11, "b.c"), (3, 1, "a")]


def test_aliases_stand_for_what_they_name() -> None:
    """Two measures may share a block."""
    text = FARMS.replace("evidence: [d1]\n  share", "evidence: &e [d1]\n  share").replace(
        "firm: high, evidence: [d1]", "evidence: *e"
    )
    assert read_case(text).demands[0].evidence == ("d1",)


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["share-water", "east", "-small"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.data())
def test_junk_anywhere_is_a_case_error_or_a_case(data: st.DataObject) -> None:
    """Whatever stands in a place of the file, nothing but a CaseError comes out, and every fault has its place."""
    tree = read_yaml(FARMS, "-").data
    block, steps = tree, data.draw(st.integers(1, 5))
    for n in range(steps):
        keys = list(block) if isinstance(block, dict) else list(range(len(block)))
        key = data.draw(st.sampled_from(keys))
        if n == steps - 1 or not isinstance(block[key], dict | list) or not block[key]:
            block[key] = data.draw(junk)
            break
        block = block[key]
    try:
        load(plainly(tree))
    except CaseError as err:
        found = err
    else:
        return
    assert found.faults or "not plain data" in str(found)
    assert all(f.line >= 1 and f.column >= 1 and f.message for f in found.faults)


def plainly(tree: object) -> dict[str, object]:
    def convert(x: object) -> object:
        if isinstance(x, dict):
            return {k: convert(v) for k, v in x.items()}
        if isinstance(x, list):
            return [convert(v) for v in x]
        return float(x) if isinstance(x, Decimal) else x

    out = convert(tree)
    assert isinstance(out, dict)
    return out


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_text_is_a_case_error(text: str) -> None:
    """No text at all, however odd, ends in a traceback."""
    with pytest.raises(CaseError):
        read_case(text)


@settings(max_examples=40)
@given(st.integers(0, len(FARMS) - 1), st.sampled_from(list(":{}[]-\n\t \"'&*#|>%@`,?!~0aé\u2028\ufeff")))
def test_one_character_more_is_a_case_error_or_a_case(at: int, character: str) -> None:
    """A slip of the finger anywhere in a good file."""
    try:
        read_case(FARMS[:at] + character + FARMS[at:])
    except CaseError as err:
        found = err
    else:
        return
    assert found.faults


MANY = 20_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FARMS + "title: again\n" * MANY, "given twice"),
        (FARMS + "".join(f"titel{n}: x\n" for n in range(MANY)), "unknown key"),
    ],
    ids=["equal keys", "unknown keys"],
)
def test_faults_by_the_thousand(text: str, message: str) -> None:
    """Catches time that grows with the square of the faults, and a message that fills the screen."""
    begun = time.process_time()
    with pytest.raises(CaseError) as err:
        read_case(text)
    assert time.process_time() - begun < 5
    assert sum(message in f.message for f in err.value.faults) == MANY
    assert len(str(err.value).splitlines()) == 52


TAGGED = ["!!int abc", "!!binary aGk=", "!!python/object/apply:os.system [x]", "!thing x", "!!bool maybe", "!!set {a}"]


@pytest.mark.parametrize("tagged", TAGGED)
def test_a_tag_makes_nothing(tagged: str) -> None:
    """Catches a tag that is obeyed, or passed over in silence with what it was to mean."""
    with pytest.raises(CaseError) as err:
        read_case(FARMS.replace("title: Two farms at one well", f"title: {tagged}"))
    assert any("under the tag" in f.message for f in err.value.faults)


def test_numbers_without_end() -> None:
    """Python refuses to read or write whole numbers of thousands of digits: a fault, not a ValueError."""
    for number in ("1" + "0" * 100_000, "1" + "0" * 4000, "1e999999999", "1e99999999999999999999"):
        with pytest.raises(CaseError) as err:
            read_case(FARMS.replace("count: 6}", f"count: {number}}}"))
        assert err.value.faults[0].key == "phases.count"
        assert len(str(err.value)) < 1000
    with pytest.raises(CaseError, match="not plain data"):
        load({"case": 10**5000})


def test_python_data_without_end() -> None:
    """Catches a RecursionError: data that holds itself, data a thousand levels deep, lists of the same list."""
    loop: dict[str, object] = {}
    loop["case"] = loop
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    wide: list[object] = ["x"]
    for _ in range(30):
        wide = [wide] * 10
    for data in (loop, {"case": deep}, {"case": wide}):
        with pytest.raises(CaseError, match=r"more than|nested too deeply"):
            load(data)


def test_bounds_can_be_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a bound of which the message says that it can be raised, and which cannot."""
    text = "a: " + "[" * 50 + "]" * 50
    with pytest.raises(CaseError, match="DETENTE_LIMITS=depth=NUMBER"):
        read_yaml(text, "-")
    monkeypatch.setenv("DETENTE_LIMITS", "depth=60")
    assert read_yaml(text, "-").data
    monkeypatch.setenv("DETENTE_LIMITS", "bytes=10")
    with pytest.raises(CaseError, match="more than 10 bytes"):
        read_yaml(text, "-")


def test_a_device_is_read_to_the_bound() -> None:
    """Catches a read that would not end."""
    with pytest.raises(CaseError, match="more than 8,000,000 bytes"):
        load("/dev/zero")


def test_tabs_are_white_space_before_a_comment_and_at_the_end() -> None:
    """YAML allows them there; as an indentation it does not."""
    assert read_yaml("a: b\t# c\t\nd:\t\n  - e\t\n", "-").data == {"a": "b", "d": ["e"]}


def test_tabs_are_white_space_between_a_key_and_its_value() -> None:
    """As editors align them. Would catch a valid file refused, and an indentation by a tab let through."""
    assert read_yaml("a:\tb\nc: \t 'd'\ne:\t{f: 1}\ng:\t|\n  h\n", "-").data == {
        "a": "b", "c": "d", "e": {"f": 1}, "g": "h\n",
    }  # fmt: skip
    for text in ("a:\n\tb: 1\n", "a:\t- b\n", "a:\tb: c\n"):
        with pytest.raises(CaseError, match="not YAML"):
            read_yaml(text, "-")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters(encoding: str, tmp_path: Path) -> None:
    """YAML and JSON may be in UTF-16 and UTF-32, and some editors save them so."""
    (tmp_path / "two-farms.yaml").write_bytes(FARMS.encode(encoding))
    assert load(str(tmp_path / "two-farms.yaml")).title == read_case(FARMS).title
