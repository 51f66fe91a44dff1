"""Which text can be shown, as a name or title, on a terminal or a page; and how any other is.

Steering   control characters but for line ends and tabs, the marks that turn the direction of writing, half a surrogate pair,
           and the two characters that XML has no room for. They do something instead of standing for something, so a file that
           holds one is refused.
Blank      nothing but spaces, fillers and characters without a shape of their own.
Alike      two names are alike if they are the same after compatibility normalisation (NFKC), without regard to case, to the
           number of spaces and to characters without a shape: a reader could not tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from html import escape
from typing import TypeVar

from detente.errors import printable

__all__ = ["alike", "escaped", "first_of_each", "is_blank", "steering", "visible"]

Key = TypeVar("Key", bound=Hashable)
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by class, and yet nothing is seen
_ISOLATE = re.compile("([\u2068\u2069])")
_NO_XML = "\ufffe\uffff"
_NAMED = 5


def steering(text: str) -> str:
    """What in a text steers, as a message says it: ``the character U+001B``; empty if nothing does."""
    if text.isprintable():
        return ""
    found = dict.fromkeys(c for c in text if c in _NO_XML or printable(c) != c)
    codes = [f"U+{ord(c):04X}" for c in list(found)[:_NAMED]]
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"the character{'s' if len(found) > 1 else ''} {', '.join(codes)}{more}" if found else ""


def visible(text: str) -> str:
    """A text in which nothing steers any more: all of that stands as escapes such as ``\\x1b``.

    Isolates (U+2068, U+2069) stay where they come in pairs, as they are set round a name that runs from right to left; such a
    pair turns nothing outside it.
    """
    if text.isprintable():
        return text
    depth, paired = 0, True
    for mark in _ISOLATE.findall(text):
        depth += 1 if mark == "\u2068" else -1
        paired = paired and depth >= 0
    if depth or not paired:
        return _escaped(text)
    return "".join(piece if n % 2 else _escaped(piece) for n, piece in enumerate(_ISOLATE.split(text)))


def escaped(text: str) -> str:
    """A text for a page: what is visible of it, with nothing that is markup."""
    return escape(visible(text))


def _escaped(text: str) -> str:
    return printable(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def is_blank(text: str) -> bool:
    """Whether nothing of a text would be seen."""
    return not any(unicodedata.category(c)[0] in "LNPSC" and not _shapeless(c) for c in text)


def alike(name: str) -> str:
    """A form that names which look alike share."""
    shaped = "".join(c for c in unicodedata.normalize("NFKC", name) if not _shapeless(c))
    return " ".join(unicodedata.normalize("NFKC", shaped.casefold()).split())


def first_of_each(names: Iterable[tuple[Key, object]]) -> Iterator[tuple[Key, Key]]:
    """Each key whose name is like an earlier one, with the key of that; names that are no text are left out."""
    seen: dict[str, Key] = {}
    for key, name in names:
        if isinstance(name, str):
            first = seen.setdefault(alike(name), key)
            if first != key:
                yield key, first


def _shapeless(character: str) -> bool:
    return character in _FILLERS or unicodedata.category(character) in ("Cc", "Cf", "Cs")
