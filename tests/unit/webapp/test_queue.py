"""The queue carries ids; a queue that is away stops nobody."""

import sqlite3
import uuid
from dataclasses import replace

import pytest

from webapp import queue


@pytest.fixture
def bound(config):
    bound = queue.bind_queue(config)
    yield bound
    bound.close()


def work_off(bound):
    while (task := bound.huey.dequeue()) is not None:
        bound.huey.execute(task)


def test_an_id_arrives_at_the_runner(bound):
    done, job_id = [], uuid.uuid4()
    queue.bind_runner(done.append)
    assert queue.enqueue(job_id)
    work_off(bound)
    assert done == [job_id]


def test_a_nudge_arrives_at_the_mailer(bound):
    done = []
    queue.bind_runner(done.append, lambda: done.append("mail"))
    assert queue.nudge_outbox()
    work_off(bound)
    assert done == ["mail"]


def test_a_message_with_another_signature_is_not_read(bound, config):
    other = queue.Queue(replace(config, secret_key="somebody else's key, also long enough"))
    other.send("job", str(uuid.uuid4()))
    with pytest.raises(ValueError, match="mismatch"):
        bound.huey.dequeue()
    other.close()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "postgresql://nobody@127.0.0.1:1/none"], ids=["redis", "sql"])
def test_a_queue_that_is_away_is_no_error(config, url):
    bound = queue.bind_queue(replace(config, queue_url=url))
    assert not queue.enqueue(uuid.uuid4())
    assert not queue.nudge_outbox()
    assert not queue.is_reachable()
    bound.close()


def test_a_broken_file_is_no_error_either(bound, config):
    (config.instance).mkdir(parents=True)
    (config.instance / "queue.db").write_text("this is no database, but long enough to look at " * 20)
    assert not queue.enqueue(uuid.uuid4())
    with pytest.raises(sqlite3.DatabaseError):
        assert bound.huey


def test_the_queue_is_reachable_once_bound(bound):
    assert queue.is_reachable()


def test_an_unknown_kind_of_queue_is_named(config):
    bound = queue.Queue(replace(config, queue_url="amqp://localhost"))
    with pytest.raises(queue.UnknownQueueError, match="'amqp'"):
        bound.send("mail")
