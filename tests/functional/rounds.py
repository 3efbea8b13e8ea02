"""What tests of rounds share: the clicks that several of them need."""

import pytest

from tests.factories.cast import sign_in
from tests.factories.pools import freeze
from tests.functional.console import send, work_off


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def base(cast):
    return f"/c/{cast.programme.slug}/rounds"


@pytest.fixture
def frozen(session, cast, now):
    return freeze(session, cast.programme, cast.ada, now)


@pytest.fixture
def reviewed(ada, session, base, frozen, now):
    send(ada, f"{base}/{frozen}/solve", page=f"{base}/{frozen}", objective="coverage")
    return work_off(session, now)


def step(client, base, round_id, name):
    return send(client, f"{base}/{round_id}/step", page=base + "/new", step=name)


def rule(client, base, scenario, cast, kind, **values):
    pair = {"mentor_id": str(cast.mentor.id), "mentee_id": str(cast.mentee.id)}
    path = f"{base}/{scenario.round_id}"
    return send(client, f"{path}/rule?fit=good", page=path, kind=kind, **pair, **values)


def publish(client, base, scenario, offers):
    path = f"{base}/{scenario.round_id}/publish?scenario={scenario.id}"
    return send(client, path, offers=offers)
