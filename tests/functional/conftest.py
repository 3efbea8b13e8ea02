"""What tests of whole pages share."""

from tests.functional.browser import axe, chromium, live, page
from tests.functional.counting import count_queries
from tests.functional.postman import nursery, worker

__all__ = ["axe", "chromium", "count_queries", "live", "nursery", "page", "worker"]
