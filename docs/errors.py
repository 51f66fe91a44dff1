"""Write docs/reference/errors.md from the source: `make docs` runs this, and a test compares.

What the code can say of a fault stands in the code as text: the arguments of what raises or makes a fault, and what a check
yields. Each is listed under the room it is said in, with a gap (…) for every part that is filled in.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "errors.md"
PARTS = ROOT / "src" / "detente"

TITLES = {
    "case": "A case",
    "case/rough": "A case in words, a form, a spreadsheet",
    "plan": "A roadmap",
    "recommend": "What a roadmap must do",
    "prepare": "A status, and what if",
    "diagnose": "Why it is stuck",
    "compare": "Roadmaps side by side",
    "assess": "Plays",
    "ask": "Questions and answers",
    "graph": "A conflict graph",
    "positions": "Positions",
    "forecast": "Forecasts and questions about the future",
    "record": "A record",
    "record/formats": "A file of events",
    "record/importing": "Importing events",
    "record/codes": "Who an actor is",
    "record/commitments": "Commitments",
    "record/trust": "Trust from the record",
    "record/relation": "A relation",
    "record/fetching": "Fetching",
    "record/reading": "Reading a record",
    "read": "A text",
    "brief": "A brief",
    "serve": "The workbench",
    "cli": "What a command is given",
    "export": "A roadmap for other programs",
    "base": "Any file",
    "solver": "The solver",
    ".": "The library",
}
"""The rooms that a reader looks under, in their order. A room without a title of its own is told under the one around it."""

SAYING = {"fault", "Fault", "note", "Unreachable", "BadParameter"}
"""What makes a fault out of text, besides whatever ends in Error."""

ELSEWHERE = {"message", "why", "said", "got"}
"""What is said elsewhere, and listed there: the hint beside it is no message."""

GAP = "…"

HEAD = """\
<!-- Written by docs/errors.py from the source. Do not edit: run `make docs`. -->

# Errors

Every error says what was got, what was wanted, where, and one next step. All faults of a file are listed at once, each
with `file:line:column` and the path of the key:

<!-- file: valley.yaml -->
```yaml
case: valley
title: Water for power
as_of: 2024-02-30
phases: {length: 1 month, count: 12}
parties:
  upper: {name: Upper district, discount: 1.2, stalemate: 0, breakdown: 0, trust: {lower: .inf}}
  lower: {name: Lower district, discount: 0.95, stalemate: 0, breakdown: 0, trust: {uper: 0.3}}
measures: {}
```

```console
$ detente case valley.yaml
detente: valley.yaml: 5 faults in this case
valley.yaml:3:8: as_of: got '2024-02-30', wanted a date such as 2019-01-30
valley.yaml:6:43: parties.upper.discount: got 1.2, wanted a number above 0 and below 1
valley.yaml:6:91: parties.upper.trust.lower: got Infinity, wanted a finite number
valley.yaml:7:85: parties.lower.trust.uper: got 'uper', wanted a party defined under `parties` (did you mean 'upper'?)
valley.yaml:8:11: measures: got a mapping, wanted at least one entry
$ echo $?
2
```

In Python they stand in `faults` of what is raised. Look up a message below by its words: … stands for what is filled in, and
messages that begin alike share a line. The file or place before a message and the next step behind it are left out.

| Exit code | |
|---|---|
| 1 | a negative answer, such as a roadmap that does not hold; no error |
| 2 | the input cannot be used, a place cannot be written to, or the machine is too small; nothing is half-written |
| 3 | a fault of ours, in one line. `detente --debug COMMAND` shows where (it may show what stood in your files) |
| 130 | interrupted; 143: told to end; 141: nobody reads the output any more |

Only one process at a time adds to a folder: others wait for up to 30 seconds and then end with exit code 2.

## Exceptions

