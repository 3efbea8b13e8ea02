"""Letters that were reported to the coordinators."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.presenters.letter_reports import present_reports, reports_title
from webapp.services.letter_reports import list_reports, settle_report
from webapp.views.paging import page_number, page_url

blueprint = Blueprint("letter_reports", __name__, url_prefix="/c/<slug>/letters")


@blueprint.get("")
def index(slug: str) -> str:
    found = list_reports(db_session(), g.console.programme_id, page=page_number())
    return render_template(
        "letter_reports/index.html",
        page=found,
        lines=present_reports(found),
        title=reports_title(found),
        page_url=page_url,
        slug=slug,
    )


@blueprint.post("/<uuid:letter_id>/settle")
def settle(slug: str, letter_id: uuid.UUID) -> ResponseReturnValue:
    settle_report(
        db_session(), letter_id, programme_id=g.console.programme_id, by=current_user.person_id, now=datetime.now(UTC)
    )
    flash(_("Noted as settled. The letter stays as it was."))
    return redirect(url_for("letter_reports.index", slug=slug))
