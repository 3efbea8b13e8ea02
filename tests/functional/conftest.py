"""What tests of whole pages share."""

from tests.functional.afternoon import afternoon
from tests.functional.browser import axe, chromium, live, page
from tests.functional.counting import count_queries
from tests.functional.lettering import box, letter
from tests.functional.offering import as_mo, clock, offer, round_
from tests.functional.postman import nursery, worker
from tests.functional.rounds import ada, base, frozen, reviewed

__all__ = [
    "ada",
    "afternoon",
    "as_mo",
    "axe",
    "base",
    "box",
    "chromium",
    "clock",
    "count_queries",
    "frozen",
    "letter",
    "live",
    "nursery",
    "offer",
    "page",
    "reviewed",
    "round_",
    "worker",
]
