"""The tables. Import from here; each subject has its own file."""

from webapp.models.base import Base, Instant, utc_now
from webapp.models.board import BoardEdit, BoardNote
from webapp.models.importing import ImportBatch, ImportContent
from webapp.models.interest import Exclusion, FirstCard, Interest
from webapp.models.member import DistinctPeople, EditOnBehalf
from webapp.models.message import LetterBox, Message
from webapp.models.offer import Mentorship, Offer, TimeEntry
from webapp.models.offer_talk import OfferAsk, OfferMessage
from webapp.models.person import LoginAttempt, LoginSession, Person, Token
from webapp.models.pool import PoolChange, PoolReport
from webapp.models.privacy import Consent, MailChoice, Trait
from webapp.models.profile import AvailabilityException, AvailabilityWindow, Profile
from webapp.models.programme import Membership, MenteeRequest, MentorOffer, Programme, ProgrammeTerms
from webapp.models.progress import Achievement, Goal
from webapp.models.round import CertificateCheck, PairRule, Proposal, Round, RoundWithdrawal, Scenario
from webapp.models.work import AuditEvent, Job, OutboxMessage

__all__ = [
    "Achievement",
    "AuditEvent",
    "AvailabilityException",
    "AvailabilityWindow",
    "Base",
    "BoardEdit",
    "BoardNote",
    "CertificateCheck",
    "Consent",
    "DistinctPeople",
    "EditOnBehalf",
    "Exclusion",
    "FirstCard",
    "Goal",
    "ImportBatch",
    "ImportContent",
    "Instant",
    "Interest",
    "Job",
    "LetterBox",
    "LoginAttempt",
    "LoginSession",
    "MailChoice",
    "Membership",
    "MenteeRequest",
    "MentorOffer",
    "Mentorship",
    "Message",
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
    "Trait",
    "utc_now",
]
