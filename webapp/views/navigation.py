"""The words of the navigation, at most five, by who is looking and where."""

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


def _console_items(slug: str) -> list[Item]:
    return [
        _item(_("Programme"), "home", "console.overview", "console.settings", "console.coordinators", slug=slug),
        _item(_("People"), "people", "people.index", "people.show", slug=slug),
        _item(_("Pool"), "pool", "pool.show", slug=slug),
        _item(
            _("Rounds"),
            "round",
            "rounds.index",
            "rounds.create",
            "rounds.show",
            "rounds.confirm",
            "rounds.publish",
            "scenarios.index",
            "scenarios.create",
            "scenarios.edit",
            "scenarios.remove",
            "scenarios.compare",
            "proofs.show",
            "withdrawals.show",
            "whys.show",
            "responses.show",
            "waiting.show",
            "repairs.show",
            "repairs.start",
            "repairs.settle",
            slug=slug,
        ),
        _item(_("Pairs"), "pair", "responses.pairs", slug=slug),
    ]


def _own_items() -> list[Item]:
    active = [b for b in current_user.belongings if b.status in {"active", "paused"}]
    items = [_item(_("Home"), "home", "home.show")]
    if any(b.is_mentee or b.is_mentor for b in active):
        items.append(_item(_("Suggestions"), "spark", "suggestions.show"))
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
            return {"navigation": _console_items(console.slug), "place": console.programme}
        return {"navigation": _own_items(), "place": g.get("place")}
