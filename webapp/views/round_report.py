"""What a published round came to, on one page: in the browser, and as PDF to hand round."""

import io
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, g, render_template, send_file
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.offers import DECLINES
from webapp.presenters.round_report import present_report
from webapp.presenters.round_report_pdf import print_report
from webapp.services.round_report import note_report, round_report

blueprint = Blueprint("round_report", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>/report")


@blueprint.get("")
def show(slug: str, round_id: UUID) -> str:
    report = present_report(round_report(db_session(), g.console.programme_id, round_id), DECLINES)
    return render_template("reports/round.html", report=report, round_id=round_id, slug=slug)


@blueprint.post("/pdf")
def pdf(slug: str, round_id: UUID) -> Response:
    report = present_report(round_report(db_session(), g.console.programme_id, round_id), DECLINES)
    now = datetime.now(UTC)
    printed = print_report(report, made_at=now, language=str(get_locale()).replace("_", "-"))
    note_report(db_session(), round_id, g.console.programme_id, by=current_user.person_id, now=now)
    name = f"{slug}-report-{now:%Y-%m-%d}.pdf"
    return send_file(io.BytesIO(printed.content), "application/pdf", as_attachment=True, download_name=name, max_age=0)
