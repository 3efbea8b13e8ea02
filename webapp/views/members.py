"""What a coordinator does for one person: facts, hours, limits, address, a pause, leaving."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.hours import HoursForm
from webapp.forms.invitations import AddressForm
from webapp.forms.members import SENTENCES, MemberForm
from webapp.forms.picking import is_searching
from webapp.presenters.joining import Frame
from webapp.presenters.week import describe_week, describe_zone
from webapp.queue import nudge_outbox
from webapp.services.departures import STEPS, change_pause, leave_programme, read_leaving
from webapp.services.errors import ConflictError, InvalidInputError
from webapp.services.member_edits import Editable, correct_address, edit_member, edit_member_hours, read_editable

blueprint = Blueprint("members", __name__, url_prefix="/c/<slug>/people/<uuid:membership_id>")


@blueprint.route("/edit", methods=["GET", "POST"])
def edit(slug: str, membership_id: UUID) -> ResponseReturnValue:
    member = _editable(membership_id)
    form = MemberForm(data={**member.values, "fingerprint": member.fingerprint})
    form.keep_only(member.values)
    if form.is_submitted() and not is_searching() and form.validate():
        values = {"fingerprint": form.fingerprint.data, **_who()}
        try:
            changed = edit_member(db_session(), g.console.programme_id, membership_id, form.wanted, **values)
        except InvalidInputError as error:
            form.show_faults(error)
        except ConflictError:
            form.form_errors.append(
                _("This was changed while the page was open. Load it again, then make your change.")
            )
        else:
            if changed:
                _say_saved(membership_id)
            return redirect(_person(slug, membership_id))
    frame = _frame(slug, member, _("What %(name)s told you", name=member.values["name"]))
    return render_template("people/edit.html", form=form, frame=frame, member=member, slug=slug)


@blueprint.route("/hours", methods=["GET", "POST"])
def hours(slug: str, membership_id: UUID) -> ResponseReturnValue:
    member = _editable(membership_id)
    zone = member.values["zone"]
    form = HoursForm(member.windows, as_ranges=request.args.get("as") == "ranges", zone=zone)
    if form.is_save and form.validate_week():
        values = {"windows": form.windows, "zone": form.zone.data, **_who()}
        edit_member_hours(db_session(), g.console.programme_id, membership_id, **values)
        flash(_("The hours are saved and marked with your name."))
        return redirect(_person(slug, membership_id))
    here = url_for(".hours", slug=slug, membership_id=membership_id)
    return render_template(
        "me/hours_form.html",
        frame=_frame(slug, member, _("When is %(name)s free?", name=member.values["name"])),
        form=form,
        week=describe_week(form.windows),
        zone_text=describe_zone(zone, now=datetime.now(UTC)),
        grid_url=here,
        ranges_url=f"{here}?as=ranges",
    )


@blueprint.route("/address", methods=["GET", "POST"])
def address(slug: str, membership_id: UUID) -> ResponseReturnValue:
    member = read_editable(db_session(), g.console.programme_id, membership_id)
    form = AddressForm(data={"email": member.email})
    if not member.is_confirmed and form.validate_on_submit():
        try:
            correct_address(db_session(), g.console.programme_id, membership_id, form.email.data, **_who())
        except InvalidInputError as error:
            form.email.errors = [SENTENCES[error.faults["email"]]]
        else:
            nudge_outbox()
            flash(
                _(
                    "Mails go to %(email)s from now on. Links sent to the old address no longer work.",
                    email=form.email.data,
                )
            )
            return redirect(_person(slug, membership_id))
    frame = _frame(slug, member, _("Where does mail reach %(name)s?", name=member.values["name"]))
    return render_template("people/address.html", form=form, frame=frame, member=member, slug=slug)


@blueprint.post("/pause")
def pause(slug: str, membership_id: UUID) -> ResponseReturnValue:
    step = request.form.get("step", "")
    if step not in STEPS:
        abort(400)
    change_pause(db_session(), g.console.programme_id, membership_id, step, **_who())
    nudge_outbox()
    flash(_("The pause is noted. The pairs there are stay.") if step == "pause" else _("The pause is over."))
    return redirect(_person(slug, membership_id))


@blueprint.route("/leave", methods=["GET", "POST"])
def leave(slug: str, membership_id: UUID) -> ResponseReturnValue:
    if request.method == "POST":
        leave_programme(db_session(), g.console.programme_id, membership_id, **_who())
        nudge_outbox()
        flash(_("This is noted. Whoever was concerned has a mail."))
        return redirect(_person(slug, membership_id))
    leaving = read_leaving(db_session(), g.console.programme_id, membership_id)
    return render_template("people/leave.html", leaving=leaving, membership_id=membership_id, slug=slug)


def _say_saved(membership_id: UUID) -> None:
    member = read_editable(db_session(), g.console.programme_id, membership_id)
    name = member.values["name"]
    flash(_("Saved. The change is marked with your name, and %(name)s sees it.", name=name))
    if member.awaits_word:
        nudge_outbox()
        flash(
            _(
                "%(name)s is a student now, and is asked by mail whether she is 18 or older. Until she has said so, "
                "she is in no round and suggested to nobody.",
                name=name,
            ),
            "warn",
        )


def _editable(membership_id: UUID) -> Editable:
    member = read_editable(db_session(), g.console.programme_id, membership_id)
    return member if member.may_edit else abort(403)


def _who() -> dict[str, Any]:
    return {"by": current_user.person_id, "now": datetime.now(UTC)}


def _person(slug: str, membership_id: UUID) -> str:
    return url_for("people.show", slug=slug, membership_id=membership_id)


def _frame(slug: str, member: Editable, title: str) -> Frame:
    name = member.values["name"]
    lead = _(
        "Only what you were asked to change. It is marked with your name and the day, and %(name)s sees it.", name=name
    )
    return Frame(title, lead, _person(slug, member.id), name, _("Save and mark"))
