"""Events between two actors, sentence by sentence: a table of sentences to PLOVER classes, and the actors that the coder finds.

The table has the columns sentence, source, target, parted by tabs. Where a parser is installed the actors found are those that
`roles` weighs highest. Among what it weighs is what the rules here say by the grammar: source the subject of the main verb
(what "by" names in the passive), or of the verb that is reported; target its object, else that of the verb which completes it,
else what a preposition adds. Without a parser: the first name and the next one that stands for somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.bounds import name_of, read_text, within
from detente.errors import Fault, InputError
from detente.read.actors import Gazetteer, Mention, gazetteer, mentions
from detente.read.classes import classed
from detente.read.features import place_of
from detente.read.grammar import grammar, phrase
from detente.read.roles import Candidate, best, candidates, features
from detente.read.sentences import LONGEST, sentences
from detente.read.words import ACTS, PEOPLE, TIMES, word_set

__all__ = ["Coded", "code_sentences", "found_actors", "parsed", "weighed"]

_SAYS = word_set("say tell announce report add state note claim declare quote confirm explain")
_TOWARD = ("against", "into", "with", "to", "on", "from", "of", "over", "for", "at", "about", "between", "in", "by")
_DATELINE = re.compile(
    r"[^a-z]{0,3}[A-Z][\w .'-]{1,30}(?:, [A-Z][\w. ]{1,24})*(?: ?\([^)]{1,20}\))?(?:, [A-Z]{2,8})? ?(?:--|-|:|\u2014|"
    r"\u2013) (?=\S)"
)
_MUTUAL = word_set(
    "agree meet sign discuss hold share begin start resume conduct exchange cooperate undertake reach clash trade conclude"
)
_JUDGES = word_set(
    "condemn denounce criticize criticise reject dispute deny refute welcome praise challenge slam decry hail oppose"
)
_GIVES = word_set("send provide give offer deliver sell supply donate grant contribute hand deploy extend")
_QUANTITIES = word_set(
    "hundred hundreds thousand thousands dozen dozens number one group member members some most majority million"
)
_LIGHT = ACTS | word_set("sanctions talks troops team force forces relations ties strikes")
_CLAUSES = ("relcl", "acl", "advcl", "mark", "advmod", "preconj")
_COLUMNS = ("sentence", "source", "target")


@dataclass(frozen=True)
class Coded:
    """A sentence coded.

    root, penta : with the actors given, or the found ones where none is; the found ones as the coder finds them, None where it
    finds none; cut : whether only a part of the sentence was read.
    """

    root: str
    penta: int
    source_found: str | None
    target_found: str | None
    cut: bool = False

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        source_found : the source as read; `null`: none
        target_found : the target as read; `null`: none
        root : the class of PLOVER; `null`: none
        penta : 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict
        """
        return {"root": self.root, "penta": self.penta, "source_found": self.source_found, "target_found": self.target_found}


def code_sentences(path: str | Path | Any) -> list[Coded]:
    """Every sentence of a table, in order.

    Of a sentence that is longer than `LONGEST` characters only one part is read, cut at clause marks: the first that holds both
    actors, else one of them, else the first of all. A parser's time and memory grow with the length of what it reads.

    Raises
    ------
    InputError
        If the table cannot be read, with every row that is not complete.
    """
    rows = _rows(path)
    pieces = [_piece(row["sentence"], row["source"], row["target"]) for row in rows]
    known = gazetteer()
    out = []
    for row, sentence, doc in zip(rows, pieces, parsed(pieces), strict=True):
        source, target = row["source"], row["target"]
        found = found_actors(sentence, doc, known)
        source = source if source and place_of(sentence, source) >= 0 else found[0] or source
        target = target if target and place_of(sentence, target) >= 0 else found[1] or target
        kind = classed(sentence, source, target, doc)
        out.append(Coded(kind.root, kind.penta, *found, cut=len(sentence) < len(row["sentence"])))
    return out


def _piece(sentence: str, source: str, target: str) -> str:
    """The part of a sentence that is read: all of it, unless it is too long."""
    if len(sentence) <= LONGEST:
        return sentence
    parts = [sentence[a:b] for a, b in sentences(sentence)]
    return max(parts, key=lambda part: sum(bool(x) and place_of(part, x) >= 0 for x in (source, target)))


