"""Two changes made from one text: both stand where they touch different entries, and neither is lost where they do not."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

import pytest

from detente.base.text import Reading, read_yaml
from detente.case.load import load
from detente.serve.store import editing
from detente.serve.store.merge import merged

BASE = """\
case: toy  # the slug
parties:
  us: {trust: 0.3}
  dprk:
    trust: 0.2  # a guess
    patience: 0.9
measures:
  - id: a
    value: 1
  - id: b
    value: 2
"""

OTHER = BASE.replace("0.3", "0.4")


def data(text: str) -> Any:
    return read_yaml(text, "text").data


def yaml(value: Any, indent: int = 0) -> str:
    """Plain data as block YAML, written here so that no writer of the project is trusted."""
    pad = "  " * indent
    lines = []
    for key, inner in value.items():
        lines.append(f"{pad}{key}:\n{yaml(inner, indent + 1)}" if isinstance(inner, dict) else f"{pad}{key}: {inner}\n")
    return "".join(lines)


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]


def put(value: Any, path: tuple[str, ...], entry: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = entry


def at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def tree(rng: random.Random, depth: int) -> Any:
    return {f"k{n}": tree(rng, depth - 1) if depth and rng.random() < 0.5 else n for n in range(rng.randint(2, 4))}


@pytest.mark.parametrize("seed", range(40))
def test_changes_of_different_entries_both_stand(seed: int) -> None:
    """Catches an entry that is dropped or taken from the wrong side; what should come out is put together entry by entry."""
    rng = random.Random(seed)
    base = tree(rng, 3)
    paths = leaves(base)
    rng.shuffle(paths)
    half = len(paths) // 2
    ours, theirs, wanted = deepcopy(base), deepcopy(base), deepcopy(base)
    for path in paths[: rng.randint(0, half)]:
        put(ours, path, 100)
        put(wanted, path, 100)
    for path in paths[half : half + rng.randint(0, len(paths) - half)]:
        put(theirs, path, 200)
        put(wanted, path, 200)
    text, clash = merged(yaml(base), yaml(ours), yaml(theirs))
    assert clash == ()
    assert text is not None
    assert data(text) == wanted


@pytest.mark.parametrize("seed", range(40))
def test_changes_of_one_entry_are_a_conflict_at_that_entry(seed: int) -> None:
    """Catches a silent overwrite, and a conflict that is told of the wrong place."""
    rng = random.Random(seed)
    base = tree(rng, 3)
    path = rng.choice(leaves(base))
    ours, theirs = deepcopy(base), deepcopy(base)
    put(ours, path, 100)
    put(theirs, path, 200)
    text, clash = merged(yaml(base), yaml(ours), yaml(theirs))
    assert text is None
    assert clash == (".".join(path),)
    put(theirs, path, 100)
    assert merged(yaml(base), yaml(ours), yaml(theirs))[0] == yaml(ours)  # the same change twice is no conflict


def test_a_change_below_what_the_other_removed_is_a_conflict() -> None:
    """Catches an entry that comes back, or vanishes, where one removes a block that the other changes inside."""
    removed = BASE.replace("  dprk:\n    trust: 0.2  # a guess\n    patience: 0.9\n", "")
    changed = BASE.replace("patience: 0.9", "patience: 0.5")
    for ours, theirs in ((removed, changed), (changed, removed)):
        text, clash = merged(BASE, ours, theirs)
        assert text is None
        assert any(path.startswith("parties.dprk") for path in clash)


def test_comments_and_layout_of_both_stay() -> None:
    """Catches a merge that writes the text anew."""
    ours = BASE.replace("# the slug", "# its slug").replace("value: 2", "value: 3")
    theirs = BASE.replace("trust: 0.2  # a guess", "trust: 0.25  # two people asked")
    text, clash = merged(BASE, ours, theirs)
    assert clash == ()
    assert text == ours.replace("trust: 0.2  # a guess", "trust: 0.25  # two people asked")


def test_neighbouring_lines_are_no_conflict() -> None:
    """Catches a merge that only knows lines: two entries of one party are two entries."""
    ours = BASE.replace("trust: 0.2", "trust: 0.4")
    theirs = BASE.replace("patience: 0.9", "patience: 0.5")
    text, clash = merged(BASE, ours, theirs)
    assert clash == ()
    assert text is not None
    assert "# a guess" in text
    assert (at(data(text), ("parties", "dprk"))) == data("{trust: 0.4, patience: 0.5}")


def test_two_comments_at_one_place_are_a_conflict() -> None:
    """Catches a comment that is lost because the values agree."""
    text, clash = merged(BASE, BASE.replace("a guess", "from an interview"), BASE.replace("a guess", "from a book"))
    assert text is None
    assert clash


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        (None, None, BASE, BASE),
        (None, BASE, BASE, BASE),
        (BASE, BASE, None, None),
        (BASE, None, BASE, None),
        (BASE, "case: [", BASE, "case: ["),
    ],
    ids=["new", "both new", "removed by the second", "removed by the first", "broken by the first"],
)
def test_what_only_one_has_changed_is_taken(base: str | None, ours: str | None, theirs: str | None, wanted: str | None) -> None:
    """Catches a merge that asks where there is nothing to ask, of a missing or broken text too."""
    text, clash = merged(base, ours, theirs)
    assert (text, clash) == (wanted, ())


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [(None, BASE, OTHER), (BASE, None, OTHER), (BASE, "case: [", OTHER), (BASE, OTHER, "case: a\ncase: b\n")],
    ids=["both new", "removed and changed", "broken and changed", "changed and a key twice"],
)  # fmt: skip
def test_what_cannot_be_merged_is_kept_apart(base: str | None, ours: str | None, theirs: str | None) -> None:
    """Catches a text that disappears where the other side has none, or none that can be read."""
    text, clash = merged(base, ours, theirs)
    assert text is None
    assert clash


def test_a_save_reads_each_new_text_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a save that reads a long text again for each thing it does with it: a tenth of a second a time, for everybody."""
    first, second = list(load("toy-exchange").measures)[:2]
    base, read = load("toy-exchange").text.replace("\n", "\n# once\n", 1), list[str]()
    editing.check("toy-exchange.yaml", base)

    def reads(text: str, source: str) -> Reading:
        read.append(text)
        return read_yaml(text, source)

    monkeypatch.setattr("detente.serve.store.merge.read_yaml", reads)
    monkeypatch.setattr("detente.case.edit.read_yaml", reads)
    ours, theirs = (editing.change("toy-exchange.yaml", base, {f"measures.{m}.title": "Once"}) for m in (first, second))
    editing.check("toy-exchange.yaml", ours)
    editing.check("toy-exchange.yaml", theirs)
    together, at_paths = editing.merge(base, ours, theirs, "toy-exchange.yaml")
    assert together
    assert not at_paths
    editing.check("toy-exchange.yaml", together)
    assert read == [ours, theirs, together]
