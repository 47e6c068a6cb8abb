# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.rules.errors import RuleFailure
from postward.rules.given_results import given_results
from postward.rules.message.views import NOT_AUTHENTICATED


def test_results_are_given_by_name():
    found = given_results({"dmarc": "Fail", "dmarc_policy": "reject", "arc_sealer": "list.example"})
    assert (found.dmarc, found.dmarc_policy, found.arc_sealer, found.spf) == ("fail", "reject", "list.example", "")
    assert given_results({}) == NOT_AUTHENTICATED


def test_a_domain_whose_signature_passes_makes_dkim_pass():
    found = given_results({"dkim_domains": "a.example, B.example"})
    assert (found.dkim, found.dkim_domains) == ("pass", ("a.example", "b.example"))
    assert given_results({"dkim_domains": "a.example", "dkim": "fail"}).dkim == "fail"


def test_a_name_that_there_is_not_is_refused():
    with pytest.raises(RuleFailure, match="'dmark' is not one of spf"):
        given_results({"dmark": "fail"})
