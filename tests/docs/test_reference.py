"""The reference names everything there is: commands, keys of the case file, exceptions and kinds of fault, and nothing else."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from detente import errors
from detente.base.bounds import LIMITS
from detente.case.schema import schema
from scripts import module_of

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def sections(page: str) -> dict[str, str]:
    """The text of a page under each heading in code type, by what stands between the backticks."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    parts = re.split(r"^#+ (.+)$", text, flags=re.M)
    return {heading.strip("`"): body for heading, body in zip(parts[1::2], parts[2::2], strict=True) if heading.startswith("`")}


SCHEMA: Mapping[str, Any] = schema()


def keys(
    node: Mapping[str, Any] = SCHEMA, path: str = "", whole: Mapping[str, Any] = SCHEMA
) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every key of the case file as the headings write it, with its schema, and whether it must be given."""
    if "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    for name, inner in node.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield here, inner, name in node.get("required", ())
        yield from keys(inner, here, whole)
    for inner in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from keys(inner, path, whole)
    if isinstance(node.get("items"), dict):
        yield from keys(node["items"], f"{path}[]", whole)
    for inner in (node.get("additionalProperties"), *node.get("patternProperties", {}).values()):
        if isinstance(inner, dict):
            yield from keys(inner, f"{path}.ID", whole)


def test_every_key_of_the_case_file_has_its_heading() -> None:
    """Catches a key that nobody documented, and a documented key that no longer exists."""
    assert set(sections("case-file.md")) == {path for path, _, _ in keys()}


@pytest.mark.parametrize(
    ("module", "name", "page"),
    [
        ("detente.graph.file", "ConflictFile", "conflict-file.md"),
        ("detente.record.trust.profile", "ProfileFile", "trust-profile.md"),
    ],
)
def test_every_key_of_another_file_has_its_heading(module: str, name: str, page: str) -> None:
    """The same for the conflict file and the trust profile, with what must be given and the defaults."""
    found = getattr(import_module(module), name).model_json_schema(mode="validation")
    documented = sections(page)
    listed = list(keys(found, whole=found))
    assert set(documented) == {path for path, _, _ in listed}
    for path, inner, required in listed:
        stated = re.search(r"(Required)\.|Default:\s`([^`]*)`", documented[path])
        assert stated, f"{path}: says neither `Required.` nor `Default:`"
        assert bool(stated[1]) == required, path
        assert required or json.loads(stated[2]) == inner.get("default", _empty(inner)), path


def test_the_reference_states_what_must_be_given_and_what_holds_otherwise() -> None:
    """Catches a default on the page that is not the default of the code."""
    documented = sections("case-file.md")
    for path, inner, required in keys():
        stated = re.search(r"(Required)\.|Default: `([^`]*)`", documented[path])
        assert stated, f"{path}: says neither `Required.` nor `Default:`"
        if required:
            assert stated[1], f"{path} must be given, the page states a default"
        else:
            assert stated[2] is not None, f"{path} need not be given, the page says it must"
            assert json.loads(stated[2]) == inner.get("default", _empty(inner)), path


def _empty(inner: Mapping[str, Any]) -> Any:
    return [] if inner.get("type") == "array" else {}


def test_the_complete_case_uses_every_key() -> None:
    """Catches a key that nobody can see used: the complete case is the one example of each, and is run."""
    text = (REFERENCE / "case-file.md").read_text(encoding="utf-8")
    complete = re.search(r"<!-- file: river.yaml -->\n```yaml\n(.*?)```", text, flags=re.S)
    assert complete is not None
    known = {path for path, _, _ in keys()}

    def used(node: object, path: str = "") -> Iterator[str]:
        if isinstance(node, list):
            for entry in node:
                yield from used(entry, f"{path}[]")
        elif isinstance(node, dict):
            for key, inner in node.items():
                here = f"{path}.{key}" if path else key
                here = here if here in known else f"{path}.ID"
                yield here
                yield from used(inner, here)

    assert known - set(used(YAML(typ="safe").load(complete[1]))) == set()


def test_the_functions_of_the_face_are_told_as_what_they_are() -> None:
    """Catches a function that moved to another module while the page goes on telling of the one with the same name."""
    import detente

    page = (REFERENCE / "python.md").read_text(encoding="utf-8")
    face = [getattr(detente, name) for name in detente.__all__ if not name.startswith("_")]
    assert [f.__name__ for f in face if f".. autofunction:: {f.__module__}.{f.__name__}\n" not in page] == []
    assert [f.__name__ for f in face if f"`{f.__name__}`" not in page] == []


def test_every_exception_has_its_heading() -> None:
    """Catches a new exception without a word on when it is raised."""
    raised = {name for name, x in inspect.getmembers(errors, inspect.isclass) if issubclass(x, Exception)}
    assert raised <= set(sections("errors.md"))


def test_the_commands_are_those_that_exist() -> None:
    """Catches a command or option that changed after the page was written."""
    commands = module_of(ROOT / "docs" / "commands.py")
    written = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert written == commands.page(), "docs/reference/commands.md is out of date: run `make docs`"


def test_the_bounds_on_the_page_are_those_of_the_code() -> None:
    """Catches a bound that was added, dropped or changed while the page on security promises another one."""
    page = (ROOT / "docs" / "explanation" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| ([\d,]+) ([^|]+) \|", page, flags=re.M)
    assert {name: (int(most.replace(",", "")), what) for name, most, what in rows} == LIMITS
    assert len(rows) == len(LIMITS)


def test_every_command_has_its_heading() -> None:
    """Catches a generator that leaves a command or a whole group of them out."""
    from typer.main import get_command

    from detente.cli import app

    group: Any = get_command(app)
    found = [f"detente {name}" for name in group.commands]
    assert "detente record import" in found
    assert list(sections("commands.md")) == found


def test_every_part_of_the_brief_is_explained() -> None:
    """Catches a part of the brief that was added or renamed without a word on how to read it."""
    from detente.brief.page import ANNEXES

    front = (ROOT / "src" / "detente" / "brief" / "templates" / "front.html.j2").read_text(encoding="utf-8")
    parts = re.findall(r'heading\("[\w-]+", "([^"]+)"\)', front)
    page = (ROOT / "docs" / "how-to" / "read-a-brief.md").read_text(encoding="utf-8")
    assert len(parts) == 5
    assert [part for part in parts if f"**{part}" not in page] == []
    assert re.findall(r"^## (.+)$", page, flags=re.M) == ["The two pages", *(a.title for a in ANNEXES)]


@pytest.mark.parametrize("page", ["case-file.md", "conflict-file.md", "trust-profile.md", "errors.md", "commands.md"])
def test_no_heading_stands_twice(page: str) -> None:
    """Catches two sections for one thing, of which only one would be kept up to date."""
    headings = re.findall(r"^#+ (.+)$", (REFERENCE / page).read_text(encoding="utf-8"), flags=re.M)
    assert len(headings) == len(set(headings))
