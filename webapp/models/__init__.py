"""The tables. Import from here; each subject has its own file."""

from webapp.models.base import Base, Instant, utc_now
from webapp.models.board import BoardEdit, BoardNote
from webapp.models.interest import Exclusion, Interest
from webapp.models.offer import Mentorship, Offer, TimeEntry
from webapp.models.person import LoginAttempt, LoginSession, Person, Token
from webapp.models.profile import AvailabilityWindow, Profile
from webapp.models.programme import Membership, MenteeRequest, MentorOffer, Programme
from webapp.models.round import PairRule, Proposal, Round, Scenario
from webapp.models.work import AuditEvent, Job, OutboxMessage

__all__ = [
    "AuditEvent",
    "AvailabilityWindow",
    "Base",
    "BoardEdit",
    "BoardNote",
    "Exclusion",
    "Instant",
    "Interest",
    "Job",
    "LoginAttempt",
    "LoginSession",
    "Membership",
    "MenteeRequest",
    "MentorOffer",
    "Mentorship",
    "Offer",
    "OutboxMessage",
    "PairRule",
    "Person",
    "Profile",
    "Programme",
    "Proposal",
    "Round",
    "Scenario",
    "TimeEntry",
    "Token",
    "utc_now",
]
