"""What a mentor gives: mentoring, questions, shadow days; and whether students are welcome."""

from dataclasses import asdict
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.formats import FormatsForm
from webapp.presenters.joining import Frame
from webapp.services.errors import InvalidInputError
from webapp.services.formats import Given, read_formats, save_formats
from webapp.views.me import blueprint


@blueprint.route("/formats/<slug>", methods=["GET", "POST"])
def formats(slug: str) -> ResponseReturnValue:
    facts = read_formats(db_session(), slug, person_id=current_user.person_id)
    form = FormatsForm(data=asdict(facts.given))
    if form.validate_on_submit() and _save(slug, form):
        flash(_("What you give in %(programme)s is saved.", programme=facts.programme))
        return redirect(url_for("me.profile"))
    lead = _(
        "In %(programme)s. All of them take minutes of the month you promised, and never more.",
        programme=facts.programme,
    )
    frame = Frame(_("What do you give?"), lead, url_for("me.profile"), _("About you"), _("Save"))
    return render_template("me/formats.html", frame=frame, form=form, facts=facts, slug=slug)


def _save(slug: str, form: FormatsForm) -> bool:
    """Save what she gives, or say on the form why it cannot be."""
    given = Given(**{name: form[name].data for name in Given.__dataclass_fields__})
    try:
        save_formats(db_session(), slug, given, person_id=current_user.person_id, now=datetime.now(UTC))
    except InvalidInputError:
        form.gives_mentoring.errors = [_("Choose at least one of the three. If you need a break, pause instead.")]
        return False
    return True
