"""The library's face: the same names, in whatever order things are imported."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import subprocess
import sys

import pytest

import detente as dt

FACE_FIRST = "import detente as dt; import detente.plan.certificate; import detente.diagnose.result"
PARTS_FIRST = "import detente.plan.certificate, detente.diagnose.result; import detente as dt"
PART_ONLY = "from detente.plan import certificate; import detente.plan as p; import detente as dt"


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("imports", [FACE_FIRST, PARTS_FIRST, PART_ONLY, "import detente as dt"])
def test_packages_answer_to_their_verb(imports: str) -> None:
    """Importing a part of `plan` sets `detente.plan` to the package: calling it must still plan."""
    told = python(
        f"{imports}\n"
        "import sys, types\n"
        "for verb, module in (('plan', 'recommend.plan'), ('diagnose', 'diagnose.verdict'), ('brief', 'brief.brief')):\n"
        "    name = f'detente.{module}'\n"
        "    part = types.ModuleType(name)\n"
        "    setattr(part, verb, lambda case, *, verb=verb, **options: (verb, case, options))\n"
        "    sys.modules[name] = part\n"
        "    print(getattr(dt, verb)('c', time_limit=3))\n"
        "import detente.plan.certificate, detente.plan.roadmap\n"
        "print(dt.plan('again'), dt.plan.roadmap.Roadmap.__name__, detente.plan.certificate.certify.__name__)\n"
    )
    options = "{'time_limit': 3}"
    assert told.splitlines() == [
        f"('plan', 'c', {options})",
        f"('diagnose', 'c', {options})",
        f"('brief', 'c', {options})",
        "('plan', 'again', {}) Roadmap certify",
    ]


def test_the_rest_of_the_face() -> None:
    """Functions that share no name with a package are found where they live; the verbs show their own signature."""
    told = python(
        "import detente as dt, inspect\n"
        "from detente.case.load import load\n"
        "from detente.recommend.plan import plan\n"
        "assert dt.load is load and dt.cases.__module__ == 'detente.case.load'\n"
        "assert inspect.signature(dt.plan) == inspect.signature(plan)\n"
        "assert set(dt.__all__) <= set(dir(dt))\n"
        "print(dt.__version__)\n"
        "try:\n    dt.lode\nexcept AttributeError as err:\n    print(err)\n"
    )
    version, error = told.splitlines()
    assert version[0].isdigit()
    assert error == "module 'detente' has no attribute 'lode'"


@pytest.mark.parametrize("name", sorted(set(dt.__all__) - {"__version__"}))
def test_help_shows_the_function(name: str) -> None:
    """Catches a name of the face that hides its function's text, signature or identity behind a package."""
    function = getattr(dt, name)
    shown = pydoc.render_doc(function, renderer=pydoc.plaintext)  # what help() prints
    assert inspect.isfunction(function)
    assert f"function {name} in module {function.__module__}" in shown
    assert str(inspect.getdoc(function)).splitlines()[0] in shown
    assert all(parameter in shown for parameter in inspect.signature(function).parameters)
    assert pickle.loads(pickle.dumps(function)) is function


@pytest.mark.parametrize(
    "code",
    [
        "import detente.plan.roadmap; found = detente.plan.roadmap",
        "import detente; plan = detente.plan; import detente.plan.roadmap; found = plan.roadmap",
        "import detente.plan.roadmap as found",
        "from detente.plan import roadmap as found",
        "from detente import plan; from detente.plan.roadmap import Roadmap; found = plan.roadmap",
        "import detente.plan as p, detente.plan.roadmap; found = p.roadmap",
        "import importlib; found = importlib.import_module('detente.plan.roadmap'); import detente",
    ],
)
def test_a_module_is_reached_through_the_function_of_its_package(code: str) -> None:
    """Catches a form of import that finds the function where it looks for the package, or the other way round."""
    told = python(f"{code}\nimport detente as dt, inspect\nprint(found.Roadmap.__name__, inspect.isfunction(dt.plan))")
    assert told == "Roadmap True\n"


def test_a_name_of_the_face_can_be_replaced_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a face that swallows what a test puts in the place of a function."""
    before = dt.plan
    with monkeypatch.context() as patch:
        patch.setattr(dt, "plan", len)
        assert dt.plan("abc") == 3  # type: ignore[call-arg, arg-type, comparison-overlap]
    assert dt.plan is before


def test_importing_the_face_loads_nothing_heavy() -> None:
    """The face is imported by every command, `--help` too."""
    heavy = ("pydantic", "ruamel", "numpy", "highspy", "networkx", "jinja2", "rich", "typer")
    told = python(f"import detente, sys; print([m for m in {heavy!r} if m in sys.modules])")
    assert told == "[]\n"
