"""A thread of each server process that has the people of large programmes read before anybody asks for them.

Reading 15,000 people takes seconds; after a start or an import the first visitor to suggestions waited for it.
"""

import threading
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from webapp.extensions import log
from webapp.services.crowds import keep_ready

EVERY = 5.0  # seconds


class ReadingAhead(threading.Thread):
    """Looks again and again; a visit that comes between two looks reads what has changed by itself."""

    def __init__(self, sessions: sessionmaker[Session], *, every: float = EVERY) -> None:
        super().__init__(name="reading-ahead", daemon=True)
        self.sessions, self.every = sessions, every
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                with self.sessions() as session:
                    keep_ready(session, now=datetime.now(UTC))
            except Exception:  # noqa: BLE001 - the outermost edge: a database that is away comes back
                log.exception("reading_ahead_failed")
            self._ended.wait(self.every)

    def stop(self) -> None:
        self._ended.set()
        self.join()
