"""What can be taken out of a programme, each as a file for spreadsheets and for programs."""

from flask import Blueprint, abort, g, render_template
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.reports import FORMS, ExportForm
from webapp.presenters.reports import EXPORTS, STATES
from webapp.presenters.suggestions import REASONS
from webapp.services.exports import Choice, export_choices
from webapp.services.favourites import count_reasons
from webapp.views.exporting import send_export

blueprint = Blueprint("reports", __name__, url_prefix="/c/<slug>/reports")


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
    return send_export(form.order())


def _page(slug: str, choices: list[Choice], forms: list[ExportForm]) -> str:
    published = {choice.round_id: choice.round for choice in choices if choice.published_at}
    reasons = [(REASONS[key], count) for key, count in count_reasons(db_session(), g.console.programme_id).items()]
    return render_template(
        "reports/index.html", forms=forms, said=EXPORTS, rounds=published, reasons=reasons, slug=slug
    )
