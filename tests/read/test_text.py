"""Texts as they come: right spans or a clear refusal."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.read.claim import Claim
from detente.read.read import read
from detente.read.sentences import LONGEST, sentences
from detente.read.text import Text, read_source

ART = "1. France shall withdraw by 1 June 2031.\n2. Italy shall pay.\n3. The parties shall meet.\n"
PLAIN = "Northland demands that Southmark leave the café before the talks begin. The envoy of Southmark said that it would not."


def claims_of(text: str) -> tuple[Claim, ...]:
    """The claims of a text, each checked against it."""
    found = read(Text("given", text)).claims
    for c in found:
        assert text[c.start : c.end] == c.quote
    return found


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN.replace(" ", "\u00a0"),
        PLAIN.replace("demands", "de\u00admands").replace("talks", "ta\u200blks"),
        unicodedata.normalize("NFD", PLAIN),
        PLAIN.replace(". ", ".\r\n\r\n"),
        PLAIN.replace("the talks", "the\r\ntalks"),
        PLAIN.replace("leave the", "leave\f the"),
        PLAIN.replace("begin", "begin 🕊️"),
        PLAIN.replace("Southmark leave", "Southmark \u2067\u0634\u0631\u0642\u2069 leave"),
        "“" + PLAIN + "”",
        PLAIN.replace("demands", "de\u200emands").replace("talks", "ta\u200flks"),
        PLAIN.replace("demands", "de- \nmands").replace("talks", "ta\u00ad\nlks"),
        PLAIN.replace("demands", "de\u2010\r\nmands"),
    ],
    ids=["nbsp", "soft", "nfd", "crlf", "wrapped", "page", "emoji", "rtl", "quotes", "marks", "hyphen", "crlf-hyphen"],
)
def test_typography_moves_no_span(changed: str) -> None:
    """Catches a span counted in the evened text, and a cue missed for a character between its letters."""
    (demand,) = (c for c in claims_of(changed) if c.type == "demand")
    assert demand.by == "Northland"
    assert demand.before is not None
    assert "talks" in demand.before


@pytest.mark.parametrize(
    "text",
    [
        "France demands that Italy leave before it " * 400,
        '"' * 9000 + PLAIN,
        "The Parties shall . . . . " * 400,
        "." * 100_000 + PLAIN,
        "France and " * 20_000,
        ART * 800,
    ],
)
def test_a_text_without_stops_ends(text: str) -> None:
    """Catches rules whose time grows with the square of a sentence: a text without full stops would never end."""
    assert all(len(c.quote) <= LONGEST for c in claims_of(text))


def test_a_sentence_without_end_is_parted_at_its_clauses_and_told() -> None:
    """Catches a cut in the middle of a clause, and one that nobody hears of; a text with ends is told nothing of the kind."""
    clause = "in the north the envoys of France and Italy met once more on the old bridge"
    long = "; ".join([clause] * 60)
    assert [note for note in read(Text("long", f"{long}.")).notes if f"{LONGEST:,}" in note]
    parts = [long[a:b] for a, b in sentences(long)]
    assert len(parts) > 3
    assert all(len(part) <= LONGEST and part.startswith("in the north") for part in parts)
    assert not read(Text("short", f"{clause.capitalize()}. " * 60)).notes


def test_a_text_that_repeats_itself_has_every_place() -> None:
    """Catches spans that are looked up by their words: the second would be put where the first is."""
    demands = [c for c in claims_of(f"{PLAIN} {PLAIN}") if c.type == "demand"]
    assert [c.start for c in demands] == [0, len(PLAIN) + 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_an_encoding_with_its_mark_is_read(tmp_path: Path, encoding: str) -> None:
    """Catches a mark that stays in the text and shifts every place by one."""
    (tmp_path / "a.txt").write_bytes(PLAIN.encode(encoding))
    assert read_source(tmp_path / "a.txt").text == PLAIN


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    """Catches a reader that turns CRLF into LF: places would no longer be those of the file."""
    (tmp_path / "a.txt").write_bytes(PLAIN.replace(". ", ".\r\n").encode())
    assert read_source(tmp_path / "a.txt").text == PLAIN.replace(". ", ".\r\n")


def test_a_page_is_what_is_seen_of_it(tmp_path: Path) -> None:
    """Catches scripts, heads and comments read as text, and entities left as they are written."""
    head = "<!doctype html><head><title>no</title><style>p {}</style></head>"
    page = f"{head}<p>{PLAIN}</p><script>demands()</script><!-- no --><p>A &amp; B</p>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    text = read_source(tmp_path / "a.html").text
    assert text.split("\n\n") == [PLAIN, "A & B\n"]


def test_a_page_states_its_encoding(tmp_path: Path) -> None:
    """Catches a page read as UTF-8 that says it is something else."""
    page = f'<html><head><meta charset="cp1252"></head><body><p>{PLAIN}</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1252"))
    assert "café" in read_source(tmp_path / "a.html").text


@pytest.mark.parametrize("name", ["nothing", "rot13", "undefined"])
def test_an_encoding_that_there_is_not_is_told(tmp_path: Path, name: str) -> None:
    """Catches a page that ends in a fault of ours by what it says of itself."""
    (tmp_path / "a.html").write_text(f'<html><head><meta charset="{name}"></head><body><p>{PLAIN}</p></body></html>')
    with pytest.raises(InputError, match=f"got the encoding '{name}'"):
        read_source(tmp_path / "a.html")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no text"),
        (b" \n\t ", "no text"),
        ("caf\xe9 demands that".encode("latin-1"), "0xe9"),
        (b"\x00\x01\x02 demands", "characters that no text has"),
        (
            "Die Regierung verlangt, dass die Truppen das Gebiet verlassen, bevor die Verhandlungen beginnen können. Das "
            "wurde abgelehnt.".encode(),
            "English",
        ),
        ("Правительство требует, чтобы войска покинули территорию до начала переговоров".encode(), "English"),
        (b"%PDF-1.4 broken", "PDF"),
        (b"PK\x03\x04 broken", "Word"),
    ],
    ids=["empty", "blank", "latin-1", "binary", "german", "russian", "pdf", "word"],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """Catches an empty success, a fault of ours, or a guess in the place of a refusal."""
    pytest.importorskip("pypdf", reason="the extra [text] is not installed")
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read(tmp_path / "a.txt")


def test_every_source_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Catches a reader that stops at the first fault."""
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(InputError, match=r"(?s)empty\.txt.*gone\.txt"):
        read(tmp_path / "empty.txt", tmp_path / "gone.txt")


