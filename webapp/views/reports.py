"""What can be taken out of a programme, each as a file for spreadsheets and for programs."""

from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile

from flask import Blueprint, abort, g, render_template, send_file
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.reports import FORMS, ExportForm
from webapp.presenters.reasons import sentences
from webapp.presenters.reports import EXPORTS, MIME, STATES
from webapp.services.exports import Choice, export_choices, take_out

blueprint = Blueprint("reports", __name__, url_prefix="/c/<slug>/reports")
IN_MEMORY = 1 << 20  # bytes of a file; a larger one waits on the disk


@blueprint.get("")
def index(slug: str) -> str:
    choices = export_choices(db_session(), g.console.programme_id)
    return _page(slug, choices, [form(choices, STATES, formdata=None) for form in FORMS.values()])


@blueprint.post("/<what>")
def export(slug: str, what: str) -> Response | str:
    if what not in FORMS:
        abort(404)
    choices = export_choices(db_session(), g.console.programme_id)
    form = FORMS[what](choices, STATES)
    if not form.validate_on_submit():
        others = (other(choices, STATES, formdata=None) for other in FORMS.values())
        return _page(slug, choices, [form if other.what == what else other for other in others])
    with ExitStack() as stack:
        file = stack.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        order = form.order()
        done = take_out(
            db_session(),
            g.console.programme_id,
            order,
            into=file,
            words=lambda reasons: [line.text for line in sentences(reasons)],
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
        file.seek(0)
        answer = send_file(file, MIME[order.kind], as_attachment=True, download_name=done.filename, max_age=0)
        answer.call_on_close(stack.pop_all().close)  # the file goes when its last byte is sent
    return answer


def _page(slug: str, choices: list[Choice], forms: list[ExportForm]) -> str:
    published = {choice.round_id: choice.round for choice in choices if choice.published_at}
    return render_template("reports/index.html", forms=forms, said=EXPORTS, rounds=published, slug=slug)
