"""Texts as they come: plain, HTML, PDF or Word.

A text is what its file holds, character by character: nothing is mended in it, so that a span of it can be found again. What
is only typography is evened out in a `View` (`detente.read.view`).

Of HTML the text is what a reader of the page sees; of PDF and Word what the file holds as text, pages parted by a form feed,
with the numbers of lists and the notes that Word keeps apart (`detente.read.word`). A file that holds no text, is in another
encoding than it says, or in another language than English, is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from detente.base.bounds import name_of, read_bytes, within
from detente.base.encoding import wide
from detente.base.wording import shown
from detente.errors import InputError
from detente.read.view import View, viewed
from detente.read.word import word_text
from detente.read.words import word_set

__all__ = ["Text", "View", "read_source", "spacy_absent"]

_COMMON = word_set(
    "the of and to in a is that for on with as by be are was it its has have had not from at an or which will would "
    "this their they he his but were been all shall may said who more any other between after before if no"
)
_ENGLISH = 0.12  # of the words; English prose has 0.35 to 0.5 of them, other languages in Latin script below 0.1
_LETTERS = 40  # letters below which no language is told
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_MARKUP = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|p|div|h\d|article|section|table|ul|ol|a)\b", re.I | re.S
)
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9_-]+)""", re.I)


@dataclass(frozen=True)
class Text:
    """A text. source : how it is called; text : its characters; notes : what a reader should know of it."""

    source: str
    text: str
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def view(self) -> View:
        """The text in even typography."""
        return viewed(self.text)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        source : how the text is called
        characters : how long it is
        """
        return {"source": self.source, "characters": len(self.text)}


def read_source(source: str | Path | Any, *, encoding: str | None = None) -> Text:
    """The text of a file.

    Parameters
    ----------
    source : a path, ``-`` for standard input, or an open file.
    encoding : of a plain text or page that is not UTF-8; None: UTF-8, UTF-16 or 32, or what the page states.

    Raises
    ------
    InputError
        If it cannot be read, holds no text, is not in the encoding, or is not English.
    """
    called = name_of(source)
    content = read_bytes(source, name="table-bytes")
    notes: list[str] = []
    if content.startswith(_PDF):
        text = _pdf(content, called, notes)
    elif content.startswith(_ZIP):
        text = word_text(content, called)
    else:
        markup = _MARKUP.match(content[:4000]) is not None or called.lower().endswith((".html", ".htm", ".xhtml"))
        text = _decoded(content, called, encoding, markup)
        text = _seen(text) if markup else text
    if "\x00" in text:
        raise InputError(f"{called}: it holds characters that no text has (is it a text?)", source=called)
    if not text.strip():
        raise InputError(
            f"{called}: there is no text in it (an empty file, or pictures of pages: name a file with text)", source=called
        )
    _english(text, called)
    if re.search("[\u00c2\u00c3\u00e2][\u0080-\u00bf\u20ac\u2122]", text):
        notes.append(
            f"{called}: some characters look as if they had been read in a wrong encoding before; spans are right all the same"
        )
    return Text(called, text, tuple(notes))


def spacy_absent() -> str:
    """What is said where the extra for texts is not installed."""
    return "the extra [text] is not installed: rules and linear models only, without grammar (pip install 'detente[text]')"


def _decoded(content: bytes, called: str, encoding: str | None, markup: bool) -> str:
    stated = _CHARSET.search(content[:4000]) if markup else None
    chosen = encoding or wide(content) or (stated[1].decode("ascii") if stated else "utf-8")
    try:
        return content.decode("utf-8-sig" if chosen.lower().replace("_", "-") in ("utf-8", "utf8") else chosen)
    except UnicodeDecodeError as err:
        line = content.count(b"\n", 0, err.start) + 1
        hint = "state it: --encoding cp1252, say" if encoding is None else "try another one"
        byte = content[err.start]
        raise InputError(
            f"{called}: not {chosen}: the byte 0x{byte:02x} in line {line} cannot stand here ({hint})", source=called
        ) from None
    except (LookupError, UnicodeError):  # what Python calls an encoding need not be one of texts
        raise InputError(
            f"{called}: got the encoding {shown(chosen)}, wanted one that is known, such as cp1252", source=called
        ) from None


class _Seen(HTMLParser):
    """What a reader of a page sees: the text, a blank line between blocks, nothing of scripts, styles and the head."""

    _BLOCKS = word_set(
        "p div li ul ol h1 h2 h3 h4 h5 h6 tr table section article header footer blockquote dd dt dl pre hr aside main nav"
    )
    _HIDDEN = frozenset(["script", "style", "head", "template", "noscript", "svg", "math"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.parts.append("\n\n- " if tag == "li" else "\n\n")
        elif tag in ("br", "td", "th"):
            self.parts.append("\n" if tag == "br" else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self._HIDDEN and self.hidden > 0
        if tag in self._BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _seen(page: str) -> str:
    reader = _Seen()
    reader.feed(page)
    reader.close()
    text = "".join(reader.parts)
    text = re.sub(r"[^\S\n]*\n[^\S\n]*", "\n", re.sub(r"[ \t]{2,}", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _pdf(content: bytes, called: str, notes: list[str]) -> str:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise InputError(
            f"{called}: a PDF, which needs the extra [text] (pip install 'detente[text]')", source=called
        ) from None
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{called}: it is locked with a password (save it without one)", source=called)
        pages, size = list[str](), 0
        for page in reader.pages:
            pages.append(page.extract_text())
            size += len(pages[-1])
            within("table-bytes", size, called)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError) as err:
        raise InputError(f"{called}: cannot be read as a PDF: {err} (save it again, or as text)", source=called) from None
    if not any(page.strip() for page in pages):
        raise InputError(
            f"{called}: there is no text in its {len(pages)} pages, only pictures (recognise the text first, with OCR)",
            source=called,
        )
    if blank := [n for n, page in enumerate(pages, 1) if not page.strip()]:
        which = ", ".join(map(str, blank[:8])) + (", ..." if len(blank) > 8 else "")
        notes.append(
            f"{called}: {len(blank)} of its {len(pages)} pages hold no text (blank, or pictures that want OCR): {which}"
        )
    return "\f".join(pages) + "\n"


def _words(text: str) -> Iterator[str]:
    return (found[0].lower() for found in re.finditer(r"[^\W\d_]+", text))


def _english(text: str, called: str) -> None:
    sample = text[:200_000]
    letters = sum(map(str.isalpha, sample))
    latin = sum(c.isalpha() and c < "\u0250" for c in sample)
    words = list(_words(sample))
    if letters < _LETTERS:
        return
    share = sum(word in _COMMON for word in words) / len(words)
    if latin < letters / 2 or share < _ENGLISH:
        raise InputError(
            f"{called}: it does not read as English ({share:.0%} of its words are common English ones): "
            "the rules know no other language (translate it first)",
            source=called,
        )
