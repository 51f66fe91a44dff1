"""`detente record`: what has happened. One module a command."""

# isort: off
# in the order in which `detente record --help` lists them
from detente.cli.record import start, importing, fetch, contents, retract, check, head, migrate  # noqa: F401
from detente.cli.record import show, dyad  # noqa: F401
from detente.cli.record import commit, commitments, trust  # noqa: F401
from detente.cli.record import unanswered, contacts, changes, reciprocity  # noqa: F401

# isort: on
