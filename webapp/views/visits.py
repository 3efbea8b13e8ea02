"""Who comes to the site, and how a browser is signed in."""

from datetime import UTC, datetime

from flask import current_app, request, session
from flask_login import login_user

from config import Config
from webapp.extensions import db_session
from webapp.services.accounts import Visitor
from webapp.services.logins import find_login


def begin(token: str) -> None:
    """Sign this browser in. Nothing of the session before is kept, so that nobody can have planted one."""
    session.clear()
    session.permanent = True
    login_user(find_login(db_session(), token, now=datetime.now(UTC)))


def visitor() -> Visitor:
    return Visitor(address=request.remote_addr or "", agent=request.user_agent.string)


def this_config() -> Config:
    config: Config = current_app.config["MOSAIC"]
    return config
