"""What the linear models look at in a sentence with two actors, as numbers.

Three blocks of features. With n(f) the times that f occurs in its block and idf(f) its weight from training,

    x(f) = (1 + ln n(f)) idf(f) / |the block|_2

    marked     the sentence with SRC and TGT in place of the actors: its words, and their pieces of 3 to 5 letters
    between    the same of the words between the two
    grammar    the verb that governs the source with its objects and prepositions, the path from source to target, the verb that
               governs the target; empty where no parser is installed

A feature is known by its hash alone, crc32 modulo `BUCKETS`, so that the models hold no words.

Sources: char n-grams within words as in scikit-learn's `char_wb`; feature hashing, Weinberger and others 2009.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from detente.read.words import word_set

__all__ = ["BLOCKS", "BUCKETS", "blocks", "hashed", "pieces", "place_of"]

BUCKETS = 1 << 17
BLOCKS = ("marked", "between", "grammar")
_WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[%$]")
_OBJECTS = word_set("xcomp ccomp dobj prep attr acomp advcl pobj prt oprd dative conj neg auxpass aux")


def place_of(sentence: str, actor: str) -> int:
    """Where an actor stands in a sentence; -1 if nowhere. Without regard to case where it is nowhere else."""
    at = sentence.find(actor)
    return at if at >= 0 else sentence.lower().find(actor.lower())


def blocks(sentence: str, source: str, target: str, parsed: Any | None) -> dict[str, Counter[str]]:
    """The features of a sentence by block. parsed : the sentence as spaCy parses it, or None."""
    a, b = place_of(sentence, source) if source else -1, place_of(sentence, target) if target else -1
    if source and source == target and a >= 0:
        b = sentence.find(target, a + 1)
    spans = [(x, x + len(actor), name) for x, actor, name in ((a, source, " SRC "), (b, target, " TGT ")) if x >= 0]
    marked, between = sentence, ""
    for start, end, name in sorted(spans, reverse=True):
        marked = marked[:start] + name + marked[end:]
    if len(spans) == 2:
        first, second = sorted(spans)
        between = sentence[first[1] : second[0]]
    return {
        "marked": pieces(marked),
        "between": pieces(between),
        "grammar": Counter() if parsed is None else Counter(_grammar(parsed, a, len(source), b, len(target))),
    }


def hashed(block: str, counts: Mapping[str, int]) -> dict[int, int]:
    """Times by bucket."""
    out: dict[int, int] = {}
    for name, n in counts.items():
        place = crc32(f"{block}\t{name}".encode()) % BUCKETS
        out[place] = out.get(place, 0) + n
    return out


def pieces(text: str) -> Counter[str]:
    """The pieces of a text's words, with how often each occurs."""
    out: Counter[str] = Counter()
    for word in _WORD.findall(text):
        word = word if word in ("SRC", "TGT") else word.lower()
        padded = f" {word} "
        for size in (3, 4, 5):
            if len(padded) <= size:
                out[padded] += 1
                break
            for n in range(len(padded) - size + 1):
                out[padded[n : n + size]] += 1
    return out


def _grammar(doc: Any, a: int, a_length: int, b: int, b_length: int) -> Iterator[str]:
    source, target = _head(doc, a, a_length), _head(doc, b, b_length)
    if source is not None:
        yield from _governed(source)
    if source is not None and target is not None:
        up, other = [source, *source.ancestors], [target, *target.ancestors]
        common = next((t for t in up if t in other), None)
        if common is not None:
            path = up[: up.index(common) + 1] + other[: other.index(common)]
            yield from (f"path={t.lemma_.lower()}" for t in path if t not in (source, target))
            if common.pos_ in ("VERB", "AUX", "NOUN"):
                yield f"lca={common.lemma_.lower()}"
    if target is not None:
        at = target
        while at.head.i != at.i:
            role, at = at.dep_, at.head
            if at.pos_ in ("VERB", "AUX"):
                yield from (f"tv={at.lemma_.lower()}", f"tv={at.lemma_.lower()}/{role}")
                break


def _governed(source: Any) -> Iterator[str]:
    """The verb that governs the source, what depends on it, and once more for the verb that completes it."""
    verb, role = source, "root"
    while verb.head.i != verb.i:
        role, verb = verb.dep_, verb.head
        if verb.pos_ in ("VERB", "AUX"):
            break
    yield from (f"sv={verb.lemma_.lower()}", f"sv={verb.lemma_.lower()}/{role}")
    for _ in range(2):
        lemma = verb.lemma_.lower()
        for child in verb.children:
            if child.dep_ not in _OBJECTS:
                continue
            yield from (f"{child.dep_}={child.lemma_.lower()}", f"{lemma}+{child.dep_}={child.lemma_.lower()}")
            if child.dep_ == "prep":
                yield from (f"pp={p.lemma_.lower()}" for p in child.children)
            elif child.dep_ in ("dobj", "attr"):
                yield from (f"om={p.lemma_.lower()}" for p in child.children if p.dep_ in ("amod", "compound", "prep", "acl"))
        verb = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp")), None)
        if verb is None:
            return


def _head(doc: Any, start: int, length: int) -> Any | None:
    if start < 0 or length == 0:
        return None
    span = doc.char_span(start, start + length, alignment_mode="expand")
    return span.root if span is not None and len(span) else None
