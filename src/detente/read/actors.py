"""Who is meant: names in a text, and the party that each stands for.

First what was brought: the parties of a case (id, name, the country of their code, what else they are called) and a list of
actors, a table with the columns `name`, `also` (other names, parted by |) and `code` (whose name it is, as in a record; without
one the name stands for itself). Then countries: the names of pycountry, with
those that event data use (`detente.record.codes.countries`), and capitals, adjectives and short names from `places.csv`. Then
the text itself, by four rules that know no name:

    adjective, title, name       "X-ish President A B": A B, and A or B alone from then on, stand for X
    the North, the South         the one country of the text whose name begins so
    the administration           the party before that word elsewhere in the text, if it is always the same one
    other capitalised names      stand for themselves

A name that would stand for two parties stands for none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from detente.base.bounds import name_of, read_text
from detente.base.delimited import delimited, delimiter_of
from detente.case.case import Case
from detente.errors import InputError
from detente.read.words import word_set

__all__ = ["Gazetteer", "Mention", "gazetteer", "mentions", "party_of"]

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['-][^\W_]+)*")
_LONGEST = 6  # words of a name
_TITLES = word_set(
    "president prime minister foreign defence defense supreme leader secretary chancellor king queen ambassador "
    "general envoy special representative spokesman spokeswoman spokesperson interior finance state vice deputy "
    "chief of senior premier negotiator diplomat official officials chairman chairwoman commander former national "
    "security adviser advisor and trade justice energy economy health first lady senator governor mayor speaker "
    "crown prince emir sultan ayatollah marshal admiral colonel nuclear peace executive director head elder owner founder "
    "manager"
)
_PERSON = r"(?P<name>[A-Z][\w'-]+(?: [A-Z][\w'-]+){1,2})"
_BEFORE_OF = re.compile(rf"\b{_PERSON}, (?:the |an? )?(?P<titles>(?:[A-Za-z]+ ){{1,4}})of (?:the )?$")
_TITLED_OF = re.compile(rf"\b(?:{'|'.join(sorted(_TITLES))}) of (?:the )?$", re.IGNORECASE)
_BEHIND_OF = re.compile(rf", {_PERSON},")
_ROLES = word_set("administration government president regime leadership authorities army military parliament cabinet rebels")
_NEVER = word_set(
    "the a an in on at by for from to of and or but if when while after before since as this that these those it he "
    "she they we i you his her its their our there here what who how why which no not yes all any some one two "
    "three four five six seven eight nine ten both each every few many most more much such only even still also "
    "then thus hence however moreover meanwhile furthermore nevertheless yet so once until unless pending under "
    "over with without within between among against during january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday article annex "
    "section chapter paragraph clause part new according despite given because although though later earlier today "
    "yesterday tomorrow last next first second third talks officials officials' sources once start let nothing "
    "nobody nor neither either another other others same whether where will would should could must shall can may "
    "sanctions negotiations god mr mrs ms dr president minister prime secretary foreign leader ambassador general "
    "somebody anybody everybody someone anyone everyone few spokesman north south east west western eastern northern "
    "southern middle peninsula war treaty agreement "
    "law laws order orders constitution resolution convention protocol memorandum declaration statement summit year "
    "christmas easter"
)


@dataclass(frozen=True)
class Mention:
    """A name in the view of a text. party : what it stands for; kind : name, adjective, role or other (itself)."""

    start: int
    end: int
    party: str
    kind: str


@dataclass(frozen=True)
class Gazetteer:
    """Names and what they stand for.

    names : by `_key`; titles : how a party is shown; brought : names that a case or list gave.
    """

    names: Mapping[str, tuple[str, str]]
    titles: Mapping[str, str]
    brought: frozenset[str] = field(default=frozenset())


@lru_cache(1 << 16)
def _key(form: str) -> str:
    """A name as it is looked up: short ones in capitals as they are, others in small letters without accents."""
    from detente.record.codes.countries import normal

    letters = [_word_key(w).replace(".", "") for w in _WORD.findall(form.replace("-", " "))]
    whole = " ".join(letters)
    if len(whole) <= 4 and whole.isupper():
        return whole
    return normal(whole).replace("-", " ")


@cache
def _countries() -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    import pycountry

    from detente.record.codes import coded
    from detente.record.codes.countries import people

    names: dict[str, tuple[str, str]] = {}
    titles: dict[str, str] = {}
    for entry in pycountry.countries:
        common = getattr(entry, "common_name", entry.name)
        titles[entry.alpha_3] = common.partition(",")[0]
        for name in (entry.name, common, getattr(entry, "official_name", common)):
            names.setdefault(_key(name), (entry.alpha_3, "name"))
    for row in coded("aliases.csv"):
        if row["kind"] == "name":
            names[_key(row["name"])] = (row["country"], "name")
            titles.setdefault(row["country"], row["name"])
    for row in people():
        names[_key(row["name"])] = (row["country"], "name")
    for row in coded("places.csv"):
        short = [name for name in row["short"].split("|") if name]
        if short:
            titles[row["country"]] = max(short, key=lambda s: (not s.isupper() and "." not in s, len(s)))
        for column, kind in (("short", "name"), ("capital", "name"), ("adjective", "adjective")):
            for name in filter(None, row[column].split("|")):
                names[_key(name)] = (row["country"], kind)
    return names, titles


def gazetteer(case: Case | None = None, actors: str | Path | None = None) -> Gazetteer:
    """The names that are known before a text is read.

    Raises
    ------
    InputError
        If the list of actors cannot be used.
    """
    names, titles = dict(_countries()[0]), dict(_countries()[1])
    brought: set[str] = set()
    given: list[tuple[str, str, Sequence[str], str | None]] = []
    if case is not None:
        given += [(i, p.name, (i, *p.also_called), p.code) for i, p in case.parties.items()]
    ids = {code: i for i, _, _, code in given}
    listed = [] if actors is None else list(_listed(actors))
    given += [(name, name, also, None) for name, also, code in listed if not code]

    def stand(party: str, *called: str) -> None:
        for key in map(_key, called):
            names[key] = (party, "name")
            brought.add(key)

    for party, title, also, code in given:
        for key, (country, kind) in list(names.items()):
            if country == code:
                names[key] = (party, kind)
        known = names.get(_key(title))
        if known is not None and known[0] not in (party, code):
            for key, (country, kind) in list(names.items()):
                if country == known[0]:
                    names[key] = (party, kind)
        titles[party] = title
        stand(party, title, *also)
    for name, also, code in listed:
        if code:
            titles.setdefault(ids.get(code, code), name)
            stand(ids.get(code, code), name, *also)
    return Gazetteer(names, titles, frozenset(brought))


def party_of(name: str, known: Gazetteer) -> str:
    """The party that a name stands for; the name itself if it is not known."""
    return known.names.get(_key(name), (name, ""))[0]


def _listed(path: str | Path) -> Iterator[tuple[str, Sequence[str], str]]:
    """Name, other names and code of each row."""
    called, text = name_of(path), read_text(path, what="table of names")
    cells = ([cell.strip() for cell in row] for _, row in delimited(text, called, delimiter=delimiter_of(text)))
    head, *rows = [row for row in cells if any(row)] or [[]]
    named = [row for row in (dict(zip(head, row, strict=False)) for row in rows) if row.get("name")]
    if not named:
        got = "no name in the column `name`" if "name" in head else "no column `name`"
        wanted = "a table with the columns name, and also (other names, parted by |) or code"
        raise InputError(f"{called}: got {got}, wanted {wanted}", source=called)
    for row in named:
        yield row["name"], [x.strip() for x in row.get("also", "").split("|") if x.strip()], row.get("code", "")


def mentions(view: str, known: Gazetteer) -> tuple[Mention, ...]:
    """Every name in the view of a text, in their order, none within another."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(view)]
    keys = [_word_key(w) for _, _, w in words]
    small = {w for _, _, w in words if w.islower()}
    firsts = {name.partition(" ")[0] for name in known.brought}
    found: list[Mention] = []
    n = 0
    while n < len(words):
        start, _, word = words[n]
        taken = 0
        if word[0].isupper() or _key(keys[n]).partition(" ")[0] in firsts:
            for size in range(min(_LONGEST, len(words) - n), 0, -1):
                last = words[n + size - 1]
                if size > 1 and _parted(view[start : last[1]]):
                    continue
                party = known.names.get(_key(" ".join(keys[n : n + size])))
                if party is not None:
                    end = last[1] - (2 if last[2].lower().endswith("'s") else 0)
                    found.append(Mention(start, end, *party))
                    taken = size
                    break
        n += taken or 1
    found = _with_persons(view, words, found)
    found = _with_the_rest(view, words, found, known, small)
    return tuple(sorted(found, key=lambda m: m.start))


