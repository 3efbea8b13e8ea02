"""What tests of services share."""

from tests.functional.counting import count_queries
from tests.integration.answering import offer, published
from tests.integration.boards import add, bea, board, move_lee, take_out, undo
from tests.integration.files import files
from tests.integration.forgetting import zoe
from tests.integration.letters import mailbox, smtp
from tests.integration.solving import frozen, solved, start, who, work

__all__ = [
    "add",
    "bea",
    "board",
    "count_queries",
    "files",
    "frozen",
    "mailbox",
    "move_lee",
    "offer",
    "published",
    "smtp",
    "solved",
    "start",
    "take_out",
    "undo",
    "who",
    "work",
    "zoe",
]
