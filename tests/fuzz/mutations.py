"""What bad luck and bad will do to a file: bytes, lines, cells, words, the tree of a YAML or JSON text, and archives.

A mutation is a function of a source of luck and of bytes; the same luck gives the same bytes everywhere. What is put in:
numbers at the ends of their types, days that no calendar of ours has, text that steers terminals, quotes and pieces of SQL.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

from ruamel.yaml import YAML

__all__ = ["MUTATIONS", "mangled", "mangled_tree", "spliced"]

NUMBERS = [
    "0", "-1", "1", "-0.0", "1e999", "-1e999", "NaN", "nan", "inf", ".nan", ".inf", "-.inf", "1e308", "-1e308", "1e-320",
    "0.1", "0.5", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "1_000", "0x1F", "0o17", "1e5", "1,5", "½", "٣", "999999", "100000000", "1:30", "+1", "00",
    "1.",
    "9" * 400, "1" + "0" * 5000, "0." + "3" * 5000,
]  # fmt: skip
DAYS = [
    "9999-12-31", "0001-01-01", "1970-01-01", "2018-02-30", "2018-13-01", "20181301", "99991231", "00000000", "infinity",
    "-infinity", "epoch", "now", "12/31/9999", "2018-06-12T23:59:60Z", "-0044-03-15", "10000-01-01", "1799-12-31",
    "2024-02-29", "290000-01-01", "9/1/11", "999999", "000000",
]  # fmt: skip
WORDS = [
    "", " ", "\0", "\x1b[2J", "\x1b]0;x\x07", "\r", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\ufffe",
    "\ud800", "\\ud800", "é",
    "e\u0301", "😀", "null", "~", "true", "no", "None", "[]", "{}", "[[]]", "*a", "&a x", "<<: *a",
    "!!python/object/apply:os.system [id]",
    "!!binary x", "%", "@", "`", "'", '"', '""', "'''", "\\", "\\\\", "#", "--", ";", "---", "...", "|", ">", "? ",
    ": ", "- ", "\t", "$HOME",
    "'; copy (select 1) to '../outside/planted'; --", "' || (select 1) || '", '"; drop table events; --',
    "read_csv('/etc/passwd')",
    "../outside/planted", "/dev/stdin", "*.csv", "f-[1].csv", "?", "{{ 7*7 }}", "${x}", "%s%n",
    "<script>alert(1)</script>", "&lt;", "]]>",
    "=1+1", "@SUM(A1)", "-", "CON", "a" * 300, "x" * 70_000, "[" * 60, "(" * 3000, "a,b", "a;b", "NOT (a AND b)",
    "USA", "PRK", "040", "give-a/1",
    "give-a/0", "give-a/99999999999", "/", "..", ".", "yes", "full", "void", "1 month", "100 years", "0 days", "1 century",
]  # fmt: skip
TREES: list[Any] = [
    None, True, False, [], {}, [[]], {"": ""}, [None], 0, -1, 1.5, {"a": {"a": {"a": 1}}}, list(range(300)), [0, 0,
    0], [3, 2, 1], [1, 2],
    {"any": []}, {"low": 1}, "small", "-small", ["-1", "-1", "-1"], {str(n): n for n in range(300)}, "a", "upper", "lower",
]  # fmt: skip

Luck = Random
Mutation = Callable[[Luck, bytes], bytes]


def token(luck: Luck) -> str:
    return luck.choice(luck.choice((NUMBERS, DAYS, WORDS)))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _span(luck: Luck, size: int, most: int = 200) -> tuple[int, int]:
    start = luck.randrange(size + 1)
    return start, min(size, start + luck.choice((1, 1, 2, 4, luck.randint(1, most))))


def bits(luck: Luck, content: bytes) -> bytes:
    """Some bits flipped."""
    changed = bytearray(content)
    for _ in range(luck.choice((1, 1, 2, 8))):
        if changed:
            changed[luck.randrange(len(changed))] ^= 1 << luck.randrange(8)
    return bytes(changed)


def pieces(luck: Luck, content: bytes) -> bytes:
    """A piece dropped, doubled, moved, overwritten or repeated, or the end cut off."""
    a, b = _span(luck, len(content))
    piece, where = content[a:b], luck.randrange(len(content) + 1)
    return luck.choice(
        (
            content[:a] + content[b:],
            content[:b] + content[a:],
            content[:where] + piece + content[where:],
            content[:a] + luck.randbytes(b - a) + content[b:],
            content[:a] + piece * luck.choice((3, 50)) + content[b:],
            content[:a],
        )
    )


def inserted(luck: Luck, content: bytes) -> bytes:
    """A token put in anywhere."""
    a, b = _span(luck, len(content), 8)
    put = luck.choice((_encoded(token(luck)), luck.randbytes(3), b"\0", b"\0" * 4000, b"\xff\xfe", b"\xc0\x80"))
    return content[:a] + put + content[luck.choice((a, b)) :]


def encoded(luck: Luck, content: bytes) -> bytes:
    """Another encoding or other line ends, as editors and spreadsheets write them."""
    name = luck.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7", "cp037"))
    ends = luck.choice((b"\r\n", b"\r", b"\n\n", b"\0\n", b"", b"\x0b", "\u2028".encode(), b" \n"))
    return luck.choice((_text(content).encode(name, errors="replace"), content.replace(b"\n", ends)))


def lines(luck: Luck, content: bytes) -> bytes:
    """Lines dropped, doubled, swapped, shifted, joined, made long or many."""
    found = content.split(b"\n")
    a, b = luck.randrange(len(found)), luck.randrange(len(found))
    match luck.randrange(8):
        case 0:
            del found[a]
        case 1:
            found.insert(b, found[a])
        case 2:
            found[a], found[b] = found[b], found[a]
        case 3:
            found[a] = b" " * luck.randint(1, 9) + found[a]
        case 4:
            found[a] = found[a].lstrip()
        case 5:
            found[a] += luck.choice((b" ", b"x", b",", b"\t", b";", b'"')) * 70_000
        case 6:
            found[a : a + 2] = [b"".join(found[a : a + 2])]
        case _:
            found[a:b] = found[a:b] * luck.choice((2, 30))
    return b"\n".join(found)


def cells(luck: Luck, content: bytes) -> bytes:
    """Cells of a table exchanged, dropped or added; a whole column overwritten; columns by the thousand."""
    found = _text(content).split("\n")
    mark = max("\t;, ", key=found[0].count)
    table = [line.split(mark) for line in found]
    row = table[luck.randrange(len(table))]
    at, other = luck.randrange(len(row)), luck.randrange(len(row))
    match luck.randrange(7):
        case 0 | 1:
            row[at] = token(luck)
        case 2:
            row[at], row[other] = row[other], row[at]
        case 3:
            del row[at]
        case 4:
            row.insert(at, token(luck))
        case 5:
            put = token(luck)
            for line in table[luck.randrange(2) :]:
                if at < len(line):
                    line[at] = put
        case _:
            row += [luck.choice(row)] * luck.choice((1, 3000))
    return _encoded("\n".join(mark.join(line) for line in table))


_NUMBER = re.compile(r"(?<![\w-])-?\d+(?:\.\d+)?(?![\w])")
_WORD = re.compile(r"[\w][\w/.-]*")


def words(luck: Luck, content: bytes) -> bytes:
    """A number becomes another, or a word a word that stands elsewhere: what still looks like the format and means nothing."""
    text = _text(content)
    found = list((_NUMBER if luck.random() < 0.5 else _WORD).finditer(text))
    for _ in range(luck.choice((1, 1, 2, 5))):
        if not found:
            break
        spot = luck.choice(found)
        put = luck.choice((luck.choice(found).group(), luck.choice(found).group(), luck.choice(NUMBERS), token(luck)))
        text = text[: spot.start()] + put + text[spot.end() :]
        found = [other for other in found if other.end() < spot.start()]
    return _encoded(text)


def tree(luck: Luck, content: bytes) -> bytes:
    """The tree of a YAML or JSON text, changed at one node or some, as JSON, which YAML 1.2 is as well."""
    try:
        data = YAML(typ="safe", pure=True).load(_text(content))
    except Exception:  # changed before, so that it is none any more
        return words(luck, content)
    raw: dict[str, str] = {}
    for _ in range(luck.choice((1, 1, 1, 2, 4))):
        data = mangled_tree(luck, data, raw)
    text = json.dumps(data, ensure_ascii=luck.random() < 0.5, default=str, skipkeys=True, indent=luck.choice((None, 1)))
    for key, put in raw.items():
        text = text.replace(f'"{key}"', put)
    return _encoded(text)


def mangled_tree(luck: Luck, data: Any, raw: dict[str, str]) -> Any:
    """One node dropped, doubled, renamed, exchanged for another or for what does not belong there.

    raw : takes what JSON cannot hold, by the text that stands for it.
    """
    nodes = list(_nodes(data))
    if not nodes:
        return luck.choice(TREES)
    holder, key = luck.choice(nodes)
    other, at = luck.choice(nodes)
    match luck.randrange(8):
        case 0:
            del holder[key]
        case 1:
            holder[key] = luck.choice(TREES)
        case 2:
            holder[key] = token(luck)
        case 3:
            name = f"@{len(raw)}@"
            raw[name] = luck.choice((*NUMBERS, "[" * 3000, '{"a":' * 900, '"\\ud800"', "NaN"))
            holder[key] = name
        case 4:
            holder[key] = _copy(other[at])
        case 5 if isinstance(holder, dict):
            holder[luck.choice((token(luck), str(at), key.upper() if isinstance(key, str) else "x"))] = holder.pop(key)
        case 5 | 6 if isinstance(holder, list):
            holder.insert(key, _copy(other[at]))
        case 6:
            holder[luck.choice((token(luck), str(at)))] = _copy(other[at])
        case _:
            deep: Any = _copy(holder[key])
            for _ in range(luck.choice((1, 1, 60))):
                deep = [deep] if luck.random() < 0.5 else {luck.choice(("a", str(key))): deep}
            holder[key] = deep
    return data


def _copy(data: Any) -> Any:
    return json.loads(json.dumps(data, default=str, skipkeys=True))


def _nodes(data: Any) -> Any:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in list(inside):
        yield data, key
        yield from _nodes(value)


def zipped(luck: Luck, content: bytes) -> bytes:
    """An archive packed anew with something else in it, or by another name; bytes of it flipped where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # changed before, so that it is none any more
        return bits(luck, content)
    at = luck.randrange(len(found))
    name, inner = found[at]
    match luck.randrange(6):
        case 0 | 1 | 2:
            found[at] = name, mangled(luck, inner, "xml" if name.endswith((".xml", ".rels")) else "table")
        case 3:
            found[at] = (
                luck.choice(("../outside/planted", "/planted", " ", "a\0b", ".", "x" * 30_000, "é", name.upper(), "a/")),
                inner,
            )
        case 4:
            found[at : at + 1] = [found[at]] * luck.choice((2, 40))
        case _:
            found.append(
                (luck.choice(("b.csv", "../outside/planted", "x.zip")), luck.choice((b"", content, b"\0" * 30_000_000)))
            )
    made = io.BytesIO()
    import warnings

    with (
        warnings.catch_warnings(),
        zipfile.ZipFile(made, "w", luck.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive,
    ):
        warnings.simplefilter("ignore")  # a name that is there twice is what is wanted
        for name, inner in found:
            archive.writestr(zipfile.ZipInfo(name) if luck.random() < 0.2 else name, inner)
    return made.getvalue()


def gzipped(luck: Luck, content: bytes) -> bytes:
    """Packed anew with something else in it, behind itself, or cut."""
    try:
        inner = gzip.decompress(content)
    except Exception:  # changed before, so that it is none any more
        return pieces(luck, content)
    again = gzip.compress(mangled(luck, inner, "table"), mtime=0)
    return luck.choice(
        (again, again, content + again, content + b"junk", again[: luck.randrange(len(again))], gzip.compress(content))
    )


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"<!ENTITY z SYSTEM 'file:///etc/passwd'>]>"
)


