"""Nothing that somebody else wrote becomes code: the sources are walked for SQL that is built from it, and for what runs text.

A query may be put together from text that stands in this project, from numbers, and from what quotes or keeps a value
(`identifier`, `Database.let`, and the functions of `BUILDERS`). It may not contain an argument of a public function, a field of
an object, or what a file said. What a private function is given is followed to its callers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
RUN = {"execute", "executemany", "sql", "query"}
KEPT = re.compile(r"(^|\.)(at|database|kept)\.(run|rows|row|insert|newest)$")
"""How the workbench asks its own database; of a row put in, the table."""
QUOTES = {"identifier", "let", "len", "int"}
BUILDERS = {
    "rows_of": "record/views: columns of the schema, all else by let",
    "columns_of": "record/views: columns of the schema, all else by let",
    "looked_up": "record/codes: the name of a table of this project",
    "select": "record/importing/select: the expressions of the formats, columns of files by identifier",
    "_where": "record/dyad: the columns of the schema, signs and question marks",
    "source.sql": "record/importing/part: read_csv with every option by let",
    "raw.first": "record/formats/format: columns of files by identifier",
}
"""Functions that return SQL, each with what it is built of; they are checked by their own tests."""

FIELDS = {"selected.query": "what select returned", "shape.header": "a number of lines"}
LOCALS = {
    ("_faults", "condition"): "forecast/table: written in its list of checks, with names u0, u1, ..",
    ("_faults", "column"): "forecast/table: written in its list of checks",
}
RUNNING = {
    "duckdb.connect": {"base/database.py": "the database itself"},
    "duckdb.execute": {},
    "duckdb.sql": {},
    "duckdb.query": {},
    "ibis.duckdb.connect": {"record/engines/backend.py": "asked by expressions only, of parts that were checked"},
    "json.load": {"plan/check/check.py": "a program by itself, run by who checks one file; nothing here calls it"},
    "json.loads": {
        "base/cache.py": "a file that this program wrote for this user",
        "base/json.py": "the reader with bounds itself",
        "record/chain.py": "eight megabytes at most, of which one key is used",
        "record/reading/json.py": "lines of bounded length, one value each",
        "record/views.py": "text that was made two lines before",
        "serve/pages/draft.py": "what this program wrote into its own database",
        "serve/store/drafts.py": "what this program wrote into its own database",
        "serve/store/versions.py": "what this program wrote into its own database",
        "serve/jobs/desk.py": "between a process and its own child",
        "serve/jobs/jobs.py": "what this program wrote into its own database, and between a process and its own child",
        "serve/jobs/worker.py": "between a process and its own child",
    },
    "yaml.load": {},
    "pickle.load": {"solver/apart.py": "between a process and its own child"},
    "pickle.loads": {},
    "marshal.loads": {},
    "eval": {},
    "exec": {},
    "compile": {},
    "__import__": {},
    "os.system": {},
    "os.popen": {},
    "subprocess.run": {},
    "subprocess.call": {},
    "subprocess.check_output": {},
    "subprocess.Popen": {
        "assess/compiling.py": "a list of arguments, its own interpreter",
        "serve/jobs/process.py": "a list of arguments, its own interpreter",
        "solver/apart.py": "a list of arguments, its own interpreter",
    },
}
"""What runs text, or reads without bounds; for each the files that may, and why."""


class Module:
    """A module, and whether a piece of it is text of this project."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.function: dict[ast.AST, ast.AST] = {}
        for function in ast.walk(self.tree):  # outer ones first
            if isinstance(function, ast.FunctionDef | ast.Lambda):
                self.function.update({node: function for node in ast.walk(function) if node is not function})
        self.looked = set[tuple[ast.AST, str]]()

    def faults(self) -> Iterator[int]:
        """The lines on which a query is made of anything else."""
        for call in calls(self.tree):
            if (
                isinstance(call.func, ast.Attribute)
                and (call.func.attr in RUN or KEPT.search(named(call.func)))
                and call.args
                and named(call.func) not in BUILDERS
            ):
                self.looked.clear()
                if not self.own(call.args[0]):
                    yield call.lineno

    def own(self, node: ast.AST) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.JoinedStr():
                return all(self.own(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
            case ast.BinOp():
                return self.own(node.left) and self.own(node.right)
            case ast.IfExp():
                return self.own(node.body) and self.own(node.orelse)
            case ast.BoolOp():
                return all(map(self.own, node.values))
            case ast.List() | ast.Tuple() | ast.Set():
                return all(map(self.own, node.elts))
            case ast.Dict():
                return all(self.own(part) for part in (*node.keys, *node.values) if part)
            case ast.Starred() | ast.Subscript():
                return self.own(node.value)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return self.own(node.elt)
            case ast.Attribute():
                return named(node) in FIELDS
            case ast.Call():
                return self.own_call(node)
            case ast.Name():
                return self.own_name(node)
        return False

    def own_call(self, node: ast.Call) -> bool:
        name = named(node.func)
        if name in BUILDERS or name.rpartition(".")[2] in QUOTES:
            return True
        if isinstance(node.func, ast.Attribute):  # ", ".join(x), TEXTS.get(key), columns.items()
            whole = node.args if node.func.attr in ("join", "format") else []
            return self.own(node.func.value) and all(map(self.own, whole))
        if name in ("zip", "enumerate", "sorted", "list", "tuple", "reversed", "range", "str"):
            return all(map(self.own, node.args))
        made = self.defined(name)
        return made is not None and all(self.own(r.value) for r in ast.walk(made) if isinstance(r, ast.Return) and r.value)

    def own_name(self, node: ast.Name) -> bool:
        function, name = self.function.get(node), node.id
        while function in self.function and not [*self.assigned(function, name)]:
            function = self.function[function]  # of the function around it
        if (getattr(function, "name", ""), name) in LOCALS:
            return True
        if function is None or name.lstrip("_").isupper():  # a constant of this module or another
            return name.lstrip("_").isupper()
        if (function, name) in self.looked:
            return True  # x = x + ..., which stands or falls with the others
        self.looked.add((function, name))
        given = [*self.assigned(function, name)]
        return bool(given) and all(part is not None and self.own(part) for part in given)

    def assigned(self, function: ast.AST, name: str) -> Iterator[ast.AST | None]:
        """All that a name stands for in a function; None: something that cannot be followed."""
        assert isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function):
            match node:
                case ast.Assign():
                    for target in node.targets:
                        yield from of(target, node.value, name)
                case ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr() if node.value:
                    yield from of(node.target, node.value, name)
                case ast.For() | ast.comprehension():
                    yield from of(node.target, node.iter, name)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=added), attr="append" | "extend")) if added == name:
                    yield from node.args
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        names = [argument.arg for argument in arguments]
        if name in names:
            yield from self.passed(function, name, names.index(name))

    def passed(self, function: ast.FunctionDef | ast.Lambda, name: str, place: int) -> Iterator[ast.AST | None]:
        """What the callers of a private function give it."""
        private = isinstance(function, ast.FunctionDef) and function.name.startswith("_")
        found = [call for call in calls(self.tree) if private and named(call.func) == function.name]  # type: ignore[union-attr]
        if not found:
            yield None
        defaults = dict(zip([a.arg for a in function.args.args][::-1], function.args.defaults[::-1], strict=False))
        for call in found:
            keywords = {keyword.arg: keyword.value for keyword in call.keywords}
            yield keywords.get(name, call.args[place] if place < len(call.args) else defaults.get(name))

    def defined(self, name: str) -> ast.FunctionDef | None:
        return next((f for f in ast.walk(self.tree) if isinstance(f, ast.FunctionDef) and f.name == name), None)


def calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def named(node: ast.AST) -> str:
    """A name with dots; empty for what is none."""
    if isinstance(node, ast.Attribute):
        return f"{named(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def zipped(node: ast.AST) -> list[ast.expr]:
    return node.args if isinstance(node, ast.Call) and named(node.func) == "zip" else []


def of(target: ast.AST, value: ast.AST, name: str) -> Iterator[ast.AST]:
    """What a name is given where a target takes a value, element by element where both are lists."""
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else zipped(value)
        each = parts if len(parts) == len(target.elts) else None
        for n, inner in enumerate(target.elts):
            yield from of(inner, each[n] if each else value, name)


def faults(text: str) -> list[int]:
    return [*Module(text).faults()]


ASKS = re.compile(rf"\.({'|'.join(RUN)})\(|\b(at|database|kept)\.(run|rows|row|newest)\(")
OWN = {"detente/base/database.py", "detente/serve/store/database.py"}
"""The databases themselves, which run what they are given."""

FILES = {path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}


@pytest.mark.parametrize("file", [name for name, text in FILES.items() if ASKS.search(text)])
def test_no_query_is_built_of_what_somebody_else_wrote(file: str) -> None:
    """Would catch an f-string that puts an argument, a description or a cell into a query."""
    assert file in OWN or [f"{file}:{line}" for line in faults(FILES[file])] == []


