"""The tables. Import from here; each subject has its own file."""

from webapp.models.base import Base, Instant, utc_now
from webapp.models.board import BoardEdit, BoardNote
from webapp.models.importing import ImportBatch, ImportContent
from webapp.models.interest import Exclusion, Interest
from webapp.models.member import DistinctPeople, EditOnBehalf
from webapp.models.offer import Mentorship, Offer, TimeEntry
from webapp.models.offer_talk import OfferAsk, OfferMessage
from webapp.models.person import LoginAttempt, LoginSession, Person, Token
from webapp.models.pool import PoolChange, PoolReport
from webapp.models.profile import AvailabilityWindow, Profile
from webapp.models.programme import Membership, MenteeRequest, MentorOffer, Programme, ProgrammeTerms
from webapp.models.round import CertificateCheck, PairRule, Proposal, Round, RoundWithdrawal, Scenario
from webapp.models.work import AuditEvent, Job, OutboxMessage

__all__ = [
    "AuditEvent",
    "AvailabilityWindow",
    "Base",
    "BoardEdit",
    "BoardNote",
    "CertificateCheck",
    "DistinctPeople",
    "EditOnBehalf",
    "Exclusion",
    "ImportBatch",
    "ImportContent",
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
    "OfferAsk",
    "OfferMessage",
    "OutboxMessage",
    "PairRule",
    "Person",
    "PoolChange",
    "PoolReport",
    "Profile",
    "Programme",
    "ProgrammeTerms",
    "Proposal",
    "Round",
    "RoundWithdrawal",
    "Scenario",
    "TimeEntry",
    "Token",
    "utc_now",
]
