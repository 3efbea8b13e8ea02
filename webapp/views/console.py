"""A programme as its coordinator sees it."""

from flask import Blueprint

blueprint = Blueprint("console", __name__)
