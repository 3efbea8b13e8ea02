"""What other settings would do to a pool, in words that need no colour."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.review_board import FIT_WORDS, fit_of
from webapp.presenters.round_words import cannot_be
from webapp.services.fit_preview import Change, FitPreview, Part, SamplePair

RULES: dict[str, Any] = {
    "no_shared_language": _l("share no language"),
    "no_shared_hours": _l("share too little time"),
    "specialty_required": _l("work in specialties that are not close enough"),
    "not_ahead": _l("have a mentor who is not far enough on"),
    "former_pair": _l("were a pair before"),
    "student_not_approved": _l("are a student with a mentor who is not approved for students"),
    "stage_not_welcome": _l("are kept apart by the stages that the mentor welcomes (the mentor’s own choice)"),
}


@dataclass(frozen=True)
class PairRow:
    mentor: str
    mentee: str
    parts: str
    before: str
    after: str
    moved: str
    kind: str  # up, down or nothing: beside the words, never instead of them


@dataclass(frozen=True)
class PreviewPage:
    title: str
    looked_at: str
    facts: tuple[str, ...]
    rules: tuple[str, ...]
    rows: tuple[PairRow, ...]
    is_changed: bool


def present_preview(preview: FitPreview, criteria: dict[str, Any], *, is_changed: bool) -> PreviewPage:
    """Return the page's preview; `is_changed` says whether anything was tried out."""
    return PreviewPage(
        title=_("What your change would do") if is_changed else _("What holds now"),
        looked_at=_looked_at(preview),
        facts=tuple(_facts(preview, is_changed=is_changed)),
        rules=tuple(
            _rule(words, preview.rules[code], preview.pairs, is_changed=is_changed)
            for code, words in RULES.items()
            if code in preview.rules
        ),
        rows=tuple(_row(pair, criteria, is_changed=is_changed) for pair in preview.shown),
        is_changed=is_changed,
    )


def _looked_at(preview: FitPreview) -> str:
    people = {"mentors": preview.mentors, "mentees": preview.mentees}
    if preview.is_whole:
        return _("Counted over everybody in the pool: %(mentors)d mentors and %(mentees)d mentees.", **people)
    return _(
        "Counted over %(mentors)d of %(all_mentors)d mentors and %(mentees)d of %(all_mentees)d mentees, the same ones "
        "each time, so that it is quick. The round itself looks at everybody.",
        **people,
        all_mentors=preview.all_mentors,
        all_mentees=preview.all_mentees,
    )


def percent(part: int, whole: int) -> str:
    """Return a share in percent; what is there is never shown as nothing, nor what is left out as all."""
    if not whole:
        return _("0 %")
    share = 100 * part / whole
    if 0 < share < 1:
        return _("less than 1 %")
    if 99 < share < 100:
        return _("more than 99 %")
    return _("%(n)d %%", n=round(share))


def _facts(preview: FitPreview, *, is_changed: bool) -> Iterable[str]:
    possible = preview.possible
    share = percent(possible.after, preview.pairs)
    yield _("%(share)s of all pairs are possible.", share=share) + _was(
        percent(possible.before, preview.pairs), share, is_changed=is_changed
    )
    if is_changed and (preview.lost or preview.gained):
        lost = ngettext("%(num)d pair would be lost", "%(num)d pairs would be lost", preview.lost)
        gained = ngettext("%(num)d would become possible", "%(num)d would become possible", preview.gained)
        yield _("%(lost)s, %(gained)s.", lost=lost, gained=gained)
    below = preview.below
    yield ngettext(
        "%(num)d pair falls under the smallest fit.", "%(num)d pairs fall under the smallest fit.", below.after
    ) + _was(str(below.before), str(below.after), is_changed=is_changed)
    alone = preview.without
    yield ngettext(
        "For %(num)d mentee no mentor is possible.", "For %(num)d mentees no mentor is possible.", alone.after
    ) + _was(str(alone.before), str(alone.after), is_changed=is_changed)


def _rule(words: Any, change: Change, pairs: int, *, is_changed: bool) -> str:
    share = percent(change.after, pairs)
    sentence = _("%(share)s of all pairs %(what)s.", share=share, what=words)
    return sentence[:1].upper() + sentence[1:] + _was(percent(change.before, pairs), share, is_changed=is_changed)


def _was(before: str, after: str, *, is_changed: bool) -> str:
    if not is_changed:
        return ""
    return " " + (_("As now.") if before == after else _("Now it is %(before)s.", before=before))


def _row(pair: SamplePair, criteria: dict[str, Any], *, is_changed: bool) -> PairRow:
    kind = ""
    if pair.place_before and pair.place_after:
        kind = {-1: "up", 1: "down"}.get(
            (pair.place_after > pair.place_before) - (pair.place_after < pair.place_before), ""
        )
    elif pair.place_before or pair.place_after:
        kind = "up" if pair.place_after else "down"
    return PairRow(
        mentor=pair.mentor,
        mentee=pair.mentee,
        parts=", ".join(_part(part, criteria) for part in pair.parts),
        before=_fit(pair.before, pair.cause_before),
        after=_fit(pair.after, pair.cause_after),
        moved=_moved(pair) if is_changed else _place(pair.place_after, pair.cause_after),
        kind=kind,
    )


def _part(part: Part, criteria: dict[str, Any]) -> str:
    if not part.stated:
        return _("%(name)s: not stated", name=criteria[part.criterion])
    return f"{criteria[part.criterion]}: {part.score:.2f}"


def _fit(fit: float, cause: str) -> str:
    return _("not possible") if cause else f"{FIT_WORDS[fit_of(fit)]}, {fit:.2f}"


def _place(place: int | None, cause: str) -> str:
    return _("place %(n)d", n=place) if place else cannot_be(cause)


def _moved(pair: SamplePair) -> str:
    before, after = pair.place_before, pair.place_after
    if after is None:
        word = _("Not possible any more.") if before else _("Not possible, as before.")
        return f"{word} {cannot_be(pair.cause_after)}"
    if before is None:
        return _("becomes possible: place %(n)d", n=after)
    if after == before:
        return _("stays in place %(n)d", n=after)
    if after < before:
        return _("up from place %(before)d to %(after)d", before=before, after=after)
    return _("down from place %(before)d to %(after)d", before=before, after=after)
