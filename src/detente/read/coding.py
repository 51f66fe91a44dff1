"""Events between two actors, sentence by sentence: a table of sentences to PLOVER classes, and the actors that the coder finds.

The table has the columns sentence, source, target, parted by tabs. Where a parser is installed the actors found are those of
the grammar: source the subject of the main verb (what "by" names in the passive), or of the verb that is reported; target its
object, else that of the verb which completes it, else what a preposition adds. Without one: the first name and the next one
that stands for somebody else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.bounds import name_of, read_text
from detente.errors import Fault, InputError
from detente.read.actors import gazetteer, mentions
from detente.read.classes import classed
from detente.read.features import place_of
from detente.read.grammar import grammar
from detente.read.words import word_set

__all__ = ["Coded", "code_sentences", "found_actors", "parsed"]

_SAYS = word_set("say tell announce report add state note claim declare quote confirm explain")
_TOWARD = ("against", "with", "to", "on", "from", "for", "of", "over", "in", "at", "into", "about", "between", "by")
_COLUMNS = ("sentence", "source", "target")


@dataclass(frozen=True)
class Coded:
    """A sentence coded.

    root, penta : with the actors given; the found ones as the coder finds them, None where it finds none.
    """

    root: str
    penta: int
    source_found: str | None
    target_found: str | None

    def to_dict(self) -> dict[str, object]:
        return {"root": self.root, "penta": self.penta, "source_found": self.source_found, "target_found": self.target_found}


def code_sentences(path: str | Path | Any) -> list[Coded]:
    """Every sentence of a table, in order.

    Raises
    ------
    InputError
        If the table cannot be read, with every row that is not complete.
    """
    rows = _rows(path)
    sentences = [row["sentence"] for row in rows]
    known = gazetteer()
    out = []
    for row, doc in zip(rows, parsed(sentences), strict=True):
        sentence, source, target = row["sentence"], row["source"], row["target"]
        found = found_actors(sentence, doc, known)
        source = source if place_of(sentence, source) >= 0 else found[0] or source
        target = target if place_of(sentence, target) >= 0 else found[1] or target
        kind = classed(sentence, source, target, doc)
        out.append(Coded(kind.root, kind.penta, *found))
    return out


def _rows(path: str | Path | Any) -> list[dict[str, str]]:
    called = name_of(path)
    lines = read_text(path, name="table-bytes", what="table").splitlines()
    head = lines[0].split("\t") if lines else []
    missing = [name for name in _COLUMNS if name not in head]
    if missing:
        raise InputError(
            f"{called}: got the columns {', '.join(head) or 'none'}, wanted sentence, source and target, parted by tabs "
            f"({', '.join(missing)} not there)",
            source=called,
        )
    rows, faults = list[dict[str, str]](), list[Fault]()
    for n, cells in enumerate(csv.reader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        if not cells:
            continue
        row = dict(zip(head, cells, strict=False))
        if len(cells) < len(head) or not row["sentence"].strip():
            faults.append(Fault(n, 1, "", f"got {len(cells)} cells, wanted {len(head)} with a sentence", "part them by tabs"))
        rows.append({name: row.get(name, "").strip() for name in _COLUMNS})
    if faults or not rows:
        message = (
            f"{called}: cannot be read as a table of sentences"
            if faults
            else f"{called}: no sentence in it (give at least one row)"
        )
        raise InputError(message, source=called, faults=faults)
    return rows


def parsed(sentences: Sequence[str]) -> Iterator[Any | None]:
    """Each sentence as the parser has it; None each where none is installed."""
    pipeline = grammar()
    if pipeline is None:
        yield from (None for _ in sentences)
    else:
        yield from pipeline.pipe(sentences, batch_size=64)


def found_actors(sentence: str, doc: Any | None, known: Any) -> tuple[str | None, str | None]:
    """Source and target, as the sentence has them."""
    if doc is not None:
        found = _by_grammar(doc)
        if found[0] and found[1]:
            return found
        rest = _by_names(sentence, known, found[0])
        return found[0] or rest[0], found[1] or rest[1]
    return _by_names(sentence, known, None)


def _by_names(sentence: str, known: Any, source: str | None) -> tuple[str | None, str | None]:
    named = mentions(sentence, known)
    first = next((m for m in named if source is None or sentence[m.start : m.end] not in source), None)
    if source is not None:
        return source, sentence[first.start : first.end] if first else None
    second = next((m for m in named if first is not None and m.start > first.end and m.party != first.party), None)
    return (sentence[first.start : first.end] if first else None, sentence[second.start : second.end] if second else None)


def _by_grammar(doc: Any) -> tuple[str | None, str | None]:
    root = next((t for t in doc if t.head.i == t.i and t.pos_ in ("VERB", "AUX")), None) or next(
        (t for t in doc if t.head.i == t.i), None
    )
    if root is None:
        return None, None
    verb = root
    told = next(
        (c for c in root.children if c.dep_ == "ccomp" and any(g.dep_ in ("nsubj", "nsubjpass") for g in c.children)), None
    )
    if root.lemma_.lower() in _SAYS and told is not None and told.pos_ in ("VERB", "AUX"):
        verb = told
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    passive = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    agent = next((p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"), None)
    if subject is not None and subject.pos_ == "PRON" and verb is not root:
        subject = next((c for c in root.children if c.dep_ == "nsubj"), subject)
    if passive is not None:
        source = agent
        target = passive
        if agent is None:
            source, target = passive, _object(verb, passive)
    else:
        source, target = subject, _object(verb, subject)
    return _phrase(doc, source), _phrase(doc, target)


def _object(verb: Any, subject: Any | None) -> Any | None:
    """What the verb is done to: object, dative, preposition; one step down where a verb completes it; a conjoined
    subject last.
    """
    for step in range(3):
        direct = next((c for c in verb.children if c.dep_ in ("dobj", "dative", "attr", "oprd") and c.dep_ != "prt"), None)
        if direct is not None and direct.dep_ == "dative" and direct.pos_ == "ADP":
            direct = next((p for p in direct.children if p.dep_ == "pobj"), direct)
        through = _through(verb)
        inner = _through(direct) if direct is not None else None
        for candidate in (direct, inner, through):
            if candidate is not None and _is_actor(candidate):
                return candidate
        following = next((c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl", "pcomp")), None)
        if following is None:
            break
        own = next((c for c in following.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if (
            own is not None
            and own.pos_ in ("NOUN", "PROPN")
            and step == 0
            and following.dep_ in ("ccomp", "xcomp")
            and _is_actor(own)
        ):
            return own
        last = direct or inner or through
        verb = following
        if last is not None and step == 2:
            return last
    direct = next((c for c in verb.children if c.dep_ in ("dobj", "attr", "dative")), None) or _through(verb)
    if direct is None and subject is not None:
        return next((c for c in subject.children if c.dep_ == "conj"), None)
    return direct


def _through(head: Any) -> Any | None:
    found = [(c, p) for c in head.children if c.dep_ in ("prep", "agent") for p in c.children if p.dep_ == "pobj"]
    found = [(c, p) for c, p in found if c.lemma_.lower() in _TOWARD]
    actors = [(c, p) for c, p in found if _is_actor(p)]
    ranked = sorted(actors, key=lambda pair: _TOWARD.index(pair[0].lemma_.lower()))
    return ranked[0][1] if ranked else None


_PEOPLE = word_set(
    "government minister president army troops police rebels people civilians protesters official officials court "
    "group party workers leader leaders journalist journalists militants soldiers refugees citizens authorities "
    "opposition forces prisoners parliament company council ambassador counterpart victims students activists"
)


def _is_actor(token: Any) -> bool:
    return (
        token.pos_ == "PROPN"
        or token.lemma_.lower() in _PEOPLE
        or any(
            c.pos_ == "PROPN" or (c.dep_ == "amod" and c.text[:1].isupper())
            for c in token.children
            if c.dep_ in ("compound", "amod", "poss", "nmod")
        )
    )


def _phrase(doc: Any, head: Any | None) -> str | None:
    """The noun phrase of a head: from its left edge to it, with an "of" that follows."""
    if head is None:
        return None
    last = head.i
    for child in head.children:
        if child.i > head.i and ((child.dep_ == "prep" and child.lemma_.lower() == "of") or child.dep_ in ("flat", "nummod")):
            last = max(last, max(t.i for t in child.subtree))
            break
    first = min(
        [head.i, *(c.left_edge.i for c in head.children if c.i < head.i and c.dep_ not in ("punct", "cc", "mark", "advmod"))]
    )
    words = doc[first : last + 1].text.strip(" ,;:'\"")
    return words or None