def _rows(path: str | Path | Any) -> list[dict[str, str]]:
    called = name_of(path)
    text = read_text(path, name="table-bytes", what="table")
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []
    head = lines[0].split("\t") if lines else []
    missing = [name for name in _COLUMNS if name not in head]
    if missing:
        raise InputError(
            f"{called}: got the columns {', '.join(head) or 'none'}, wanted sentence, source and target, parted by tabs "
            f"({', '.join(missing)} not there)",
            source=called,
        )
    rows, faults = list[dict[str, str]](), list[Fault]()
    for n, line in enumerate(lines[1:], 2):
        if not line:
            continue
        cells = line.split("\t")
        within("cell", max(map(len, cells)), called, fault=Fault(n, 1, "", ""))
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


def parsed(texts: Sequence[str]) -> Iterator[Any | None]:
    """Each sentence as the parser has it; None each where none is installed."""
    pipeline = grammar()
    if pipeline is None:
        yield from (None for _ in texts)
    else:
        yield from pipeline.pipe(texts, batch_size=64)


def found_actors(sentence: str, doc: Any | None, known: Gazetteer) -> tuple[str | None, str | None]:
    """Source and target, as the sentence has them."""
    if doc is None:
        return _by_names(sentence, mentions(sentence, known), None)
    found, given = weighed(sentence, doc, known)
    source, target = (None if c is None else doc[c.first : c.last + 1].text for c in best(found, given))
    return source, target


def weighed(sentence: str, doc: Any, known: Gazetteer) -> tuple[list[Candidate], list[list[str]]]:
    """The candidates of a sentence for source and target, with the features of each."""
    begin, named = _after_dateline(doc), mentions(sentence, known)
    root, verb = _main_verbs(doc, begin)
    source, target = _by_grammar(root, verb, begin)
    if not (source and target):
        rest = _by_names(sentence, named, source)
        source, target = source or rest[0], target or rest[1]
    kinds = {t.i: m.kind for m in named if m.kind != "other" for t in doc if m.start <= t.idx < m.end}
    found = candidates(doc, begin)
    return found, features(found, doc, verb, {"source": source, "target": target}, kinds)


def _by_names(sentence: str, named: Sequence[Mention], source: str | None) -> tuple[str | None, str | None]:
    first = next((m for m in named if source is None or sentence[m.start : m.end] not in source), None)
    if source is not None:
        return source, sentence[first.start : first.end] if first else None
    second = next((m for m in named if first is not None and m.start > first.end and m.party != first.party), None)
    return (sentence[first.start : first.end] if first else None, sentence[second.start : second.end] if second else None)


def _by_grammar(root: Any | None, verb: Any | None, begin: int) -> tuple[str | None, str | None]:
    if root is None or verb is None:
        return None, None
    subject = _subject(verb, begin)
    if subject is not None and subject.pos_ == "PRON" and verb.i != root.i:
        subject = _subject(root, begin) or subject
    agent = _agent(verb)
    if subject is not None and subject.dep_ == "nsubjpass":
        source, target = (agent, subject) if agent is not None else (subject, _object(verb))
        return _phrase(source, whole=True), _phrase(target)
    second = None if subject is None else next((c for c in subject.children if c.dep_ == "conj"), None)
    if subject is not None and second is not None and _together(verb):
        return _phrase(subject, joined=False), _phrase(second)
    return _phrase(subject, whole=True), _phrase(_object(verb))


def _main_verbs(doc: Any, begin: int) -> tuple[Any | None, Any | None]:
    """The main verb, and the one that tells the act: the same, or what it reports."""
    verbs = [t for t in doc if t.i >= begin and t.pos_ in ("VERB", "AUX")]
    root = next((t for t in verbs if t.head.i == t.i), None) or next((t for t in verbs if _subject(t, begin) is not None), None)
    if root is None or root.lemma_.lower() not in _SAYS:
        return root, root
    told = next(
        (c for c in root.children if c.dep_ == "ccomp" and c.pos_ in ("VERB", "AUX") and _subject(c, begin) is not None), None
    )
    return root, told or root


def _after_dateline(doc: Any) -> int:
    """The first word behind a dateline such as "BERLIN (AP) -- ", 0 if there is none."""
    found = _DATELINE.match(doc.text)
    return 0 if found is None else next((t.i for t in doc if t.idx >= found.end()), 0)