def xml(luck: Luck, content: bytes) -> bytes:
    """A document with entities that grow, a far cell, an index beyond the end."""
    at = content.find(b"<", 2)
    return luck.choice(
        (
            ENTITIES + content[max(at, 0) :].replace(b"<v>", luck.choice((b"<v>&j;", b"<v>&z;")), 1),
            content.replace(b'r="A1"', b'r="XFD1048576"', 1),
            re.sub(rb"<v>[^<]*</v>", b"<v>" + _encoded(token(luck)) + b"</v>", content, count=luck.choice((0, 1))),
            re.sub(rb' t="\w+"', b' t="' + luck.choice((b"s", b"b", b"e", b"d", b"str", b"inlineStr", b"zz")) + b'"', content),
            words(luck, content),
        )
    )


MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    "yaml": (bits, pieces, inserted, encoded, lines, lines, words, words, words, words, tree, tree, tree, tree, tree, tree),
    "json": (bits, pieces, inserted, encoded, lines, words, words, tree, tree, tree, tree, tree),
    "lines": (bits, pieces, inserted, encoded, lines, lines, words, words, words),
    "table": (bits, pieces, inserted, encoded, lines, lines, words, words, cells, cells, cells, cells),
    "bytes": (bits, bits, pieces, pieces, inserted),
    "xml": (bits, pieces, inserted, words, xml, xml, xml),
    "zip": (bits, pieces, inserted, zipped, zipped, zipped, zipped),
    "gz": (bits, pieces, inserted, gzipped, gzipped, gzipped),
}
"""By the kind of a file, the more useful ones more often."""


def mangled(luck: Luck, content: bytes, kind: str) -> bytes:
    """A file after one mutation or some."""
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        content = luck.choice(MUTATIONS[kind])(luck, content)
    return content


def spliced(luck: Luck, content: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return content[: luck.randrange(len(content) + 1)] + other[luck.randrange(len(other) + 1) :]
