# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import DirectoryUnavailable
from postward.rules.route_check import route_objection


class Hosted:
    """Knows the domains of this host; None of all of them is known."""

    def __init__(self, *domains, is_known=True):
        self.domains = domains
        self.is_known = is_known
        self.asked = []

    def is_hosted(self, domain):
        self.asked.append(domain)
        return domain in self.domains if self.is_known else None


OURS = Hosted("example.net")


@pytest.mark.parametrize("recipients", [[], ["a@example.com"], ["a@example.com", "b@sub.example.net"]])
def test_mail_that_goes_elsewhere_may_be_routed(recipients):
    assert route_objection(recipients, OURS) == ""


@pytest.mark.parametrize(
    ("recipients", "word"),
    [
        (["a@example.net"], "example.net"),
        (["a@example.com", "b@EXAMPLE.net"], "example.net"),
        (["a@example.com", "b@example.net."], "example.net"),
        (['"a@example.com"@example.net'], "example.net"),
        (["a@example.com", "postmaster"], "without a full domain"),
        (["first.last"], "without a full domain"),
        (["a@[192.0.2.1]"], "[192.0.2.1]"),
        (["a@localhost"], "without a full domain"),
        ([""], "without a full domain"),
    ],
)
def test_one_recipient_of_this_host_keeps_the_whole_message(recipients, word):
    assert word in route_objection(recipients, OURS)


def test_without_a_directory_nothing_is_routed():
    assert "without a directory" in route_objection(["a@example.com"], Hosted(is_known=False))


def test_each_domain_is_asked_about_once():
    directory = Hosted("example.net")
    route_objection([f"user{number}@example.com" for number in range(1000)], directory)
    assert directory.asked == ["example.com"]


def test_a_directory_that_cannot_answer_is_a_failure_of_the_rule():
    class Away:
        def is_hosted(self, _domain):
            raise DirectoryUnavailable("away")

    with pytest.raises(DirectoryUnavailable):
        route_objection(["a@example.com"], Away())
