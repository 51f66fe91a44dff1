"""What plays come to, worked out once on a machine: the same case, profile, strategies, plays and program give the same sums.

What is kept (`base.cache`) is arrays of numbers under the fixed words of `tally`, packed, with a hash of them; a file is named
by a hash of the whole question. Read back, their names, types and shapes have to be those of one play made now, and the hash
has to fit; else it is played again. Of a case from standard input or a pipe nothing is kept, nor of so few plays that it would
not be worth a file.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.assess.layout import Script
from detente.assess.profile import PlayProfile
from detente.assess.tally import Sums
from detente.base.cache import key_of, recall, remember
from detente.case.case import Case

if TYPE_CHECKING:
    from detente.case.draws.draw import Uncertainty

__all__ = ["question", "summed_once"]

_KIND = "plays"
_WORTH = 20_000  # plays of a strategy, times strategies, from which on they are kept


def question(
    case: Case, profile: PlayProfile, scripts: Sequence[Script], uncertain: Uncertainty | None, runs: int, *asked: object
) -> str | None:
    """The hash of all that plays depend on; None: nothing of it is kept. asked : plain data, besides."""
    if case.is_private or runs * len(scripts) < _WORTH:
        return None
    judged = {k: repr(e) for k, e in profile.values.items()}
    played = [[x.tolist() if isinstance(x, np.ndarray) else x for x in script] for script in scripts]
    drawn = None if uncertain is None else str(uncertain.spans.widen)
    return key_of((case.text, case.model_dump_json(), repr(case.instance), judged, played, drawn, runs, *asked))


def summed_once(key: str | None, like: Callable[[], Sums], work: Callable[[], Sums]) -> Sums:
    """The sums of a question, by `work` or as they came out of that before. like : sums of the same form."""
    if key is None:
        return work()
    known = _unpacked(recall(_KIND, key), like)
    if known is not None:
        return known
    found = work()
    packed = {name: _packed(x) for name, x in found.items()}
    remember(_KIND, key, {"sums": packed, "hash": _hash(packed)})
    return found


def _packed(x: NDArray[np.float64]) -> str:
    return base64.b64encode(zlib.compress(np.ascontiguousarray(x).tobytes(), 1)).decode()


def _hash(packed: Mapping[str, str]) -> str:
    told = "\n".join(f"{name} {text}" for name, text in sorted(packed.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def _unpacked(entry: object, like: Callable[[], Sums]) -> Sums | None:
    """What is kept, if it is whole and of the right form."""
    packed = entry.get("sums") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(packed, dict) or not all(isinstance(x, str) for x in packed.values()):
        return None
    if entry.get("hash") != _hash(packed):
        return None
    form, out = like(), dict[str, NDArray[np.float64]]()
    if list(form) != list(packed):
        return None
    for name, x in form.items():
        try:
            raw = zlib.decompressobj().decompress(base64.b64decode(packed[name]), x.nbytes + 1)
        except (ValueError, zlib.error):
            return None
        if len(raw) != x.nbytes:
            return None
        out[name] = np.frombuffer(raw, dtype=x.dtype).reshape(x.shape).copy()
    return out
