"""The brief as a PDF and as a Word file: all that the page says, well set, and nothing that is no part of it."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from pypdf import PdfReader

from briefcases import ARABIC, HARBOUR, UNBROKEN, crowded, harbour, nothing, recorded
from detente.brief.brief import Brief
from detente.brief.page import page
from detente.brief.paper import kinds
from detente.brief.paper.document import Heading, Picture, Run, Table, document
from detente.case.load import load
from detente.errors import InputError
from paperfiles import inside, pdf_text

AS_OF = date.fromisoformat(HARBOUR["as_of"])
BOTH = (".pdf", ".docx")
SCREEN = {"narrow", "anchor"}
NAMES = (
    "#let told = none", "*bold* _slanted_ $x$ @ref `code`", "<b>&amp; \"quoted\" 'and'", "[link](there) // not a remark",
    "\\u{41} C:\\folder", "{{ 7 * 7 }} {% raw %}", UNBROKEN, ARABIC, "A" * 200, "שלום and Ελλάς and Россия",
)  # fmt: skip


def kept_as(brief: Brief, name: str, **choices: Any) -> bytes:
    """The file of this name."""
    found = kinds.made(brief._context, name, **choices)
    assert isinstance(found, bytes)
    return found


def word_text(file: bytes) -> str:
    """Every text in the body and the foot, in order."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        parts = [archive.read(n) for n in archive.namelist() if re.fullmatch(r"word/(document|footer\d+)\.xml", n)]
    return " ".join("".join(ElementTree.fromstring(part).itertext()) for part in parts)


def bare(text: str) -> str:
    """Without spaces and what has no shape, which a line break may change."""
    return re.sub(r"[\s\u200b\u2066-\u2069\u00ad]", "", text)


