"""The words of the navigation, at most five, by who is looking and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user


@dataclass(frozen=True)
class Item:
    text: str
    icon: str
    url: str
    current: bool


def _item(text: str, icon: str, endpoint: str, *also: str, slug: str | None = None) -> Item:
    here = request.endpoint or ""
    return Item(text, icon, url_for(endpoint, slug=slug), here == endpoint or here in also)


_LETTERS = ("letters.index", "letters.show")
# The blueprints behind each word of the console; pages about the programme itself belong to its name above them.
SECTIONS: Mapping[str, frozenset[str]] = {
    "people": frozenset(
        {"people", "imports", "invitations", "reminders", "members", "duplicates", "approvals", "letter_reports"}
        | {"student_approvals"}
    ),
    "pool": frozenset({"pool"}),
    "rounds": frozenset(
        {
            "rounds",
            "scenarios",
            "proofs",
            "withdrawals",
            "changes",
            "notes",
            "whys",
            "responses",
            "following",
            "waiting",
            "repairs",
        }
    ),
    "reports": frozenset({"reports", "round_report", "audit"}),
}


def _console_items(slug: str) -> list[Item]:
    is_pairs = request.endpoint == "responses.pairs"

    def item(text: str, icon: str, endpoint: str, section: str) -> Item:
        here = is_pairs if section == "pairs" else not is_pairs and request.blueprint in SECTIONS[section]
        return Item(text, icon, url_for(endpoint, slug=slug), here)

    return [
        item(_("People"), "people", "people.index", "people"),
        item(_("Pool"), "pool", "pool.show", "pool"),
        item(_("Rounds"), "round", "rounds.index", "rounds"),
        item(_("Pairs"), "pair", "responses.pairs", "pairs"),
        item(_("Reports"), "report", "reports.index", "reports"),
    ]


def _own_items() -> list[Item]:
    active = [b for b in current_user.belongings if b.status in {"active", "paused"}]
    items = [_item(_("Home"), "home", "home.show")]
    if any(b.is_mentee or b.is_mentor for b in active):
        items.append(_item(_("Suggestions"), "spark", "suggestions.show"))
    if any(b.is_mentee for b in active) and not any(b.is_mentor for b in active):
        # Whoever is both finds the way from her suggestions: the words are five at most.
        items.append(_item(_("Mentors"), "letter", "directory.index", "directory.show", "directory.write", *_LETTERS))
    if any(b.is_mentor for b in active):
        items.append(_item(_("My time"), "clock", "me.time"))
    if any(b.is_mentee or b.is_mentor for b in active):
        items.append(_item(_("Pairs"), "pair", "mentorships.index", "mentorships.show"))
    coordinated = next((b for b in active if b.is_coordinator), None)
    if current_user.is_operator:
        items.append(_item(_("Programmes"), "people", "console.index", "console.create"))
    elif coordinated:
        items.append(Item(_("Programme"), "round", url_for("console.overview", slug=coordinated.slug), current=False))
    return items


def register_navigation(app: Flask) -> None:
    """Make `navigation` and `place` known to every template."""

    @app.context_processor
    def navigation() -> dict[str, object]:
        console = g.get("console")
        if not current_user or not current_user.is_authenticated:
            return {"navigation": [], "place": g.get("place")}
        if console is not None:
            # The words are five; the programme itself is reached by its name, in the header and in the footer.
            overview = url_for("console.overview", slug=console.slug)
            return {"navigation": _console_items(console.slug), "place": console.programme, "place_url": overview}
        return {"navigation": _own_items(), "place": g.get("place")}
