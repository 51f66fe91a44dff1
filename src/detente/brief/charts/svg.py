"""Elements of SVG as escaped markup, and text that is measured before it is set.

Conventions
-----------
Lengths are CSS pixels at the size at which the chart is shown. Coordinates have one decimal. Text widths are those of a wide
sans-serif face (DejaVu Sans, in ems, grouped), so that text set in a narrower one never runs out of its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from detente.base.keyed import unkeyed
from detente.base.legible import visible

__all__ = ["chart", "lines", "path", "share", "strip", "tag", "text_width", "wrapped"]

_WIDTHS = {
    0.30: "ijlIJ'|.,:; \u00a0",
    0.40: 'frt()[]/-\u2010\u2018\u2019"',
    0.56: "cksvxyzFL\u201c\u201d\u2013",
    0.64: "abdeghnopqu0123456789ETSPYZ?$*#_",
    0.70: "ABCKRVXU",
    0.79: "DGHNOQw&",
    0.87: "M\u2212+=<>~",
    1.0: "mW%@\u2014\u2026",
}
_EM = {character: width for width, characters in _WIDTHS.items() for character in characters}
_BOLD = 1.12
_OPEN, _CLOSE = "\u2068", "\u2069"


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in pixels, at a font size in pixels."""
    ems = sum(_EM.get(c) or _unlisted(c) for c in visible(unkeyed(text)))
    return ems * size * (_BOLD if bold else 1.0)


def _unlisted(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    return 0.7 if character.isalpha() else 0.9


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """A text in lines no wider than `width`; a word that is wider by itself is cut. Isolates are paired in each line."""
    out: list[str] = []
    line = ""
    for word in visible(unkeyed(text)).split():
        for piece in _pieces(word, size, width, bold):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size, bold=bold) > width:
                out.append(line)
                line = piece
            else:
                line = longer
    return _paired([*out, line] if line else out)


def _paired(texts: list[str]) -> list[str]:
    out, depth = [], 0
    for text in texts:
        before, depth = depth, depth + text.count(_OPEN) - text.count(_CLOSE)
        out.append(_OPEN * before + text + _CLOSE * depth)
    return out


def _pieces(word: str, size: float, width: float, bold: bool) -> Iterable[str]:
    piece = ""
    for character in word:
        if piece and text_width(piece + character, size, bold=bold) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element. Attributes that are None are left out; `class_` is class, `stroke_width` is stroke-width."""
    parts = [Markup(name)]
    for key, value in attributes.items():
        if value is not None:
            label = key.rstrip("_").replace("_", "-") if key != "viewBox" else key
            parts.append(Markup('{}="{}"').format(Markup(label), _plain(value)))
    inner = Markup("").join(c if isinstance(c, Markup) else escape(_plain(c)) for c in children)
    opening = Markup(" ").join(parts)
    return Markup("<{}>{}</{}>").format(opening, inner, Markup(name)) if children else Markup("<{}/>").format(opening)


def _plain(value: object) -> object:
    if not isinstance(value, float):
        return visible(unkeyed(value)) if isinstance(value, str) and not isinstance(value, Markup) else value
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def lines(
    x: float,
    y: float,
    texts: Sequence[str],
    *,
    leading: float,
    class_: str = "",
    anchor: str | None = None,
    **attributes: object,
) -> Markup:
    """Lines of text; `y` is the baseline of the first."""
    spans = [tag("tspan", t, x=x, dy=None if n == 0 else leading) for n, t in enumerate(texts)]
    return tag("text", *spans, x=x, y=y, class_=class_ or None, text_anchor=anchor, **attributes)


def path(*steps: str | float, **attributes: object) -> Markup:
    """A path from commands and coordinates."""
    return tag("path", d=" ".join(str(_plain(float(s) if isinstance(s, int) else s)) for s in steps), **attributes)


def strip(id_: str, height: float, *body: Markup, title: str, description: str = "", class_: str) -> Markup:
    """A bar as wide as the page lets it be, drawn in percentages; it holds no text. `id_` must be unique on the page."""
    names = tag("title", title, id=f"{id_}-title")
    labels = f"{id_}-title"
    if description:
        names, labels = names + tag("desc", description, id=f"{id_}-desc"), f"{labels} {id_}-desc"
    return tag(
        "svg", names, *body,
        xmlns="http://www.w3.org/2000/svg", width="100%", height=height, class_=f"picture {class_}",
        role="img", aria_labelledby=labels,
    )  # fmt: skip


def share(x: float) -> str:
    """A share of 1 as a length in a strip."""
    return f"{100 * min(max(x, 0.0), 1.0):.2f}%"


def chart(id_: str, width: float, height: float, *body: Markup, title: str, description: str, class_: str = "") -> Markup:
    """A picture with its name and its description for those who do not see it. `id_` must be unique on the page."""
    names = tag("title", title, id=f"{id_}-title") + tag("desc", description, id=f"{id_}-desc")
    return tag(
        "svg",
        names,
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_plain(float(width))} {_plain(float(height))}",
        width=float(width),
        height=float(height),
        class_=f"picture {class_}".strip(),
        role="img",
        aria_labelledby=f"{id_}-title {id_}-desc",
    )
