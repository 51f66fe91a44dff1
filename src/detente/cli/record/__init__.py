"""`detente record`: what has happened. One module a question."""

# isort: off
# in the order in which `detente record --help` lists them
from detente.cli.record import events, keeping, codes, telling, promises, relation  # noqa: F401

# isort: on
