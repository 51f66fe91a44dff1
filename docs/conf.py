"""How the documentation is built: `make docs`. Warnings are errors, and nothing is fetched from a host."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Détente"
author = "The Détente developers"
copyright = "the Détente developers"
release = version = installed("detente")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "docstrings"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_use_ivar = True
napoleon_use_param = False

html_theme = "furo"
html_title = "Détente"
html_copy_source = False
html_show_sphinx = False
