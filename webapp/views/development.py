"""What helps a developer: the mailbox."""

from flask import Blueprint

blueprint = Blueprint("development", __name__)
