"""Who a name is: tables of names and codes, and dictionaries of actors, with the days for which each entry holds.

An entry says that a name stands for a code in a span of days, from `first` on and before `end`. Of the entries for a name that
hold on a day the first one counts. Two kinds of entries are kept apart:

    stated      rows of a table of names (`name,country`, perhaps with `from` and `to`), and the names that a case gives its
                parties. Whoever wrote them meant these events: they go before what a format or another list says
    dictionary  a work of reference that somebody else compiled, for texts in general. It fills in what is not known

Names are compared without case, accents and punctuation, in any alphabet. An entry is looked for under the whole name of an
actor, then what stands in brackets at its end (`Citizen (Valley)`), then, of a code of letters by threes such as `SERMIL`, its
first six or three. A dictionary holds phrases: its entries are looked for under whole names only, and never under codes.

A code is that of ISO 3166-1 alpha-3 for a country, and any other of 3 to 12 capital letters, digits and hyphens for a movement,
a firm, a faction or an organisation.

**PETRARCH dictionaries** (and TABARI's before them). A name begins a line, blanks written as `_`; lines with `+` are further
names of the same actor; codes stand in brackets, each with the days for which it holds:

    [USAGOV 850103-130201]   from the first day on, and before the second
    [USAGOV >130201]         from that day on
    [USAGOV <130201]         before it
    [USA]                    always

Days are YYYYMMDD or YYMMDD, of which the years 00 to 30 are 2000 to 2030. Where the first three letters of a code are a
country's they give the country; a longer code of another kind (IGOUNO) stands for itself, and what is only a kind (NGO) for
nobody. Codes that begin with `~` belong to agents, which are words and no names. Source: Schrodt, TABARI Manual; Open Event
Data Alliance, the readers of PETRARCH and PETRARCH2.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from detente.base.bounds import decoded as text_of
from detente.base.bounds import name_of, patiently, read_bytes
from detente.base.dates import plausible
from detente.base.delimited import delimited, delimiter_of
from detente.base.frozen import Frozen, FrozenDict
from detente.base.packed import DAMAGED, packed, unpacked
from detente.base.wording import CODE, CODES, shown
from detente.errors import Fault, RecordError
from detente.record.codes.countries import countries, country, normal, unaccented

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Actors", "Sense", "Span", "actors_of", "folded", "read_actors"]


@dataclass(frozen=True)
class Sense:
    """What a name stands for from `first` on and before `end`; None: from ever, or for good. code : "" for nobody."""

    code: str
    first: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Span:
    """What counts for a name from `first` on and before `end`. stated : it goes before what anything else says."""

    code: str
    first: date
    end: date
    stated: bool


@dataclass(frozen=True)
class Actors(Frozen):
    """Entries by folded name.

    given : the stated names that stand for one code for ever, as they were written, with it. left_out : entries of a dictionary
    that cannot be read, each as `file:line [text]`.
    """

    stated: Mapping[str, Sequence[Sense]] = field(default_factory=dict)
    dictionary: Mapping[str, Sequence[Sense]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    left_out: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.stated or self.dictionary)

    @classmethod
    def of(cls, codes: Mapping[str, str]) -> Actors:
        """A table that holds for ever: code by name."""
        return cls({folded(name): (Sense(code),) for name, code in codes.items() if folded(name)}, given=codes)

    def then(self, other: Actors) -> Actors:
        """Both; where both have a name, the entries of this one."""
        return Actors(
            {**other.stated, **self.stated},
            {**other.dictionary, **self.dictionary},
            {**other.given, **self.given},
            (*self.left_out, *other.left_out),
        )

    @property
    def keys(self) -> Mapping[str, str]:
        """Code by key, as formats look countries up (a code in capital letters, or a normal name), of what is given for ever.

        A name that would lose letters or digits on the way would stand for others, and is left to `spans`.
        """
        held = {folded(name): code for name, code in self.given.items()}
        held = {name: code for name, code in held.items() if name and normal(name) == name}
        return FrozenDict({**held, **{name.upper(): code for name, code in held.items() if re.fullmatch("[a-z]{2,12}", name)}})

    @property
    def content(self) -> tuple[object, ...]:
        """What tells two sets of actors apart."""
        dated = {name: senses for name, senses in self.stated.items() if any(s.first or s.end for s in senses)}
        rest = [sorted(some.items()) for some in (dated, self.dictionary) if some]
        return (*sorted(self.given.items()), *map(repr, rest))

    def spans(self, actor: str) -> tuple[Span, ...]:
        """Who an actor is when, the earliest first; the spans do not overlap."""
        stated = next((self.stated[name] for name in _names(actor) if name in self.stated), ())
        looked = () if re.fullmatch(r"(?:[A-Z]{3})+", actor) else self.dictionary.get(folded(actor), ())
        senses = [(sense, True) for sense in stated] + [(sense, False) for sense in looked]
        days = sorted({day for s, _ in senses for day in (s.first or date.min, s.end or date.max)})
        found: list[Span] = []
        for first, end in pairwise(days):
            held = next(((s.code, given) for s, given in senses if _holds(s, first)), ("", False))
            if held[0] and found and found[-1].end == first and (found[-1].code, found[-1].stated) == held:
                found[-1] = Span(held[0], found[-1].first, end, held[1])
            elif held[0]:
                found.append(Span(held[0], first, end, held[1]))
        return tuple(found)


def folded(name: str) -> str:
    """A name as it is compared: letters and digits of any alphabet and hyphens, without case and accents, single spaces."""
    return " ".join(re.sub(r"[^\w-]|_", " ", unaccented(name).casefold()).split())


def actors_of(case: Case) -> Actors:
    """The names that a case gives those of its parties that it says are also called otherwise."""
    given = [party for party in case.parties.values() if party.also_called and party.code is not None]
    names = {name: party.code for party in given for name in (party.code, party.name, *party.also_called) if party.code}
    return Actors.of({str(name): code for name, code in names.items()})


def read_actors(path: str) -> Actors:
    """A table of names, or a PETRARCH dictionary, plain or packed as .gz, .bz2 or .xz; ``-`` for standard input.

    Raises
    ------
    RecordError
        With every fault of a table at once; if a dictionary has no entry that can be read.
    """
    content = read_bytes(path, error=RecordError, name="table-bytes")
    if kind := packed(content[:8]):
        content = _unpacked(content, kind, name_of(path))
    text = text_of(content, name_of(path), error=RecordError, what="table of actors")
    return _dictionary(text, path) if _is_dictionary(text) else _table(text, path)


def _unpacked(content: bytes, kind: str, source: str) -> bytes:
    import io

    if kind == "zip":
        raise RecordError(f"{source}: an archive, wanted one table of actors (unpack it first)", source=source)
    try:
        return b"".join(unpacked(io.BytesIO(content), kind, len(content), source, error=RecordError))
    except (*DAMAGED, OSError, ValueError) as err:
        raise RecordError(f"{source}: cannot be unpacked: {err} (is the download complete?)", source=source) from None


def _names(actor: str) -> Iterator[str]:
    """Under which names an actor is looked for."""
    yield folded(actor)
    if inner := re.search(r"\(([^()]*)\)\s*$", actor):
        yield folded(inner[1])
    if re.fullmatch(r"(?:[A-Z]{3})+", actor):
        yield actor[:6].lower()
        yield actor[:3].lower()


def _holds(sense: Sense, day: date) -> bool:
    return (sense.first is None or sense.first <= day) and (sense.end is None or day < sense.end)


_HEADERS = {"name": "name", "actor": "name", "country": "code", "code": "code", "from": "from", "to": "to"}


def _table(text: str, path: str) -> Actors:
    """name, code, and perhaps from and to: the first and the last day for which the row holds, both included."""
    found: dict[str, list[Sense]] = {}
    always: dict[str, str] = {}
    faults: list[Fault] = []
    columns: list[str] = ["name", "code", "from", "to"]
    for line, row in patiently(delimited(text, path, delimiter=delimiter_of(text), error=RecordError), faults):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        heads = [_HEADERS.get(cell.lower(), "") for cell in cells]
        if {"name", "code"} <= set(heads):
            columns = heads
            continue
        given = dict(zip(columns, cells, strict=False))
        name, code = given.get("name", ""), given.get("code", "")
        place = (line, 1, name[:60])
        if not name or not code:
            faults.append(Fault(line, 1, "", f"got {shown(','.join(row))}, wanted a name and a code"))
        elif not re.fullmatch(CODE, code):
            meant = country(code)
            hint = f"did you mean {meant!r}?" if meant else ""
            faults.append(Fault(*place, f"got {shown(code)}, wanted {CODES}", hint))
        elif not folded(name):
            faults.append(Fault(*place, "got neither a letter nor a digit, wanted a name"))
        else:
            first, last = (_day(given.get(end, ""), place, end, faults) for end in ("from", "to"))
            sense = Sense(code, first, None if last is None else date.fromordinal(last.toordinal() + 1))
            held = found.setdefault(folded(name), [])
            if first and last and last < first:
                faults.append(Fault(*place, f"holds from {first} to {last}, which is no time"))
            elif clash := next((s for s in held if s.code != code and _meet(s, sense)), None):
                faults.append(Fault(*place, f"got {code}, but {clash.code} above for the same days", "keep one of the two"))
            elif sense not in held:
                held.append(sense)
                if not (first or last):
                    always[name] = code
    if faults:
        raise RecordError(f"{path}: cannot be used as a table of actors", source=path, faults=faults)
    if not found:
        hint = "wanted a row such as A. Lee,KOR for each name"
        raise RecordError(f"{path}: names nobody, so that no event is read otherwise ({hint})", source=path)
    return Actors({name: tuple(senses) for name, senses in found.items()}, given=always)


def _day(text: str, place: tuple[int, int, str], what: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    with contextlib.suppress(ValueError):
        day = date.fromisoformat(text)
        if len(text) == 10 and plausible(day):
            return day
    faults.append(Fault(*place, f"{what}: got {shown(text)}, wanted a day such as 2019-01-30"))
    return None


def _meet(a: Sense, b: Sense) -> bool:
    return (a.first or date.min) < (b.end or date.max) and (b.first or date.min) < (a.end or date.max)


_CODED = re.compile(r"\[([^\[\]]*)\]")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a dictionary with their numbers, without comments and blank lines."""
    bare = re.sub(r"<!--.*?-->", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(bare.splitlines(), 1):
        kept = line.partition("#")[0].rstrip()
        if kept:
            yield number, kept


def _is_dictionary(text: str) -> bool:
    """Whether names and codes in brackets come first; a table has a delimiter in its first line."""
    for at, (_, line) in enumerate(_lines(text)):
        if _CODED.search(line):
            return True
        if "," in line or at > 1_000:
            return False
    return False


def _dictionary(text: str, path: str) -> Actors:
    found: dict[str, list[Sense]] = {}
    left_out: list[str] = []
    for names, codes in _entries(text):
        senses = []
        for number, coded in codes:
            sense = _sense(coded)
            if sense is None:
                left_out.append(f"{Path(path).name}:{number} [{coded}]")
            elif not sense.code.startswith("~"):
                senses.append(sense)
        for name in names if senses else ():
            held = found.setdefault(folded(name), [])
            held.extend(sense for sense in senses if sense not in held)
    found.pop("", None)
    if not found:
        message = f"{path}: no entry of an actor in it, such as `FRANCE_ [FRA]`"
        raise RecordError(f"{message} (a dictionary of agents or verbs is another file)", source=path)
    return Actors({}, {name: tuple(senses) for name, senses in found.items()}, left_out=tuple(left_out))


def _entries(text: str) -> Iterator[tuple[Sequence[str], Sequence[tuple[int, str]]]]:
    """The names of each actor, and its codes with their lines."""
    names: list[str] = []
    codes: list[tuple[int, str]] = []
    for number, line in _lines(text):
        name = _CODED.sub(" ", line).strip()
        if name and not name.startswith("+"):
            yield names, codes
            names, codes = [], []
        if name:
            names.append(name.removeprefix("+").replace("_", " "))
        codes.extend((number, coded.strip()) for coded in _CODED.findall(line))
    yield names, codes


def _sense(coded: str) -> Sense | None:
    """What stands in brackets; None where it cannot be read."""
    code, _, days = coded.partition(" ")
    days = re.sub(r"\s", "", days)
    try:
        if not days:
            return Sense(_party(code))
        if days[0] in "<>":
            day = _petrarch_day(days[1:])
            return Sense(_party(code), day) if days[0] == ">" else Sense(_party(code), None, day)
        first, end = map(_petrarch_day, days.split("-"))
        return Sense(_party(code), first, end) if first < end else None
    except ValueError:
        return None


def _petrarch_day(text: str) -> date:
    if not re.fullmatch(r"\d{6}|\d{8}", text):
        raise ValueError(text)
    year = int(text[:-4])
    if len(text) == 6:
        year += 2000 if year <= 30 else 1900
    return date(year, int(text[-4:-2]), int(text[-2:]))


def _party(code: str) -> str:
    """The country or the code that an actor's code stands for; "" for nobody."""
    if code.startswith("~"):
        return code
    upper = code.upper()
    return countries().get(upper[:3]) or (upper if len(upper) > 3 and re.fullmatch(CODE, upper) else "")
