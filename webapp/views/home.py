"""What awaits me."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask_login import current_user

from webapp.extensions import db_session
from webapp.presenters.home import present_home
from webapp.services.home import read_home

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
def show() -> str:
    now = datetime.now(UTC)
    facts = read_home(db_session(), current_user.person_id, now=now)
    home = present_home(facts, name=current_user.name, zone=current_user.zone, now=now)
    return render_template("home/show.html", home=home)
