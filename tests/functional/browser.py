"""A live server and a real Chromium, for tests that look at pages as people do.

`live` is the application on loopback and a database of its own, really committed; `page` is a browser page on it.
`@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["js", "no-js"])` opens it with and without script.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import databases
from tests.applications import bound, settings_in
from tests.factories.cast import sign_in
from webapp.extensions import db_session
from webapp.models import Person

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
BODY = "tests.body"
LONGEST = 30_000  # milliseconds that a page may take, on a machine with other work to do
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    }
}


class Quiet(WSGIRequestHandler):
    """Writes no line for each request: a failed test shows what failed."""

    def log_request(self, *_args) -> None:
        pass

    def connection_dropped(self, _error: BaseException, environ: dict | None = None) -> None:
        """Close the file of which a browser that went away took a part: the server itself would leave it open."""
        environ[BODY].close()


def with_body(app: Flask) -> Callable:
    """Note each answer's body where `connection_dropped` finds it."""

    def call(environ: dict, start_response: Callable) -> Iterable[bytes]:
        environ[BODY] = app(environ, start_response)
        return environ[BODY]

    return call


@dataclass
class Live:
    """A running application."""

    url: str
    app: Flask
    engine: Engine
    _sessions: list[Session] = field(default_factory=list)

    def session(self) -> Session:
        """Return a session of the test's own on the server's database; what it commits the server sees."""
        session = sessionmaker(self.engine, expire_on_commit=False)()
        self._sessions.append(session)
        return session

    def sign_in(self, person: Person, context: BrowserContext) -> None:
        """Sign this person in on every page of the browser's context."""
        client = self.app.test_client()
        with sessionmaker(self.engine, expire_on_commit=False)() as session:
            sign_in(client, session, person)
        cookie = client.get_cookie("mosaic")
        context.add_cookies([{"name": "mosaic", "value": cookie.value, "url": self.url}])


@pytest.fixture
def live(made_app: Flask, database_url: str, tmp_path) -> Iterator[Live]:
    config = settings_in(tmp_path / "live", database_url=database_url, base_url="http://127.0.0.1")
    with databases.engine_of(database_url) as engine, bound(made_app, config, engine):
        server = make_server("127.0.0.1", 0, with_body(made_app), threaded=True, request_handler=Quiet)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        running = Live(f"http://127.0.0.1:{server.server_port}", made_app, engine)
        yield running
        for session in running._sessions:
            session.close()
        server.shutdown()
        thread.join()
        server.server_close()
        db_session.remove()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=LONGEST)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def scripted(request: pytest.FixtureRequest) -> bool:
    """Say whether the test's `page` runs script."""
    callspec = getattr(request.node, "callspec", None)
    return callspec.params.get("page", True) if callspec else True


@pytest.fixture
def page(chromium: Browser, live: Live, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on the live server; parametrised with False it runs no script. Errors on it fail the test."""
    context = chromium.new_context(
        base_url=live.url,
        java_script_enabled=getattr(request, "param", True),
        viewport={"width": 1280, "height": 900},
        locale="en-GB",
        bypass_csp=False,
    )
    context.set_default_timeout(LONGEST)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    yield page
    context.close()
    assert not faults, faults


def _is_fault(message: ConsoleMessage) -> bool:
    return message.type == "error"


@contextmanager
def _with_script(page: Page) -> Iterator[Page]:
    """Open the same document in a context that may run axe: a page without script cannot run it itself."""
    context = page.context.browser.new_context(bypass_csp=True, viewport=page.viewport_size)
    context.add_cookies(page.context.cookies())
    other = context.new_page()
    other.goto(page.url)
    yield other
    context.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Return a check that fails on any finding of axe (WCAG 2.2 AA and best practices) on the page as it stands."""

    def check(page: Page, *, scripted: bool = True) -> None:
        page.wait_for_load_state()  # before its styles have come, no target has its size
        if scripted:
            response = Axe().run(page, options=RULES).response
        else:
            with _with_script(page) as other:
                response = Axe().run(other, options=RULES).response
        found = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in response["violations"]]
        assert not found, f"{page.url}: {found}"

    return check