def _parted(piece: str) -> bool:
    return re.search(r"[,;:!?\n()\"]|[a-z]\. ", piece) is not None


def _word_key(word: str) -> str:
    return word[:-2] if word.lower().endswith("'s") else word


def _with_persons(view: str, words: Sequence[tuple[int, int, str]], found: list[Mention]) -> list[Mention]:
    """The persons that a country's adjective or name and a title introduce, and their single names from then on."""
    starts = [start for start, _, _ in words]
    stands: dict[str, set[str]] = {}
    whole: list[Mention] = []
    taken = {m.start for m in found}
    for at, m in enumerate(found):
        n, titled = bisect_left(starts, m.end), 0
        if view[m.end : m.end + 2] == "'s" and n < len(words) and words[n][0] == m.end:
            n += 1
        while n < len(words) and words[n][2].lower().replace("'s", "") in _TITLES and titled < 7:
            titled, n = titled + 1, n + 1
        first = n
        gap = view[words[n - 1][1] : words[n][0]] if 0 < n < len(words) else "x"
        if titled == 0 or gap not in (" ", ", "):
            continue
        near = found[max(0, at - 24) : at]  # no more names have room in 24 characters
        owner = next((o for o in near if o.end < m.start <= o.end + 24 and view[o.end : o.end + 2] == "'s"), m)
        while n < len(words) and words[n][2][0].isupper() and words[n][0] not in taken and n - first < 4:
            if n > first and view[words[n - 1][1] : words[n][0]] not in (" ", ". "):
                break
            n += 1
            if words[n - 1][2].lower().endswith("'s"):
                break
        names = [_word_key(w) for _, _, w in words[first:n]]
        if len(names) >= 2 and not {w.lower() for w in names} & _NEVER:
            for name in {names[0], names[-1], " ".join(names)}:
                if len(name) > 2:
                    stands.setdefault(name, set()).add(owner.party)
    for m in found:  # "A B, the chief executive of X", "the chief executive of X, A B"
        for apposed in (_BEFORE_OF.search(view, max(0, m.start - 90), m.start), _BEHIND_OF.match(view, m.end)):
            if apposed is None or (apposed.re is _BEHIND_OF and _TITLED_OF.search(view, max(0, m.start - 60), m.start) is None):
                continue
            titles = apposed.groupdict().get("titles", "").split()
            if all(w.lower() in _TITLES for w in titles):
                for name in {apposed["name"], apposed["name"].split()[-1]}:
                    stands.setdefault(name, set()).add(m.party)
    for m in found:  # who is known by both names is known by one of them, too
        parts = view[m.start : m.end].split()
        if (
            m.kind == "name"
            and len(parts) >= 2
            and m.party in stands.get(parts[0], {m.party})
            and _key(" ".join(parts)) in _people()
        ):
            for name in {parts[0], parts[-1]}:
                stands.setdefault(name, set()).add(m.party)
    single = {name: next(iter(parties)) for name, parties in stands.items() if len(parties) == 1 and name.lower() not in _NEVER}
    covered = _Covered(found)
    for n, (start, _, word) in enumerate(words):
        if not word[0].isupper() or covered.holds(start):
            continue
        for size in (4, 3, 2, 1):
            piece = words[n : n + size]
            name = " ".join(_word_key(w) for _, _, w in piece)
            if len(piece) == size and name in single and not (whole and start < whole[-1].end):
                end = piece[-1][1] - (2 if piece[-1][2].lower().endswith("'s") else 0)
                whole.append(Mention(start, end, single[name], "name"))
                break
    return found + whole


