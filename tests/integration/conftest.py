"""What tests of services share."""

from tests.functional.counting import count_queries

__all__ = ["count_queries"]
