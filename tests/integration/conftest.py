"""What tests of services share."""

from tests.functional.counting import count_queries
from tests.integration.answering import offer, published

__all__ = ["count_queries", "offer", "published"]