Whatever Détente raises on purpose is a `detente.errors.DetenteError`.
"""


def page() -> str:
    """The page as it should stand."""
    return "\n".join([HEAD, *_exceptions(), *_rooms()])


def _exceptions() -> Iterator[str]:
    """Every exception by its name, with its docstring."""
    from detente import errors

    for name, kind in sorted(vars(errors).items()):
        if inspect.isclass(kind) and issubclass(kind, Exception):
            yield f"### `{name}`\n\n{_shown((inspect.getdoc(kind) or '').partition(chr(10) * 2)[0])}\n"


def _rooms() -> Iterator[str]:
    """A section for each room in which a fault is told."""
    told: dict[str, dict[str, None]] = {}
    for path in sorted(PARTS.rglob("*.py")):
        room = path.relative_to(PARTS).parent.as_posix()
        while room not in TITLES and room != ".":
            room = Path(room).parent.as_posix()
        shown = (_shown(text) for text, _ in messages(path))  # with nothing left: a next step alone, which is not looked up
        told.setdefault(room, {}).update((line, None) for line in shown if re.search(r"[^\W\d]{2,}", line))
    rooms = Counter(line for lines in told.values() for line in lines)
    yield "\n".join(["## Anywhere\n", *_grouped([line for line in rooms if rooms[line] > 1]), ""])
    for room, title in TITLES.items():
        own = [line for line in told.pop(room, ()) if rooms[line] == 1]
        if own:
            yield "\n".join([f"## {title}\n", *_grouped(own), ""])
    if told:
        raise ValueError(f"rooms without a title: {', '.join(told)}")


def _grouped(lines: Sequence[str]) -> list[str]:
    """The messages of a room, in order; what follows the same beginning stands on one line."""
    left, entries = list(lines), list[str]()
    while found := _beginning(left):
        inner = sorted((line.removeprefix(found) for line in left if line.startswith(found)), key=str.casefold)
        entries.append(f"- {found.rstrip(':, ')}: {'; '.join(inner)}")
        left = [line for line in left if not line.startswith(found)]
    return sorted([*entries, *(f"- {line}" for line in left)], key=str.casefold)


def _beginning(lines: Iterable[str]) -> str:
    """The words that it saves most to say once for several messages; empty: there are none."""
    begun: Counter[str] = Counter()
    for line in lines:
        words = line.split(" ")
        begun.update(" ".join(words[:n]) + " " for n in range(2, len(words)) if not words[n].startswith("("))
    saved = {text: (times - 1) * text.count(" ") for text, times in begun.items() if times > 1 and _says(text)}
    return max((text for text in saved if saved[text] > 2), key=lambda text: (saved[text], text), default="")


def _says(text: str) -> bool:
    """Whether a beginning has two words or more, and no quotation and no bracket is open at its end."""
    whole = text.count("`") % 2 == 0 and text.count("(") == text.count(")")
    return whole and len(re.findall(r"[^\W\d]{2,}", text)) > 1


def messages(path: Path) -> Iterator[tuple[str, str]]:
    """What a module can say of a fault, and its hint (empty: none)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("audit"):
                continue  # the log of the workbench tells no fault
            if name in SAYING or (name.endswith("Error") and name not in dir(builtins)):
                texts = [*node.args, *(k.value for k in node.keywords if k.arg in ("message", "hint"))]
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            texts = node.value.elts[1:]  # after where it is, or the condition on which it is so
            if wording(texts[0])[:1].isupper():
                continue  # a sentence of a form
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "message":
            texts = [node.value]
        if any(ast.unparse(text) in ELSEWHERE for text in texts):
            continue
        said = [text for text in map(wording, texts) if " " in text and len(re.findall(r"[^\W\d]{2,}", text)) > 1]  # no path
        if said:
            yield said[0], said[1] if len(said) > 1 else ""


def wording(node: ast.AST) -> str:
    """The text of an expression, with a gap for every part that is filled in; empty for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else GAP for part in node.values)
    if isinstance(node, ast.IfExp):
        return wording(node.body) or wording(node.orelse)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (wording(node.left) or GAP) + (wording(node.right) or GAP)
    return ""


def _shown(text: str) -> str:
    """A message as Markdown that shows what stands there, on one line, without the place before it."""
    plain = re.sub(f"{GAP}+", GAP, " ".join(text.split()))
    plain = re.sub(f"^({GAP}: )+(?=.*[^\\W\\d]{{2,}})", "", plain)
    plain = re.sub(r"((?<=\w\w)\W*|^\W+) \([^()]*\)$", r"\1", plain)  # the next step
    return re.sub(r"(?<!`)([\\<>*_\[\]#$])(?!`)", r"\\\1", plain) if "`" not in plain else plain.replace("<", r"\<")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
