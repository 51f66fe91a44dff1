"""The error reference shows every kind of fault that the code can find, in the words that the code uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"
PARTS = ROOT / "src" / "detente"
EVENTS = [
    PARTS / "record" / f"{name}.py"
    for name in ("workspace", "dyad", "chain", "entries", "seals", "head", "retract", "check", "migrate", "sensible", "spill")
]
EVENTS += [path for folder in ("formats", "importing", "reading") for path in sorted((PARTS / "record" / folder).glob("*.py"))]
MODULES = [
    *(PARTS / "base" / f"{name}.py" for name in ("atomic", "compose", "legible", "text", "wording")),
    *sorted((PARTS / "case").glob("*.py")),
    PARTS / "plan" / "roadmap.py",
    PARTS / "prepare" / "status.py",
    *EVENTS,
    PARTS / "record" / "codes" / "actors.py",
]
RAISING = {"fault", "Fault", "Unreachable", "RecordError", "_LimitError", "_unreadable"}
GAP = "\0"


def wording(node: ast.AST) -> str:
    """The text of a string or f-string, with a gap for every part that is filled in; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else GAP for part in node.values)
    return ""


def messages() -> Iterator[tuple[str, str]]:
    """What the code can say of a fault, and where: the arguments of what raises or makes one, and what a check yields."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts: list[ast.expr] = []
            name = node.func if isinstance(node, ast.Call) else None
            called = name.id if isinstance(name, ast.Name) else name.attr if isinstance(name, ast.Attribute) else ""
            if isinstance(node, ast.Call) and called in RAISING:
                texts = node.args
            elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                texts = node.value.elts[1:]  # after where it is, or the condition on which it is so
            elif (
                isinstance(node, ast.Assign)
                and isinstance(node.targets[0], ast.Name)
                and node.targets[0].id in ("message", "hint")
            ):
                texts = [node.value]
            for text in map(wording, texts):
                if len(text.replace(GAP, "").split()) > 1:
                    yield f"{path.stem}:{node.lineno}", text


def test_every_message_stands_on_the_page() -> None:
    """Catches a kind of fault, or a hint, that the page does not show."""
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    found = list(messages())
    assert len(found) > 250
    patterns = {m: ".{1,200}?".join(re.escape(part) for part in re.split(f"{GAP}+", " ".join(m[1].split()))) for m in found}
    assert [m for m, pattern in patterns.items() if not re.search(pattern, page)] == []


def test_every_message_of_the_page_is_really_printed() -> None:
    """Catches a message under a heading that the broken case, which the examples run, does not produce."""
    text = PAGE.read_text(encoding="utf-8")
    printed = {line for block in re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S) for line in block.splitlines()}
    shown = [line for block in re.findall(r"^```text\n(.*?)^```$", text, re.M | re.S) for line in block.splitlines()]
    assert len(shown) > 30
    assert [line for line in shown if line not in printed] == []