@pytest.mark.parametrize(
    "line",
    [
        "base.execute(f'select {given} from t')",
        "base.execute('select ' + given)",
        "base.execute(given)",
        "base.execute(f'copy t to {path.name}')",
        "text = 'select '; text += given; base.execute(text)",
        "for name in given: base.execute(f'select {name} from t')",
        "base.execute('select {}'.format(given))",
        "base.execute('select %s' % given)",
        "base.execute(', '.join(x for x in given))",
        "base.sql(about['title'])",
        "self.database.rows(f'select {given} from t')",
        "at.run(given)",
        "self.database.newest(f'{given} from jobs', count=1)",
        "base.executemany(f'insert into {given} values (?)', [])",
    ],
)
def test_the_walk_finds_what_it_is_for(line: str) -> None:
    """Would catch a check that passes whatever stands there."""
    assert faults(f"def public(base, given, path, about):\n    {line}\n")


@pytest.mark.parametrize(
    "text",
    [
        "def f(base, given): base.execute('select ?', [given])",
        "def f(base, given): base.execute(f'select {identifier(given)} from {base.let(given)}')",
        "NAMES = ['a']\ndef f(base): [base.execute(f'select {n}') for n in NAMES]",
        "def f(base): _g(base, 'select 1')\ndef _g(base, query): base.execute(query)",
    ],
)
def test_the_walk_lets_pass_what_is_this_projects(text: str) -> None:
    """Would catch a check that is so strict that it is soon switched off."""
    assert not faults(text)


def test_what_a_private_function_is_given_is_followed_to_its_callers() -> None:
    """Would catch text of others that reaches a query by way of a helper."""
    assert faults("def f(base, given): _g(base, given)\ndef _g(base, query): base.execute(query)")


def running(text: str) -> set[str]:
    """Which of `RUNNING` a module calls."""
    tree = ast.parse(text)
    short = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("json", "pickle", "os", "subprocess", "duckdb", "marshal")
        for alias in node.names
    }
    return {name for call in calls(tree) if (name := short.get(named(call.func), named(call.func))) in RUNNING}


def test_nothing_runs_text_or_reads_without_bounds() -> None:
    """Would catch a second way to a database, a pickle or JSON of a stranger, a shell."""
    found = {(name, file.removeprefix("detente/")) for file, text in FILES.items() for name in running(text)}
    assert found == {(name, file) for name, files in RUNNING.items() for file in files}


def test_no_shell() -> None:
    """Would catch a command that is a line of text."""
    assert not [f for f, text in FILES.items() for c in calls(ast.parse(text)) for k in c.keywords if k.arg == "shell"]


def test_what_runs_text_is_found_under_any_name() -> None:
    """Would catch `from json import loads` slipping through."""
    assert running("from json import loads as read\nread(x)") == {"json.loads"}
    assert running("import duckdb\nduckdb.execute(x)") == {"duckdb.execute"}
