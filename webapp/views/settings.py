"""The settings of a programme, a page for each section: saved apart, so that none touches another."""

from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.engine_settings import CRITERIA
from webapp.forms.settings import CONFLICT, BasicsForm, CountsForm, MeetingsForm, RulesForm
from webapp.forms.terms import TEXT_FAULTS, TermsForm
from webapp.forms.vocabulary import VocabularyForm
from webapp.presenters.fit_preview import PreviewPage, present_preview
from webapp.presenters.settings import held_words
from webapp.presenters.terms import agreed_words, present_history
from webapp.services.errors import ConflictError, InvalidInputError
from webapp.services.fit_preview import preview_fit
from webapp.services.programme_words import RENAMED, change_words, read_words
from webapp.services.settings import (
    Basics,
    Counts,
    Meetings,
    Rules,
    Section,
    change_section,
    held_rounds,
    read_section,
)
from webapp.services.terms import change_terms, read_terms

blueprint = Blueprint("settings", __name__, url_prefix="/c/<slug>/settings")


@blueprint.route("/basics", methods=["GET", "POST"])
def basics(slug: str) -> str | Response:
    return _section(slug, BasicsForm(), Basics, "basics")


@blueprint.route("/meetings", methods=["GET", "POST"])
def meetings(slug: str) -> str | Response:
    return _section(slug, MeetingsForm(), Meetings, "meetings")


@blueprint.route("/counts", methods=["GET", "POST"])
def counts(slug: str) -> str | Response:
    return _section(slug, CountsForm(), Counts, "counts", has_preview=True)


@blueprint.route("/rules", methods=["GET", "POST"])
def rules(slug: str) -> str | Response:
    return _section(slug, RulesForm(), Rules, "rules", has_preview=True)


@blueprint.post("/counts/preview")
def preview_counts(slug: str) -> str:  # noqa: ARG001 - the address names the programme, access has loaded it
    return render_template("settings/_preview.html", preview=_preview(CountsForm()))


@blueprint.post("/rules/preview")
def preview_rules(slug: str) -> str:  # noqa: ARG001
    return render_template("settings/_preview.html", preview=_preview(RulesForm()))


@blueprint.route("/terms", methods=["GET", "POST"])
def terms(slug: str) -> str | Response:
    history = read_terms(db_session(), g.console.programme_id)
    form = TermsForm(data={"text": history.text, "fingerprint": history.fingerprint})
    if form.validate_on_submit() and _save_terms(form):
        return redirect(url_for(".terms", slug=slug))
    return render_template(
        "settings/terms.html",
        form=form,
        slug=slug,
        agreed=agreed_words(history),
        versions=present_history(history, current_user.zone),
    )


def _save_terms(form: TermsForm) -> bool:
    """Save the terms, or say on the form why they cannot be."""
    try:
        version = change_terms(
            db_session(),
            g.console.programme_id,
            form.text.data,
            is_correction=form.is_correction.data,
            fingerprint=form.fingerprint.data,
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
    except ConflictError:
        form.form_errors.append(CONFLICT)
    except InvalidInputError as error:
        form.text.errors = [TEXT_FAULTS[error.faults["text"]]]
    else:
        flash(_("The terms are saved. Version %(n)d holds.", n=version))
        return True
    return False


KINDS = {
    "topic": _l("Topics"),
    "stage": _l("Career stages"),
    "specialty": _l("Specialties"),
    "language": _l("Languages"),
}


@blueprint.route("/vocabulary", methods=["GET", "POST"])
def vocabulary(slug: str) -> str | Response:
    kind = request.args.get("kind", "topic")
    form = VocabularyForm(read_words(db_session(), g.console.programme_id, kind))
    if form.validate_on_submit() and _save_words(form):
        flash(_("The vocabulary is saved."))
        return redirect(url_for(".vocabulary", slug=slug, kind=kind))
    return render_template(
        "settings/vocabulary.html",
        form=form,
        kinds=KINDS,
        renames=kind in RENAMED,
        slug=slug,
        held=held_words(held_rounds(db_session(), g.console.programme_id)),
    )


def _save_words(form: VocabularyForm) -> bool:
    """Save a kind of words, or say on the form why it cannot be."""
    try:
        change_words(
            db_session(),
            g.console.programme_id,
            form.words.kind,
            form.given,
            fingerprint=form.fingerprint.data,
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
    except ConflictError:
        form.form_errors.append(CONFLICT)
    except InvalidInputError as error:
        form.complain(error.faults)
    else:
        return True
    return False


SomeForm = BasicsForm | MeetingsForm | CountsForm | RulesForm


def _section(slug: str, form: SomeForm, kind: type[Section], name: str, *, has_preview: bool = False) -> str | Response:
    if not form.is_submitted():
        form.show(read_section(db_session(), g.console.programme_id, kind))
    elif form.validate() and not form.wants_preview and _save(form):
        flash(_("The settings are saved."))
        return redirect(url_for("console.settings", slug=slug))
    return render_template(
        f"settings/{name}.html",
        form=form,
        slug=slug,
        programme=g.console.programme,
        held=held_words(held_rounds(db_session(), g.console.programme_id)),
        preview=_preview(form) if has_preview else None,
    )


def _save(form: SomeForm) -> bool:
    """Save what the form says, or say on the form why it cannot be."""
    try:
        change_section(
            db_session(),
            g.console.programme_id,
            form.as_section(),
            fingerprint=form.fingerprint.data,
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
    except ConflictError:
        form.form_errors.append(CONFLICT)
    except InvalidInputError as error:
        form.form_errors.extend(error.faults.values())
    else:
        return True
    return False


def _preview(form: SomeForm) -> PreviewPage:
    """Show what the form's answers would do, or what holds where they have a fault."""
    tried = form.is_submitted() and form.validate()
    wanted = form.as_section() if tried else None
    found = preview_fit(db_session(), g.console.programme_id, wanted, now=datetime.now(UTC))
    return present_preview(found, CRITERIA, is_changed=tried)
