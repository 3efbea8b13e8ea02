"""The access table as a page of the documentation: `docs/reference/access.md` is made from it."""

from collections import defaultdict

from flask import Flask

from webapp.views.access import ACCESS, Who

INTRODUCTION = """\
# Who may open what

Made from the table in `webapp/views/access.py` by `python docs/reference/make_access.py`; a test compares the two.
An address that is not in the table is closed to everyone. Rules on single things, such as one offer or one
mentorship, are held where the thing is loaded: whoever has no part in it is told that there is no such page.
"""


def access_page(app: Flask) -> str:
    """Return the page: for each kind of visitor, what opens from there on."""
    addresses: defaultdict[Who, list[tuple[str, str, str]]] = defaultdict(list)
    for rule in app.url_map.iter_rules():
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        addresses[ACCESS[rule.endpoint]].append((rule.rule, methods, rule.endpoint))
    parts = [INTRODUCTION]
    for who in Who:
        if addresses[who]:
            rows = [f"| `{path}` | {methods} | `{name}` |" for path, methods, name in sorted(addresses[who])]
            heading = who.value[0].upper() + who.value[1:]
            parts.append("\n".join([f"## {heading}", "", "| address | methods | name |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)
