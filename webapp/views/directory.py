"""Mentors whom one does not know: found by words and filters, and written to."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.letters import LetterForm, SayForm
from webapp.presenters.directory import (
    FORMAT_WORDS,
    MentorPage,
    countries_of,
    directory_title,
    present_cards,
    present_mentor,
    why_not_words,
    zones_of,
)
from webapp.queue import nudge_outbox
from webapp.services.directory import MentorFound, find_mentor, search_directory
from webapp.services.directory_query import GIVES, DirectoryQuery
from webapp.services.errors import ConflictError, NoRoomError, NotFoundError
from webapp.services.favourites import say as say_of
from webapp.services.letters import Written, send_letter
from webapp.services.logins import Belonging
from webapp.services.vocabulary import language_groups, offered_specialties, offered_topics
from webapp.views.asking_age import ask_age_first
from webapp.views.paging import one_of, page_number, page_url

blueprint = Blueprint("directory", __name__, url_prefix="/mentors")
blueprint.before_request(ask_age_first)


@blueprint.get("")
def index() -> str:
    """Show the mentors of one programme; a mentee in several has tabs."""
    places = _places()
    here = next((b for b in places if b.slug == request.args.get("programme", "")), places[0] if places else None)
    if here is None:
        waiting = next((b for b in current_user.belongings if b.status in {"pending", "invited"}), None)
        return render_template("directory/nothing.html", waiting=waiting)
    query = _query()
    found = search_directory(
        db_session(), here.membership_id, query, person_id=current_user.person_id, now=datetime.now(UTC)
    )
    g.place = here.programme
    return render_template(
        "directory/index.html",
        page=found,
        title=directory_title(found, query),
        cards=present_cards(found),
        query=query,
        slug=here.slug,
        tabs=[(b, b is here) for b in places] if len(places) > 1 else [],
        specialties=offered_specialties(),
        topics=offered_topics(),
        languages=language_groups(),
        countries=countries_of(found.countries),
        zones=zones_of(found.zones),
        formats=[(key, str(FORMAT_WORDS[key])) for key in GIVES],
        page_url=page_url,
    )


@blueprint.get("/<uuid:mentor_id>")
def show(mentor_id: uuid.UUID) -> str:
    found, now = _find(mentor_id), datetime.now(UTC)
    page = present_mentor(found, zone=current_user.zone, now=now)
    return render_template("directory/show.html", page=page, form=SayForm(formdata=None))


@blueprint.post("/<uuid:mentor_id>/say")
def say(mentor_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what she says about a mentor, in place of what she said before; empty takes it back."""
    found, form = _find(mentor_id), SayForm()
    belonging = current_user.belonging(found.slug)
    if form.validate_on_submit() and belonging is not None:
        say_of(
            db_session(),
            belonging.membership_id,
            side="mentee",
            other_id=mentor_id,
            verdict=form.verdict.data,
            now=datetime.now(UTC),
        )
        flash(_said(form.verdict.data, found.entry.name))
    return redirect(url_for("directory.show", mentor_id=mentor_id))


@blueprint.route("/<uuid:mentor_id>/letter", methods=["GET", "POST"])
def write(mentor_id: uuid.UUID) -> ResponseReturnValue:
    """Write a letter, look at it, and send it; a letter sent twice is one."""
    form = LetterForm()
    try:
        return _write(mentor_id, form)
    except NotFoundError:  # she left while it was written: the words stay with their writer
        if not form.is_submitted():
            raise
        return render_template("directory/gone.html", form=form), 404


def _write(mentor_id: uuid.UUID, form: LetterForm) -> ResponseReturnValue:
    found, step = _find(mentor_id), request.form.get("step", "")
    form.offer(found.entry.asks)
    page = present_mentor(found, zone=current_user.zone, now=datetime.now(UTC))
    if found.why_not and not form.is_submitted():
        return redirect(url_for("directory.show", mentor_id=mentor_id))
    if not form.is_submitted():
        form.form_key.data = str(uuid.uuid4())
    if step == "change" or not form.validate_on_submit():
        return _write_page(found, page, form)
    if found.why_not and step != "send":
        return _refuse(found, page, form, found.why_not)
    if step != "send":
        return render_template("directory/preview.html", page=page, form=form)
    return _send(found, page, form)


def _send(found: MentorFound, page: MentorPage, form: LetterForm) -> ResponseReturnValue:
    written = Written(
        form_key=uuid.UUID(form.form_key.data),
        who=form.who.data or "",
        why=form.why.data or "",
        question=form.question.data or "",
        ask=form.ask.data,
    )
    try:
        letter_id = send_letter(
            db_session(), found.entry.id, person_id=current_user.person_id, written=written, now=datetime.now(UTC)
        )
    except NoRoomError:
        form.ask.errors = [_("You have the mentors you asked for. Ask for one talk, or for one more mentor.")]
        return _write_page(found, page, form)
    except ConflictError as error:
        return _refuse(found, page, form, error.what)
    nudge_outbox()
    flash(_("Your letter is on its way to %(name)s.", name=page.name))
    return redirect(url_for("letters.show", letter_id=letter_id))


def _refuse(found: MentorFound, page: MentorPage, form: LetterForm, why: str) -> str:
    flash(why_not_words(why, page.short) + " " + _("Nothing was sent; your letter is below."), "warn")
    return _write_page(found, page, form)


def _write_page(found: MentorFound, page: MentorPage, form: LetterForm) -> str:
    changes = request.form.get("step") == "change"
    return render_template("directory/write.html", page=page, form=form, found=found, changes=changes)


def _find(mentor_id: uuid.UUID) -> MentorFound:
    return find_mentor(db_session(), mentor_id, person_id=current_user.person_id, now=datetime.now(UTC))


def _said(verdict: str, name: str) -> str:
    return {
        "interested": _("You are interested in %(name)s. It counts in the next round.", name=name),
        "not_for_me": _("%(name)s is marked “not for me”.", name=name),
    }.get(verdict, _("Taken back. %(name)s stands as before.", name=name))


def _places() -> list[Belonging]:
    return [b for b in current_user.belongings if b.is_mentee and b.status == "active"]


def _query() -> DirectoryQuery:
    """Return the filters that the address names."""
    args = request.args
    return DirectoryQuery(
        q=args.get("q", "").strip()[:100],
        specialty=one_of("specialty", _ids(offered_specialties())),
        topic=one_of("topic", _ids(offered_topics())),
        language=one_of("language", _ids(language_groups())),
        country=args.get("country", "")[:2],
        zone=args.get("zone", "")[:64],
        format=one_of("format", frozenset(GIVES)),
        free=args.get("free") == "1",
        page=page_number(),
    )


def _ids(groups: object) -> frozenset[str]:
    return frozenset(choice.id for group in groups for choice in group.choices)  # type: ignore[attr-defined]
