"""The waiting list of a published round."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, g, render_template

from webapp.extensions import db_session
from webapp.forms.repairs import RepairForm
from webapp.presenters.waiting import WHYS, present_waiting
from webapp.services.offer_steps import ANSWERABLE
from webapp.services.responses import published_round
from webapp.services.waiting import find_waiting
from webapp.views.paging import here, one_of, page_number, page_url

blueprint = Blueprint("waiting", __name__, url_prefix="/c/<slug>/responses/<uuid:round_id>/waiting")


@blueprint.get("")
def show(slug: str, round_id: UUID) -> str:
    facts = published_round(db_session(), g.console.programme_id, round_id)
    why = one_of("why", frozenset(WHYS))
    found = find_waiting(
        db_session(), g.console.programme_id, round_id, why=why, page=page_number(), today=datetime.now(UTC).date()
    )
    return render_template(
        "responses/waiting.html",
        facts=facts,
        waiting=found,
        page=present_waiting(found),
        whys=[(name, words, found.counts.get(name, 0)) for name, words in WHYS.items() if found.counts.get(name)],
        why=why,
        answerable=facts.state in ANSWERABLE,
        form=RepairForm(formdata=None),
        all_url=here(why=None),
        page_url=page_url,
        slug=slug,
    )
