"""My profile, hours and offers."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.profile import ProfileForm
from webapp.presenters.edits import present_notice
from webapp.presenters.joining import Frame
from webapp.presenters.me import present_belongings
from webapp.presenters.week import describe_week
from webapp.services.about_people import read_about
from webapp.services.edits_shown import Edit, list_edits, mark_edits_seen
from webapp.services.profiles import read_offer
from webapp.views.answering import Done, answer_about, answer_hours, answer_offer, answer_request

blueprint = Blueprint("me", __name__, url_prefix="/me")


def _frame(title: str, lead: str) -> Frame:
    return Frame(title, lead, url_for("me.profile"), _("About you"), _("Save"))


def _done(text: str) -> Done:
    def done() -> str:
        flash(text)
        return url_for("me.profile")

    return done


@blueprint.route("", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    about = read_about(db_session(), current_user.person_id)
    frame = Frame(_("About you"), _("Change it whenever it changes."), url_for("home.show"), _("Home"), _("Save"))
    return answer_about(
        frame,
        _done(_("What you say about yourself is saved.")),
        ProfileForm,
        week=describe_week(about.windows),
        belongings=present_belongings(current_user.belongings),
        notices=[present_notice(edit) for edit in _unseen()],
    )


@blueprint.post("/edits")
def edits() -> ResponseReturnValue:
    """Note that she has read what was changed on her behalf, as far as the page showed it."""
    seen = request.form.getlist("edit", type=UUID)
    mark_edits_seen(db_session(), current_user.person_id, seen, now=datetime.now(UTC))
    return redirect(url_for("me.profile"))


def _unseen() -> tuple[Edit, ...]:
    return list_edits(db_session(), [b.membership_id for b in current_user.belongings], unseen=True)


@blueprint.route("/hours", methods=["GET", "POST"])
def hours() -> ResponseReturnValue:
    lead = _("Tick the half hours of an ordinary week. We only ever propose meetings inside them.")
    return answer_hours(_frame(_("When are you free?"), lead), _done(_("Your hours are saved.")))


@blueprint.route("/offer/<slug>", methods=["GET", "POST"])
def offer(slug: str) -> ResponseReturnValue:
    facts = read_offer(db_session(), slug, person_id=current_user.person_id)
    lead = _("In %(programme)s. Only you can raise it.", programme=facts.programme)
    return answer_offer(slug, _frame(_("What do you offer?"), lead), _done(_("Your offer is saved.")))


@blueprint.route("/request/<slug>", methods=["GET", "POST"])
def request_(slug: str) -> ResponseReturnValue:
    lead = _("Up to three things, the most important first.")
    return answer_request(slug, _frame(_("What do you need?"), lead), _done(_("Your needs are saved.")))
