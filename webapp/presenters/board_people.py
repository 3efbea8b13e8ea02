"""The people of a scenario as lines: each with her pairs, her month, or that she has nobody."""

import uuid
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.presenters.beside import Beside, NoteLine, anchor_of
from webapp.presenters.places import say_place
from webapp.presenters.review_board import (
    FIT_WORDS,
    Tiles,
    Who,
    fit_of,
    say_ruling,
    short_why,
    slot_words,
    tiles_of,
    who_of,
)
from webapp.services.board_people import Partner, PersonRow
from webapp.services.vocabulary import city_of


@dataclass(frozen=True)
class PartnerLine:
    """One pair of the line's person."""

    anchor: str
    mentor_id: uuid.UUID
    mentee_id: uuid.UUID
    who: Who
    place: str
    why: str
    slot: str
    rhythm: str
    zone: str
    fit: str
    weight: str
    thin: bool
    removed: bool
    by_hand: bool
    ruling: str
    kind: str
    change: str
    proposal_id: uuid.UUID


@dataclass(frozen=True)
class PersonLine:
    """Somebody on the board; `month` and `places` are a mentor's."""

    who: Who
    partners: list[PartnerLine]
    alone: bool
    month: Tiles | None
    places: str
    notes: list[NoteLine]


def present_mentor(row: PersonRow, beside: Beside) -> PersonLine:
    partners = [_partner(partner, row, beside, is_mentor=True) for partner in row.partners]
    return PersonLine(
        who=who_of(row.side, stage_first=False),
        partners=partners,
        alone=all(partner.removed for partner in partners),
        month=tiles_of(row.booked, row.fresh, row.given),
        places=ngettext(
            "%(taken)s of %(num)d place", "%(taken)s of %(num)d places", row.places, taken=row.taken_places
        ),
        notes=beside.notes_of(row.side.id, None),
    )


def present_mentee(row: PersonRow, beside: Beside) -> PersonLine:
    partners = [_partner(partner, row, beside, is_mentor=False) for partner in row.partners]
    return PersonLine(
        who=who_of(row.side, stage_first=True),
        partners=partners,
        alone=all(partner.removed for partner in partners),
        month=None,
        places="",
        notes=beside.notes_of(None, row.side.id),
    )


def _partner(partner: Partner, row: PersonRow, beside: Beside, *, is_mentor: bool) -> PartnerLine:
    proposal, zone = partner.proposal, row.zone if is_mentor else partner.zone
    pair = proposal.mentor_id, proposal.mentee_id
    ruling, word = beside.rulings.by_pair.get(pair), fit_of(proposal.weight)
    removed = proposal.removed_at is not None
    return PartnerLine(
        anchor=anchor_of(*pair),
        mentor_id=pair[0],
        mentee_id=pair[1],
        who=who_of(partner.side, stage_first=is_mentor),
        place=say_place(proposal.role),
        why=short_why(proposal.reasons),
        slot=slot_words(proposal.slot_weekday, proposal.slot_minute) or _("no hour yet"),
        rhythm=beside.rhythm(proposal.slot_weekday, proposal.slot_minute, proposal.slot_week, zone),
        zone=city_of(zone),
        fit=str(FIT_WORDS[word]),
        weight=f"{proposal.weight:.2f}",
        thin=word == "thin",
        removed=removed,
        by_hand=proposal.origin == "hand",
        ruling=say_ruling(ruling, beside.me) if ruling else "",
        kind=ruling.kind if ruling else "",
        change="" if removed else beside.change_of(*pair),
        proposal_id=proposal.id,
    )
