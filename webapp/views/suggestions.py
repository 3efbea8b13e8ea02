"""Who might fit, and why."""

from flask import Blueprint

blueprint = Blueprint("suggestions", __name__)
