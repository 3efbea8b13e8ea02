"""A matching round, its scenarios, and the pairs they propose."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from webapp.models.base import Base, Row
from webapp.models.programme import Membership, Programme

ROUND_STATES = (
    "draft",
    "enrolling",
    "frozen",
    "review",
    "published",
    "active",
    "closing",
    "archived",
    "cancelled",
)


class Round(Row, Base):
    __tablename__ = "round"

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    enrols_until: Mapped[date | None]
    frozen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    # Ids and features, never names or e-mails; its hash is over the canonical JSON.
    snapshot: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    snapshot_sha256: Mapped[str] = mapped_column(String(64), default="")

    programme: Mapped[Programme] = relationship()
    scenarios: Mapped[list["Scenario"]] = relationship(back_populates="round", order_by="Scenario.created_at")

    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'enrolling', 'frozen', 'review', 'published', 'active', 'closing', 'archived',"
            " 'cancelled')",
            name="state_known",
        ),
    )


class Scenario(Row, Base):
    """One stored execution of the engine on a round; never changed once solved."""

    __tablename__ = "scenario"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    objective: Mapped[str] = mapped_column(String(12), default="coverage")
    seed: Mapped[int] = mapped_column(default=0)
    weights: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(
        String(12), default="waiting"
    )  # waiting, solving, solved, infeasible, failed, cancelled, stale
    result_status: Mapped[str] = mapped_column(String(12), default="")  # OPTIMAL, FEASIBLE
    verified: Mapped[bool] = mapped_column(default=False)
    totals: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # coverage, pairs, total, bound, gap, minutes...
    unmatched: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # membership id, reason keys and figures
    conflicts: Mapped[list[str]] = mapped_column(JSON, default=list)
    timings: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    certificate: Mapped[str | None] = deferred(mapped_column(Text))
    solved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]  # set on the one scenario whose pairs became offers

    round: Mapped[Round] = relationship(back_populates="scenarios")

    __table_args__ = (
        CheckConstraint(
            "status IN ('waiting', 'solving', 'solved', 'infeasible', 'failed', 'cancelled', 'stale')",
            name="status_known",
        ),
    )


class Proposal(Row, Base):
    __tablename__ = "proposal"

    scenario_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"), index=True)
    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    # The need that the place on her board is for; none for mentees without one, and for a place that is for any need.
    role: Mapped[str] = mapped_column(String(80), default="", server_default="")
    weight: Mapped[float]
    minutes: Mapped[int]
    parts: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)  # criterion -> score
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # kind, key, params
    slot_weekday: Mapped[int | None]  # in the mentor's zone
    slot_minute: Mapped[int | None]
    slot_week: Mapped[int | None]  # of four weeks that repeat, see services.slots
    origin: Mapped[str] = mapped_column(String(8), default="solver")  # solver, pinned, hand
    removed_at: Mapped[datetime | None]  # taken out by hand; not published

    mentor: Mapped[Membership] = relationship(foreign_keys=[mentor_id])
    mentee: Mapped[Membership] = relationship(foreign_keys=[mentee_id])
    scenario: Mapped[Scenario] = relationship()

    __table_args__ = (
        UniqueConstraint("scenario_id", "mentor_id", "mentee_id"),
        # The pairs of one mentee in one scenario, with all that is added up of them: whole rows are long.
        Index(
            "ix_proposal_figures",
            "scenario_id",
            "mentee_id",
            "removed_at",
            "origin",
            "weight",
            "minutes",
            "slot_weekday",
        ),
        Index("ix_proposal_scenario_id_weight", "scenario_id", "weight"),
        CheckConstraint("weight >= 0 AND weight <= 1", name="weight_in_unit"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("origin IN ('solver', 'pinned', 'hand')", name="origin_known"),
        CheckConstraint("mentor_id <> mentee_id", name="not_oneself"),
    )


class PairRule(Row, Base):
    """A coordinator's word on a pair of a round: pinned, or forbidden."""

    __tablename__ = "pair_rule"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    mentor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    mentee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(6))  # pin or forbid
    role: Mapped[str] = mapped_column(String(80), default="", server_default="")  # of a pin on a mentee's board
    why: Mapped[str] = mapped_column(String(200), default="")
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        UniqueConstraint("round_id", "mentor_id", "mentee_id"),
        CheckConstraint("kind IN ('pin', 'forbid')", name="kind_known"),
    )


class RoundWithdrawal(Row, Base):
    """Somebody who is left out of one round, by her own word or a coordinator's; her membership stays as it is."""

    __tablename__ = "round_withdrawal"

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    membership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), index=True)
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    membership: Mapped[Membership] = relationship()

    __table_args__ = (UniqueConstraint("round_id", "membership_id"),)


class CertificateCheck(Row, Base):
    """One time that a stored certificate was computed again from the frozen snapshot, and what came of it."""

    __tablename__ = "certificate_check"

    scenario_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"), index=True)
    ok: Mapped[bool]
    covers: Mapped[str] = mapped_column(String(6), default="best")  # best, or limits where the search ended early
    faults: Mapped[list[str]] = mapped_column(JSON, default=list)
    seconds: Mapped[float]
    by_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (CheckConstraint("covers IN ('best', 'limits')", name="covers_known"),)
