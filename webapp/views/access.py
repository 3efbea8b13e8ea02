"""Who may open what: one table, closed by default.

An endpoint that is not in the table answers 403 to everyone, so that a new page must be thought about once. Rules
on single things (this offer, this mentorship) are held by the service that loads them: it answers "not found" to
whoever has no part in it.
"""

from enum import Enum

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response


class Who(Enum):
    """The kinds of visitor a page may be opened to."""

    PUBLIC = "everyone"
    SIGNED_IN = "whoever is signed in"
    COORDINATOR = "coordinators of the programme named in the address"
    FOUNDER = "operators, and coordinators of any programme"
    OPERATOR = "operators"
    DEVELOPER = "everyone on the machine itself, on a development installation only"


ACCESS: dict[str, Who] = {
    "static": Who.PUBLIC,
    "pages.landing": Who.PUBLIC,
    "pages.programme": Who.PUBLIC,
    "pages.help": Who.PUBLIC,
    "pages.privacy": Who.PUBLIC,
    "pages.accessibility": Who.PUBLIC,
    "pages.theme": Who.PUBLIC,
    "pages.healthz": Who.PUBLIC,
    "accounts.join": Who.PUBLIC,
    "accounts.check_mail": Who.PUBLIC,
    "accounts.verify": Who.PUBLIC,
    "accounts.login": Who.PUBLIC,
    "accounts.logout": Who.SIGNED_IN,
    "accounts.forgot": Who.PUBLIC,
    "accounts.reset": Who.PUBLIC,
    "accounts.operator": Who.PUBLIC,
    "invited.show": Who.PUBLIC,
    "invited.decline": Who.PUBLIC,
    "home.show": Who.SIGNED_IN,
    "withdrawals.own": Who.SIGNED_IN,
    "joining.tasks": Who.SIGNED_IN,
    "joining.roles": Who.SIGNED_IN,
    "joining.you": Who.SIGNED_IN,
    "joining.offer": Who.SIGNED_IN,
    "joining.request_": Who.SIGNED_IN,
    "joining.hours": Who.SIGNED_IN,
    "joining.check": Who.SIGNED_IN,
    "me.profile": Who.SIGNED_IN,
    "me.edits": Who.SIGNED_IN,
    "me.hours": Who.SIGNED_IN,
    "me.hours_beside": Who.SIGNED_IN,
    "me.dates_away": Who.SIGNED_IN,
    "me.be_back": Who.SIGNED_IN,
    "me.calendar": Who.SIGNED_IN,
    "me.untick": Who.SIGNED_IN,
    "me.offer": Who.SIGNED_IN,
    "me.request_": Who.SIGNED_IN,
    "me.pause": Who.SIGNED_IN,
    "me.time": Who.SIGNED_IN,
    "me.change_time": Who.SIGNED_IN,
    "me.cap": Who.SIGNED_IN,
    "me.terms": Who.SIGNED_IN,
    "me.security": Who.SIGNED_IN,
    "me.letters": Who.SIGNED_IN,
    "me.formats": Who.SIGNED_IN,
    "me.adult": Who.SIGNED_IN,
    "me.end_sessions": Who.SIGNED_IN,
    "privacy.show": Who.SIGNED_IN,
    "privacy.traits": Who.SIGNED_IN,
    "privacy.visibility": Who.SIGNED_IN,
    "privacy.mail": Who.SIGNED_IN,
    "privacy.export": Who.SIGNED_IN,
    "privacy.delete": Who.SIGNED_IN,
    "privacy.goodbye": Who.PUBLIC,
    "privacy.stop_page": Who.PUBLIC,
    "privacy.stop_mail": Who.PUBLIC,
    "progress.show": Who.SIGNED_IN,
    "progress.bring": Who.SIGNED_IN,
    "progress.goal": Who.SIGNED_IN,
    "progress.achievement": Who.SIGNED_IN,
    "suggestions.show": Who.SIGNED_IN,
    "suggestions.say": Who.SIGNED_IN,
    "suggestions.undo": Who.SIGNED_IN,
    "suggestions.rank": Who.SIGNED_IN,
    "suggestions.reason": Who.SIGNED_IN,
    "directory.index": Who.SIGNED_IN,
    "directory.show": Who.SIGNED_IN,
    "directory.say": Who.SIGNED_IN,
    "directory.write": Who.SIGNED_IN,
    "letters.index": Who.SIGNED_IN,
    "letters.show": Who.SIGNED_IN,
    "letters.yes": Who.SIGNED_IN,
    "letters.not_now": Who.SIGNED_IN,
    "letters.ask": Who.SIGNED_IN,
    "letters.reply": Who.SIGNED_IN,
    "letters.suggest": Who.SIGNED_IN,
    "letters.withdraw": Who.SIGNED_IN,
    "letters.report": Who.SIGNED_IN,
    "letters.block": Who.SIGNED_IN,
    "letters.undo_block": Who.SIGNED_IN,
    "offers.show": Who.SIGNED_IN,
    "offers.answer": Who.SIGNED_IN,
    "offers.by_mail": Who.PUBLIC,
    "offers.question": Who.SIGNED_IN,
    "offers.hour": Who.SIGNED_IN,
    "offers.answer_hour": Who.SIGNED_IN,
    "offers.call": Who.SIGNED_IN,
    "offers.answer_to_call": Who.SIGNED_IN,
    "offers.end_call": Who.SIGNED_IN,
    "offers.meeting_file": Who.SIGNED_IN,
    "offers.call_file": Who.SIGNED_IN,
    "mentorships.index": Who.SIGNED_IN,
    "mentorships.show": Who.SIGNED_IN,
    "mentorships.end": Who.SIGNED_IN,
    "mentorships.day": Who.SIGNED_IN,
    "mentorships.told": Who.SIGNED_IN,
    "console.index": Who.FOUNDER,
    "console.create": Who.FOUNDER,
    "console.overview": Who.COORDINATOR,
    "console.settings": Who.COORDINATOR,
    "console.coordinators": Who.COORDINATOR,
    "settings.basics": Who.COORDINATOR,
    "settings.counts": Who.COORDINATOR,
    "settings.preview_counts": Who.COORDINATOR,
    "settings.rules": Who.COORDINATOR,
    "settings.preview_rules": Who.COORDINATOR,
    "settings.meetings": Who.COORDINATOR,
    "settings.vocabulary": Who.COORDINATOR,
    "settings.terms": Who.COORDINATOR,
    "people.index": Who.COORDINATOR,
    "people.show": Who.COORDINATOR,
    "people.endorse": Who.COORDINATOR,
    "imports.start": Who.COORDINATOR,
    "imports.template": Who.COORDINATOR,
    "imports.show": Who.COORDINATOR,
    "imports.columns": Who.COORDINATOR,
    "imports.mend": Who.COORDINATOR,
    "imports.confirm": Who.COORDINATOR,
    "imports.discard": Who.COORDINATOR,
    "imports.faults": Who.COORDINATOR,
    "imports.undo": Who.COORDINATOR,
    "invitations.show": Who.COORDINATOR,
    "invitations.send": Who.COORDINATOR,
    "invitations.addresses": Who.COORDINATOR,
    "reminders.show": Who.COORDINATOR,
    "reminders.send": Who.COORDINATOR,
    "approvals.show": Who.COORDINATOR,
    "approvals.answer": Who.COORDINATOR,
    "approvals.option": Who.COORDINATOR,
    "student_approvals.show": Who.COORDINATOR,
    "student_approvals.answer": Who.COORDINATOR,
    "duplicates.index": Who.COORDINATOR,
    "duplicates.show": Who.COORDINATOR,
    "duplicates.merge": Who.COORDINATOR,
    "duplicates.distinct": Who.COORDINATOR,
    "members.edit": Who.COORDINATOR,
    "members.hours": Who.COORDINATOR,
    "members.address": Who.COORDINATOR,
    "members.pause": Who.COORDINATOR,
    "members.leave": Who.COORDINATOR,
    "pool.show": Who.COORDINATOR,
    "pool.refresh": Who.COORDINATOR,
    "pool.progress": Who.COORDINATOR,
    "pool.stop": Who.COORDINATOR,
    "pool.invite": Who.COORDINATOR,
    "pool.hint": Who.COORDINATOR,
    "rounds.index": Who.COORDINATOR,
    "rounds.create": Who.COORDINATOR,
    "rounds.show": Who.COORDINATOR,
    "rounds.confirm": Who.COORDINATOR,
    "rounds.step": Who.COORDINATOR,
    "rounds.solve": Who.COORDINATOR,
    "rounds.progress": Who.COORDINATOR,
    "rounds.stop": Who.COORDINATOR,
    "rounds.rule": Who.COORDINATOR,
    "rounds.remove": Who.COORDINATOR,
    "rounds.certificate": Who.COORDINATOR,
    "rounds.publish": Who.COORDINATOR,
    "scenarios.index": Who.COORDINATOR,
    "scenarios.create": Who.COORDINATOR,
    "scenarios.edit": Who.COORDINATOR,
    "scenarios.remove": Who.COORDINATOR,
    "scenarios.today": Who.COORDINATOR,
    "scenarios.compare": Who.COORDINATOR,
    "proofs.show": Who.COORDINATOR,
    "proofs.check": Who.COORDINATOR,
    "proofs.progress": Who.COORDINATOR,
    "proofs.stop": Who.COORDINATOR,
    "withdrawals.show": Who.COORDINATOR,
    "withdrawals.change": Who.COORDINATOR,
    "whys.show": Who.COORDINATOR,
    "changes.show": Who.COORDINATOR,
    "changes.make": Who.COORDINATOR,
    "changes.undo": Who.COORDINATOR,
    "changes.found": Who.COORDINATOR,
    "notes.show": Who.COORDINATOR,
    "notes.write": Who.COORDINATOR,
    "responses.show": Who.COORDINATOR,
    "responses.withdraw": Who.COORDINATOR,
    "responses.pairs": Who.COORDINATOR,
    "waiting.show": Who.COORDINATOR,
    "following.live": Who.COORDINATOR,
    "following.remind": Who.COORDINATOR,
    "following.extend": Who.COORDINATOR,
    "repairs.show": Who.COORDINATOR,
    "repairs.start": Who.COORDINATOR,
    "repairs.progress": Who.COORDINATOR,
    "repairs.stop": Who.COORDINATOR,
    "repairs.settle": Who.COORDINATOR,
    "reports.index": Who.COORDINATOR,
    "reports.export": Who.COORDINATOR,
    "round_report.show": Who.COORDINATOR,
    "round_report.pdf": Who.COORDINATOR,
    "audit.index": Who.COORDINATOR,
    "audit.export": Who.COORDINATOR,
    "letter_reports.index": Who.COORDINATOR,
    "letter_reports.settle": Who.COORDINATOR,
    "development.mailbox": Who.DEVELOPER,
    "development.message": Who.DEVELOPER,
}


