"""Reported letters, as a coordinator reads them."""

import uuid
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.presenters.dates import moment
from webapp.presenters.letter_pages import ASK_WORDS
from webapp.services.letter_reports import ReportedLetter, Reports


@dataclass(frozen=True)
class ReportLine:
    id: uuid.UUID
    mentor_id: uuid.UUID
    mentor: str
    mentee_id: uuid.UUID
    mentee: str
    ask: str
    sent: str
    reported: str
    is_open: bool
    settled: str
    parts: tuple[tuple[str, str], ...]  # heading and text, as they were written


def reports_title(found: Reports) -> str:
    if found.n_open:
        return ngettext("%(num)d reported letter is open", "%(num)d reported letters are open", found.n_open)
    return _("No reported letter is open")


def present_reports(found: Reports) -> list[ReportLine]:
    return [_line(row) for row in found.rows]


def _line(row: ReportedLetter) -> ReportLine:
    letter = row.letter
    parts = (
        (_("Who I am"), letter.who),
        (_("Why you"), letter.why),
        (_("The question"), letter.question),
        (_("The mentor asked"), letter.asked_back),
        (_("The mentee answered"), letter.reply),
    )
    by = row.by or _("somebody who has left")
    settled = ""
    if letter.settled_at:
        settled = _("settled on %(when)s by %(name)s", when=moment(letter.settled_at), name=row.settled_by or "–")
    return ReportLine(
        id=letter.id,
        mentor_id=letter.mentor_id,
        mentor=letter.mentor.person.name,
        mentee_id=letter.mentee_id,
        mentee=letter.mentee.person.name,
        ask=str(ASK_WORDS[letter.ask]),
        sent=moment(letter.created_at),
        reported=_("reported on %(when)s by %(name)s", when=moment(letter.reported_at), name=by)
        if letter.reported_at
        else "",
        is_open=letter.settled_at is None,
        settled=settled,
        parts=tuple((heading, text) for heading, text in parts if text),
    )
