"""`python -m detente`: the command, where its script is not on the path."""

from detente.cli import main

main()
