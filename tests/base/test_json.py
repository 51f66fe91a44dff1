"""JSON, strictly, within bounds, and never with an error of somebody else's."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.base.json import read_json
from detente.errors import InputError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_sound_is_read_as_it_is(value: Any) -> None:
    """Would catch strictness that changes or refuses what is sound."""
    assert read_json(json.dumps(value), "x") == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x:1:1: not JSON"),
        ('{"a": 1,\n "b": }', "x:2:7: not JSON"),
        ('{"a": 1, "a": 2}', "key a is given twice"),
        ("[NaN]", "got NaN"),
        ("[-Infinity]", "got -Infinity"),
        ("[1e999]", "too large"),
        ("[-1e999]", "too large"),
        ("9" * 100_000, "100,000 digits"),
        ("[" * 100_000, "nested too deeply"),
        ("[" * 60 + "]" * 60, "more than 40 levels"),
        ("[" + "0," * 300_000 + "0]", "more than 200,000 entries"),
    ],
)
def test_what_is_not(text: str, said: str) -> None:
    """Would catch a key that overrules another in silence, a number that is none, and a traceback."""
    with pytest.raises(InputError) as refused:
        read_json(text, "x")
    assert said in str(refused.value)


def test_half_a_character() -> None:
    """Would catch text that can be neither written nor shown; a whole character in two halves stays whole."""
    assert read_json('["a\\ud800b", "\\ud83d\\ude00"]', "x") == ["a?b", "\U0001f600"]
    read_json('{"\\udfff": 1}', "x")


@given(st.text(alphabet='[]{}",:0123456789.eE+-truefalsn\\u \n', max_size=80))
def test_any_text_ends_in_data_or_in_a_message(text: str) -> None:
    """Would catch an error of Python's own."""
    with contextlib.suppress(InputError):
        read_json(text, "x")


def test_a_million_keys_take_a_moment() -> None:
    """Would catch a time that grows with the square of the keys."""
    begun = time.monotonic()
    read_json(json.dumps({str(n): n for n in range(150_000)}), "x")
    assert time.monotonic() - begun < 5
