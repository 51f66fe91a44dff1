"""The error reference is what the source says, and misses nothing that the source can say."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from scripts import module_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def written() -> ModuleType:
    """The generator of the page."""
    return module_of(ROOT / "docs" / "errors.py")


def test_the_page_is_what_the_source_says(written: ModuleType) -> None:
    """Catches a message that changed after the page was written."""
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert page == written.page(), "docs/reference/errors.md is out of date: run `make docs`"


def test_messages_are_found_however_they_are_raised(written: ModuleType, tmp_path: Path) -> None:
    """Catches a generator that passes over a way of raising, yielding or noting a fault: the page would miss it in silence."""
    module = tmp_path / "m.py"
    module.write_text(
        """
raise InputError(f"{name}: no such thing here", source=name)
yield here, f"got {x!r}, wanted an oar", "row with it"
message = "it has no rudder" if a else b
faults.append(fault(where, f"got {x}, " + "wanted a sail", hint="sew one"))
raise ValueError("this is between modules")
raise InputError(str(error))
""",
        encoding="utf-8",
    )
    assert sorted(written.messages(module)) == [
        ("got …, wanted a sail", "sew one"),
        ("got …, wanted an oar", "row with it"),
        ("it has no rudder", ""),
        ("…: no such thing here", ""),
    ]
