# SPDX-License-Identifier: GPL-3.0-or-later
"""Block and allow lists in DNS, asked through a real Postfix and a real name server."""

from __future__ import annotations

import time
import urllib.request

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import Letter, compose
from tests.mailhost.smtp import Client

KEY = "SeCretKey1"
FRIEND = Client(address="198.51.100.40", name="mail.friend.example", helo="mail.friend.example")
ALWAYS_LISTED = "2.0.0.127"
ZONE = {
    f"{ALWAYS_LISTED}.bl.lists.test": {"A": "127.0.0.2"},
    "99.113.0.203.bl.lists.test": {"A": "127.0.0.2"},
    f"{ALWAYS_LISTED}.{KEY}.keyed.lists.test": {"A": "127.0.0.2"},
    f"99.113.0.203.{KEY}.keyed.lists.test": {"A": "127.0.0.10"},
    "test.dbl.lists.test": {"A": "127.0.1.2"},
    "evil.example.dbl.lists.test": {"A": "127.0.1.2"},
    f"{ALWAYS_LISTED}.wl.lists.test": {"A": "127.0.2.3"},
    "40.100.51.198.wl.lists.test": {"A": "127.0.2.3"},
    # A dead list that lists all the world.
    **{f"{name}.dead.lists.test": {"A": "127.0.0.2"} for name in (ALWAYS_LISTED, "1.0.0.127", "99.113.0.203")},
    # One that refuses the host's questions.
    f"{ALWAYS_LISTED}.refusing.lists.test": {"A": "127.0.0.2"},
    "99.113.0.203.refusing.lists.test": {"A": "127.255.255.254"},
    # One whose servers are silent about one address.
    f"{ALWAYS_LISTED}.slow.lists.test": {"A": "127.0.0.2"},
    "30.100.51.198.slow.lists.test": ["TIMEOUT"],
}


def _block(zone, symbol, **others):
    return {"zone": zone, "codes": {"127.0.0.2": {"symbol": symbol, "score": 3}}, **others}


SETTINGS = {
    "workers": 1,
    "dns": {"timeout_s": 20, "tries": 1},
    "dns_lists": {
        "timeout_s": 1,
        "keys": {"keyed": KEY},
        "zones": {
            "ours": _block("bl.lists.test", "OUR_BLOCK"),
            "keyed": {
                "zone": "{key}.keyed.lists.test",
                "codes": {
                    "127.0.0.2": {"symbol": "KEYED", "score": 1},
                    "127.0.0.10": {"symbol": "KEYED_HOME", "score": 1, "policy": True},
                },
            },
            "domains": {
                "zone": "dbl.lists.test",
                "about": ["helo", "sender", "dkim", "url"],
                "codes": {"127.0.1.2": {"symbol": "BAD_DOMAIN", "score": 3}},
            },
            "friends": {
                "zone": "wl.lists.test",
                "kind": "allow",
                "codes": {"127.0.2.3": {"symbol": "OUR_FRIEND", "score": -3}},
            },
            "dead": _block("dead.lists.test", "DEAD"),
            "refusing": _block("refusing.lists.test", "REFUSING"),
            "slow": _block("slow.lists.test", "SLOW"),
        },
    },
}


@pytest.fixture(scope="module")
def listing_host():
    with MailHost(settings=SETTINGS, zone=ZONE) as running:
        _wait_for_answers(running)
        yield running


def _wait_for_answers(host):
    """No list is asked before it has been probed."""
    host.postward.log_line("dns_list.off")
    for _ in range(20):
        if "OUR_BLOCK" in _status(host, host.world.stranger):
            break
    else:
        pytest.fail("the list is never asked")


def _letter(client, *, body="Hello", sender="a@bulk.example"):
    content = compose(subject="lists", author=f"A <{sender}>", body=body)
    return Letter(content=content, mail_from=sender, client=client)


def _status(host, client, **message):
    return Delivered(host.deliver(_letter(client, **message))).field("X-Spam-Status")


def test_a_listed_client_is_junk(listing_host):
    status = _status(listing_host, listing_host.world.stranger)
    assert "OUR_BLOCK" in status
    assert "KEYED_HOME" in status


def test_a_domain_of_a_link_is_found(listing_host):
    status = _status(listing_host, listing_host.world.lists_host, body="See http://www.evil.example/buy now")
    assert "BAD_DOMAIN" in status


def test_an_allow_list_speaks_for_a_client(listing_host):
    assert "OUR_FRIEND" in _status(listing_host, FRIEND)


def test_a_list_that_lists_all_the_world_is_off_and_says_so(listing_host):
    assert "DEAD" not in _status(listing_host, listing_host.world.stranger)
    line = listing_host.postward.log_line("list=dead")
    assert "dns_list.off" in line
    assert "1.0.0.127 is listed and cannot be" in line
    _wait_for_metric(listing_host, 'postward_dns_list_off{list="dead"} 1.0')


def test_an_error_is_no_listing_and_raises_an_alarm(listing_host):
    assert "REFUSING" not in _status(listing_host, listing_host.world.stranger)
    assert "127.255.255.254" in listing_host.postward.log_line("list=refusing")


def test_a_silent_list_costs_its_time_and_the_field_says_so(listing_host):
    delivered = Delivered(listing_host.deliver(_letter(listing_host.world.lists_host)))
    assert "not_checked=dns_lists" in delivered.field("X-Spam-Status")
    assert "OUR_BLOCK" not in delivered.field("X-Spam-Status")


def test_who_has_logged_in_or_submits_is_not_asked_about(listing_host):
    delivered = Delivered(listing_host.deliver(_letter(listing_host.world.stranger), service="submission"))
    assert not delivered.fields("X-Spam-Status")


def test_no_key_is_seen_anywhere(listing_host):
    delivered = listing_host.deliver(_letter(listing_host.world.stranger))
    listing_host.postward.log_line("message.verdict")
    for text in (delivered.decode(), listing_host.postward.log, _metrics(listing_host)):
        assert KEY.lower() not in text.lower()


def _wait_for_metric(host, line):
    """The workers report once a second."""
    deadline = time.monotonic() + 30
    while line not in _metrics(host):
        assert time.monotonic() < deadline, f"{line} is never reported"


def _metrics(host):
    with urllib.request.urlopen(f"http://{host.metrics_address}/metrics", timeout=10) as answer:
        return answer.read().decode()


def test_lists_are_asked_of_the_client_while_it_still_speaks(listing_host):
    early = Client(address="198.51.100.77", name="early.example", helo="early.example")
    with listing_host.session(early):
        listing_host.name_server.wait_for_question("77.100.51.198.bl.lists.test", timeout_s=10)
