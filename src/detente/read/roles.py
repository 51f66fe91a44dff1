"""Who acts and upon whom in one sentence: the noun phrases of a parser, weighed by linear models.

Each noun, name or pronoun of the sentence heads candidates c, which differ in what hangs on it: alone; with what "of" adds;
with "in" and "on"; with all of it; each with or without what "and" joins. With x(c) the features of a candidate, 0 or 1,

    source, target = argmax_{c, d}  P_s(c) P_t(d | c),    d among those that share no word with c

    P(c) = exp(w . x(c)) / sum over all candidates of the sentence, or for P_t over those that share no word with c

so that a source is not taken that leaves no likely target: of "A and B met" it is A. The `MOST` likely sources are tried.
Features say how the candidate hangs on the main verb (the path through the parse, the preposition, before or behind the verb),
which verb or noun governs it ("attack" on), what it is (a name, a country, people, a number, an act; a common noun itself),
whether the rules of `coding` name it, and a few of both together. None holds a name, so that nobody's side is known better than
another's.

The weights maximise the likelihood of the candidates that share half of their words with the actor of the training sentence,
less |w|^2 / 2C: a conditional logit (McFadden 1974). They stand in `roles.npz`, in thousandths; `benchmarks/train_read.py`
makes them of 851 sentences of Hu and others (ACL 2024, snowood1/Zero-Shot-PLOVER), those that are not held out. That the
highest is chosen says nothing of how sure it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from math import exp, inf, log
from typing import Any

from detente.read.grammar import phrase
from detente.read.words import ACTS, PEOPLE, TIMES, word_set

__all__ = ["MOST", "Candidate", "best", "candidates", "features", "weights"]

MOST = 6
"""How many of the likeliest sources are tried, each with its likeliest target."""

_EXTENTS = ("bare", "of", "in", "whole", "of+", "in+", "whole+")

_HEADS = ("NOUN", "PROPN", "PRON", "NUM", "ADJ")
_PEOPLE = PEOPLE | word_set(
    "force forces militia union movement commission committee regime ministry agency organization organisation member "
    "fighter gunman bomber teacher doctor lawyer judge critic secretary envoy delegation team side administration community "
    "population resident family woman man child candidate senator lawmaker executive country nation state"
)
_PLACES = word_set(
    "city town village region province district area camp border embassy base school hospital prison bus church mosque "
    "headquarters zone island port market station"
)
_ACTS = ACTS | word_set(
    "tie decision law bill plan policy violation offer bid comment claim move effort negotiation cooperation embargo "
    "commitment operation mission money fund loan funding help weapon equipment food supply"
)
_TIMES = TIMES | word_set("hour night morning evening time")
_ARTICLES = frozenset(["the", "a", "an", "'s"])
_CLAUSES = ("relcl", "acl", "advcl", "mark", "preconj", "ccomp", "parataxis")


@dataclass(frozen=True)
class Candidate:
    """A noun phrase: its head, its first and last word, and how much hangs on the head."""

    head: Any
    first: int
    last: int
    extent: str


def candidates(doc: Any, begin: int) -> list[Candidate]:
    """Every candidate behind the dateline, none twice."""
    found: dict[tuple[int, int], Candidate] = {}
    for head in doc:
        if head.i < begin or head.pos_ not in _HEADS or not any(map(str.isalpha, head.text)):
            continue
        if (head.pos_ == "ADJ" and not head.text[:1].isupper()) or head.lemma_.lower() in _TIMES:
            continue
        for extent in _EXTENTS:
            first, last = _span(head, extent, begin)
            found.setdefault((first, last), Candidate(head, first, last, extent))
    return list(found.values())


def _span(head: Any, extent: str, begin: int) -> tuple[int, int]:
    joined, most = extent.endswith("+"), extent.rstrip("+")
    added = {"bare": (), "of": ("of",), "in": ("of", "in", "on")}.get(most)

    def without(child: Any) -> bool:
        left_out = (*_CLAUSES, *(() if joined else ("conj", "cc")), *(() if most == "whole" else ("appos",)))
        hangs = child.dep_ in ("prep", "agent") and added is not None and child.lemma_.lower() not in added
        return child.i < begin or child.dep_ in left_out or hangs

    first, last = phrase(head, without)
    doc = head.doc
    while first < head.i and (doc[first].is_punct or doc[first].dep_ in ("cc", "advmod", "mark")):
        first += 1
    while last > head.i and (doc[last].is_punct or doc[last].dep_ in ("cc", "prep", "mark")) and doc[last].text != ")":
        last -= 1
    return first, last


def features(
    found: Sequence[Candidate], doc: Any, verb: Any | None, ruled: Mapping[str, str | None], named: Mapping[int, str]
) -> list[list[str]]:
    """The features of each candidate.

    verb : the main verb, or that which is reported; ruled : what the rules name as source and target; named : for each word of
    a known name what kind of name it is.
    """
    words, deps = [t.lower_ for t in doc], [t.dep_ for t in doc]
    others = {
        role: None if phrase is None else set(phrase.lower().replace("'s", " 's").split()) - _ARTICLES
        for role, phrase in ruled.items()
    }
    main = list(_of_verb(verb, named))
    hung = {head.i: _hung(head, verb, named) for head in {c.head.i: c.head for c in found}.values()}
    return [[*_of_candidate(c, doc, words, deps, others, named, main, *hung[c.head.i])] for c in found]


def _of_verb(verb: Any | None, named: Mapping[int, str]) -> Iterator[str]:
    """What the main verb says of every candidate, to be joined with how that hangs on it."""
    if verb is not None:
        yield f"passive={any(c.dep_ == 'auxpass' for c in verb.children)}"
        yield f"together={_subjects(verb)}"
        yield f"object={_object_kind(verb, named)}"
        yield f"by={any(t.lower_ == 'by' and t.i > verb.i for t in verb.subtree)}"


def _hung(head: Any, verb: Any | None, named: Mapping[int, str]) -> tuple[str, str, str, list[str]]:
    """How a head hangs on the main verb, on which side, by which preposition, and its features in any extent."""
    path, above = _path(head, verb)
    prep = _preposition(head)
    side = "before" if verb is None or head.i < verb.i else "behind"
    near = path if path.count(">") < 3 else "far"
    out = [f"path={path}", f"dep={head.dep_}", f"side={side}", f"side={side}&dep={head.dep_}", f"above={above}", f"prep={prep}"]
    out += [f"prep={prep}&side={side}", f"pos={head.pos_}", f"steps={min(path.count('>'), 5)}"]
    word, governor = _word(head, named), _word(_governor(head), named)
    out += [f"governor={governor}&{prep}", f"governor={governor}&{head.dep_}"]
    if head.pos_ == "NOUN":
        out.append(f"word={word}")
    if head.dep_ == "conj":
        out.append(f"joined-to={head.head.dep_}")
    if head.dep_ in ("poss", "compound", "amod", "nmod"):
        out.append(f"part-of={_kind(Candidate(head.head, head.head.i, head.head.i, 'bare'), head.doc, named)}")
    return near, side, prep, out


def _of_candidate(
    one: Candidate, doc: Any, words: Sequence[str], deps: Sequence[str], others: Mapping[str, set[str] | None],
    named: Mapping[int, str], main: Sequence[str], near: str, side: str, prep: str, hung: Sequence[str],
) -> Iterator[str]:  # fmt: skip
    head, extent, inside = one.head, one.extent, range(one.first, one.last + 1)
    own = {words[n] for n in inside} - _ARTICLES
    for role, those in others.items():
        if those is None:
            yield f"ruled-{role}=none"
            continue
        common = len(own & those)
        half = "half" if 2 * common >= len(own | those) else "some" if common else "no"
        yield f"ruled-{role}={'same' if own == those else half}"
    kind = _kind(one, doc, named)
    known = any(n in named for n in inside)
    yield from hung
    yield from (f"kind={kind}", f"known={known}", f"extent={extent}")
    yield f"extent={extent}&kind={kind}"
    yield f"path={near}&kind={kind}"
    yield f"path={near}&known={known}"
    yield f"dep={head.dep_}&kind={kind}"
    yield f"side={side}&kind={kind}"
    yield f"prep={prep}&kind={kind}"
    yield f"length={min(len(inside), 9)}"
    yield f"first={deps[one.first]}"
    if main:
        passive, together, about, by = main
        yield from (f"{passive}&{near}", f"{together}&{near}", f"{about}&{near}", f"{about}&prep={prep}")
        if passive.endswith("True"):
            yield from (f"passive&{by}&{prep}", f"passive&{by}&{head.dep_}")
    yield f"earlier={min(sum(n < one.first for n in named), 3)}&known={known}"
    yield f"later={min(sum(n > one.last for n in named), 3)}&known={known}&{side}"
    if any(deps[n] == "conj" for n in inside):
        yield f"joins&{side}"
    below = [(c.dep_, c) for c in head.children]
    if any(dep == "conj" for dep, _ in below) and not extent.endswith("+"):
        yield f"without-the-joined&dep={head.dep_}"
    if any(dep == "appos" for dep, _ in below):
        yield f"apposed={extent}"
    if deps[one.first] == "poss" and doc[one.first].pos_ == "PRON":
        yield f"its&{kind}"
    hanging = sorted({c.lemma_.lower() for dep, c in below if dep == "prep"})
    yield from (f"hangs={p}&extent={extent}" for p in hanging[:3])
    if head.dep_ in ("poss", "compound", "amod", "nmod"):
        yield f"part-of-dep={head.head.dep_}&{kind}"
    if prep != "none" and head.dep_ == "pobj" and head.head.head.pos_ == "NOUN":
        yield f"about={head.head.head.lemma_.lower() in _ACTS}&{prep}&{kind}"


def _kind(one: Candidate, doc: Any, named: Mapping[int, str]) -> str:
    head = one.head
    lemma = head.lemma_.lower()
    if head.pos_ == "PRON":
        return "pronoun"
    if head.i in named:
        return named[head.i]
    if head.pos_ == "NUM" or any(c.text in ("$", "€", "£") for c in head.children):
        return "number"
    if lemma in _ACTS:
        return "act"
    if lemma in _PEOPLE:
        return "people"
    if head.pos_ == "PROPN":
        return "proper"
    if any(t.i in named for t in doc[one.first : head.i]):
        return "of-country"
    if lemma in _PLACES:
        return "place"
    if any(t.pos_ == "PROPN" for t in doc[one.first : head.i]):
        return "of-proper"
    return "counted" if any(c.dep_ == "nummod" for c in head.children) else "thing"


def _path(head: Any, verb: Any | None) -> tuple[str, str]:
    """How a word hangs on the main verb, and what verb or noun is next above it."""
    parts: list[str] = []
    token = head
    above = "none"
    while verb is None or token.i != verb.i:
        if token.dep_ == "prep":
            parts.append(f"prep:{token.lemma_.lower()}")
        else:
            parts.append(token.dep_)
        if token.head.i == token.i:
            parts.append("up")
            break
        token = token.head
        if above == "none" and token.pos_ in ("VERB", "AUX"):
            above = token.dep_
    return ">".join(parts[::-1][:6]), above


def _preposition(head: Any) -> str:
    """The preposition that governs a word or what it is joined to."""
    token = head
    while token.dep_ in ("conj", "compound", "amod", "poss", "nmod", "appos") and token.head.i != token.i:
        token = token.head
    return token.head.lemma_.lower() if token.dep_ == "pobj" else "none"


def _governor(head: Any) -> Any:
    """The verb or noun above a word, prepositions passed over; the word itself or its preposition where there is none."""
    token = head.head
    while token.dep_ in ("prep", "agent") and token.head.i != token.i:
        token = token.head
    return token


def _word(token: Any, named: Mapping[int, str]) -> str:
    return "name" if token.pos_ == "PROPN" or token.i in named else str(token.lemma_.lower())


def _subjects(verb: Any) -> str:
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    return "none" if subject is None else "two" if any(c.dep_ == "conj" for c in subject.children) else "one"


def _object_kind(verb: Any, named: Mapping[int, str]) -> str:
    found = next((c for c in verb.children if c.dep_ in ("dobj", "dative")), None)
    return "none" if found is None else _kind(Candidate(found, found.left_edge.i, found.i, "bare"), found.doc, named)


@cache
def weights() -> Mapping[str, tuple[float, float]]:
    """The weights of each feature for source and target."""
    import numpy as np

    with as_file(files("detente.read") / "roles.npz") as path, np.load(path, allow_pickle=False) as held:
        both = (held["thousandths"] / 1000).tolist()
        return {name.decode(): (source, target) for name, (source, target) in zip(held["names"], both, strict=True)}


def best(
    found: Sequence[Candidate], given: Sequence[Sequence[str]], held: Mapping[str, tuple[float, float]] | None = None
) -> tuple[Candidate | None, Candidate | None]:
    """Source and target among candidates with their features; None where there is none left. held : other weights, to train."""
    if not found:
        return None, None
    held, none = weights() if held is None else held, (0.0, 0.0)
    as_source, as_target = ([sum(held.get(name, none)[role] for name in names) for names in given] for role in (0, 1))
    pairs = list[tuple[float, Candidate, Candidate | None]]()
    for n in sorted(range(len(found)), key=lambda n: -as_source[n])[:MOST]:
        source = found[n]
        rest = [m for m, c in enumerate(found) if c.last < source.first or c.first > source.last]
        target = max(rest, key=as_target.__getitem__, default=None)
        alone = 0.0 if target is None else sum(exp(as_target[m] - as_target[target]) for m in rest)
        pairs.append((as_source[n] - (log(alone) if alone else inf), source, None if target is None else found[target]))
    _, source, target_found = max(pairs, key=lambda pair: pair[0])
    return source, target_found
