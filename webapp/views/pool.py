"""Supply and demand of a programme."""

from flask import Blueprint

blueprint = Blueprint("pool", __name__)
