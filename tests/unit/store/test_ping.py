# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from dataclasses import replace

import pytest

from postward.model.redis_target import RedisKind, RedisTls
from postward.model.redis_url import parse_redis_url
from postward.store.ping import Ping, PingOutcome, ping
from tests.redis_servers.tls import Certificates, TlsRedis


def tried(url: str, timeout_s: float = 30) -> Ping:
    return ping(parse_redis_url(url), timeout_s=timeout_s)


@pytest.fixture
def server():
    """A TCP server that answers every client as it is told to; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()

    def start(answer: bytes, repeat_s: float = 0.0) -> int:
        threading.Thread(target=serve, args=(listening, answer, repeat_s, ending), daemon=True).start()
        return listening.getsockname()[1]

    yield start
    ending.set()
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()


def serve(listening: socket.socket, answer: bytes, repeat_s: float, ending: threading.Event) -> None:
    try:
        client, _ = listening.accept()
        with client:
            client.sendall(answer)
            while not ending.wait(repeat_s or None):
                client.sendall(answer)
    except OSError:
        return


@pytest.fixture
def redis_socket(tmp_path):
    """A real Redis with a password, on a Unix socket."""
    program = shutil.which("redis-server")
    assert program is not None, "redis-server is needed for these tests"
    path = tmp_path / "redis.sock"
    process = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", path, "--save", "", "--requirepass", "secret", "--dir", tmp_path],
        stdout=subprocess.PIPE,
    )
    for line in process.stdout:
        if b"ready to accept connections" in line.lower():
            break
    yield path
    process.terminate()
    process.stdout.close()
    process.wait()


def test_a_real_redis(redis_socket):
    assert tried(f"unix://:secret@{redis_socket}").outcome is PingOutcome.OK
    assert tried(f"unix://{redis_socket}").outcome is PingOutcome.REFUSED
    refused = tried(f"unix://:wrong@{redis_socket}")
    assert refused.outcome is PingOutcome.REFUSED
    assert "wrong" not in refused.detail.split()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", PingOutcome.NOT_REDIS),
        (b"-LOADING Redis is loading the dataset in memory\r\n" * 5, PingOutcome.LOADING),
        (b"-NOAUTH Authentication required.\r\n" * 5, PingOutcome.REFUSED),
    ],
)
def test_what_a_server_answers(server, answer, outcome):
    assert tried(f"redis://127.0.0.1:{server(answer)}").outcome is outcome


def test_a_server_that_drips_does_not_hold_us(server):
    # Each byte comes well within the time-out of one read; only the bound on the whole ends it.
    assert tried(f"redis://127.0.0.1:{server(b'+', 0.05)}", timeout_s=0.5).outcome is PingOutcome.TIMEOUT


def test_a_server_that_says_nothing(server):
    assert tried(f"redis://127.0.0.1:{server(b'')}", timeout_s=0.3).outcome is PingOutcome.TIMEOUT


def test_nothing_is_there(tmp_path):
    assert tried("redis://127.0.0.1:1").outcome is PingOutcome.UNREACHABLE
    missing = tried(f"unix://{tmp_path}/none.sock")
    assert missing.outcome is PingOutcome.UNREACHABLE
    assert "No such file" in missing.detail


def test_all_masters_are_asked(redis_groups):
    cluster = redis_groups("cluster")
    assert ping(cluster.target, timeout_s=30).outcome is PingOutcome.OK
    assert ping(redis_groups("sentinel").target, timeout_s=30).outcome is PingOutcome.OK
    single = redis_groups("single").target
    no_cluster = ping(replace(single, kind=RedisKind.CLUSTER), timeout_s=30)
    assert (no_cluster.outcome, "cluster support" in no_cluster.detail) == (PingOutcome.UNFIT, True)
    no_sentinel = ping(replace(single, kind=RedisKind.SENTINEL, service="x"), timeout_s=30)
    assert no_sentinel.outcome is PingOutcome.UNFIT
    assert ping(replace(single, database=9_999), timeout_s=30).outcome is PingOutcome.UNFIT


def test_sentinels_that_do_not_know_the_master_or_us(redis_groups):
    group = redis_groups("sentinel")
    unknown = ping(replace(group.target, service="other"), timeout_s=30)
    assert (unknown.outcome, unknown.detail) == (PingOutcome.UNREACHABLE, "No master found for 'other'")
    gone = ping(replace(group.target, nodes=(("127.0.0.1", 1),)), timeout_s=30)
    assert gone.outcome is PingOutcome.UNREACHABLE
    assert gone.detail == "No master found for 'postward': sentinels cannot be reached"
    refused = ping(replace(group.target, sentinel_user="nobody", sentinel_password="x"), timeout_s=30)  # noqa: S106 - none
    assert refused.outcome is PingOutcome.REFUSED
    assert refused.detail == "No master found for 'postward': sentinels want another user or password"


def test_certificates_that_one_side_does_not_take(tmp_path):
    with TlsRedis(tmp_path / "redis") as server:
        assert ping(server.target, timeout_s=30).outcome is PingOutcome.OK
        stranger = replace(server.target, tls=RedisTls())
        assert ping(stranger, timeout_s=30).outcome is PingOutcome.NO_TRUST
        other = RedisTls(ca_file=Certificates(tmp_path / "other").certificate("ca"))
        assert ping(replace(server.target, tls=other), timeout_s=30).outcome is PingOutcome.NO_TRUST
