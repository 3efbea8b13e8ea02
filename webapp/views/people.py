"""The people of a programme."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
