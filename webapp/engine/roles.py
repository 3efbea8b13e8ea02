"""A board of mentors: which of a mentee's needs each of her mentors answers, and which are open."""

from collections.abc import Collection, Iterable, Sequence


def roles_of(needs: Sequence[str], mentors: Iterable[Collection[str]]) -> list[str]:
    """Return the need that each mentor answers, by the topics that mentors offer; empty where none is left for one.

    Each takes the first need in the mentee's order that she offers and nobody before her took.
    """
    left, found = list(needs), []
    for topics in mentors:
        role = next((need for need in left if need in topics), "")
        if role:
            left.remove(role)
        found.append(role)
    return found


def open_first(needs: Sequence[str], mentors: Iterable[Collection[str]]) -> tuple[str, ...]:
    """Return a mentee's needs with those first that no mentor of hers answers yet: the first need counts most."""
    taken = set(roles_of(needs, mentors))
    return (*(need for need in needs if need not in taken), *(need for need in needs if need in taken))
