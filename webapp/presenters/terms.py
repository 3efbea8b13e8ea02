"""Terms beside each other: what is new in a text and what was left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from webapp.services.terms import MyTerms, TermsHistory, TermsText


@dataclass(frozen=True)
class Line:
    text: str
    changed: bool


@dataclass(frozen=True)
class Asked:
    """The page on which a member reads what changed."""

    title: str
    before_title: str
    before: tuple[Line, ...]
    after: tuple[Line, ...]
    version: int
    contact: str
    is_asked: bool
    adult: str  # when she said that she is 18 or older; empty for whoever was not asked


@dataclass(frozen=True)
class Version:
    title: str
    about: str
    lines: tuple[Line, ...]
    gone: tuple[str, ...]


def compare(before: str, after: str) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of two texts, those marked that the other does not have."""
    old, new = (text.splitlines() for text in (before, after))
    kept_old, kept_new = set[int](), set[int]()
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        kept_old.update(range(block.a, block.a + block.size))
        kept_new.update(range(block.b, block.b + block.size))
    return _lines(old, kept_old), _lines(new, kept_new)


def _lines(texts: Iterable[str], kept: set[int]) -> tuple[Line, ...]:
    return tuple(Line(text, at not in kept) for at, text in enumerate(texts))


def present_asked(mine: MyTerms, zone: str) -> Asked:
    """Return what a member agreed to beside what holds now."""
    before, after = compare(mine.agreed_text, mine.text)
    agreed = _("You agreed to this on %(day)s", day=_day(mine.agreed_at, zone)) if mine.agreed_at else ""
    return Asked(
        title=_("The terms of %(programme)s", programme=mine.programme),
        before_title=agreed or _("You agreed to this when you joined"),
        before=before,
        after=after,
        version=mine.version,
        contact=mine.contact,
        is_asked=mine.is_asked,
        adult=_adult(mine.adult_at, zone),
    )


def _adult(at: datetime | None, zone: str) -> str:
    return _("You said on %(day)s that you are 18 or older.", day=_day(at, zone)) if at else ""


def present_history(history: TermsHistory, zone: str) -> tuple[Version, ...]:
    """Return every text from the newest, with what is new in it and what it left out."""
    pairs = [*pairwise(history.texts), (history.texts[-1], None)]
    return tuple(_version(text, earlier, zone) for text, earlier in pairs)


def _version(text: TermsText, earlier: TermsText | None, zone: str) -> Version:
    is_correction = earlier is not None and earlier.version == text.version
    title = _("Version %(n)d", n=text.version) + (_(", corrected") if is_correction else "")
    about = _("since %(day)s", day=_day(text.since, zone)) + (_(", by %(name)s", name=text.by) if text.by else "")
    if earlier is None:
        return Version(title, about, tuple(Line(line, changed=False) for line in text.text.splitlines()), ())
    before, after = compare(earlier.text, text.text)
    return Version(title, about, after, tuple(line.text for line in before if line.changed))


def agreed_words(history: TermsHistory) -> str:
    """Say how many agreed to the version of today, and what holds for the others."""
    if not history.joined:
        return _("Nobody has joined yet.")
    said = ngettext(
        "%(agreed)d of %(num)d member agreed to version %(version)d.",
        "%(agreed)d of %(num)d members agreed to version %(version)d.",
        history.joined,
        agreed=history.agreed,
        version=history.version,
    )
    if history.agreed == history.joined:
        return said
    return said + " " + _("The others are asked on their home page, and stay in the pool meanwhile.")


def _day(moment: datetime | None, zone: str) -> str:
    return str(format_date(moment.astimezone(ZoneInfo(zone)).date(), "d MMMM y")) if moment else ""
