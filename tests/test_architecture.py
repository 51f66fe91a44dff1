"""The layout keeps its promises: imports point one way, modules stay small, start-up stays light.

Each test would catch a change that works today and is regretted later: a planner that knows the command line, a certificate
that borrows the rows it is to check, a module that grows without end, a heavy import at the top of a file.
"""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}

# What each part may import besides itself: an import only ever points to the left of
# base <- case <- plan <- diagnose <- compare <- brief <- cli, plan <- prepare <- brief, case <- record <- assess <- brief;
# solver stands on the ground beside base; graph, positions, forecast and read are rooms of their own between case and brief;
# recommend stands above compare, assess and prepare, below brief and ask; serve above all but the command line.
ALLOWED = {
    "errors": set[str](),
    "base": {"errors"},
    "solver": {"errors"},
    "case": {"errors", "base", "solver"},
    "graph": {"errors", "base", "case"},
    "positions": {"errors", "base", "case"},
    "record": {"errors", "base", "case"},
    "forecast": {"errors", "base", "case", "record"},
    "plan": {"errors", "base", "solver", "case"},
    "diagnose": {"errors", "base", "solver", "case", "plan"},
    "prepare": {"errors", "base", "solver", "case", "plan"},
    "compare": {"errors", "base", "solver", "case", "plan", "diagnose"},
    "assess": {"errors", "base", "solver", "case", "record", "plan", "diagnose"},
    "read": {"errors", "base", "case", "record"},
    "progress": {"base", "solver"},
}
ALLOWED["recommend"] = {"errors", "base", "solver", "case", "plan", "diagnose", "prepare", "compare", "assess"}
ALLOWED["brief"] = set(ALLOWED) - {"progress"}
ALLOWED["export"] = {"errors", "base", "case", "plan", "brief"}  # it takes the steps as the brief counts them
ALLOWED["ask"] = {*ALLOWED["recommend"], "recommend"}
ALLOWED["serve"] = set(ALLOWED) - {"progress"}
ALLOWED["cli"] = set(ALLOWED)
ALLOWED["__main__"] = {"cli"}

# Loaded by some command, never by `detente --help`.
HEAVY = {"duckdb", "highspy", "jinja2", "networkx", "numba", "numpy", "pydantic", "ruamel", "rich.table", "rich.progress"}
HEAVY |= {"fastapi", "sqlite3", "starlette", "uvicorn"}


@functools.cache
def tree(path: Path) -> ast.Module:
    """A file as the compiler reads it."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports anywhere, inside functions and TYPE_CHECKING blocks too, as `package.module[.name]`."""
    package = ".".join(path.relative_to(SOURCE).parent.parts)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


@functools.cache
def own_imports(module: str) -> set[str]:
    """The modules of Détente that a module imports, by their longest known name."""
    return {longest_known(name) for name in imports(MODULES[module])} - {""}


