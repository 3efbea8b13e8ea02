"""What tests of whole pages share."""

from tests.functional.afternoon import afternoon
from tests.functional.browser import axe, chromium, live, page, scripted
from tests.functional.console_boundaries import ids
from tests.functional.counting import count_queries
from tests.functional.joining import noor, programme
from tests.functional.letters import box, letter
from tests.functional.offering import as_mo, clock, offer, round_
from tests.functional.own_hours import lee
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
    "ids",
    "lee",
    "letter",
    "live",
    "noor",
    "nursery",
    "offer",
    "page",
    "programme",
    "reviewed",
    "round_",
    "scripted",
    "worker",
]
