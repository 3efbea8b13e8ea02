"""What came of a published round."""

from flask import Blueprint

blueprint = Blueprint("responses", __name__)
