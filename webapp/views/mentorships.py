"""Pairs that both said yes."""

from flask import Blueprint

blueprint = Blueprint("mentorships", __name__)
