"""What a scenario's certificate covers, and what the last check of it found, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import CertificateCheck, Scenario
from webapp.presenters.board_figures import Proof as Badge
from webapp.presenters.dates import moment
from webapp.services.checks import Proof

_FAULTS: Mapping[str, Any] = {
    "problem_sha256": _l("It is not of the people and rules that were frozen."),
    "pairs": _l("Its pairs do not keep to every limit, or are not those that were proved."),
    "values": _l("The figures it names are not what its pairs reach."),
    "prices": _l("Its prices are not those that prove it."),
    "bounds": _l("Its bounds do not follow from its prices."),
    "gaps": _l("The distance to the best that it names does not follow from its bounds."),
    "proposals": _l("Pairs are shown as the engine’s that it does not have."),
    "totals": _l("The figures on the page are not those that it proves."),
    "objective": _l("It proves something else than this scenario was to reach."),
    "snapshot": _l("The frozen pool was changed after the freeze."),
    "zones": _l(
        "A time zone that somebody lived by when the pool was frozen is not in use any more, so hours are read by UTC. "
        "Reopen the round and freeze it anew."
    ),
    "digests": _l("It was changed after it was sealed."),
    "content_sha256": _l("It was changed after it was sealed."),
}


@dataclass(frozen=True)
class ProofPage:
    title: str
    lead: str
    covers: tuple[str, ...]
    outcome: str
    faults: tuple[str, ...]  # in words
    details: tuple[str, ...]  # as the check names them
    ok: bool | None  # None: not checked again yet
    checked: str


def present_proof_page(scenario: Scenario, proof: Proof) -> ProofPage:
    last = proof.last
    return ProofPage(
        title=_title(scenario, last),
        lead=_(
            "The certificate of “%(name)s” holds its pairs and what proves them. Anyone can compute it again.",
            name=scenario.name,
        ),
        covers=tuple(_covers(scenario, proof)),
        outcome=_outcome(scenario, last),
        faults=tuple(dict.fromkeys(_words(fault) for fault in last.faults)) if last else (),
        details=tuple(last.faults) if last else (),
        ok=None if last is None else last.ok,
        checked=moment(last.created_at) if last else "",
    )


def with_check(badge: Badge, last: CertificateCheck | None) -> Badge:
    """Let a scenario's badge say what the last check found, beside what the solve found."""
    if last is None:
        return badge
    if not last.ok:
        note = _("Checked again on %(when)s. Work the pairs out anew before you publish.", when=moment(last.created_at))
        return Badge(_("The last check of the certificate failed"), proved=False, note=note)
    again = _("Checked again on %(when)s.", when=moment(last.created_at))
    return replace(badge, note=f"{again} {badge.note}".strip())


def _title(scenario: Scenario, last: CertificateCheck | None) -> str:
    if last is None:
        return _("Checked once, when it was worked out") if scenario.verified else _("Never checked")
    if not last.ok:
        return _("The check failed")
    return _("Computed again, and true")


def _outcome(scenario: Scenario, last: CertificateCheck | None) -> str:
    if last is None:
        return (
            _("The engine checked its own result before it was stored. Nobody has computed it again since.")
            if scenario.verified
            else _("Its result did not pass a check, so it cannot be published.")
        )
    words = {"when": moment(last.created_at), "seconds": f"{last.seconds:.1f}"}
    if not last.ok:
        return _("On %(when)s the certificate did not hold. This scenario cannot be published.", **words)
    return _(
        "On %(when)s every figure was computed again from the frozen pool, without the solver, in %(seconds)s seconds.",
        **words,
    )


def _covers(scenario: Scenario, proof: Proof) -> list[str]:
    lines = []
    if proof.last is not None and proof.last.covers == "limits":
        lines.append(_("That its pairs keep every limit and reach what is said. The search for hours ended early."))
    elif scenario.result_status == "OPTIMAL":
        lines.append(_("That no other matching under this scenario’s rules and weights is better."))
    else:
        gap = f"{100 * float(scenario.totals.get('gap') or 0.0):.2f}"
        lines.append(_("That no other matching is better by more than %(gap)s %%.", gap=gap))
    changed = proof.removed + proof.by_hand
    if changed:
        lines.append(
            ngettext(
                "Not the %(num)d pair that was changed by hand since: it is no longer one of the proved ones.",
                "Not the %(num)d pairs that were changed by hand since: they are no longer the proved ones.",
                changed,
            )
        )
    else:
        lines.append(_("All of its pairs: none was changed by hand since."))
    return lines


def _words(fault: str) -> str:
    return str(_FAULTS.get(fault.split(":", 1)[0], _l("Something in it does not agree with what was frozen.")))
