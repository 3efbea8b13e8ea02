"""A thread of each server process that has ready what the first visitors to a page waited for.

Reading 15,000 people takes seconds, after a start or an import; making code of all templates takes a second and more.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from jinja2 import Environment
from sqlalchemy.orm import Session, sessionmaker

from webapp.extensions import log
from webapp.services.crowds import keep_ready

EVERY = 5.0  # seconds


class ReadingAhead(threading.Thread):
    """Reads templates once, and people again and again; a visit between two looks reads what changed by itself."""

    def __init__(
        self, sessions: sessionmaker[Session], templates: Environment | None = None, *, every: float = EVERY
    ) -> None:
        super().__init__(name="reading-ahead", daemon=True)
        self.sessions, self.templates, self.every = sessions, templates, every
        self._ended = threading.Event()

    def run(self) -> None:
        self._try(self.read_templates)
        while not self._ended.is_set():
            self._try(self.read_people)
            self._ended.wait(self.every)

    def stop(self) -> None:
        self._ended.set()
        self.join()

    def read_templates(self) -> None:
        if self.templates is not None:
            for name in self.templates.list_templates():
                self.templates.get_template(name)

    def read_people(self) -> None:
        with self.sessions() as session:
            keep_ready(session, now=datetime.now(UTC))

    def _try(self, task: Callable[[], None]) -> None:
        try:
            task()
        except Exception:  # noqa: BLE001 - the outermost edge: a database that is away comes back
            log.exception("reading_ahead_failed", task=task.__name__)
