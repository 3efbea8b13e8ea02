"""What somebody's own page says about her part in each programme."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.presenters.joining import roles_in_words
from webapp.services.logins import Belonging


@dataclass(frozen=True)
class Part:
    """One programme she has to do with."""

    slug: str
    programme: str
    words: str
    is_mentor: bool
    is_mentee: bool
    is_open: bool  # whether joining is not finished


def present_belongings(belongings: Iterable[Belonging]) -> tuple[Part, ...]:
    return tuple(_part(belonging) for belonging in belongings)


def _part(belonging: Belonging) -> Part:
    takes_part = belonging.is_mentor or belonging.is_mentee
    roles = roles_in_words(is_mentor=belonging.is_mentor, is_mentee=belonging.is_mentee) if takes_part else ""
    if belonging.is_coordinator:
        roles = _("%(roles)s, and you organise it", roles=roles) if roles else _("You organise it")
    is_open = belonging.status in {"pending", "invited"}
    if belonging.waits:
        roles = _("Waits for approval")
    elif is_open:
        roles = _("Not finished yet")
    return Part(
        slug=belonging.slug,
        programme=belonging.programme,
        words=roles,
        is_mentor=belonging.is_mentor and not is_open,
        is_mentee=belonging.is_mentee and not is_open,
        is_open=is_open and not belonging.waits,
    )
