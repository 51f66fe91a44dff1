"""Files that belong to no package, as modules: generators of pages, benchmarks, a program that was written out."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

__all__ = ["module_of"]


def module_of(file: Path) -> ModuleType:
    """The file, run now as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"{file.parent.name}_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    made = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # for what it pickles or keeps as dataclasses
    spec.loader.exec_module(made)
    return made
