"""The documentation builds without a warning, and its pages ask no other host for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("documentation")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages, built as `make docs` builds them."""
    folder = tmp_path_factory.mktemp("html")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(folder / ".doctrees")]
    done = subprocess.run([*command, str(ROOT / "docs"), str(folder)], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return folder


def test_every_page_is_built(built: Path) -> None:
    """Catches a dangling link, a page outside the contents and a docstring that cannot be set (each a warning, so an error)."""
    sources = {
        p.relative_to(ROOT / "docs").with_suffix(".html") for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts
    }
    assert sources <= {p.relative_to(built) for p in built.rglob("*.html")}


def test_no_page_asks_another_host(built: Path) -> None:
    """Catches a script, style, font or picture from elsewhere: the pages are read offline too."""
    loaded = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^"']*["']""")
    for page in built.rglob("*.html"):
        assert not loaded.findall(page.read_text(encoding="utf-8")), page.name
    for style in built.rglob("*.css"):
        assert not re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", style.read_text(encoding="utf-8")), style.name
