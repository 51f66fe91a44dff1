"""YAML nodes, counted while they are made, so that a text with too many or too deep ones is left where it goes too far.

ruamel.yaml reads a tab as white space within brackets only. YAML lets one stand before a comment, at the end of a line, and
between a key and its value, too.
"""

from __future__ import annotations

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.scanner import Scanner

from detente.base.bounds import BeyondError
from detente.base.wording import TAG

__all__ = ["compose"]

_ENDS = "#\r\n\0\x85\u2028\u2029"


def compose(text: str, entries: int, depth: int) -> tuple[Any, list[Any]]:
    """The root node of the text, None if it is empty, and every node under a tag that means nothing, or not what stands there.

    Raises
    ------
    BeyondError
        At the first entry too many, or the first that is too deep.
    ruamel.yaml.error.YAMLError
        If the text is no YAML.
    """

    class Counting(Composer):
        count = 0
        level = -1

        def compose_node(self, parent: Any, index: Any) -> Any:
            event = self.parser.peek_event()
            tag = None if isinstance(event, AliasEvent) else event.ctag
            place = event.start_mark.line + 1, event.start_mark.column + 1
            self.count += parent is None or index is not None  # a key has no index
            if self.count > entries:
                raise BeyondError("entries", self.count, place)
            if self.level >= depth:
                raise BeyondError("depth", self.level + 1, place)
            self.level += 1
            node = super().compose_node(parent, index)
            self.level -= 1
            if tag is not None and str(tag) != "!":
                tagged.append(node)
            return node

    tagged: list[Any] = []
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer, yaml.Scanner = Counting, _Scanner
    root = yaml.compose(io.StringIO(text))
    known = yaml.resolver
    return root, [node for node in tagged if _misnamed(node, known)]


def _misnamed(node: Any, resolver: Any) -> bool:
    """Whether the tag of a node is none of YAML's own, or its content is not of that kind."""
    kind = str(node.tag).removeprefix(TAG)
    if node.id != "scalar":
        return kind != {"mapping": "map", "sequence": "seq"}[node.id]
    if kind == "str":
        return False
    plain = str(resolver.resolve(ScalarNode, str(node.value), (True, False))).removeprefix(TAG)
    return plain != kind and (kind, plain) != ("float", "int")


class _Scanner(Scanner):
    def fetch_value(self) -> Any:
        super().fetch_value()
        blank = 0
        while self.reader.peek(blank) in " \t":
            blank += 1
        if self.reader.peek(blank) not in _ENDS and not (
            self.reader.peek(blank) in "-?" and self.reader.peek(blank + 1) in " \t"
        ):
            self.reader.forward(blank)

    def scan_to_next_token(self) -> Any:
        super().scan_to_next_token()
        while self.reader.peek() == "\t":
            blank = 1
            while self.reader.peek(blank) in " \t":
                blank += 1
            if self.reader.peek(blank) not in _ENDS:
                return  # an indentation: the scanner says that it is wrong
            self.reader.forward(blank)
            super().scan_to_next_token()
