"""The class of an event by PLOVER, of a sentence whose two actors are marked: linear models, shipped with this package.

    root = argmax_c  w_c . x + b_c        penta = the quad class of the root: 1 verbal cooperation, 2 material cooperation,
                                          3 verbal conflict, 4 material conflict

x is that of `features`. There are two sets of weights: with grammar, and without for where no parser is installed. They are
whole numbers from -127 to 127 with a scale for each class. `share` is softmax of the scores times `sharpness`, which was fitted
on sentences held out in training: how often such a class was right.

The weights are in `classes.npz`; `benchmarks/train_read.py` makes them. They hold no sentence and no word. They were trained on
1,050 sentences of Hu and others (ACL 2024, snowood1/Zero-Shot-PLOVER), 161 gold records of PLOVER (openeventdata/PLOVER, CC
BY-SA 4.0) and the verb patterns of PETRARCH 2 (openeventdata/petrarch2, MIT).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from detente.read.features import BLOCKS, blocks, hashed

__all__ = ["Class", "Models", "bucketed", "classed", "models", "vector"]


@dataclass(frozen=True)
class Class:
    """A class of PLOVER. root : its name; penta : 1 to 4; share : how often such a class was right, 0 to 1."""

    root: str
    penta: int
    share: float


@dataclass(frozen=True)
class Models:
    """The weights. idf : (BUCKETS,); weights : by set, (BUCKETS, classes) whole numbers; scales, biases : (classes,)."""

    names: tuple[str, ...]
    idf: Any
    weights: Mapping[str, Any]
    scales: Mapping[str, Any]
    biases: Mapping[str, Any]
    sharpness: Mapping[str, float]


@cache
def models() -> Models:
    """The models as they are shipped."""
    import numpy as np

    with as_file(files("detente.read") / "classes.npz") as path, np.load(path, allow_pickle=False) as held:
        sets = ("grammar", "words")
        return Models(
            tuple(str(name) for name in held["names"]),
            held["idf"].astype(np.float64) * float(held["idf_scale"]),
            {s: held[f"{s}_weights"] for s in sets},
            {s: held[f"{s}_scales"].astype(np.float64) for s in sets},
            {s: held[f"{s}_biases"].astype(np.float64) for s in sets},
            {s: float(held[f"{s}_sharpness"]) for s in sets},
        )


def bucketed(counted: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[Any, Any]]:
    """The features of a sentence by block: buckets, and 1 + ln of the times."""
    import numpy as np

    held = {block: hashed(block, counted[block]) for block in BLOCKS}
    return {
        block: (np.fromiter(times, np.int64, len(times)), 1 + np.log(np.fromiter(times.values(), np.float64, len(times))))
        for block, times in held.items()
    }


def vector(bucketed: Mapping[str, tuple[Any, Any]], idf: Any, used: Sequence[str] = BLOCKS) -> tuple[Any, Any]:
    """x of a sentence: buckets and their numbers. used : the blocks that count."""
    import numpy as np

    places, numbers = [np.empty(0, np.int64)], [np.empty(0)]
    for at, times in (bucketed[block] for block in used):
        x = times * idf[at]
        if len(at):
            places.append(at)
            numbers.append(x / np.sqrt(x @ x))
    return np.concatenate(places), np.concatenate(numbers)


def classed(sentence: str, source: str, target: str, parsed: Any | None) -> Class:
    """The class of the event between two actors, as the sentence names them."""
    import numpy as np

    from detente.record.codes import PLOVER

    held = models()
    which = "words" if parsed is None else "grammar"
    places, numbers = vector(bucketed(blocks(sentence, source, target, parsed)), held.idf)
    scores = (numbers @ held.weights[which][places].astype(np.float64)) * held.scales[which] + held.biases[which]
    chances = np.exp(held.sharpness[which] * (scores - scores.max()))
    best = int(scores.argmax())
    root = held.names[best]
    return Class(root, PLOVER[root], float(chances[best] / chances.sum()))
