"""Delimited text as cells, each bound by its line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.base.delimited import delimited
from detente.errors import InputError


def test_rows_know_the_line_on_which_they_begin() -> None:
    """Would catch lines that are counted wrong after a cell of several lines, or a separator of lines that is none."""
    text = 'a,b\n"x\ny",2\n3,4\u2028\n\n5,6'
    assert list(delimited(text, "t")) == [(1, ["a", "b"]), (2, ["x\ny", "2"]), (4, ["3", "4\u2028"]), (5, []), (6, ["5", "6"])]


@pytest.mark.parametrize(
    ("limits", "text", "said"),
    [
        ("columns=3", "a,b\na,b,c,d\n", "t:2:1: more than 3 columns"),
        ("rows=3", "a\nb\nc\nd\n", "t:4:1: more than 3 rows"),
        ("cell=5", "a\nbbbbbbbb\n", "t:2:1: more than 5 characters in a cell"),
    ],
)
def test_each_bound_names_its_line(limits: str, text: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a bound that does not hold, or that does not say how to raise it."""
    monkeypatch.setenv("DETENTE_LIMITS", limits)
    with pytest.raises(InputError) as refused:
        list(delimited(text, "t"))
    assert said in str(refused.value)
    assert f"DETENTE_LIMITS={limits.split('=')[0]}=NUMBER" in str(refused.value)


def test_a_mark_that_is_left_open() -> None:
    """Would catch a traceback of the reader."""
    with pytest.raises(InputError, match="t:2:1: not a table"):
        list(delimited('a,b\n"c,d\n', "t", strict=True))


@given(st.text(alphabet='a,;"\n\r\t\0', max_size=60), st.booleans())
def test_any_text_ends_in_rows_or_in_a_message(text: str, strict: bool) -> None:
    """Would catch an error of Python's own."""
    with contextlib.suppress(InputError):
        list(delimited(text, "t", strict=strict))
