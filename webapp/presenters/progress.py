"""Goals and achievements in words."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.progress import Achieved, Progress

KINDS: Mapping[str, Any] = {
    "paper": _l("Paper"),
    "talk": _l("Talk"),
    "exam": _l("Exam"),
    "operation": _l("Operation or skill"),
    "teaching": _l("Teaching"),
    "other": _l("Other"),
}


@dataclass(frozen=True)
class AchievementLine:
    id: uuid.UUID
    kind: str
    text: str
    when: str
    endorsed: str  # by which programme and when; "" without
    is_new: bool  # written down since the last round
    endorsed_in: str


@dataclass(frozen=True)
class GoalLine:
    id: uuid.UUID
    text: str
    when: str
    is_reached: bool
    is_new: bool


@dataclass(frozen=True)
class ProgressPage:
    brings: str
    goals: tuple[GoalLine, ...]
    achievements: tuple[AchievementLine, ...]
    since: str  # what is new since the last round; "" where there was none
    is_empty: bool


def present_achievements(rows: Iterable[Achieved], since: datetime | None = None) -> tuple[AchievementLine, ...]:
    return tuple(
        AchievementLine(
            id=one.id,
            kind=str(KINDS[one.kind]),
            text=one.text,
            when=str(format_date(one.on, "MMMM y")),
            endorsed=_endorsed(one),
            is_new=since is not None and one.created_at > since,
            endorsed_in=one.endorsed_in,
        )
        for one in rows
    )


def present_progress(found: Progress) -> ProgressPage:
    """Put one person's progress into words; the same for herself and for her mentors."""
    return ProgressPage(
        brings=found.brings,
        goals=tuple(
            GoalLine(
                aim.id,
                aim.text,
                str(format_date(aim.due_on, "d MMMM y")) if aim.due_on else "",
                aim.reached_at is not None,
                bool(found.since and aim.reached_at and aim.reached_at > found.since),
            )
            for aim in found.goals
        ),
        achievements=present_achievements(found.achievements, found.since),
        since=_since(found),
        is_empty=found.is_empty,
    )


def _since(found: Progress) -> str:
    if found.since is None:
        return ""
    day = str(format_date(found.since, "d MMMM y"))
    if not found.new:
        return _("Nothing new since the last round, published on %(day)s.", day=day)
    return ngettext(
        "One thing brought about since the last round, published on %(day)s.",
        "%(num)d things brought about since the last round, published on %(day)s.",
        found.new,
        day=day,
    )


def _endorsed(one: Achieved) -> str:
    if one.endorsed_at is None:
        return ""
    day = str(format_date(one.endorsed_at, "d MMMM y"))
    if one.endorsed_in:
        return _("endorsed by %(programme)s on %(day)s", programme=one.endorsed_in, day=day)
    return _("endorsed on %(day)s", day=day)
