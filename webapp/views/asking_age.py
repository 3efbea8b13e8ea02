"""Asking a student her age before she looks for anybody, where another hand made her a student."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.extensions import db_session
from webapp.services.adults import is_asked


def ask_age_first() -> ResponseReturnValue | None:
    """Lead to the question, and back afterwards to the page that was asked for."""
    if not is_asked(db_session(), current_user.person_id):
        return None
    return redirect(url_for("me.adult", next=request.path if request.method == "GET" else None))
