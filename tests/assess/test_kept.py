"""What plays come to is kept on the machine: the same answer with and without, numbers alone, and nothing that is not whole."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import detente as dt
from detente.assess import compared, kept
from detente.assess.assess import assess
from smallcases import measures, parties, swap

CASE = swap(parties(trust=0.8), measures(irreversible=0.2))
ASKED: dict[str, Any] = {"strategies": ["tit-for-tat", "wait-and-see"], "runs": 300, "crossings": 20, "cores": 1}


@pytest.fixture
def folder(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where entries go; few plays are worth keeping."""
    monkeypatch.setattr(kept, "_WORTH", 1)
    return cache_folder / "plays"


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that strategies are played out from now on."""
    begun: list[int] = []
    run = compared.run

    def counted(*asked: Any, **options: Any) -> Any:
        begun.append(1)
        return run(*asked, **options)

    monkeypatch.setattr(compared, "run", counted)
    return begun


def told(case: Any = CASE, **options: Any) -> str:
    return json.dumps(assess(dt.load(case), **{**ASKED, **options}).without_time(), sort_keys=True)


def test_the_same_with_and_without(folder: Path, played: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches figures that come out otherwise of what is kept, crossings among them, and plays that are made again."""
    with monkeypatch.context() as off:
        off.setenv("DETENTE_CACHE", "off")
        without = told()
    assert not folder.exists()
    assert len(played) == 1
    assert told() == without
    assert len(list(folder.iterdir())) == 2
    assert told() == without
    assert len(played) == 2


def test_every_part_of_the_question_counts(folder: Path) -> None:
    """Catches an answer to another question: another value, seed, number of plays, profile, strategy, width or certainty."""
    told(crossings=0)
    for options in (
        {"case": swap(parties(trust=0.81), measures(irreversible=0.2))},
        {"seed": 1},
        {"runs": 301},
        {"profile": "pam-34"},
        {"strategies": ["tit-for-tat", "all-at-once"] if dt.load(CASE).orders else ["graduated-reciprocation", "wait-and-see"]},
        {"widen": 1.3},
        {"likely": True},
    ):
        before = len(list(folder.iterdir()))
        told(crossings=0, **options)
        drawn = options.keys() & {"widen", "likely"}  # where nothing is uncertain these ask the same
        assert len(list(folder.iterdir())) == before + (not drawn), options


def test_nothing_of_the_case_stands_in_it(folder: Path) -> None:
    """Catches a name or a text of the case in what is kept: packed numbers under fixed words, and no more."""
    told()
    words = {"crossings", "collapse", "score", "no_deal", "value"}
    for file in folder.iterdir():
        entry = json.loads(file.read_text(encoding="utf-8"))
        assert set(entry) == {"arrays", "hash"}
        assert set(entry["arrays"]) & words
        for text in entry["arrays"].values():
            raw = zlib.decompress(base64.b64decode(text))
            assert len(raw) % 8 == 0
            assert "give" not in raw.decode("latin-1")
        assert "give" not in json.dumps(entry)
        assert "swap" not in file.name


def packed(sums: dict[str, str]) -> dict[str, Any]:
    """An entry whose hash fits."""
    return {"arrays": sums, "hash": hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()}


def longer(entry: dict[str, Any]) -> dict[str, Any]:
    raw = zlib.decompress(base64.b64decode(entry["arrays"]["score"])) + bytes(8)
    return packed({**entry["arrays"], "score": base64.b64encode(zlib.compress(raw)).decode()})


def other_number(entry: dict[str, Any]) -> dict[str, Any]:
    """One number is another one, and the hash is the old one."""
    text = base64.b64encode(zlib.compress(np.full(2, 9.0).tobytes())).decode()
    return {**entry, "arrays": {**entry["arrays"], "score": text}}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: [1, 2],
        lambda _: {},
        lambda e: {**e, "hash": "0"},
        lambda e: {**e, "arrays": dict.fromkeys(e["arrays"], 3)},
        lambda e: packed({k: v for k, v in e["arrays"].items() if k != "score"}),
        lambda e: packed({**e["arrays"], "score": "not packed"}),
        longer,
        other_number,
    ],
)
def test_what_is_damaged_is_made_anew(spoil: Callable[[dict[str, Any]], Any], folder: Path, played: list[int]) -> None:
    """Catches an answer from an entry that is cut short, of another form, or with another number in it."""
    first = told(crossings=0)
    (file,) = folder.iterdir()
    whole = file.read_text(encoding="utf-8")
    file.write_text(json.dumps(spoil(json.loads(whole))), encoding="utf-8")
    assert told(crossings=0) == first
    assert len(played) == 2
    assert file.read_text(encoding="utf-8") == whole


def test_what_is_off_the_disk_or_small_is_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a trace of a case from standard input, and a file for what is played in no time."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(CASE).encode())))
    told("-")
    monkeypatch.setattr(kept, "_WORTH", 1_000_000)
    told()
    assert not folder.exists()
