"""What helps a developer: the mailbox, while mail goes to a folder."""

from pathlib import Path

from flask import Blueprint, current_app, render_template

from webapp.mail import list_mail, read_mail
from webapp.presenters.letters import present_letter
from webapp.services.errors import NotFoundError

blueprint = Blueprint("development", __name__)


@blueprint.get("/dev/mail")
def mailbox() -> str:
    return render_template("development/mailbox.html", letters=list_mail(_folder()))


@blueprint.get("/dev/mail/<name>")
def message(name: str) -> str:
    mail = read_mail(_folder(), name)
    if mail is None:
        raise NotFoundError
    return render_template("development/message.html", mail=mail, paragraphs=present_letter(mail.text))


def _folder() -> Path:
    config = current_app.config["MOSAIC"]
    if config.smtp_url:
        raise NotFoundError  # mail goes out for real: there is nothing to see here
    folder: Path = config.instance / "mail"
    return folder
