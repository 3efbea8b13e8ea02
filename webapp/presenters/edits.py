"""Edits on somebody's behalf in words: "Ada Oduya changed the hours on Wed 3 Mar 2027"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.dates import day
from webapp.presenters.names import short_name
from webapp.presenters.reasons import listed
from webapp.services.edits_shown import Edit

FIELDS: Mapping[str, tuple[Any, Any]] = {  # to the coordinator, to the person herself
    "name": (_l("the name"), _l("your name")),
    "zone": (_l("the time zone"), _l("your time zone")),
    "institution": (_l("the institution"), _l("your institution")),
    "city": (_l("the city"), _l("your city")),
    "stage": (_l("the career stage"), _l("your career stage")),
    "specialties": (_l("the specialties"), _l("your specialties")),
    "languages": (_l("the languages"), _l("your languages")),
    "hours": (_l("the hours"), _l("your hours")),
    "minutes_a_month": (_l("the minutes a month"), _l("your minutes a month")),
    "places": (_l("the places"), _l("your places")),
    "mentors_wanted": (_l("the number of mentors wanted"), _l("how many mentors you want")),
    "email": (_l("the e-mail address"), _l("your e-mail address")),
}
STEPS: Mapping[str, tuple[Any, Any]] = {
    "pause": (_l("%(by)s noted a pause on %(day)s"), _l("%(by)s noted on %(day)s that you pause")),
    "resume": (_l("%(by)s noted the end of the pause on %(day)s"), _l("%(by)s noted on %(day)s that you are back")),
    "leave": (_l("%(by)s noted the leaving on %(day)s"), _l("%(by)s noted on %(day)s that you leave")),
    "merged": (_l("%(by)s merged two entries on %(day)s"), _l("%(by)s merged two entries of yours on %(day)s")),
}


@dataclass(frozen=True)
class Notice:
    """One edit as the person herself reads it, and where to put it right."""

    id: UUID
    text: str
    url: str


def edit_in_words(edit: Edit, *, to_her: bool = False) -> str:
    """Say who changed what, when."""
    by = (short_name(edit.by) if to_her else edit.by) or _("A coordinator")
    step = STEPS.get(edit.fields[0]) if edit.fields else None
    if step:
        return str(step[to_her]) % {"by": by, "day": day(edit.at)}
    what = listed([str(FIELDS[name][to_her]) for name in edit.fields if name in FIELDS])
    return _("%(by)s changed %(what)s on %(day)s", by=by, what=what, day=day(edit.at))


def present_notice(edit: Edit) -> Notice:
    fields = set(edit.fields)
    if fields & {"minutes_a_month", "places"}:
        url = url_for("me.offer", slug=edit.slug)
    elif "mentors_wanted" in fields:
        url = url_for("me.request_", slug=edit.slug)
    elif fields & {"pause", "resume", "leave"}:
        url = url_for("joining.tasks", slug=edit.slug)
    else:
        url = url_for("me.hours") if "hours" in fields else url_for("me.profile")
    return Notice(edit.id, edit_in_words(edit, to_her=True), url)
