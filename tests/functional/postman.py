"""A real worker beside the live server, for tests in which work is done and mail is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.factories.workers import Nursery, Workers


@dataclass
class Postman(Workers):
    """A worker whose mails lead back to the live server."""

    base_url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"BASE_URL": self.base_url}


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def worker(live, nursery, database_url) -> Iterator[Postman]:
    instance = live.app.config["MOSAIC"].instance
    workers = Postman(nursery, instance, database_url, queue_url="", lease=10.0, base_url=live.url)
    workers.start()
    yield workers
    workers.end_all()
