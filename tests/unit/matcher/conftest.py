"""What tests of the engine share."""

from tests.unit.matcher.commands import run, weights
from tests.unit.matcher.mixed_pools import as_large

__all__ = ["as_large", "run", "weights"]
