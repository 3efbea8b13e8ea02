"""Who did what in a programme."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, g, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.presenters.audit import name_of_thing, present_lines
from webapp.presenters.audit_words import KINDS
from webapp.services.audit import read_audit_log, subject_of
from webapp.services.audit_query import AuditQuery
from webapp.services.export_queries import Order
from webapp.views.exporting import send_export
from webapp.views.paging import here, one_of, page_number, page_url

blueprint = Blueprint("audit", __name__, url_prefix="/c/<slug>/audit")
FILE_KINDS = ("csv", "xlsx", "json")


@blueprint.get("")
def index(slug: str) -> str:
    query = _query()
    page = read_audit_log(db_session(), g.console.programme_id, query)
    return render_template(
        "audit/index.html",
        page=page,
        lines=present_lines(page, slug=slug),
        about=name_of_thing(page.about) if page.about else "",
        query=query,
        kinds=KINDS,
        file_kinds=FILE_KINDS,
        values={name: value for name, value in request.args.items() if name in FILTERS},
        filtered=query != AuditQuery(page=query.page),
        here=here,
        page_url=page_url,
        slug=slug,
    )


@blueprint.post("/export")
def export(slug: str) -> Response:
    del slug  # the filters stand in the address, as on the page
    kind = request.form.get("kind", "csv")
    return send_export(Order("audit", kind if kind in FILE_KINDS else "csv", log=_query()))


FILTERS = ("person", "kind", "from", "to", "about")


def _query() -> AuditQuery:
    about = request.args.get("about", "")
    return AuditQuery(
        person_id=request.args.get("person", type=UUID),
        kind=one_of("kind", KINDS),
        since=_midnight("from"),
        before=_midnight("to", days=1),
        about=about if subject_of(about) else "",
        page=page_number(),
    )


def _midnight(name: str, days: int = 0) -> datetime | None:
    """Return when a day of the address begins on the reader's clock, or some days later; None without one."""
    day = request.args.get(name, type=date.fromisoformat)
    if day is None or not 1970 <= day.year < 9999:
        return None
    return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(current_user.zone))
