"""Joining a programme, step by short step."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.joining import CheckForm, RolesForm, StudentCheckForm
from webapp.forms.profile import AboutForm
from webapp.presenters.joining import ENDPOINTS, Frame, present_answers, present_tasks
from webapp.services.errors import InvalidInputError
from webapp.services.joining import Progress, choose_roles, join_programme, read_progress
from webapp.services.vocabulary import speak
from webapp.views.answering import Done, answer_about, answer_hours, answer_offer, answer_request, show

blueprint = Blueprint("joining", __name__, url_prefix="/join/<slug>")


def _progress(slug: str) -> Progress:
    """Return how far she is, and speak the programme's words, which is hers only once she has begun."""
    progress = read_progress(db_session(), slug, person_id=current_user.person_id, now=datetime.now(UTC))
    speak(lambda: progress.words)
    return progress


def _frame(progress: Progress, title: str, lead: str) -> Frame:
    back = url_for("joining.tasks", slug=progress.slug)
    return Frame(
        title, lead, back, _("Join %(name)s", name=progress.programme), _("Save and continue"), progress.programme
    )


def _next(slug: str) -> Done:
    """Return what leads to the first step that is not done, or back to the check."""
    return lambda: url_for(ENDPOINTS[_progress(slug).next_step], slug=slug)


@blueprint.get("")
def tasks(slug: str) -> ResponseReturnValue:
    progress = _progress(slug)
    page = present_tasks(progress, datetime.now(UTC).date())
    return render_template(
        "joining/tasks.html",
        page=page,
        progress=progress,
        role=request.args.get("role"),
        navigation=[],
        place=progress.programme,
    )


@blueprint.route("/roles", methods=["GET", "POST"])
def roles(slug: str) -> ResponseReturnValue:
    progress = _progress(slug)
    chosen = [name for name, is_it in (("mentor", progress.is_mentor), ("mentee", progress.is_mentee)) if is_it]
    asked = request.args.get("role", "")
    wished = ["mentor", "mentee"] if asked == "both" else [asked]
    form = RolesForm(roles=chosen or wished)
    if form.validate_on_submit():
        choose_roles(
            db_session(),
            slug,
            person_id=current_user.person_id,
            is_mentor="mentor" in form.roles.data,
            is_mentee="mentee" in form.roles.data,
        )
        return redirect(_next(slug)())
    frame = _frame(progress, _("How would you like to take part?"), "")
    return show("joining/roles.html", frame, form=form)


@blueprint.route("/you", methods=["GET", "POST"])
def you(slug: str) -> ResponseReturnValue:
    lead = _("So that you are paired with somebody who knows your way. Nobody is judged by it.")
    return answer_about(_frame(_progress(slug), _("Who are you?"), lead), _next(slug), AboutForm)


@blueprint.route("/offer", methods=["GET", "POST"])
def offer(slug: str) -> ResponseReturnValue:
    progress = _progress(slug)
    if not progress.is_mentor:
        return redirect(url_for("joining.roles", slug=slug, role="mentor"))
    lead = _("What you give is a promise we keep: nobody can book more of your time than you say here.")
    return answer_offer(slug, _frame(progress, _("What do you offer?"), lead), _next(slug))


@blueprint.route("/request", methods=["GET", "POST"])
def request_(slug: str) -> ResponseReturnValue:
    progress = _progress(slug)
    if not progress.is_mentee:
        return redirect(url_for("joining.roles", slug=slug, role="mentee"))
    lead = _("Up to three things, the most important first.")
    return answer_request(slug, _frame(progress, _("What do you need?"), lead), _next(slug))


@blueprint.route("/hours", methods=["GET", "POST"])
def hours(slug: str) -> ResponseReturnValue:
    lead = _("Tick the half hours of an ordinary week. We only ever propose meetings inside them.")
    return answer_hours(_frame(_progress(slug), _("When are you free?"), lead), _next(slug), slug=slug)


@blueprint.route("/check", methods=["GET", "POST"])
def check(slug: str) -> ResponseReturnValue:
    progress = _progress(slug)
    if progress.missing:
        flash(_("A step is still open. Then you can join."), "warn")
        return redirect(url_for("joining.tasks", slug=slug))
    if progress.is_refused:
        return redirect(url_for("joining.tasks", slug=slug))
    form = StudentCheckForm() if progress.is_student and not progress.is_adult else CheckForm()
    if form.validate_on_submit():
        try:
            is_in = join_programme(
                db_session(),
                slug,
                person_id=current_user.person_id,
                now=datetime.now(UTC),
                terms_version=form.version.data,
                is_adult="adult" in form,  # validated, so it is ticked
            )
        except InvalidInputError as error:
            if "terms" in error.faults:
                flash(_("The terms changed while you read. This is how they are now."), "warn")
                return redirect(url_for("joining.check", slug=slug))
            # An answer was taken back in another window meanwhile.
            return redirect(url_for("joining.tasks", slug=slug))
        if is_in:
            flash(_("You have joined %(name)s.", name=progress.programme))
        else:
            flash(_("Thank you. The coordinator looks at your answers now, and you get a mail."))
        return redirect(url_for("home.show"))
    frame = _frame(progress, _("Check your answers"), _("This is what we pair you by. Change what is not right."))
    return show("joining/check.html", frame, form=form, progress=progress, sections=present_answers(progress))
