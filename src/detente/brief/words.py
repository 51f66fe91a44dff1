"""The words of a brief are those of every face: `detente.base.words`."""

from detente.base.words import *  # noqa: F403
from detente.base.words import MINUS, SMALLEST, isolated

__all__ = ["MINUS", "SMALLEST", "isolated"]
