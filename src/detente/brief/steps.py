"""Steps are counted for a brief as everywhere: `detente.plan.steps`."""

from detente.plan.steps import Step, numbered, part_of

__all__ = ["Step", "numbered", "part_of"]
