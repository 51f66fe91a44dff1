"""What the brief says, in a form that knows neither HTML nor PDF nor Word: blocks of text, tables, lists and pictures.

The parts and the templates tell the brief once. This reads what they say, element by element, and keeps what is meant: that a
line is a heading, that a cell names its row, that a picture has a name and a description. What belongs to a screen alone (a
narrow picture, the sign that links a heading) is left out; what belongs to paper alone is kept.

A block     Heading, Paragraph, Items, Table, Picture, or a Group of blocks that stand together
A run       a piece of a line: text that may be bold, small or large and may lead somewhere; or a sign, a small picture
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from detente.base.words import isolated
from detente.brief.context import Context
from detente.brief.page import body
from detente.brief.paper.pictures import SVG, stand_alone

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Block", "Cell", "Document", "Group", "Heading", "Items", "Paragraph", "Picture", "Row", "Run", "Table", "document"]

_BLOCKS = {"h1", "h2", "h3", "h4", "p", "figcaption", "ul", "ol", "table", "figure", "details", "summary"} | {
    "section", "header", "div", "nav", "li",
}  # fmt: skip
_STYLES = ("kicker", "verdict", "headline", "aside", "legend", "colophon", "span")
_SPACES = re.compile("[ \t\r\n]+")  # not those that keep words together
_BAR = (600.0, 150.0)  # how wide a bar is that has no width of its own: in the text, in a cell
_WORD, _LINE = 16, 60  # letters: words longer than that are cut; cells longer than that take no more room


@dataclass(frozen=True)
class Picture:
    """A picture, as SVG that stands by itself. `width`, `height`: in pixels of the page, 96 to the inch. `title`, `text`: what
    it is called and what it shows, in words; both empty for a sign, which says no more than the words beside it."""

    svg: str
    width: float
    height: float
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Run:
    """`link`: an anchor of the document (``#steps``), an address, or empty; `sign`: a picture in place of the text."""

    text: str
    bold: bool = False
    small: bool = False
    large: bool = False
    link: str = ""
    sign: Picture | None = None


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """`level`: from 1, the title of the document; `anchor`: where links lead, or empty."""

    level: int
    line: Line
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`style`: kicker, verdict, headline, aside, legend, colophon, span (its runs stand at both ends), caption, small, or
    empty."""

    line: Line
    style: str = ""


@dataclass(frozen=True)
class Item:
    """`mark`: what stands before it, a dot if empty."""

    blocks: tuple[Block, ...]
    mark: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Items:
    """A list; of short lines in two `columns`."""

    items: tuple[Item, ...]
    columns: int = 1


@dataclass(frozen=True)
class Cell:
    """`span`: columns; `head`: it names its row or column."""

    blocks: tuple[Block, ...]
    span: int = 1
    head: bool = False


@dataclass(frozen=True)
class Row:
    """`head`: of the table, repeated on every sheet; `whole`: one heading for the rows that follow."""

    cells: tuple[Cell, ...]
    head: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Table:
    """`widths`: of the columns, as shares of the whole."""

    rows: tuple[Row, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Group:
    """Blocks that stand together. `kind`: annex, figure, panels (side by side), panel, or aside (in smaller type)."""

    kind: str
    blocks: tuple[Block, ...]
    anchor: str = ""


Block = Heading | Paragraph | Items | Table | Picture | Group


@dataclass(frozen=True)
class Document:
    """`front`: the two pages and the list of the annexes; `annexes`: none where nobody asked for them. `date`: year, month and
    day of the values, which is that of the file, too."""

    title: str
    date: tuple[int, int, int]
    front: tuple[Block, ...]
    annexes: tuple[Group, ...]


def document(context: Context, *, annexes: bool = False, party: str | None = None) -> Document:
    """The brief of a context; annexes, party : as for the page."""
    from xml.etree import ElementTree

    from detente.base.legible import visible

    root = ElementTree.fromstring(f"<main>{body(replace(context, paper=True), annexes=annexes, party=party)}</main>")
    named = stand_alone(root)
    day, behind = context.case.as_of, [e for e in root if "annex" in _classes(e)]
    front = [e for e in root if e not in behind]
    told = front + behind if annexes else front
    reader = _Reader({inner.get("id", "") for e in told for inner in e.iter()}, named)
    return Document(
        visible(context.case.title),
        (day.year, day.month, day.day),
        tuple(b for e in front for b in reader.blocks(e)),
        tuple(Group("annex", tuple(reader.annex(e, n))) for n, e in enumerate(behind)) if annexes else (),
    )


@dataclass(frozen=True)
class _Reader:
    """Reads elements of the page. `known`: the anchors to which a link can lead; `named`: what pictures are called and show."""

    known: set[str]
    named: dict[Element, tuple[str, str]]

    def annex(self, e: Element, place: int) -> Iterator[Block]:
        """An annex, with its letter before its heading."""
        first, *rest = self.flow(e)
        if not isinstance(first, Heading):
            raise TypeError(f"an annex begins with {first}, not with its heading")
        yield replace(first, line=(Run(f"{ascii_uppercase[place]}. "), *first.line))
        yield from rest

    def blocks(self, e: Element) -> Iterator[Block]:
        """What an element says; nothing if it is for screens alone."""
        classes, anchor = _classes(e), e.get("id", "")
        if "narrow" in classes:
            return
        if e.tag in ("h1", "h2", "h3", "h4"):
            yield Heading(int(e.tag[1]), self.line(e), anchor)
        elif e.tag in ("p", "figcaption"):
            style = "caption" if e.tag == "figcaption" else next((c for c in _STYLES if c in classes), "")
            yield Paragraph(self.line(e), style)
        elif e.tag in ("ul", "ol"):
            yield self.items(e)
        elif e.tag == "table":
            yield self.table(e)
        elif e.tag == "figure":
            other = "medium" if anchor == "chart-roadmap" else "wide"
            yield Group("figure", tuple(b for x in e if other not in _classes(x) for b in self.blocks(x)), anchor)
        elif classes & {"panels", "panel"}:
            yield Group("panels" if "panels" in classes else "panel", tuple(self.flow(e)))
        elif e.tag == "details":
            summary, *rest = e
            told = tuple(b for child in rest for b in self.blocks(child))
            yield Group("aside", (Heading(4, self.line(summary)), *told))
        else:
            yield from self.flow(e)

    def flow(self, e: Element) -> Iterator[Block]:
        """What stands in an element that holds blocks, lines, or both."""
        line: list[Run] = []
        for piece in (*self.pieces(e), None):
            if isinstance(piece, Run):
                line.append(piece)
                continue
            if told := _joined(line):
                yield Paragraph(told)
            line = []
            if piece is not None:
                yield piece

    def pieces(self, e: Element) -> Iterator[Run | Block]:
        """The runs and the blocks in an element, one after the other."""
        if e.text:
            yield Run(e.text)
        for child in e:
            if child in self.named:
                yield self.picture(child, _BAR[e.tag == "td"])
            elif child.tag in _BLOCKS:
                yield from self.blocks(child)
            elif child.tag == "small" and e.tag == "td":  # which has a line of its own
                yield Paragraph(_joined(replace(r, small=False) for r in self.runs(child)), "small")
            else:
                yield from self.runs(child)
            if child.tail:
                yield Run(child.tail)

    def line(self, e: Element) -> Line:
        """The runs in an element that holds no blocks."""
        return _joined(p for p in self.pieces(e) if isinstance(p, Run))

    def runs(self, e: Element) -> Iterator[Run]:
        """An element within a line."""
        classes, target = _classes(e), e.get("href", "")
        if "anchor" in classes:
            return
        if e.tag == f"{SVG}svg":
            yield Run("", sign=self.picture(e))
            return
        if e.tag == "br":
            yield Run(" ")
        link = target if not target.startswith("#") or target[1:] in self.known else ""
        for inner in self.pieces(e):
            if isinstance(inner, Run):
                yield Run(
                    isolated(inner.text) if e.tag == "bdi" else inner.text,
                    inner.bold or e.tag in ("b", "strong") or "answer" in classes,
                    inner.small or e.tag == "small" or "firm" in classes,
                    inner.large or "figure" in classes,
                    inner.link or link,
                    inner.sign,
                )

    def picture(self, e: Element, bar: float = 0.0) -> Picture:
        """bar : how wide it is if it has no width of its own."""
        from xml.etree import ElementTree

        ElementTree.register_namespace("", SVG[1:-1])
        if e.get("width", "").endswith("%"):
            e.set("width", f"{bar:g}")
        tail, e.tail = e.tail, None  # what follows it is no part of the picture
        drawn = ElementTree.tostring(e, encoding="unicode")
        e.tail = tail
        return Picture(drawn, float(e.get("width", 0)), float(e.get("height", 0)), *self.named.get(e, ("", "")))

    def items(self, e: Element) -> Items:
        lines = [li for li in e if li.tag == "li"]
        numbered = e.tag == "ol" and not _classes(e) & {"orders", "narrow"}
        letters = "paper" in _classes(e)
        marks = [
            (ascii_uppercase[n - 1] if letters else str(n)) + "." if numbered else ""
            for n in (int(li.get("value", place)) for place, li in enumerate(lines, 1))
        ]
        items = tuple(Item(tuple(self.flow(li)), m, li.get("id", "")) for li, m in zip(lines, marks, strict=True))
        return Items(items, 2 if _classes(e) & {"paper", "letters", "moved"} else 1)

    def table(self, e: Element) -> Table:
        rows = tuple(self.row(tr, head=part.tag == "thead") for part in e for tr in part)
        return Table(rows, tuple(_widths(rows)))

    def row(self, tr: Element, *, head: bool) -> Row:
        cells = tuple(Cell(tuple(self.flow(c)), int(c.get("colspan", "1")), c.tag == "th") for c in tr)
        return Row(cells, head, len(cells) == 1 and not head)


def _classes(e: Element) -> set[str]:
    return set(e.get("class", "").split())


def _joined(runs: Iterable[Run]) -> Line:
    """Runs with single spaces in and between them, and none at their ends."""
    out: list[Run] = []
    for run in runs:
        text = _SPACES.sub(" ", run.text)
        if not out or out[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if run.sign or text:
            out.append(replace(run, text=text))
    while out and not out[-1].sign and not out[-1].text.strip(" "):
        out.pop()
    return (*out[:-1], replace(out[-1], text=out[-1].text.rstrip(" "))) if out else ()


def _text(blocks: Iterable[Block]) -> str:
    return " ".join("".join(r.text or "MM" for r in b.line) for b in blocks if isinstance(b, Heading | Paragraph))


def _widths(rows: tuple[Row, ...]) -> Iterator[float]:
    """Room for the longest word of each column, and the rest by how much the columns have to say."""
    columns = max(sum(c.span for c in r.cells) for r in rows)
    words, said = [1.0] * columns, [1.0] * columns
    for row in rows:
        place = 0
        for cell in row.cells:
            if cell.span == 1:
                text = _text(cell.blocks) + 14 * " " * any(isinstance(b, Picture) for b in cell.blocks)
                words[place] = max(words[place], min(_WORD, max(map(len, text.split()), default=1)) + 2)
                said[place] = max(said[place], min(_LINE, len(text)))
            place += cell.span
    left = max(0.0, 95 - sum(words))
    more = [max(0.0, s - w) for s, w in zip(said, words, strict=True)]
    wide = [w + left * m / (sum(more) or 1.0) for w, m in zip(words, more, strict=True)]
    return (w / sum(wide) for w in wide)
