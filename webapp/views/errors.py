"""From errors to pages: the only file that knows status codes."""

from flask import Flask, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from webapp.extensions import db_session, log
from webapp.presenters.states import what_happened
from webapp.services.errors import (
    ConflictError,
    ForbiddenError,
    NoRoomError,
    NotFoundError,
    ServiceError,
    ThrottledError,
    WrongStateError,
)


def register_errors(app: Flask) -> None:
    """Give every error a page that says what to do next."""
    app.register_error_handler(NoRoomError, _no_room)
    app.register_error_handler(413, _too_large)

    @app.errorhandler(NotFoundError)
    @app.errorhandler(404)
    def not_found(_error: Exception) -> tuple[str, int]:
        return _page(
            _("This page is not here"), _("The address may be mistyped, or the page is not yours to see.")
        ), 404

    @app.errorhandler(ForbiddenError)
    @app.errorhandler(403)
    def forbidden(_error: Exception) -> tuple[str, int]:
        return _page(_("This is not open to you"), _("If you think it should be, write to your coordinator.")), 403

    @app.errorhandler(WrongStateError)
    def wrong_state(error: WrongStateError) -> tuple[str, int]:
        text = what_happened(error.subject, error.state)
        return (
            _page(
                _("This step has passed, or is not due yet"),
                _("%(news)s Nothing was changed. Go back and load the page again.", news=text),
            ),
            409,
        )

    @app.errorhandler(ConflictError)
    def conflict(_error: ConflictError) -> tuple[str, int]:
        return (
            _page(
                _("Something changed meanwhile"),
                _("Nothing of yours was lost. Go back, load the page again and have another look."),
            ),
            409,
        )

    @app.errorhandler(ThrottledError)
    def throttled(error: ThrottledError) -> tuple[str, int, dict[str, str]]:
        seconds = max(1, round(error.wait.total_seconds()))
        minutes = -(-seconds // 60)
        text = ngettext(
            "That was tried too often. Please wait a minute, then try again.",
            "That was tried too often. Please wait %(num)d minutes, then try again.",
            minutes,
        )
        return _page(_("A short pause, please"), text), 429, {"Retry-After": str(seconds)}

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> tuple[str, int]:
        return (
            _page(
                _("This form is out of date"),
                _("It was open for long, or in another window. Go back, load the page again and send it once more."),
            ),
            400,
        )

    @app.errorhandler(ServiceError)
    def refused(_error: ServiceError) -> tuple[str, int]:
        return _page(_("That cannot be done"), _("Go back and have another look.")), 400

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> tuple[str, int]:
        return _page(error.name or "", error.description or ""), error.code or 500

    @app.errorhandler(500)
    @app.errorhandler(OperationalError)
    def broken(error: Exception) -> tuple[str, int]:
        db_session.rollback()
        log.error("page_failed", error=repr(error))
        return _page(_("Something broke on our side"), _("We have a note of it. Please try again in a minute.")), 500


def _too_large(_error: Exception) -> tuple[str, int]:
    text = _("A file may have 8 MB at most, a calendar 1 MB. Go back and choose another, or export fewer months.")
    return _page(_("That is too large to send"), text), 413


def _no_room(error: NoRoomError) -> tuple[str, int]:
    if error.what == "wanted":
        text = _("There is a mentor for every place that was asked for. Nobody’s time was booked twice.")
        return _page(_("That wish has been met meanwhile"), text), 409
    return _page(_("That place has gone to someone else since"), _("You keep your place in line.")), 409


def _page(title: str, text: str) -> str:
    return render_template("error.html", title=title, text=text)