def enforce_access() -> Response | None:
    """Stop every request that the table does not allow; runs before each view."""
    if request.endpoint is None:
        return None  # no such address: Flask answers 404
    who = ACCESS.get(request.endpoint)
    if who is None:
        abort(403)
    if who is Who.DEVELOPER and not _on_own_machine():
        abort(404)
    if who in {Who.PUBLIC, Who.DEVELOPER}:
        return None
    if not current_user.is_authenticated:
        if request.method != "GET":
            abort(403)
        return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))
    if not _allowed(who):
        # Whoever has no part in a programme is not told that it has such a page.
        abort(404)
    return None


def _on_own_machine() -> bool:
    """Whether this is a development installation, asked from the machine it runs on and not through a proxy.

    The mailbox shows one-time links: an installation that goes public without its production settings keeps it shut.
    """
    asked_here = request.remote_addr in {"127.0.0.1", "::1"} and not request.headers.get("X-Forwarded-For")
    return asked_here and current_app.config["MOSAIC"].development


def _allowed(who: Who) -> bool:
    if who is Who.OPERATOR:
        return bool(current_user.is_operator)
    coordinates = [b for b in current_user.belongings if b.is_coordinator and b.status == "active"]
    if who is Who.FOUNDER:
        return bool(current_user.is_operator or coordinates)
    if who is Who.COORDINATOR:
        slug = (request.view_args or {}).get("slug")
        g.console = next((b for b in coordinates if b.slug == slug), None)
        return g.console is not None
    return who is Who.SIGNED_IN
