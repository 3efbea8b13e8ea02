"""Joining a programme, step by short step."""

from flask import Blueprint, render_template

blueprint = Blueprint("joining", __name__, url_prefix="/join/<slug>")


@blueprint.get("")
def tasks(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/roles")
def roles(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/you")
def you(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/offer")
def offer(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/request")
def request_(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/hours")
def hours(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)


@blueprint.get("/check")
def check(slug: str) -> str:
    return render_template("joining/tasks.html", slug=slug)
