"""A question or a shadow day, as one of the two reads it: the day, whether it took place, what to bring."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.models import Mentorship


@dataclass(frozen=True)
class LightPart:
    is_shadow_day: bool
    title: str
    sentence: str
    day: str  # in words, once there is one
    day_value: str  # as a form takes it
    first_day: str
    may_plan: bool
    may_tell: bool
    is_over: bool  # it took place, or did not
    took_place: bool


def present_light(row: Mentorship, *, now: datetime) -> LightPart:
    today = now.astimezone(ZoneInfo(row.mentor.person.zone)).date()
    shadow, runs = row.offer.is_shadow_day, row.status == "active"
    return LightPart(
        is_shadow_day=shadow,
        title=_("A shadow day") if shadow else _("One talk of %(n)d minutes", n=row.offer.minutes),
        sentence=_sentence(row, today),
        day=_in_words(row.planned_on),
        day_value=row.planned_on.isoformat() if row.planned_on else "",
        first_day=today.isoformat(),
        may_plan=runs,
        may_tell=runs and (row.planned_on is None or row.planned_on <= today),
        is_over=not runs,
        took_place=bool(row.took_place),
    )


def _in_words(day: date | None) -> str:
    return str(format_date(day, "EEEE d MMMM")) if day else ""


def _sentence(row: Mentorship, today: date) -> str:
    shadow, minutes, day = row.offer.is_shadow_day, row.offer.minutes, _in_words(row.planned_on)
    if row.took_place:
        return _("It took place on %(day)s; %(n)d minutes are spent.", day=day, n=minutes)
    if row.status != "active":
        return _("It did not take place, and the minutes went back.")
    if row.planned_on is None:
        if shadow:
            return _(
                "A shadow day, once; it counts as %(n)d minutes. Agree on the day, then write it down here.", n=minutes
            )
        return _("One talk of %(n)d minutes, once. Agree on the day, then write it down here.", n=minutes)
    if row.planned_on > today:
        return _("You meet on %(day)s.", day=day)
    return _("It was planned for %(day)s. Did it take place?", day=day)
