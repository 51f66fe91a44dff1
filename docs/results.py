"""Write docs/reference/results.md from the result types: docs/commands.py runs this, and a test compares.

A key stands in the code as text: in the dictionary that `to_dict` of a result makes, or in the names that it has told. What it
means stands in the docstrings: `name : what it is`, in that of `to_dict` for a key (`a.b` for one inside another), else in that
of the class for the attribute that it shows, else in that of the property. A result inside one result is shown with it, under
paths; a result inside several has a section of its own. A key without a meaning is shown
as such, and a test fails.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from ruamel.yaml import YAML

PAGE = Path(__file__).parent / "reference" / "results.md"

HEAD = """\
<!-- Written by docs/results.py from the result types. Do not edit: run `make docs`. -->

# Results

What `--json` prints, and `to_dict` of a result returns in Python. Other tools may rely on these keys. `ID` stands for an id of
the case, or another name that the text gives; `[]` for each entry of a list; → for keys told further down.
"""
"""Before the commands."""

TOLD: dict[str, dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml"))
"""What no code says: results that commands print, with notes; results that several hold; keys that mean the same everywhere."""

UNEXPLAINED = "not explained yet"
"""What stands beside a key without a meaning; a test finds it."""

ITEM = re.compile(r"(?:^|(?<=[.;\n)])|(?<=\n))\s*([\w.\[\]-]+(?:, [\w.\[\]-]+)*) : ", re.M)


@dataclass
class Key:
    """A key of a result: its path from the result on, what it means, and the result that stands there."""

    name: str
    meaning: str
    shape: str = ""
    inner: type | None = None
    below: list[Key] = field(default_factory=list)


# What stands in the docstrings


def meanings(doc: str | None) -> dict[str, str]:
    """The paragraph entries `a, b : text` of a docstring, by name; names told together share their text."""
    text = inspect.cleandoc(doc or "")
    found, marks = {}, list(ITEM.finditer(text))
    for mark, after in zip(marks, [*marks[1:], None][: len(marks)], strict=True):
        said = text[mark.end() : after.start() if after else len(text)].split("\n\n")[0]
        for name in mark[1].split(", "):
            found.setdefault(name, " ".join(said.split()).rstrip(".;"))
    return found


def of_class(kind: type) -> dict[str, str]:
    """What the docstrings of a class, of what it inherits from and of its properties say of each attribute."""
    said: dict[str, str] = {}
    for one in kind.__mro__:
        if one.__module__.startswith("detente"):
            for name, text in meanings(one.__doc__).items():
                said.setdefault(name, text)
            for name, member in vars(one).items():
                doc = inspect.getdoc(member) if isinstance(member, property | cached_property) else None
                if doc:
                    said.setdefault(name, " ".join(doc.partition("\n\n")[0].split()).rstrip("."))
    return said


# What stands in the code


@cache
def hints(kind: type) -> Mapping[str, Any]:
    """The types of attributes and properties."""
    out: dict[str, Any] = {}
    for one in reversed(kind.__mro__):
        if not one.__module__.startswith("detente"):
            continue
        known = {**_only_for_types(one.__module__), **vars(sys.modules[one.__module__])}
        out |= inspect.get_annotations(one, globals=known, locals={}, eval_str=True)
        for name, member in vars(one).items():
            getter = member.fget if isinstance(member, property) else getattr(member, "func", None)
            if getter is not None and inspect.isfunction(getter):
                out[name] = inspect.get_annotations(getter, globals=known, eval_str=True).get("return")
    return out


@cache
def _only_for_types(module: str) -> dict[str, Any]:
    """What a module imports for the checker of types alone; Any for what it names there without a value."""
    out: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for wanted in node.body:
                if isinstance(wanted, ast.ImportFrom) and wanted.module:
                    found = importlib.import_module(wanted.module)
                    out |= {name.asname or name.name: getattr(found, name.name, Any) for name in wanted.names}
    return out


def shape_of(hint: Any) -> tuple[str, type | None]:
    """How a value of a type is written after its key, and the result that stands there."""
    origin, inside = get_origin(hint), [x for x in get_args(hint) if x not in (type(None), Ellipsis)]
    if origin in (Union, UnionType) and inside:
        return next((found for found in map(shape_of, inside) if found[1] is not None), shape_of(inside[0]))
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        step, kind = shape_of(inside[-1])
        return f".ID{step}", kind
    if origin in (tuple, list) and inside:
        step, kind = shape_of(inside[0])
        return f"[]{step}", kind
    if inspect.isclass(hint) and hasattr(hint, "to_dict"):
        return "", hint
    return "", None


def attribute(kind: type, path: str) -> Any:
    """The type of an attribute of an attribute, or None."""
    hint: Any = kind
    for step in path.split("."):
        if not inspect.isclass(hint):
            return None
        hint = hints(hint).get(step)
        inside = [x for x in get_args(hint) if x is not type(None)]
        if get_origin(hint) in (Union, UnionType) and len(inside) == 1:
            hint = inside[0]
    return hint


def _attach(keys: list[Key], path: str, text: str) -> None:
    """Put a key that no dictionary in the code names under the one that it stands in."""
    top, _, rest = path.partition(".")
    at = next((key for key in keys if rest and key.name == top.removesuffix("[]")), None)
    if at is None:
        keys.append(Key(path, text))
    else:
        at.shape, at.inner = "[]" if top.endswith("[]") else "", None
        _attach(at.below, rest, text)


class Reader:
    """The keys of one result, read from the code of its `to_dict`."""

    def __init__(self, kind: type) -> None:
        self.kind, self.said = kind, of_class(kind)
        self.keyed = meanings(kind.to_dict.__doc__)  # type: ignore[attr-defined]
        self.used: set[str] = set()

    def read(self) -> list[Key]:
        first: dict[str, Key] = {}
        for key in self._method("to_dict"):
            first.setdefault(key.name, key)
        out = list(first.values())
        for path, text in self.keyed.items():  # what is made elsewhere, such as the method of a solver
            if path not in self.used:
                at = first.get(path.partition(".")[0].removesuffix("[]"))
                if at is not None and at.name not in self.keyed:
                    at.meaning = ""
                _attach(out, path, text)
        return out

    def _method(self, name: str) -> Iterator[Key]:
        function = getattr(self.kind, name)
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        self.globals = function.__globals__
        self.locals: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                    made: ast.expr = ast.Dict([target.slice], [node.value])
                    self.locals.setdefault(ast.unparse(target.value), []).append(made)
                else:
                    self.locals.setdefault(ast.unparse(target), []).append(node.value)
        for node in ast.walk(tree):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from self._items(node.value, "")

    def _items(self, node: ast.expr, path: str) -> Iterator[Key]:
        """The keys of what becomes a dictionary."""
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    yield from self._items(value, path)
                elif isinstance(key, ast.Constant):
                    yield self._key(str(key.value), value, path)
        elif isinstance(node, ast.IfExp):
            yield from self._items(node.body, path)
            yield from self._items(node.orelse, path)
        elif isinstance(node, ast.BinOp):
            yield from self._items(node.left, path)
            yield from self._items(node.right, path)
        elif isinstance(node, ast.Name):
            for value in self.locals.get(node.id, ()):
                yield from self._items(value, path)
        elif isinstance(node, ast.Call):
            yield from self._call(node, path)

    def _call(self, node: ast.Call, path: str) -> Iterator[Key]:
        called = ast.unparse(node.func)
        if called == "told":
            of = ast.unparse(node.args[0])
            kind = attribute(self.kind, of.removeprefix("self.")) if "." in of else self.kind
            names = self._words(node.args[1]) if len(node.args) > 1 else [x.name for x in fields(kind)]
            for name in names:
                key, _, source = name.partition("=")
                yield self._made(key, source or key, path, kind)
        elif called == "super().to_dict":
            parent = next(one for one in self.kind.__mro__[1:] if "to_dict" in vars(one))
            yield Key("", "", "", parent)
        elif called.endswith(".to_dict"):
            _, inner = shape_of(attribute(self.kind, called.removeprefix("self.").removesuffix(".to_dict")))
            if inner:
                yield Key("", "", "", inner)
        elif called.startswith("self._"):
            yield from self._method(called.removeprefix("self."))
        elif called in ("plain", "thawed", "dict"):
            yield from self._items(node.args[0], path)

    def _words(self, node: ast.expr) -> list[str]:
        """The words of all text in an expression, in the variables of it too."""
        out: list[str] = []
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                out += part.value.split()
            elif isinstance(part, ast.Name) and part.id in self.locals:
                out += [word for value in self.locals[part.id] for word in self._words(value)]
            elif isinstance(part, ast.Name) and isinstance(self.globals.get(part.id), tuple):
                out += self.globals[part.id]
        return list(dict.fromkeys(out))

    def _key(self, name: str, value: ast.expr, path: str) -> Key:
        shape, node = "", value
        while True:
            if isinstance(node, ast.IfExp):
                node = node.orelse if isinstance(node.body, ast.Constant) else node.body
            elif isinstance(node, ast.ListComp) and isinstance(node.elt, ast.Dict):
                shape, node = shape + "[]", node.elt
            elif isinstance(node, ast.DictComp) and isinstance(node.value, ast.Dict):
                shape, node = shape + ".ID", node.value
            elif isinstance(node, ast.Name) and len(self.locals.get(node.id, ())) == 1:
                node = self.locals[node.id][0]
            else:
                break
        if isinstance(node, ast.Dict):
            made = self._made(name, name, path, self.kind)
            made.shape, made.inner = shape, None
            made.below = list(self._items(node, f"{path}{name}."))
            return made
        named = node.generators[0].iter if isinstance(node, ast.ListComp | ast.DictComp) else node
        source = next((ast.unparse(x) for x in ast.walk(named) if isinstance(x, ast.Attribute) and _plain(x)), f"self.{name}")
        source = source.removeprefix("self.").removesuffix(".to_dict").removesuffix(".items")
        made = self._made(name, source, path, self.kind)
        if "to_dict" not in ast.unparse(node) and not ast.unparse(node).startswith("brief_of"):
            made.inner = None
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("len", "sum"):
            made.shape = ""
        elif isinstance(node, ast.Subscript):
            made.shape = made.shape.removeprefix("[]")
        elif not made.shape and isinstance(node, ast.ListComp | ast.DictComp):
            made.shape = "[]" if isinstance(node, ast.ListComp) else ".ID"
        return made

    def _made(self, name: str, source: str, path: str, kind: type) -> Key:
        shape, inner = shape_of(attribute(kind, source))
        full = f"{path}{name}"
        self.used.add(full)
        text = self.keyed.get(full) or (path == "" and (self.said.get(name) or self.said.get(source))) or ""
        if not text and "." in source:
            owner = attribute(kind, source.rpartition(".")[0])
            text = of_class(owner).get(source.rpartition(".")[2], "") if inspect.isclass(owner) else ""
        return Key(name, text or "", shape, inner)


def _plain(node: ast.Attribute) -> bool:
    return ast.unparse(node).startswith("self.") and bool(re.fullmatch(r"[\w.]+", ast.unparse(node)))


# The page


@cache
def keys_of(kind: type) -> tuple[Key, ...]:
    """The keys of a result; what it takes over from a result without a section of its own is among them."""
    out: list[Key] = []
    for key in Reader(kind).read():
        if key.name or key.inner in sections():
            out.append(key)
        elif key.inner is not None:
            out += keys_of(key.inner)
    return tuple(out)


def result(where: str) -> type:
    """A result by its module and class."""
    module, _, name = where.partition(":")
    found: type = getattr(importlib.import_module(f"detente.{module}"), name)
    return found


@cache
def sections() -> dict[type, str]:
    """The heading under which a result is told, of those that have one."""
    answers = {about["result"]: command for command, about in reversed(TOLD["commands"].items()) if "result" in about}
    commands = {result(where): f"`detente {command}`" for where, command in answers.items()}
    return {**commands, **{result(where): title for where, title in TOLD["shared"].items()}}


def entries(kind: type, path: str = "") -> Iterator[tuple[str, str, type | None]]:
    """Path, meaning and result told elsewhere of every key of a result, and of those inside it."""
    for key in keys_of(kind):
        yield from _entries(key, path)


def _entries(key: Key, path: str) -> Iterator[tuple[str, str, type | None]]:
    if not key.name and key.inner is not None and key.inner not in sections():
        yield from entries(key.inner, path)
        return
    full = f"{path}{key.name}{key.shape}".removesuffix(".")
    told_elsewhere = key.inner if key.inner in sections() else None
    inside = key.below or (key.inner and not told_elsewhere)
    if key.meaning or not inside:
        yield full, key.meaning, told_elsewhere
    for below in key.below:
        yield from _entries(below, f"{full}.")
    if key.inner and not told_elsewhere:
        yield from entries(key.inner, f"{full}.")


def common(path: str) -> str:
    """What a key means wherever it has no meaning of its own; empty: nothing."""
    bare = path.replace("[]", "").removesuffix(".ID")
    names = ((name, text) for together, text in TOLD["common"].items() for name in together.split(", "))
    return next((text for name, text in names if bare == name or bare.endswith(f".{name}")), "")


def section(kind: type) -> Iterator[str]:
    """The lines of a result."""
    lines: dict[tuple[str, type | None], list[str]] = {}
    plain: list[str] = []
    for path, meaning, elsewhere in entries(kind):
        if elsewhere or (meaning and _shown(meaning) != common(path)):
            lines.setdefault((meaning, elsewhere), []).append(path)
        elif common(path):
            plain.append(path)
        else:
            lines.setdefault((UNEXPLAINED, None), []).append(path)
    for (meaning, elsewhere), paths in lines.items():
        told = " ".join(
            [*([_shown(meaning)] if meaning else []), *([f"→ {_link(sections()[elsewhere])}"] if elsewhere else [])]
        )
        yield f"- {', '.join(f'`{path}`' for path in paths)}: {told}" if paths != [""] else f"- the keys of {told[2:]}"
    if plain:
        yield f"- [Common](#keys-of-many-results): {', '.join(f'`{path}`' for path in plain)}"


def _link(heading: str) -> str:
    return f"[{heading}](#{re.sub(r'[^a-z0-9 -]', '', heading.lower()).replace(' ', '-')})"


def _shown(text: str) -> str:
    """A meaning as Markdown: what Python calls None is null in JSON."""
    for python, said in (("None", "`null`"), ("True", "`true`"), ("False", "`false`")):
        text = re.sub(rf"(?<![\w`]){python}(?![\w`])", said, text)
    text = text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
    return re.sub(r'"([\w. -]+)"', r"`\1`", text).replace("<", r"\<").replace("``", "`")


def page() -> str:
    """The page as it should stand."""
    parts = [HEAD, "## Keys of many results\n"]
    parts += [f"- {', '.join(f'`{name}`' for name in names.split(', '))}: {text}" for names, text in TOLD["common"].items()]
    parts += [""]
    for command, about in TOLD["commands"].items():
        parts += [f"## `detente {command}`\n", *([f"{about['note']}\n"] if "note" in about else [])]
        if "result" in about:
            parts += [*section(result(about["result"])), ""]
    for where, title in TOLD["shared"].items():
        parts += [f"## {title}\n", *section(result(where)), ""]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