def _subject(verb: Any, begin: int) -> Any | None:
    return next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") and c.i >= begin), None)


def _agent(verb: Any) -> Any | None:
    """Who "by" names as the one who acts, though the parser may hang it on a word between ("accused of spying by")."""
    near = next((p for c in verb.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"), None)
    hung = (p for t in verb.subtree if t.i > verb.i and t.lower_ == "by" for p in t.children if p.dep_ == "pobj")
    return near if near is not None else next((p for p in hung if _is_actor(p)), None)


def _together(verb: Any) -> bool:
    """Whether two subjects act upon each other: they agree, meet, sign, trade."""
    return verb.lemma_.lower() in _MUTUAL and not any(_is_actor(p) for p in _reached(verb))


def _object(verb: Any) -> Any | None:
    """What the verb is done to: behind an act ("an investigation into") what that is about, else the object, else what a
    preposition adds, else the same of the verb that completes it."""
    last = None
    for _ in range(3):
        reached = _reached(verb)
        if verb.lemma_.lower() in _JUDGES and reached:
            return reached[0]
        actor = next((p for p in reached if _is_actor(p)), None)
        if actor is not None:
            above = actor.head.head if actor.head.lemma_ == "of" else actor
            return above if above.lemma_.lower() in _QUANTITIES else actor
        last = last or next((p for p in reached if p.lemma_.lower() not in _LIGHT), None)
        verb_next = next(
            (c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "advcl", "acl") and c.pos_ in ("VERB", "AUX")), None
        )
        if verb_next is None:
            direct = next((c for c in verb.children if c.dep_ == "dobj"), None)
            verb_next = direct and next((c for c in direct.children if c.dep_ == "acl"), None)
        if verb_next is None:
            break
        own = _subject(verb_next, 0)
        if own is not None and own.pos_ in ("NOUN", "PROPN") and verb_next.dep_ in ("ccomp", "xcomp"):
            return own
        verb = verb_next
    return last


def _reached(verb: Any) -> list[Any]:
    """What a verb reaches, nearest first: objects, behind an act what it is about, then what prepositions add."""
    out = list[Any]()
    for child in verb.children:
        if child.dep_ in ("dobj", "dative", "attr", "oprd") and child.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ"):
            about = _about(child)
            light = child.lemma_.lower() in _LIGHT and verb.lemma_.lower() not in _JUDGES
            out += [*about, child] if light else [child, *about]
        elif child.dep_ == "dative":
            out += [p for p in child.children if p.dep_ == "pobj"]
    given = [p for p in _about(verb) if p.head.lemma_.lower() in ("to", "into")] if verb.lemma_.lower() in _GIVES else []
    out = [*given, *out]
    for found in _about(verb):
        out += [*_about(found), found] if found.lemma_.lower() in _LIGHT else [found, *_about(found)]
    return [t for t in out if t.text.lower() not in TIMES]


def _about(head: Any) -> list[Any]:
    pairs = [(c.lemma_.lower(), p) for c in head.children if c.dep_ == "prep" for p in c.children if p.dep_ == "pobj"]
    return [
        p for word, p in sorted(pairs, key=lambda pair: _TOWARD.index(pair[0]) if pair[0] in _TOWARD else 99) if word in _TOWARD
    ]


def _is_actor(token: Any) -> bool:
    return (
        token.pos_ == "PROPN"
        or token.lemma_.lower() in PEOPLE
        or any(
            c.pos_ == "PROPN" or (c.dep_ == "amod" and c.text[:1].isupper())
            for c in token.children
            if c.dep_ in ("compound", "amod", "poss", "nmod")
        )
    )


def _phrase(head: Any | None, *, whole: bool = False, joined: bool = True) -> str | None:
    """The noun phrase of a head without its clauses.

    whole : with all that is added to it, else with "of", "in" and "on" only; joined : with what "and" adds.
    """
    if head is None:
        return None

    def without(child: Any) -> bool:
        if child.dep_ == "prep":
            return any(c.dep_ == "pcomp" for c in child.children) or not (whole or child.lemma_ in ("of", "in", "on"))
        left_out = (*_CLAUSES, *(() if whole else ("appos",)), *(() if joined else ("conj", "cc")))
        return child.dep_ in left_out

    first, last = phrase(head, without)
    words = head.doc[first : last + 1].text.strip(" ,;:'\"-(")
    return words or None
