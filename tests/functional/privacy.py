"""What tests of what somebody tells and chooses share: her page, and the history of it."""

from webapp.models import Consent

PAGE = "/me/privacy"


def history(session, person):
    rows = session.query(Consent).filter_by(person_id=person.id).order_by(Consent.created_at, Consent.subject)
    return [(row.kind, row.subject, row.value) for row in rows]