class PageWords(HTMLParser):
    """The words of a page that paper has too: outside pictures and what is for screens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: list[bool] = []
        self.words: Counter[str] = Counter()
        self.said: list[str] = []
        self.feed(text)
        self.words.update("".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link"):
            return
        classes = set((dict(attrs).get("class") or "").split())
        self.hidden.append(tag in ("svg", "style", "script", "title") or bool(classes & SCREEN))
        if tag not in ("b", "bdi", "a", "span", "strong"):
            self.said.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        self.hidden.pop()
        if tag not in ("b", "bdi", "a", "span", "strong"):
            self.said.append(" ")

    def handle_data(self, data: str) -> None:
        if not any(self.hidden):
            self.said.append(data)


def all_of(given: object, kind: type) -> Iterator[Any]:
    """Everything of a kind in a document."""
    if isinstance(given, kind):
        yield given
    if isinstance(given, tuple):
        for inner in given:
            yield from all_of(inner, kind)
    elif is_dataclass(given):
        for f in fields(given):
            yield from all_of(getattr(given, f.name), kind)


@pytest.fixture(scope="module")
def full() -> Brief:
    return recorded()


@pytest.mark.parametrize("make", [recorded, crowded, nothing])
def test_the_document_says_what_the_page_says(make: Callable[[], Brief]) -> None:
    """Catches a block of the page that paper loses, and one that it tells twice."""
    brief = make()
    told = document(brief._context, annexes=True)
    letters = Counter(c for r in all_of((told.front, told.annexes), Run) for c in r.text if c.isalnum())
    of_page = Counter(c for word in PageWords(page(brief._context, annexes=True)).words.elements() for c in word if c.isalnum())
    of_page += Counter("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(told.annexes)])  # the letter before each annex
    assert letters == of_page


def test_pictures_stand_by_themselves(full: Brief) -> None:
    """Catches a colour that is still a name, a class that nobody knows, and a picture or a description that is lost."""
    told = document(full._context, annexes=True)
    pictures = list(all_of((told.front, told.annexes), Picture))
    named = [p for p in pictures if p.title]
    assert len(named) > 12
    assert all(p.text for p in named if p.height > 40)
    for p in pictures:
        assert not re.search(r"var\(|color-mix|class=|<title|<desc|hidden", p.svg)
        root = ElementTree.fromstring(p.svg)
        assert float(root.get("width", 0)) > 0
        painted = {v for e in root.iter() for k, v in e.attrib.items() if k in ("fill", "stroke")}
        assert painted <= {"none", *(v for v in painted if re.fullmatch(r"#[0-9a-f]{3,6}", v))}
    roadmap = next(p for p in named if p.title.startswith("The roadmap"))
    assert 'fill="#2f5680"' in roadmap.svg  # the swatch of the first party, in the colours of paper
    assert 'fill="#e3ebef"' in roadmap.svg  # a contact: 14% of #39718f on white, by hand: 57 -> 227, 113 -> 235, 143 -> 239


@pytest.mark.parametrize("name", BOTH)
def test_the_same_brief_gives_the_same_bytes_and_names_nobody(full: Brief, name: str, tmp_path: Path) -> None:
    """Catches the clock, the order of a set, a folder or an author in the file."""
    file = full.save(tmp_path / f"brief{name}", annexes=True).read_bytes()
    assert file == kept_as(full, name, annexes=True)
    for member, content in inside(file).items():
        for private in (str(tmp_path), str(Path.cwd()), str(Path.home()) + "/", "python-docx", "Macintosh"):
            assert private.encode() not in content, member
    assert [p.name for p in tmp_path.iterdir()] == [f"brief{name}"]


def test_what_the_files_say_of_themselves(full: Brief) -> None:
    """Catches a file without a title, one dated by the clock, and one that has an author."""
    about = PdfReader(io.BytesIO(kept_as(full, ".pdf"))).metadata
    assert about is not None
    assert (about.title, about.author) == (full.case.title, None)
    assert about.creation_date is not None
    assert about.creation_date.date() == AS_OF
    made = kept_as(full, ".docx")
    core = docx.Document(io.BytesIO(made)).core_properties
    assert (core.title, core.author, core.last_modified_by, core.comments) == (full.case.title, "", "", "")
    assert core.created is not None
    assert core.modified is not None
    assert core.created.date() == core.modified.date() == AS_OF
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {m.date_time for m in archive.infolist()} == {(AS_OF.year, AS_OF.month, AS_OF.day, 0, 0, 0)}


@pytest.mark.parametrize(("make", "most"), [(harbour, 2), (recorded, 2), (nothing, 1), (crowded, 3)])
def test_the_front_is_two_sheets_of_a4(make: Callable[[], Brief], most: int) -> None:
    """Catches a third sheet, another size of paper, and annexes that nobody asked for."""
    reader = PdfReader(io.BytesIO(kept_as(make(), ".pdf")))
    assert 1 <= len(reader.pages) <= most
    for sheet in reader.pages:
        assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) == (595, 842)


def test_annexes_come_only_when_asked_for_and_links_lead_to_them(full: Brief) -> None:
    """Catches annexes on paper that nobody asked for, a link that leads nowhere, and a letter that is another annex's."""
    two, all_ = (PdfReader(io.BytesIO(kept_as(full, ".pdf", annexes=a))) for a in (False, True))
    titles = [h for a in document(full._context, annexes=True).annexes for h in all_of(a.blocks[:1], Heading)]
    assert len(titles) > 10
    short = pdf_text(kept_as(full, ".pdf"))
    whole = pdf_text(kept_as(full, ".pdf", annexes=True))
    for n, heading in enumerate(titles):
        title = "".join(r.text for r in heading.line)
        assert title.startswith(f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n]}. ")
        assert bare(whole).count(bare(title)) == 2  # in the list and over the annex
        assert bare(short).count(bare(title)) == 1
    assert "Not printed here" in short
    assert "Not printed here" not in whole
    steps = next(n for n, h in enumerate(titles) if h.anchor == "steps")
    assert f"Why no step comes sooner. (Annex {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[steps]}.)" in re.sub(r"\s+", " ", short)
    assert not any("/Annots" in sheet for sheet in two.pages)
    assert len(all_.named_destinations) + sum(len(s.get("/Annots", ())) for s in all_.pages) > 15
    for made in (kept_as(full, ".docx"), kept_as(full, ".docx", annexes=True)):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            body = archive.read("word/document.xml").decode()
        assert set(re.findall(r'w:anchor="([^"]+)"', body)) <= set(re.findall(r'w:name="([^"]+)"', body))


def test_no_heading_ends_a_sheet(full: Brief) -> None:
    """Catches a heading that is parted from what it heads, on any sheet."""
    told = document(full._context, annexes=True)
    headings = {bare("".join(r.text for r in h.line)) for h in all_of((told.front, told.annexes), Heading)}
    groups = {bare("".join(r.text for r in run)) for run in ((r,) for r in all_of(told.annexes, Run)) if run[0].bold}
    sheets = PdfReader(io.BytesIO(kept_as(full, ".pdf", annexes=True))).pages
    assert len(sheets) > 8
    for sheet in (sheets[0], *sheets[2:]):  # the second ends with the list of the annexes
        lines = [line for line in sheet.extract_text().splitlines() if line.strip()]
        foot = next(n for n in range(len(lines) - 1, -1, -1) if full.case.title in lines[n])
        assert bare(lines[foot - 1]) not in headings - groups


