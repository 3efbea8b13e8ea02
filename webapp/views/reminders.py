"""Reminding whoever has not finished joining: the same filters as the people page, then a confirmation."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.queue import nudge_outbox
from webapp.services.errors import ConflictError
from webapp.services.reminders import read_reminders, remind_people
from webapp.views.people import here_filters, people_query, people_url

blueprint = Blueprint("reminders", __name__, url_prefix="/c/<slug>/people/remind")


@blueprint.get("")
def show(slug: str) -> str:
    return _page(slug)


@blueprint.post("")
def send(slug: str) -> str | Response:
    try:
        sent = remind_people(
            db_session(),
            g.console.programme_id,
            people_query(),
            membership_id=_one(),
            at_most=request.form.get("number", 0, type=int),
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
    except ConflictError:
        flash(_("More people are due than a moment ago. Look again, then confirm."), "warn")
        return _page(slug)
    nudge_outbox()
    if sent:
        flash(ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", sent))
    else:
        flash(_("Nobody is due for a reminder; no mail was sent."), "warn")
    return redirect(people_url(slug))


def _one() -> UUID | None:
    """Return the one person who is meant, where the address names her."""
    return request.args.get("person", type=UUID)


def _page(slug: str) -> str:
    facts = read_reminders(
        db_session(), g.console.programme_id, people_query(), membership_id=_one(), now=datetime.now(UTC)
    )
    return render_template(
        "people/remind.html", facts=facts, filters=here_filters(), person=request.args.get("person"), slug=slug
    )
