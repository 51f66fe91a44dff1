"""The pictures of a page with the style of the page written into them, so that they stand by themselves in any file.

A picture of the page is coloured by the rules of the style sheet, by classes, and by colours that have names: ``--c`` is that
of a party, ``--k`` that of a kind of measure. Whoever draws the picture in a PDF or a Word file knows no rule and no name. So
each element gets what the rules say of it as attributes, in the colours of the print of the page. For an element e

    name(e, v)      what the rules that match e say of the name v; else name(parent of e, v)
    attribute(e, a) what the most specific rule says of a, later ones first; each ``var(--v)`` in it is name(e, v), and
                    ``color-mix(in srgb, x p%, y)`` is x p/100 + y (1 - p/100), channel by channel

Sizes of type are `LARGER` times those of the page: widths are reckoned for a wide sans-serif face, and the face of the file is
a narrow one with serifs. Names, descriptions and whatever is hidden are taken out; who reads the file aloud gets them from
beside the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["FACE", "SVG", "stand_alone"]

SVG = "{http://www.w3.org/2000/svg}"
FACE = "Libertinus Serif, Times New Roman, serif"
"""What typst brings with it, so that no font of the machine gets into a PDF; elsewhere one that is as narrow."""

LARGER = 1.16
_PAINT = {
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-opacity", "opacity",
    "visibility", "paint-order", "font-size", "font-weight",
}  # fmt: skip
_KEPT = {
    *("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "d", "dx", "dy", "points", "width", "height", "viewBox"),
    *("transform", "text-anchor", "preserveAspectRatio", *_PAINT),
}
_NAMED = re.compile(r"var\((--[\w-]+)\)")
_MIXED = re.compile(r"color-mix\(in srgb, (#\w+) ([\d.]+)%, (#\w+)\)")


def stand_alone(root: Element) -> dict[Element, tuple[str, str]]:
    """Write the style into every picture of a page, in place. root : the page as elements; the namespace may be left out.

    Returns for each picture its name and its description; a sign has none.
    """
    from cssselect2 import ElementWrapper

    for picture in [e for e in root.iter() if e.tag == "svg"]:
        for e in picture.iter():
            if not e.tag.startswith("{"):
                e.tag = SVG + e.tag
    said: dict[Element, dict[str, str]] = {}
    for wrapped in ElementWrapper.from_xml_root(root).iter_subtree():
        e, above = wrapped.etree_element, wrapped.parent
        names = said[e] = {} if above is None else {k: v for k, v in said[above.etree_element].items() if k.startswith("--")}
        names |= {key: value for _, (key, value) in sorted((m[:2], m[3]) for m in _style().match(wrapped))}
    named: dict[Element, tuple[str, str]] = {}
    for picture in list(_outermost(root)):
        title, text = (next((c.text or "" for c in picture if c.tag == SVG + name), "") for name in ("title", "desc"))
        if title:
            named[picture] = title, text
        for e in picture.iter():
            _paint(e, said[e])
        _clear(picture)
        picture.set("font-family", FACE)
    return named


def _outermost(e: Element) -> Iterator[Element]:
    """The pictures in an element, but not those in a picture."""
    for child in e:
        if child.tag == f"{SVG}svg":
            yield child
        else:
            yield from _outermost(child)


def _paint(e: Element, said: Mapping[str, str]) -> None:
    given = {**e.attrib, **{k: v for k, v in said.items() if k in _PAINT}}
    e.attrib.clear()
    for key, value in given.items():
        if key in _KEPT:
            e.set(key, _larger(_plain(value, said)) if key == "font-size" else _plain(value, said))


def _plain(value: str, said: Mapping[str, str]) -> str:
    """A value without names."""
    while _NAMED.search(value):
        value = _NAMED.sub(lambda m: said[m[1]], value)
    return _MIXED.sub(lambda m: _mix(m[1], float(m[2]) / 100, m[3]), value)


def _mix(one: str, share: float, other: str) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _channels(colour: str) -> Iterator[int]:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    return (int(digits[n : n + 2], 16) for n in (0, 2, 4))


def _larger(size: str) -> str:
    return f"{float(size.removesuffix('px')) * LARGER:.1f}"


def _clear(e: Element) -> None:
    """Without what is not seen."""
    for child in list(e):
        if child.tag in (f"{SVG}title", f"{SVG}desc", f"{SVG}style") or child.get("visibility") == "hidden":
            e.remove(child)
        else:
            _clear(child)


@lru_cache(maxsize=1)
def _style() -> Any:
    """The rules of the style sheet that paint or name a colour, as a matcher; of those for paper only the colours."""
    import tinycss2
    from cssselect2 import Matcher, compile_selector_list
    from cssselect2.parser import SelectorError

    text = (files("detente.brief") / "templates" / "style.css").read_text(encoding="utf-8")
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    print_ = [r for r in rules if r.type == "at-rule" and tinycss2.serialize(r.prelude).strip() == "print"]
    inside = [s for r in print_ for s in tinycss2.parse_rule_list(r.content, skip_comments=True, skip_whitespace=True)]
    colours = [r for r in inside if r.type == "qualified-rule" and tinycss2.serialize(r.prelude).strip() == ":root"]
    matcher = Matcher()
    for rule in [*(r for r in rules if r.type == "qualified-rule"), *colours]:
        declared = [d for d in tinycss2.parse_declaration_list(rule.content) if d.type == "declaration"]
        paint = [(d.name, tinycss2.serialize(d.value).strip()) for d in declared if d.name in _PAINT or d.name[:2] == "--"]
        try:
            selectors = compile_selector_list(rule.prelude)
        except SelectorError:
            continue  # :has and the like, which style no picture
        for selector in selectors if paint else ():
            for pair in paint:
                matcher.add_selector(selector, pair)
    return matcher
