"""What asking has worked out about a case, kept in a file beside the answers, so that the next question comes at once.

    CASE.ask.npz    the candidates, what they are worth in a drawn world, and the worlds drawn from the case

It belongs to one case file, profile, objective, seed and program, whose hash it holds (`base.cache`); where that is another
one, or the file is not what it should be, all is worked out anew, with a word. It is read as numbers and text only: nothing in
it can run. It is no entry of that cache, which may go at any time: after `--replan` it rests on the answers of that day.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.ask.candidates import Candidate, Played
from detente.ask.profile import AskProfile
from detente.ask.surrogate import Surrogate
from detente.base.atomic import write_atomic
from detente.base.cache import key_of as hash_of
from detente.base.json import read_json
from detente.case.draws.widen import wider
from detente.errors import OutputError

if TYPE_CHECKING:
    from detente.assess.profile import PlayProfile
    from detente.case.case import Case

__all__ = ["Kept", "key_of", "read_kept", "write_kept"]

_MODEL = ("centre", "scale", "low", "high", "mean", "linear", "square", "pairs", "cross")


@dataclass(frozen=True)
class Kept:
    """worlds : (M, Q), of the case without answers. under : how many answers stood when the candidates were found."""

    played: Played
    worlds: NDArray[np.float64]
    under: int


def key_of(case: Case, profile: AskProfile, plays: PlayProfile, objective: str, seed: int) -> str:
    """What the file is about, as a hash."""
    own = {key: profile[key] for key in ("worlds", "plays", "wider", "most_candidates")}  # the rest acts later
    return hash_of([case.text, own, wider(), {k: plays[k] for k in plays.values}, objective, seed])


def write_kept(path: Path, key: str, kept: Kept) -> None:
    """Raises OutputError if the place cannot be written to."""
    p, out = kept.played, io.BytesIO()
    about = {
        "key": key,
        "candidates": [asdict(c) for c in p.candidates],
        "names": list(p.names),
        "plays": p.plays,
        "under": kept.under,
    }
    model: dict[str, Any] = {name: getattr(p.surrogate, name) for name in _MODEL}
    np.savez(out, about=np.array(json.dumps(about)), worlds=kept.worlds, **model)
    write_atomic(path, out.getvalue())


def read_kept(path: Path, key: str, quantities: int) -> Kept:
    """What the file holds. quantities : how many the case has.

    Raises
    ------
    OutputError
        If it is about something else or cannot be used; says why.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in (*_MODEL, "worlds", "about")}
        about = read_json(str(found["about"]), str(path))
        if about["key"] != key:
            raise OutputError("it belongs to another state of the case, the profile or the program", source=str(path))
        return _checked(found, about, quantities)
    except OutputError:
        raise
    except Exception as err:  # whatever somebody's file holds
        raise OutputError(f"it cannot be read ({type(err).__name__})", source=str(path)) from None


def _checked(found: Mapping[str, Any], about: Mapping[str, Any], quantities: int) -> Kept:
    arrays: dict[str, Any] = {
        name: np.asarray(x, dtype=np.int64 if name == "pairs" else np.float64) for name, x in found.items() if name != "about"
    }
    candidates = tuple(Candidate(**c) for c in about["candidates"])
    names = tuple(map(str, about["names"]))
    Q, C, P, K, M = len(names), len(candidates), arrays["mean"].shape[-1], len(arrays["pairs"]), len(arrays["worlds"])
    form: dict[str, tuple[int, ...]] = {"mean": (C, P), "pairs": (K, 2), "cross": (K, C, P), "worlds": (M, quantities)}
    form |= dict.fromkeys(("linear", "square"), (Q, C, P)) | dict.fromkeys(("centre", "scale", "low", "high"), (Q,))
    right = M > 0 and all(x.shape == form[name] and np.isfinite(x).all() for name, x in arrays.items())
    right = right and bool((arrays["scale"] > 0).all()) and bool(((arrays["pairs"] >= 0) & (arrays["pairs"] < Q)).all())
    if not right:
        raise OutputError("it does not hold what it should")
    worlds = arrays.pop("worlds")
    return Kept(Played(candidates, names, Surrogate(**arrays), int(about["plays"])), worlds, int(about["under"]))
