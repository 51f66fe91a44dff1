"""The brief as a Word file: the same blocks as paragraphs, tables and pictures that can be changed.

A picture is SVG, which Word draws since 2016, with a PNG for programs that do not; the PNG is drawn by typst. Word draws the
edge of a letter over the letter, whatever the picture says, so that a text with a halo is set twice: first its edge, then
itself. Members of the archive carry the date of the values, and the file names no author, so that the same brief gives the same
bytes.
"""

from __future__ import annotations

import datetime
import io
import unicodedata
import zipfile
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from detente.brief.paper.document import Block, Document, Group, Heading, Items, Paragraph, Picture, Row, Run, Table
from detente.brief.paper.fonts import fonts_for
from detente.brief.paper.pictures import SVG

__all__ = ["word"]

_WIDE = 510.0  # points between the margins of A4
_FACE = "Cambria"
_SIZE = 8.6
_SIZES = {"kicker": 0.85, "verdict": 1.4, "small": 0.9, "span": 0.85, "aside": 0.92, "caption": 0.92, "colophon": 0.92}
_HEADINGS = {1: 11.0, 2: 12.0, 3: 10.0, 4: 9.5}
_QUIET, _RULE = "444444", "BBBBBB"
_BESIDE = 520.0  # a picture no wider stands beside the section that follows it, in pixels
_DOTS = 220  # of a PNG, to the inch
_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"  # of a picture that has an SVG, by Microsoft's format
_DRAWN = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def word(document: Document) -> bytes:
    """The file."""
    import docx

    made = _Writer(docx.Document(), fonts_for(str(document)))
    made.begin(document)
    made.front(document.front)
    for n, annex in enumerate(document.annexes):
        first, *rest = annex.blocks
        made.block(made.book, first, _WIDE, fresh=n == 0)
        made.blocks(made.book, rest, _WIDE)
    out = io.BytesIO()
    made.book.save(out)
    return _dated(out.getvalue(), document.date)


