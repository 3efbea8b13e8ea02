"""Matching rounds, from draft to published."""

from flask import Blueprint

blueprint = Blueprint("rounds", __name__)
