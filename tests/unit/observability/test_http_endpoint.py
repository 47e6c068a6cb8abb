# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import selectors
import socket
import threading

import pytest

from postward.observability.collector_settings import MetricsAddress
from postward.observability.http_endpoint import HttpEndpoint
from tests.clock import Clock

LIMIT_S = 20
BODY = b"x" * 3_000_000


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def endpoint(clock):
    """An endpoint whose loop runs on a thread of its own until the test ends."""
    selector = selectors.DefaultSelector()
    endpoint = HttpEndpoint(MetricsAddress(port=0), selector, lambda: ("text/plain", BODY), clock)
    stop = threading.Event()

    def serve():
        while not stop.is_set():
            for key, _ in selector.select(0.01):
                key.data()
            endpoint.expire()

    thread = threading.Thread(target=serve)
    thread.start()
    yield endpoint
    stop.set()
    thread.join(LIMIT_S)
    endpoint.close()
    selector.close()


def connect(endpoint) -> socket.socket:
    return socket.create_connection(("127.0.0.1", endpoint.port), timeout=LIMIT_S)


def read_all(client) -> bytes:
    answer = b""
    while piece := client.recv(1 << 20):
        answer += piece
    return answer


def ask(endpoint, request: bytes) -> bytes:
    with connect(endpoint) as client:
        client.sendall(request)
        return read_all(client)


def test_a_large_page_comes_whole(endpoint):
    head, _, body = ask(endpoint, b"GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 3000000" in head
    assert body == BODY


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"HEAD /metrics HTTP/1.0\r\n\r\n", b"200"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", b"405"),
        (b"GET / HTTP/1.1\r\n\r\n", b"404"),
        (b"\r\n\r\n", b"405"),
        (b"\x16\x03\x01\n\n", b"405"),
        (b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 5000, b"431"),
    ],
)
def test_other_requests_get_a_short_answer(endpoint, request_bytes, status):
    with connect(endpoint) as client:
        client.sendall(request_bytes[:8192])
        answer = read_all(client)
    assert answer.split(b" ")[1] == status
    assert len(answer) < 300


def test_a_client_that_sends_nothing_is_let_go_and_holds_up_nobody(endpoint, clock):
    with connect(endpoint) as silent, connect(endpoint) as slow:
        slow.sendall(b"GET /me")
        assert ask(endpoint, b"GET /metrics HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200")
        clock.now_s += 60
        assert read_all(silent) == b""
        assert read_all(slow) == b""


def test_a_client_that_does_not_read_is_let_go(endpoint, clock):
    with socket.socket() as deaf:
        deaf.settimeout(LIMIT_S)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", endpoint.port))
        deaf.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        received = len(deaf.recv(1))
        assert ask(endpoint, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")
        clock.now_s += 60
        # The loop closes what is overdue before it comes to answer another.
        assert ask(endpoint, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")
        received += len(read_all(deaf))
    assert received < len(BODY)


def test_clients_beyond_the_bound_are_turned_away(endpoint, clock):
    clients = [connect(endpoint) for _ in range(16)]
    for client in clients:
        client.sendall(b"G")
    with connect(endpoint) as surplus:
        assert read_all(surplus) == b""
    clock.now_s += 60
    assert [read_all(client) for client in clients] == [b""] * 16
    for client in clients:
        client.close()
    assert ask(endpoint, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404")


def test_an_address_that_is_none_is_refused():
    with selectors.DefaultSelector() as selector, pytest.raises(ValueError):
        HttpEndpoint(MetricsAddress(address="localhost"), selector, lambda: ("", b""), Clock())


def test_a_client_may_be_ready_in_the_round_in_which_the_endpoint_is_closed(clock):
    with selectors.DefaultSelector() as selector:
        endpoint = HttpEndpoint(MetricsAddress(port=0), selector, lambda: ("text/plain", BODY), clock)
        with connect(endpoint) as client, connect(endpoint):
            ((accepts, _),) = selector.select(LIMIT_S)
            accepts.data()
            client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
            ready = [key for _ in range(2) for key, _ in selector.select(LIMIT_S)]
            assert {key.fileobj is accepts.fileobj for key in ready} == {True, False}
            endpoint.close()
            for key in ready:
                key.data()
            assert not selector.get_map()
