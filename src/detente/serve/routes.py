"""What a route takes: the workbench and who asks, as annotated parameters."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from detente.serve.access.person import Person
from detente.serve.bench import Workbench, bench_of, person_of

__all__ = ["Bench", "Who"]

Bench = Annotated[Workbench, Depends(bench_of)]
Who = Annotated[Person, Depends(person_of)]
