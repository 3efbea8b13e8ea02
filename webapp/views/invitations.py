"""Inviting people to a programme: who waits, the mail as they will read it, and the confirmation."""

from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.invitations import GuestsForm, InviteForm, SendForm
from webapp.mail.invitations import preview_invitation
from webapp.presenters.states import MEMBER
from webapp.queue import nudge_outbox
from webapp.services.errors import ConflictError
from webapp.services.invitations import Outcome, invite_by_address, invite_people, read_invitations
from webapp.views.paging import page_number, page_url
from webapp.views.visits import this_config

blueprint = Blueprint("invitations", __name__, url_prefix="/c/<slug>/people/invite")


@blueprint.get("")
def show(slug: str) -> str:
    return _page(slug, InviteForm(request.args if "note" in request.args else None), GuestsForm(None))


@blueprint.post("")
def send(slug: str) -> str | Response:
    """Send to everybody who waits: only ever as many mails as the confirmation named."""
    form = SendForm()
    if not form.validate_on_submit():
        return _page(slug, form, GuestsForm(None))
    try:
        sent = invite_people(
            db_session(),
            g.console.programme_id,
            note=form.note.data,
            at_most=form.number.data,
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
    except ConflictError:
        form.form_errors.append(_("More people wait for an invitation than a moment ago. Look again, then confirm."))
        return _page(slug, form, GuestsForm(None))
    nudge_outbox()
    if sent:
        flash(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", sent))
    else:
        flash(_("Everybody has been invited already; no mail was sent."), "warn")
    return redirect(url_for(".show", slug=slug))


@blueprint.post("/addresses")
def addresses(slug: str) -> str | Response:
    form = GuestsForm()
    if not form.validate_on_submit():
        return _page(slug, InviteForm(None), form)
    outcome = invite_by_address(
        db_session(),
        g.console.programme_id,
        form.people,
        is_mentor=form.is_mentor,
        is_mentee=form.is_mentee,
        by=current_user.person_id,
        now=datetime.now(UTC),
    )
    nudge_outbox()
    _tell(outcome)
    return redirect(url_for(".show", slug=slug))


def _tell(outcome: Outcome) -> None:
    if outcome.sent:
        flash(ngettext("%(num)d invitation is on its way.", "%(num)d invitations are on their way.", outcome.sent))
    if outcome.left_out:
        named = "; ".join(f"{email} ({str(MEMBER[status][0]).lower()})" for email, status in outcome.left_out[:20])
        flash(_("No mail went to who is here already: %(named)s.", named=named), "warn")


def _page(slug: str, form: InviteForm, guests: GuestsForm) -> str:
    programme_id = g.console.programme_id
    page = read_invitations(db_session(), programme_id, page=page_number())
    if form.note.data is None:
        form.note.data = page.note
    sender = {"id": current_user.person_id, "name": current_user.name}
    subject, text = preview_invitation(db_session(), programme_id, sender, form.note.data or "", this_config())
    return render_template(
        "people/invite.html",
        page=page,
        form=form,
        guests=guests,
        subject=subject,
        text=text,
        words=MEMBER,
        page_url=page_url,
        slug=slug,
    )
