# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.mta_lines.endpoint import is_loopback, leads_to, postfix_endpoint
from postward.app.mta_lines.milter_list import parse_milter_list
from postward.config import InetSocket, UnixSocket


@pytest.fixture
def queue(tmp_path):
    path = tmp_path / "queue"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("listen", "endpoint"),
    [
        (UnixSocket(path="/run/postward/milter.sock"), "unix:/run/postward/milter.sock"),
        (InetSocket(host="127.0.0.1", port=8890), "inet:127.0.0.1:8890"),
        (InetSocket(host="0.0.0.0", port=8890), "inet:127.0.0.1:8890"),  # noqa: S104 - compared with
        (InetSocket(host="::1", port=8890), "inet:[::1]:8890"),
    ],
)
def test_in_the_words_of_postfix(queue, listen, endpoint):
    assert postfix_endpoint(listen, queue) == endpoint


def test_a_socket_in_the_queue_directory_is_relative(queue):
    assert postfix_endpoint(UnixSocket(path=f"{queue}/postward/milter.sock"), queue) == "unix:postward/milter.sock"


def test_a_directory_whose_name_only_begins_like_the_queue_is_outside(queue):
    assert postfix_endpoint(UnixSocket(path=f"{queue}2/milter.sock"), queue) == f"unix:{queue}2/milter.sock"


@pytest.mark.parametrize(
    ("written", "chrooted", "expected"),
    [
        ("unix:postward/m.sock", True, True),
        ("unix:postward/m.sock", False, True),
        ("unix:/postward/m.sock", True, True),
        ("unix:/postward/m.sock", False, False),
        ("unix:QUEUE/postward/m.sock", False, True),
        ("unix:QUEUE/postward/m.sock", True, False),
        ("unix:", True, False),
        ("inet:127.0.0.1:1", True, False),
        ("$postward", True, False),
    ],
)
def test_which_paths_lead_to_a_unix_socket(queue, written, chrooted, expected):
    (entry,) = parse_milter_list(written.replace("QUEUE", str(queue)))
    assert leads_to(entry, UnixSocket(path=f"{queue}/postward/m.sock"), queue, chrooted=chrooted) is expected


def test_symbolic_links_are_followed(queue, tmp_path):
    (tmp_path / "link").symlink_to(queue)
    (entry,) = parse_milter_list("unix:m.sock")
    assert leads_to(entry, UnixSocket(path=f"{tmp_path}/link/m.sock"), queue, chrooted=True)


@pytest.mark.parametrize(
    ("written", "host", "expected"),
    [
        ("inet:127.0.0.1:8890", "127.0.0.1", True),
        ("inet:localhost:8890", "127.0.0.1", True),
        ("inet:[::1]:8890", "::1", True),
        ("inet:127.0.0.1:8890", "0.0.0.0", True),  # noqa: S104 - compared with
        ("inet:127.0.0.1:8891", "127.0.0.1", False),
        ("inet:192.0.2.1:8890", "127.0.0.1", False),
        ("unix:x", "127.0.0.1", False),
    ],
)
def test_which_addresses_lead_to_a_tcp_socket(queue, written, host, expected):
    (entry,) = parse_milter_list(written)
    assert leads_to(entry, InetSocket(host=host, port=8890), queue, chrooted=True) is expected


def test_loopback():
    assert all(map(is_loopback, ["localhost", "127.0.0.1", "127.1.2.3", "::1"]))
    assert not any(map(is_loopback, ["", "0.0.0.0", "192.0.2.1", "mx.example.com"]))  # noqa: S104 - compared with
