"""Joining a programme, step by short step."""

from flask import Blueprint

blueprint = Blueprint("joining", __name__)
