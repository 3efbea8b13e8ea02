"""Write access.md anew, from the routes and the table of who may open them."""

import tempfile
from pathlib import Path

from config import Testing
from webapp.app import create_app
from webapp.views.access_page import access_page

with tempfile.TemporaryDirectory() as folder:
    app = create_app(
        Testing(
            secret_key="only to build the map of addresses",  # noqa: S106 - nobody signs in here
            instance=Path(folder),
            database_url="sqlite://",
            queue_url="",
            base_url="http://localhost",
            smtp_url="",
        )
    )
    (Path(__file__).parent / "access.md").write_text(access_page(app), encoding="utf-8")
