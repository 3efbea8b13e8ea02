"""An offer and its answer."""

from flask import Blueprint

blueprint = Blueprint("offers", __name__)
