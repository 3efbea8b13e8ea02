"""The pages. One blueprint a subject; `register_views` lists them all."""

from flask import Flask

from webapp.views import (
    accounts,
    approvals,
    audit,
    changes,
    console,
    development,
    directory,
    duplicates,
    following,
    home,
    imports,
    invitations,
    invited,
    joining,
    letter_reports,
    letters,
    me,
    me_adult,  # noqa: F401 - adds its page to the blueprint of me
    me_formats,  # noqa: F401 - adds its page to the blueprint of me
    me_hours,  # noqa: F401 - adds its pages to the blueprint of me
    me_letters,  # noqa: F401 - adds its page to the blueprint of me
    me_security,  # noqa: F401 - adds its pages to the blueprint of me
    me_terms,  # noqa: F401 - adds its page to the blueprint of me
    me_time,  # noqa: F401 - adds its page to the blueprint of me
    members,
    mentorships,
    notes,
    offer_talk,  # noqa: F401 - adds its pages to the blueprint of offers
    offers,
    pages,
    people,
    pool,
    privacy,
    progress,
    proofs,
    reminders,
    repairs,
    reports,
    responses,
    round_report,
    rounds,
    scenarios,
    settings,
    student_approvals,
    suggestions,
    waiting,
    whys,
    withdrawals,
)
from webapp.views.access import enforce_access
from webapp.views.errors import register_errors
from webapp.views.filters import register_filters
from webapp.views.navigation import register_navigation
from webapp.views.plain_text import register_plain_text
from webapp.views.security import register_headers
from webapp.views.static_files import register_static_files
from webapp.views.words import register_words

BLUEPRINTS = (
    pages.blueprint,
    accounts.blueprint,
    invited.blueprint,
    home.blueprint,
    me.blueprint,
    privacy.blueprint,
    progress.blueprint,
    joining.blueprint,
    suggestions.blueprint,
    directory.blueprint,
    letters.blueprint,
    offers.blueprint,
    mentorships.blueprint,
    console.blueprint,
    settings.blueprint,
    people.blueprint,
    imports.blueprint,
    invitations.blueprint,
    reminders.blueprint,
    approvals.blueprint,
    student_approvals.blueprint,
    duplicates.blueprint,
    members.blueprint,
    pool.blueprint,
    rounds.blueprint,
    scenarios.blueprint,
    proofs.blueprint,
    withdrawals.blueprint,
    whys.blueprint,
    changes.blueprint,
    notes.blueprint,
    responses.blueprint,
    waiting.blueprint,
    following.blueprint,
    repairs.blueprint,
    reports.blueprint,
    round_report.blueprint,
    audit.blueprint,
    letter_reports.blueprint,
    development.blueprint,
)


def register_views(app: Flask) -> None:
    """Register every blueprint, and what stands around them all."""
    register_plain_text(app)
    app.before_request(enforce_access)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_errors(app)
    register_filters(app)
    register_headers(app)
    register_navigation(app)
    register_static_files(app)
    register_words(app)
