"""What `mosaic repair` writes beside what `mosaic match` does: every change, with the reason."""

from collections.abc import Mapping
from types import MappingProxyType

from matcher.arrays import IntArray
from matcher.explain import reasons
from matcher.match_report import Match
from matcher.repair import Repair
from matcher.why_not import why_not

__all__ = ["SENTENCES", "change_rows"]

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "Accepted: this pair stays.",
        "kept": "Still open: this offer stays.",
        "withdrawn_moved": "As many mentees as possible have a mentor this way; {mentee} has {mentors}.",
        "withdrawn_alone": "As many mentees as possible have a mentor this way; {mentee} has none for now.",
        "lapsed": "No longer possible. {reason}",
        "declined": "Declined: this pair will not be offered again.",
    }
)
"""The English sentence for each key; a translator replaces it, the parameters stay."""


def change_rows(match: Match, found: Repair, declined: IntArray) -> list[list[object]]:
    """List withdrawn, lapsed and new pairs, then declined, kept and accepted ones, each with its reason."""
    rows: list[list[object]] = [["change", "mentor", "mentee", "mentor_name", "mentee_name", "reason"]]
    groups = {
        "withdrawn": found.withdrawn,
        "lapsed": found.lapsed,
        "new": found.new,
        "declined": declined,
        "kept": found.kept,
        "accepted": found.accepted,
    }
    for change, pairs in groups.items():
        for mentor, mentee in pairs.tolist():
            mine, theirs = match.pool.mentors[mentor].key, match.pool.mentees[mentee].key
            names = match.people.mentor_names[mine], match.people.mentee_names[theirs]
            rows.append([change, mine, theirs, *names, _reason(match, change, mentor, mentee)])
    return rows


def _reason(match: Match, change: str, mentor: int, mentee: int) -> str:
    if change == "new":
        found = reasons(match.pool, match.settings, mentor, mentee, viewer="coordinator")
        return " ".join(str(reason) for reason in found)
    if change == "lapsed":
        return SENTENCES[change].format(reason=why_not(int(match.scores.codes[mentor, mentee]))[1])
    if change != "withdrawn":
        return SENTENCES[change]
    names = [match.people.mentor_names[match.pool.mentors[j].key] for j, i in match.pairs if i == mentee]
    key = "withdrawn_moved" if names else "withdrawn_alone"
    return SENTENCES[key].format(
        mentee=match.people.mentee_names[match.pool.mentees[mentee].key], mentors=", ".join(names)
    )
