"""Places on a mentee's board of mentors, each for a need of hers."""

from flask_babel import gettext as _

from webapp.services.vocabulary import name_of


def say_place(role: str) -> str:
    """Say what a pair is for; nothing for a mentor who is for all needs."""
    return _("For: %(need)s", need=name_of("topic", role)) if role else ""


def say_wanted(mentors: int, *, board: bool) -> str:
    """Say how many mentors somebody would like, and whether each is for a need of its own."""
    return _("%(n)d, one for each need", n=mentors) if board else str(mentors)