@cache
def _people() -> frozenset[str]:
    from detente.record.codes.countries import people

    return frozenset(_key(row["name"]) for row in people())


class _Covered:
    """Which places lie within mentions."""

    def __init__(self, found: Sequence[Mention]) -> None:
        self.ordered = sorted(found, key=lambda m: m.start)
        self.starts = [m.start for m in self.ordered]

    def holds(self, place: int) -> bool:
        n = bisect_left(self.starts, place + 1) - 1
        return n >= 0 and place < self.ordered[n].end


def _with_the_rest(
    view: str, words: Sequence[tuple[int, int, str]], found: list[Mention], known: Gazetteer, small: set[str]
) -> list[Mention]:
    """The North, the administration, and capitalised names that stand for themselves."""
    covered = _Covered(found)
    parties = Counter(m.party for m in found)
    out = list(found)
    for side in ("North", "South", "East", "West"):
        those = {p for p in parties if known.titles.get(p, "").startswith(side + " ")}
        if len(those) == 1:
            party = those.pop()
            for hit in re.finditer(rf"\b[Tt]he ({side})(?='s|[ ,.;:!?)]|$)(?! [A-Z])", view):
                out += [] if covered.holds(hit.start(1)) else [Mention(hit.start(1), hit.end(1), party, "name")]
    before: dict[str, set[str]] = {}
    for m in found:
        after = re.match(r"(?:'s)? ([a-z]+)\b", view[m.end : m.end + 24])
        if after and after[1] in _ROLES:
            before.setdefault(after[1], set()).add(m.party)
    for role, those in before.items():
        if len(those) == 1:
            party = next(iter(those))
            found_roles = re.finditer(rf"\b[Tt]he {role}\b", view)
            out += [Mention(hit.start() + 4, hit.end(), party, "role") for hit in found_roles]
    covered = _Covered(out)
    inside = {w for s, _, w in words if w[0].isupper() and not _opens(view, s)}
    n = 0
    while n < len(words):
        start = words[n][0]
        size = 0
        while n + size < len(words) and _is_name(words[n + size][2]) and not covered.holds(words[n + size][0]):
            if size and view[words[n + size - 1][1] : words[n + size][0]] != " ":
                break
            size += 1
            if words[n + size - 1][2].lower().endswith("'s"):
                break
        if size:
            pieces = [w for _, _, w in words[n : n + size]]
            lone = size == 1 and pieces[0] not in inside and not _acts(view, words[n][1], pieces[0])
            article = size > 1 and pieces[0] in ("The", "A", "An")
            if article or (_opens(view, start) and (pieces[0].lower() in _NEVER | small or lone or pieces[0].endswith("ly"))):
                n, size, pieces = n + 1, size - 1, pieces[1:]
            if size and any(len(p) > 1 and p.lower() not in _NEVER for p in pieces):
                end = words[n + size - 1][1] - (2 if pieces[-1].lower().endswith("'s") else 0)
                name = view[words[n][0] : end]
                out.append(Mention(words[n][0], end, name, "other"))
        n += max(size, 1)
    return out


def _acts(view: str, end: int, name: str) -> bool:
    """Whether a verb follows a word that begins a sentence: then it may be a name, though it stands nowhere else."""
    after = re.match(r" (?:\w+ly )?(\w+(?:s|ed)|will|would|must|had|did|shall|should|may|can|could)\b", view[end : end + 40])
    return after is not None and not name.lower().endswith(("ing", "ly", "tion", "ment", "ness", "s"))


def _opens(view: str, start: int) -> bool:
    """Whether a place is the beginning of a sentence, a line or a quotation."""
    return re.search(r"(?:^|[.!?:\"')\]]\s+|\n\s*|[\"(])$", view[max(0, start - 4) : start]) is not None


def _is_name(word: str) -> bool:
    return word[0].isupper() and word != "I"