def test_word_opens_with_every_picture_twice(full: Brief) -> None:
    """Catches a picture without its SVG or without the PNG for programs that draw none, and a member that nobody uses."""
    made = kept_as(full, ".docx", annexes=True)
    book = docx.Document(io.BytesIO(made))
    assert len(book.inline_shapes) > 30
    parts = {r.rId: r.target_part for r in book.part.rels.values() if not r.is_external}
    for shape in book.inline_shapes:
        (blip,) = shape._inline.xpath(".//a:blip")
        (svg,) = [e.get(f"{{{e.nsmap['r']}}}embed") for e in blip.iter() if e.tag.endswith("svgBlip")]
        assert parts[svg].blob.startswith(b"<svg")
        assert parts[blip.embed].blob.startswith(b"\x89PNG")
        assert "paint-order" not in parts[svg].blob.decode()
    drawn = [ElementTree.fromstring(p.blob) for p in parts.values() if p.partname.endswith(".svg")]
    halos = [e for root in drawn for e in root.iter() if e.tag.endswith("}text") and e.get("stroke")]
    assert halos


@pytest.mark.parametrize("name", BOTH)
def test_a_name_with_markup_in_it_survives(name: str) -> None:
    """Catches a name that is read as markup of typst or Word, cut, or lost."""
    brief = harbour()
    titles = dict(zip(brief.case.measures, NAMES, strict=False))
    measures = {m: s.model_copy(update={"title": titles[m]}) if m in titles else s for m, s in brief.case.measures.items()}
    party = brief.case.parties["isles"].model_copy(update={"name": NAMES[8]})
    case = brief.case.model_copy(
        update={"measures": measures, "parties": {**brief.case.parties, "isles": party}, "title": NAMES[9]}
    )
    case.__dict__.pop("instance", None)
    made = kept_as(replace(brief, case=case), name, annexes=True)
    said = bare(pdf_text(made) if name == ".pdf" else word_text(made))
    for given in (*titles.values(), NAMES[8]):
        if given == ARABIC and name == ".pdf":
            assert all(word in pdf_text(made) for word in given.split())  # which the reader of PDF files gives back to front
        else:
            assert bare(given) in said, given
    if name == ".pdf":
        assert len(PdfReader(io.BytesIO(made)).outline) > 0
    else:
        docx.Document(io.BytesIO(made))


def test_a_letter_without_a_font_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    """Catches a name that is left out of a PDF without a word: typst has no shape for it, nor has any font here."""
    brief = harbour()
    strange = replace(brief, case=brief.case.model_copy(update={"title": "A harbour \U00012000\U0001d2c0"}))
    with pytest.raises(InputError, match=r"no font here has the letter .* \(U\+[0-9A-F]+\)"):
        strange.save(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "extra"), [("x.pdf", "pdf"), ("x.DOCX", "word")])
def test_a_missing_extra_is_said_with_its_line(name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a traceback in place of what to install, and an empty file."""
    monkeypatch.setattr(kinds, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=rf"not installed \(pip install 'detente\[{extra}\]'\)"):
        harbour().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    kinds.check_kind("x.html", load(HARBOUR))


def test_the_sheets_are_not_blank(full: Brief, tmp_path: Path) -> None:
    """Catches a sheet without ink, one that is all ink, and a picture that runs out of its sheet."""
    drawer = shutil.which("pdftoppm")
    if drawer is None:
        pytest.skip("SHEETS NOT LOOKED AT: pdftoppm is not on PATH; on Debian: apt-get install poppler-utils")
    file = full.save(tmp_path / "x.pdf", annexes=True)
    subprocess.run([drawer, "-gray", "-r", "30", str(file), str(tmp_path / "sheet")], check=True, capture_output=True)
    sheets = sorted(tmp_path.glob("*.pgm"))
    assert len(sheets) > 8
    for sheet in sheets:
        head, wide, high, _ = re.match(rb"(P5)\s+(\d+)\s+(\d+)\s+(\d+)\s", sheet.read_bytes()).groups()  # type: ignore[union-attr]
        assert head == b"P5"
        dots = sheet.read_bytes()[-int(wide) * int(high) :]
        dark = sum(d < 200 for d in dots) / len(dots)
        assert 0.002 < dark < 0.5, sheet.name
        rows = [dots[n : n + int(wide)] for n in range(0, len(dots), int(wide))]
        margin = 15  # dots: 13 mm of the sides, which hold nothing
        assert all(min(row[:margin] + row[-margin:]) > 230 for row in rows), sheet.name


def test_cells_fill_their_rows(full: Brief) -> None:
    """Catches a table whose cells slide into the wrong column."""
    told = document(full._context, annexes=True)
    tables = list(all_of((told.front, told.annexes), Table))
    assert sum(len(table.rows) for table in tables) > 40
    for table in tables:
        assert abs(sum(table.widths) - 1) < 1e-9
        assert {sum(c.span for c in row.cells) for row in table.rows} == {len(table.widths)}
