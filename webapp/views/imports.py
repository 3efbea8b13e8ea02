"""People into a programme from a file: sent, looked at, mended, imported as a whole, undone."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.imports import ColumnsForm, ConfirmForm, UploadForm
from webapp.presenters.imports import fault_rows, present_past, present_preview
from webapp.services.errors import InvalidInputError
from webapp.services.import_columns import ALL_ARE
from webapp.services.import_pages import ImportView, list_imports, show_import
from webapp.services.import_templates import faults_file, template_file
from webapp.services.import_undo import Undoing, look_at_undo, undo_import
from webapp.services.imports import confirm_import, discard_import, map_columns, upload_file
from webapp.views.paging import page_number, page_url

blueprint = Blueprint("imports", __name__, url_prefix="/c/<slug>/people/import")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _who() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": datetime.now(UTC)}


def _import(batch_id: UUID) -> ImportView:
    return show_import(db_session(), batch_id, programme_id=g.console.programme_id, now=datetime.now(UTC))


def _upload(form: UploadForm, batch_id: UUID | None = None) -> UUID | None:
    """Take the file; None where it cannot be read, and then the form says why."""
    sent = form.file.data
    with sent.stream:  # a large file lies in a temporary one, which is gone when it is closed
        data = sent.read()
    try:
        return upload_file(db_session(), file_name=sent.filename, data=data, batch_id=batch_id, **_who())
    except InvalidInputError as error:
        form.refuse(error.faults["file"])
        return None


@blueprint.route("", methods=["GET", "POST"])
def start(slug: str) -> ResponseReturnValue:
    form = UploadForm()
    if form.validate_on_submit() and (batch_id := _upload(form)):
        return redirect(url_for(".show", slug=slug, batch_id=batch_id))
    past = list_imports(db_session(), g.console.programme_id, page=page_number())
    lines = [present_past(line) for line in past.lines]
    return render_template("imports/start.html", form=form, past=past, lines=lines, page_url=page_url, slug=slug)


@blueprint.get("/template.<kind>")
def template(slug: str, kind: str) -> ResponseReturnValue:  # noqa: ARG001 - every page of the console has it
    if kind not in KINDS:
        abort(404)
    return _file(template_file(kind), kind, f"people.{kind}")


@blueprint.get("/<uuid:batch_id>")
def show(slug: str, batch_id: UUID) -> ResponseReturnValue:
    view = _import(batch_id)
    if view.line.state != "open":
        return _done_page(slug, view)
    if not view.is_mapped:
        return redirect(url_for(".columns", slug=slug, batch_id=batch_id))
    return _preview_page(slug, view, UploadForm(formdata=None))


@blueprint.route("/<uuid:batch_id>/columns", methods=["GET", "POST"])
def columns(slug: str, batch_id: UUID) -> ResponseReturnValue:
    view = _import(batch_id)
    if view.line.state != "open":
        return redirect(url_for(".show", slug=slug, batch_id=batch_id))
    form = ColumnsForm(view.header, view.mapping)
    if form.validate_on_submit():
        try:
            map_columns(db_session(), batch_id, form.mapping, **_who())
        except InvalidInputError as error:
            form.refuse(error.faults)
        else:
            return redirect(url_for(".show", slug=slug, batch_id=batch_id))
    return render_template(
        "imports/columns.html", form=form, view=view, preview=_preview(view), slug=slug, everyone=form[ALL_ARE]
    )


@blueprint.post("/<uuid:batch_id>/file")
def mend(slug: str, batch_id: UUID) -> ResponseReturnValue:
    form = UploadForm()
    if form.validate_on_submit() and _upload(form, batch_id):
        flash(_("The mended file is here. It has been read anew."))
        return redirect(url_for(".show", slug=slug, batch_id=batch_id))
    view = _import(batch_id)
    if view.line.state != "open":
        return _done_page(slug, view)
    return _preview_page(slug, view, form)


@blueprint.post("/<uuid:batch_id>/confirm")
def confirm(slug: str, batch_id: UUID) -> ResponseReturnValue:
    page = url_for(".show", slug=slug, batch_id=batch_id)
    if _import(batch_id).line.state != "open":
        flash(_("This was imported already, by you or by somebody quicker. Nobody was imported twice."), "warn")
        return redirect(page)
    try:
        done = confirm_import(db_session(), batch_id, seen=ConfirmForm().seen.data or "", **_who())
    except InvalidInputError:
        flash(_("Nothing was imported: some rows cannot be read yet."), "bad")
        return redirect(page)
    if not done:
        flash(_("Something changed since you looked, so nothing was imported. These are the numbers of now."), "warn")
    return redirect(page)


@blueprint.post("/<uuid:batch_id>/discard")
def discard(slug: str, batch_id: UUID) -> ResponseReturnValue:
    discard_import(db_session(), batch_id, **_who())
    flash(_("The file is put away. Nobody was imported."))
    return redirect(url_for(".start", slug=slug))


@blueprint.get("/<uuid:batch_id>/faults.csv")
def faults(slug: str, batch_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - every page of the console has it
    return _file(faults_file(fault_rows(_import(batch_id))), "csv", "what-to-change.csv")


@blueprint.route("/<uuid:batch_id>/undo", methods=["GET", "POST"])
def undo(slug: str, batch_id: UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        undoing = undo_import(db_session(), batch_id, **_who())
        if undoing.is_possible:
            flash(_("The import is undone. Everything is as it was before."))
            return redirect(url_for(".show", slug=slug, batch_id=batch_id))
    else:
        undoing = _undoing(batch_id)
    view = _import(batch_id)
    return render_template("imports/undo.html", form=form, past=present_past(view.line), undoing=undoing, slug=slug)


def _undoing(batch_id: UUID) -> Undoing:
    return look_at_undo(db_session(), batch_id, programme_id=g.console.programme_id, now=datetime.now(UTC))


def _preview(view: ImportView) -> Any:
    pages = (max(1, request.args.get(name, 1, type=int)) for name in ("page", "notes"))
    return present_preview(view, faults_page=next(pages), warnings_page=next(pages))


def _preview_page(slug: str, view: ImportView, form: UploadForm) -> str:
    return render_template(
        "imports/preview.html",
        form=form,
        confirm=ConfirmForm(formdata=None, seen=view.seen),
        view=view,
        preview=_preview(view),
        list_url=_list_url,
        slug=slug,
    )


def _list_url(name: str, number: int) -> str:
    """Return the address of the preview with one of its two lists at another page."""
    values: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(), name: number}
    return url_for(".show", **values)


def _invite_url(slug: str) -> str:
    """Return where those who came in are invited."""
    return url_for("invitations.show", slug=slug)


def _done_page(slug: str, view: ImportView) -> str:
    return render_template(
        "imports/done.html",
        past=present_past(view.line),
        view=view,
        invite_url=_invite_url(slug),
        slug=slug,
    )


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=KINDS[kind], headers=headers)