def _dated(archive: bytes, date: tuple[int, int, int]) -> bytes:
    """The same archive, whose members all have one date; an archive knows none before 1980."""
    out = io.BytesIO()
    day = max((*date, 0, 0, 0), (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, day)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(member, old.read(name))
    return out.getvalue()


class _Writer:
    """Puts blocks into a Word document, `book`, or into a cell of it."""

    def __init__(self, book: Any, fonts: Any) -> None:
        self.book, self.fonts = book, fonts
        self.drawn: dict[str, tuple[bytes, Any]] = {}
        self.made: list[Any] = []
        self.marks = 0

    def begin(self, document: Document) -> None:
        """The sheet, the type, and what the file says of itself."""
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Mm, Pt, RGBColor

        book, sheet = self.book, self.book.sections[0]
        sheet.page_width, sheet.page_height = Mm(210), Mm(297)
        sheet.left_margin = sheet.right_margin = Mm(15)
        sheet.top_margin, sheet.bottom_margin, sheet.footer_distance = Mm(12), Mm(13), Mm(7)
        for style in book.styles:
            if style.name == "Normal" or style.name.startswith("Heading ") or style.name == "Title":
                style.font.name, style.font.color.rgb = _FACE, RGBColor(0, 0, 0)
                _fonts(style.element)
        normal = book.styles["Normal"]
        normal.font.size, normal.paragraph_format.space_after = Pt(_SIZE), Pt(2.5)
        normal.paragraph_format.line_spacing = 1.0
        told, moment = book.core_properties, datetime.datetime(*document.date, tzinfo=datetime.UTC).replace(tzinfo=None)
        told.title, told.author, told.last_modified_by, told.comments, told.language = document.title, "", "", "", "en"
        told.created = told.modified = moment
        foot = sheet.footer.paragraphs[0]
        foot.style = book.styles["Normal"]
        foot.paragraph_format.tab_stops.add_tab_stop(Pt(_WIDE), WD_TAB_ALIGNMENT.RIGHT)
        self.run(foot, Run(f"{document.title}\t", small=True), 0.95)
        self.field(foot, "PAGE")
        package = book.part.package
        for key in [k for k, r in package.rels.items() if r.reltype.endswith(("/thumbnail", "/extended-properties"))]:
            del package.rels[key]  # of the template: its picture, and another program's name

    def front(self, blocks: tuple[Block, ...]) -> None:
        """The two pages; a narrow picture stands beside the section that follows it."""
        for n, b in enumerate(blocks):
            if isinstance(b, Group) and any(isinstance(x, Picture) and x.width <= _BESIDE for x in b.blocks):
                after = blocks[n + 1 :]
                starts = [k for k, x in enumerate(after) if isinstance(x, Heading) and x.level == 2]
                stop = starts[1] if len(starts) > 1 else len(after)
                self.blocks(self.book, blocks[:n], _WIDE)
                left, right = self.columns(self.book, _WIDE)
                self.blocks(left, after[:stop], _WIDE / 2 - 12)
                self.blocks(right, (b,), _WIDE / 2 - 12)
                self.blocks(self.book, after[stop:], _WIDE)
                return
        self.blocks(self.book, blocks, _WIDE)

    def blocks(self, place: Any, blocks: Iterable[Block], wide: float, size: float = 1.0) -> None:
        for b in blocks:
            self.block(place, b, wide, size)

    def block(self, place: Any, b: Block, wide: float, size: float = 1.0, *, fresh: bool = False) -> None:
        """place : the document or a cell; wide : its width in points; size : of its type; fresh : on a new sheet."""
        if isinstance(b, Heading):
            self.heading(place, b, fresh=fresh)
        elif isinstance(b, Paragraph):
            self.paragraph(self.new(place), b, size)
        elif isinstance(b, Picture):
            self.picture(self.new(place), b, wide)
        elif isinstance(b, Items):
            self.items(place, b, wide, size)
        elif isinstance(b, Table):
            self.table(place, b, wide)
        elif b.kind == "panels":
            for n in range(0, len(b.blocks), 2):
                for cell, panel in zip(self.columns(place, wide), b.blocks[n : n + 2], strict=False):
                    self.block(cell, panel, wide / 2 - 12, size)
        else:
            before = len(self.made)
            self.blocks(place, b.blocks, wide, 0.9 if b.kind in ("panel", "aside") else size)
            if b.kind == "figure" and not any(isinstance(x, Items | Table | Group) for x in b.blocks):
                for p in self.made[before:-1]:
                    p.paragraph_format.keep_with_next = True

    def new(self, place: Any) -> Any:
        """A paragraph at the end of a place; a new cell has an empty one."""
        bare = place is not self.book and not place._tc.xpath("w:tbl|w:p[2]|w:p/*[not(self::w:pPr)]")
        self.made.append(place.paragraphs[0] if bare else place.add_paragraph())
        return self.made[-1]

    def heading(self, place: Any, b: Heading, *, fresh: bool = False) -> None:
        from docx.shared import Pt

        p = self.new(place)
        p.style = self.book.styles["Title" if b.level == 1 else f"Heading {b.level - 1}"]
        p.paragraph_format.space_before, p.paragraph_format.space_after = Pt(0 if b.level == 1 else 6), Pt(2)
        p.paragraph_format.page_break_before = fresh or None
        _edge(p, "top" if b.level == 2 else "", "single")
        self.bookmark(p, b.anchor)
        for r in b.line:
            made = self.run(p, r, 1.0)
            made.font.size, made.bold = Pt(_HEADINGS[b.level]), b.level > 1

    def paragraph(self, p: Any, b: Paragraph, size: float) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Pt

        factor = size * _SIZES.get(b.style, 1.0)
        quiet = b.style in ("kicker", "small", "span", "aside", "caption", "colophon")
        if b.style == "span":
            p.paragraph_format.tab_stops.add_tab_stop(Pt(_WIDE), WD_TAB_ALIGNMENT.RIGHT)
        if b.style == "headline":
            p.paragraph_format.keep_with_next = True
        for n, r in enumerate(b.line):
            if b.style == "span" and n:
                p.add_run("\t")
            gap = "  " if b.style == "legend" and r.text else ""
            self.run(p, replace(r, text=r.text + gap), factor, quiet=quiet)

    def run(self, p: Any, r: Run, size: float, *, quiet: bool = False) -> Any:
        from docx.shared import Pt, RGBColor

        if r.sign:
            self.picture(p, r.sign, _WIDE)
            made = p.add_run("\u00a0")
            made.font.size = Pt(round(2 * _SIZE * size) / 2)
            return made
        made = p.add_run(r.text)
        made.font.size = Pt(round(2 * _SIZE * size * (1.9 if r.large else 0.9 if r.small else 1)) / 2)
        made.bold = r.bold or None
        if quiet or r.small:
            made.font.color.rgb = RGBColor.from_string(_QUIET)
        if any(unicodedata.bidirectional(c) in ("R", "AL") for c in r.text):
            made.font.rtl = True
        if r.link:
            self.link(p, made, r.link)
        return made

    def link(self, p: Any, run: Any, target: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        link = OxmlElement("w:hyperlink")
        if target.startswith("#"):
            link.set(qn("w:anchor"), target[1:])
        else:
            link.set(qn("r:id"), self.book.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            run.underline = True
        p._p.replace(run._r, link)
        link.append(run._r)

    def bookmark(self, p: Any, name: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        if not name:
            return
        self.marks += 1
        for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(tag)
            mark.set(qn("w:id"), str(self.marks))
            if tag.endswith("Start"):
                mark.set(qn("w:name"), name)
            p._p.append(mark)

    def field(self, p: Any, name: str) -> None:
        """A field that Word fills in, such as the number of the page."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        field.append(self.run(p, Run("1", small=True), 0.95)._r)
        p._p.append(field)

    def items(self, place: Any, b: Items, wide: float, size: float) -> None:
        from docx.shared import Pt

        if b.columns > 1:
            half = -(-len(b.items) // 2)
            for cell, part in zip(self.columns(place, wide), (b.items[:half], b.items[half:]), strict=True):
                self.items(cell, Items(part), wide / 2 - 12, size)
            return
        room = 7 + 5.0 * max((len(item.mark) for item in b.items), default=1)
        for item in b.items:
            before = len(self.made)
            for n, x in enumerate(item.blocks):
                if n == 0 and isinstance(x, Paragraph):
                    p = self.new(place)
                    p.paragraph_format.first_line_indent, p.paragraph_format.space_after = Pt(-room), Pt(1.5)
                    self.bookmark(p, item.anchor)
                    self.run(p, Run(f"{item.mark or '•'}\t"), size)
                    self.paragraph(p, x, size)
                else:
                    self.block(place, x, wide - room, size)
            for p in self.made[before:]:
                p.paragraph_format.left_indent = Pt(room + ((p.paragraph_format.left_indent or Pt(0)).pt))

    def columns(self, place: Any, wide: float) -> Any:
        """Two places side by side, without rules."""
        from docx.shared import Pt

        made = self.grid(place, 1, (0.5, 0.5), wide)
        for cell in made.rows[0].cells:
            cell.width = Pt(wide / 2)
        return made.rows[0].cells

    def grid(self, place: Any, rows: int, widths: tuple[float, ...], wide: float) -> Any:
        from docx.shared import Pt

        made = place.add_table(rows, len(widths))
        made.autofit = False
        for column, share in zip(made.columns, widths, strict=True):
            column.width = Pt(share * wide)
        return made

    def table(self, place: Any, b: Table, wide: float) -> None:
        from docx.shared import Pt

        made = self.grid(place, len(b.rows), b.widths, wide)
        size = 0.78 if len(b.widths) > 7 else 0.88
        for row, line in zip(b.rows, made.rows, strict=True):
            _row(line, row)
            cells, at = line.cells, 0
            for c in row.cells:
                cell = cells[at] if c.span == 1 else cells[at].merge(cells[at + c.span - 1])
                cell.width = Pt(wide * sum(b.widths[at : at + c.span]))
                _edge_of_cell(cell, strong=row.head or row.whole)
                self.blocks(cell, c.blocks, wide * sum(b.widths[at : at + c.span]) - 11, size)
                for p in cell.paragraphs:
                    p.paragraph_format.space_after = Pt(0)
                    p.paragraph_format.keep_with_next = row.head or row.whole or None
                    if c.head and (row.head or row.whole):
                        for r in p.runs:
                            r.bold = True
                at += c.span
        self.new(place).paragraph_format.space_after = Pt(0)

    def picture(self, p: Any, b: Picture, wide: float) -> None:
        """A picture within a paragraph, as SVG and PNG."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls
        from docx.shared import Pt

        if b.svg not in self.drawn:
            name = PackURI(f"/word/media/drawing{len(self.drawn) + 1}.svg")
            part = Part(name, "image/svg+xml", _twice(b.svg).encode(), self.book.part.package)
            self.drawn[b.svg] = _png(b, self.fonts), self.book.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        png, related = self.drawn[b.svg]
        width = min(wide, 0.75 * b.width, 580.0 * b.width / b.height) if b.title else 0.6 * b.width
        made = p.add_run().add_picture(io.BytesIO(png), width=Pt(width))
        (blip,) = made._inline.xpath(".//a:blip")
        drawn = f'<asvg:svgBlip xmlns:asvg="{_DRAWN}" {nsdecls("r")} r:embed="{related}"/>'
        blip.append(parse_xml(f'<a:extLst {nsdecls("a")}><a:ext uri="{_EXTENSION}">{drawn}</a:ext></a:extLst>'))
        for side in "TBLR":
            made._inline.set(f"dist{side}", "0")
        about = made._inline.docPr
        about.set("descr", ". ".join(filter(None, (b.title, b.text))))


_AFTER_EDGE = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:bidi", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl",
    "w:rPr", "w:sectPr",
)  # fmt: skip


def _png(b: Picture, fonts: Any) -> bytes:
    """A picture drawn as dots, by typst."""
    import typst

    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made: Any = typst.Compiler(source.encode(), font_paths=fonts, sys_inputs={"svg": b.svg}).compile(format="png", ppi=_DOTS)
    return bytes(made)


def _twice(svg: str) -> str:
    """A picture in which the edge of a letter never lies over the letter."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(svg)
    for above in list(root.iter()):
        for n, e in reversed(list(enumerate(above))):
            if e.tag == f"{SVG}text" and e.attrib.pop("paint-order", ""):
                above.insert(n, deepcopy(e))
                for key in ("stroke", "stroke-width", "stroke-linejoin"):
                    e.attrib.pop(key, None)
    return ElementTree.tostring(root, encoding="unicode")


def _fonts(style: Any) -> None:
    """The face for every script, in place of that of a theme."""
    from docx.oxml.ns import qn

    fonts = style.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{key}"), _FACE)


def _edge(p: Any, side: str, kind: str) -> None:
    """A rule over a paragraph, or none where a style has one."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    sides = f'<w:top w:val="{kind}" w:sz="6" w:space="2" w:color="000000"/>' if side else '<w:bottom w:val="nil"/>'
    edge = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    p._p.get_or_add_pPr().insert_element_before(edge, *_AFTER_EDGE)


def _edge_of_cell(cell: Any, *, strong: bool) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    rule = f'w:val="single" w:sz="{6 if strong else 4}" w:color="{"000000" if strong else _RULE}"'
    cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:tcBorders {nsdecls('w')}><w:bottom {rule}/></w:tcBorders>"))


def _row(line: Any, row: Row) -> None:
    """A row is not cut between two sheets, and heads come again on each."""
    from docx.oxml import OxmlElement

    about = line._tr.get_or_add_trPr()
    about.append(OxmlElement("w:cantSplit"))
    if row.head:
        about.append(OxmlElement("w:tblHeader"))
