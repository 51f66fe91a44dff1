"""The two pages in front of the annexes of a brief, as a reader counts them: words, pictures, links."""

from __future__ import annotations

from html.parser import HTMLParser

__all__ = ["Front", "short"]

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Front(HTMLParser):
    """Words and pictures in front of the annexes, without those in a picture or in its place, or for paper alone."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.pictures = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        if tag not in VOID:
            self.open.append((tag, found.get("class", ""), found.get("id", "")))
            self.pictures += tag == "figure" and self.inside

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    @property
    def inside(self) -> bool:
        return any(id_ == "front" for _, _, id_ in self.open)

    def handle_data(self, data: str) -> None:
        drawn = any(tag == "svg" or {"narrow", "anchor", "paper"} & set(classes.split()) for tag, classes, _ in self.open)
        if self.inside and not drawn:
            self.words += [w for w in data.split() if any(c.isalnum() for c in w)]  # no lone dot behind a keyed figure


def short(text: str) -> None:
    """Assert that a page has a front of two pages at most, whose links lead somewhere."""
    front = Front(text)
    assert front.open == []
    assert 100 < len(front.words) <= 900
    assert front.pictures <= 3
    assert len(front.ids) == len(set(front.ids))
    assert set(front.links) <= set(front.ids)