def pdf_of(*pages: str) -> bytes:
    """A PDF with a line of text on each page, written by hand."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode()]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, words in enumerate(pages):
        stream = f"BT /F1 9 Tf 20 700 Td ({words}) Tj ET".encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Resources << /Font << /F1 3 0 R >> >> /Contents "
            f"{5 + 2 * n} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode() + b"".join(
        f"{p:010} 00000 n \n".encode() for p in places
    )
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def test_a_sentence_runs_across_pages(tmp_path: Path) -> None:
    """Catches a PDF whose pages are read one by one: what begins on one and ends on the next would be lost."""
    pytest.importorskip("pypdf", reason="the extra [text] is not installed")
    (tmp_path / "a.pdf").write_bytes(
        pdf_of("Northland demands that Southmark leave the hill", "before the talks begin. It was raining.")
    )
    text = read_source(tmp_path / "a.pdf")
    (demand,) = (c for c in read(text).claims if c.type == "demand")
    assert "\f" in demand.quote
    assert demand.quote == text.text[demand.start : demand.end]


def test_heads_and_feet_of_pages_part_no_sentence() -> None:
    """Catches a running head read as the end of a sentence, or as a part of it, and a quotation that is not the text."""
    bodies = ["Northland demands that Southmark with-\ndraw its guards", "before the talks begin. It rained.", "So it ended."]
    text = "\f".join(f"CONFIDENTIAL\nDraft {n} of 3\n{body}\n\n- {n} -\n" for n, body in enumerate(bodies, 1))
    (demand,) = (c for c in claims_of(text) if c.type == "demand")
    assert demand.first is not None
    assert "withdraw its guards" in demand.first
    assert demand.before == "the talks begin"
    assert "CONFIDENTIAL" in demand.quote


def test_a_line_that_two_pages_share_is_no_head() -> None:
    """Catches a text of few pages that loses what it says twice."""
    text = f"{PLAIN}\n\f{PLAIN}\n"
    assert len([c for c in claims_of(text) if c.type == "demand"]) == 2


def test_ligatures_are_letters() -> None:
    """Catches words of a PDF that no rule knows, since two letters are one sign in them."""
    text = "Northland oﬀers a payment. France demands that Italy pay the ﬁne before the oﬃce opens."
    (demand,) = (c for c in claims_of(text) if c.type == "demand")
    assert (demand.first, demand.before) == ("that Italy pay the fine", "the office opens")


def test_pages_without_text_among_others_are_told(tmp_path: Path) -> None:
    """Catches scanned pages that are passed over in silence."""
    pypdf = pytest.importorskip("pypdf", reason="the extra [text] is not installed")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of(PLAIN.replace("é", "e"))))
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    (note,) = read_source(tmp_path / "a.pdf").notes
    assert note.endswith(": 2")


def test_the_pages_of_a_pdf_have_a_bound_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a bound that holds for each page alone: a small file of many packed pages would fill the memory."""
    pypdf = pytest.importorskip("pypdf", reason="the extra [text] is not installed")
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_of("the hill " * 600, "the talks " * 600)))
    for page in writer.pages:
        page.compress_content_streams()
    writer.write(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").stat().st_size < 3_000
    monkeypatch.setenv("DETENTE_LIMITS", "table-bytes=7000")
    with pytest.raises(InputError, match="more than 7,000"):
        read_source(tmp_path / "a.pdf")


def test_pictures_of_pages_are_refused(tmp_path: Path) -> None:
    """Catches an empty success on a scanned document."""
    pypdf = pytest.importorskip("pypdf", reason="the extra [text] is not installed")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(InputError, match="OCR"):
        read_source(tmp_path / "scan.pdf")


def test_a_word_file_is_read_in_its_order(tmp_path: Path) -> None:
    """Catches tables that are left out or put last."""
    docx = pytest.importorskip("docx", reason="the extra [text] is not installed")
    document = docx.Document()
    document.add_paragraph(PLAIN)
    document.add_table(1, 2).rows[0].cells[1].text = "a cell of it"
    document.add_paragraph("The end of the text.")
    held = io.BytesIO()
    document.save(held)
    (tmp_path / "a.docx").write_bytes(held.getvalue())
    text = read_source(tmp_path / "a.docx").text
    assert text.index("café") < text.index("a cell") < text.index("The end")


def test_a_word_file_has_the_numbers_that_its_reader_sees(tmp_path: Path) -> None:
    """Catches clauses without their number, a merged cell read twice, and a last clause that swallows the table behind it."""
    docx = pytest.importorskip("docx", reason="the extra [text] is not installed")
    document = docx.Document()
    document.add_paragraph("Memorandum of the two parties")
    for words in (
        "Italy shall withdraw its guards by 1 June 2021.",
        "France shall open the bridge.",
        "The parties shall meet.",
    ):
        document.add_paragraph(words, style="List Number")
    document.add_paragraph("Release of the trawlers", style="List Bullet")
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Step", "20 guards"
    table.cell(0, 0).merge(table.cell(0, 1))
    document.add_paragraph("It was raining.")
    document.save(tmp_path / "a.docx")
    text = read_source(tmp_path / "a.docx")
    assert "\n\n2. France shall" in text.text
    assert text.text.count("Step") == 1
    provisions = [(c.clause, c.quote) for c in read(text).claims if c.type == "provision"]
    assert [clause for clause, _ in provisions] == ["1", "2", "3", "3"]
    assert provisions[-1][1] == "Release of the trawlers"


def test_the_notes_of_a_word_file_are_part_of_it(tmp_path: Path) -> None:
    """Catches footnotes, where reservations stand, that nobody reads."""
    docx = pytest.importorskip("docx", reason="the extra [text] is not installed")
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.add_paragraph(PLAIN)
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    note = '<w:footnote w:id="1"><w:p><w:r><w:t>Italy made a reservation.</w:t></w:r></w:p></w:footnote>'
    blob = f'<w:footnotes xmlns:w="{name}">{note}</w:footnotes>'.encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(tmp_path / "a.docx")
    assert read_source(tmp_path / "a.docx").text.endswith("\n\n[1] Italy made a reservation.\n")
