"""What helps a developer: the mailbox."""

from flask import Blueprint, render_template

blueprint = Blueprint("development", __name__)


@blueprint.get("/dev/mail")
def mailbox() -> str:
    return render_template("development/mailbox.html")


@blueprint.get("/dev/mail/<name>")
def message(name: str) -> str:
    return render_template("development/message.html", name=name)