def longest_known(name: str) -> str:
    """The module of Détente that a dotted name belongs to; "" if none."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def part_of(module: str) -> str:
    """The folder (or top-level module) that a module belongs to; the package itself is its face."""
    return module.split(".")[1] if "." in module else "face"


def test_the_reader_of_imports_sees_all_forms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blind reader would let every other test of this file pass."""
    inner = tmp_path / "detente" / "plan"
    inner.mkdir(parents=True)
    file = inner / "x.py"
    source = ["import a.b", "from . import c", "from ..case import d", "def f():", "    from detente.cli import main"]
    file.write_text("\n".join(source), encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", tmp_path)
    assert set(imports(file)) == {"a.b", "detente.plan.c", "detente.case.d", "detente.cli.main"}


def test_imports_point_one_way() -> None:
    """Catches an import against the direction, and a new part that nobody placed in it."""
    parts = {m: part_of(m) for m in MODULES if part_of(m) != "face"}
    assert set(parts.values()) <= set(ALLOWED), "a part has no place in the direction of imports: see CONTRIBUTING.md"
    against = [
        f"{module} imports {imported}"
        for module, part in parts.items()
        for imported in sorted(own_imports(module))
        if part_of(imported) not in ALLOWED[part] | {part}
    ]
    assert against == []


def test_the_certificate_is_a_second_opinion() -> None:
    """Catches a certificate that shares code with the rows or the solver, directly or by way of another module.

    Its figures are a room of its own, which is nobody else's; what a process is, is part of the definitions.
    """
    reached, waiting = set[str](), ["detente.plan.certificate"]
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting += own_imports(module)
    # detente and detente.plan hold the packages' faces, which name everything lazily.
    shared = {m for m in reached if part_of(m) == "plan"} - {"detente.plan"}
    room = {m for m in MODULES if m.startswith("detente.plan.exact.")}
    others = {"detente.plan.certificate", "detente.plan.process", "detente.plan.roadmap"}
    assert shared - {"detente.plan.exact"} == others | room
    assert {m for m in MODULES if room & own_imports(m)} - room == {"detente.plan.certificate"}


def imported_by(module: str, within: tuple[str, ...]) -> set[str]:
    """The modules of Détente that a module imports when it is itself imported ("module"), or in its functions ("function")."""
    where = dict[ast.AST, str]()
    whole = tree(MODULES[module])
    where[whole] = "module"
    found = set[str]()
    for node in ast.walk(whole):  # parents come before their children
        place = where[node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            place = "function"
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            place = "type"
        elif isinstance(node, ast.ImportFrom) and place in within:
            found |= {longest_known(f"{node.module}.{alias.name}") for alias in node.names}
        elif isinstance(node, ast.Import) and place in within:
            found |= {longest_known(alias.name) for alias in node.names}
        where |= dict.fromkeys(ast.iter_child_nodes(node), place)
    return found - {module, "", "detente"}


def circles(within: tuple[str, ...]) -> list[set[str]]:
    """Every set of modules of which each can be reached from each by imports."""
    import networkx

    graph = networkx.DiGraph((m, n) for m in MODULES if m != "detente" for n in imported_by(m, within))
    assert graph.number_of_edges() > 1000  # a reader that finds nothing would find no circle either
    return [c for c in networkx.strongly_connected_components(graph) if len(c) > 1]


def test_no_module_needs_itself() -> None:
    """Catches two modules that import each other, or go round by way of others: which one works depends on who comes first."""
    assert circles(("module",)) == []


def test_functions_hide_no_circle() -> None:
    """Catches a circle that an import within a function only puts off; one is meant: the solver's child process solves."""
    assert [c for c in circles(("module", "function")) if c != {"detente.solver.linear", "detente.solver.apart"}] == []


def test_only_fetching_and_asking_a_model_can_open_a_connection() -> None:
    """Catches a request by anything but `record fetch` and `read --llm`: the page on sensitive material promises none."""
    network = ("socket", "ssl", "urllib.request", "http.client", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "urllib3")
    able = {
        m for m, path in MODULES.items() for name in imports(path) if f"{name}.".startswith(tuple(f"{n}." for n in network))
    }
    # The workbench's module only listens.
    assert able == {"detente.record.fetching.transfer", "detente.read.llm", "detente.serve.listening"}


OPEN = re.compile(r"\b(Mapping|Sequence|Any|object|dict|list|set|NDArray|Flags|Ints|Floats|Places)\b")


def test_results_freeze_what_they_hold() -> None:
    """Catches a result with a mapping, a list or an array that does not inherit `Frozen`, so that it can be changed within."""
    found = list[str]()
    classes = [(m, c) for m, path in MODULES.items() for c in tree(path).body]
    for module, node in classes:
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            fields = [f for f in node.body if isinstance(f, ast.AnnAssign) and OPEN.search(ast.unparse(f.annotation))]
            is_result = any(isinstance(f, ast.FunctionDef) and f.name == "to_dict" for f in node.body)
            if fields and is_result and "Frozen" not in {ast.unparse(b) for b in node.bases}:
                found.append(f"{module}.{node.name}")
    assert found == []


def test_modules_stay_small() -> None:
    """Catches a module that has begun to do two things: it is split by what it does."""
    lines = {m: len(path.read_text(encoding="utf-8").splitlines()) for m, path in MODULES.items()}
    assert {m: n for m, n in lines.items() if n > 500} == {}


def test_modules_that_are_named_are_there() -> None:
    """Catches a text that still names a module by where it once stood, in code, benchmarks and CONTRIBUTING."""
    rooms = "|".join(sorted({part_of(m) for m in MODULES if m.count(".") > 1}))
    named = re.compile(rf"module `(?:detente\.)?((?:{rooms})(?:[./][a-z_]+)+)`")
    files = [*MODULES.values(), *(ROOT / "benchmarks").glob("*.py"), ROOT / "CONTRIBUTING.md"]
    found = [(f, name) for f in files for name in named.findall(f.read_text(encoding="utf-8"))]
    assert len(found) > 10  # a pattern that finds nothing would find nothing wrong
    assert [(f.name, name) for f, name in found if f"detente.{name.replace('/', '.')}" not in MODULES] == []


def test_no_module_is_a_drawer() -> None:
    """Catches a home for what nobody could name."""
    drawers = {"utils", "util", "helpers", "helper", "misc", "common", "tools"}
    assert not [m for m in MODULES if drawers & set(m.split("."))]


@pytest.mark.parametrize(
    ("arguments", "barred"),
    [
        (["--help"], HEAVY),
        (["plan", "--help"], HEAVY - {"pydantic"}),
    ],  # typer itself reads a command's parameters with pydantic
    ids=["detente", "command"],
)
def test_help_imports_nothing_heavy(arguments: list[str], barred: set[str]) -> None:
    """Catches a heavy import at the top of a file, by modules and not by time."""
    script = (
        "import sys\n"
        f"sys.argv = ['detente', *{arguments!r}]\n"
        "from detente.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as stop:\n"
        "    assert not stop.code, stop.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    loaded = set(done.stderr.split())
    assert "detente.cli" in loaded
    assert "Usage" in done.stdout
    assert not barred & loaded
