# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace

import pytest

from postward.authn.dmarc import arc_override
from postward.dns.zone import ZoneLookup
from postward.model.arc import ArcResult, ArcSet, ArcStatus
from postward.model.dmarc import DmarcPolicy, DmarcResult, DmarcStatus, FromProblem
from postward.model.override import ArcOverride

LOOKUP = ZoneLookup({"_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject"}]})
FAILED = DmarcResult(
    status=DmarcStatus.FAIL, domain="example.com", policy=DmarcPolicy.REJECT, policy_domain="example.com"
)
TRUSTED = frozenset({"lists.example.org", "relay.example.net"})
SEEN = b" lists.example.org; dkim=pass header.d=example.com; dmarc=pass header.from=example.com"


def chain(*hops, status=ArcStatus.PASS):
    sets = [
        ArcSet(instance=instance, sealer=sealer, selector="s", authentication_results=results)
        for instance, (sealer, results) in enumerate(hops, 1)
    ]
    return ArcResult(status=status, sets=tuple(sets))


def override(arc, dmarc=FAILED):
    return arc_override(arc, dmarc, TRUSTED, LOOKUP)


def test_a_trusted_list_explains_the_failure():
    expected = ArcOverride(sealer="lists.example.org", instance=1, aligned_by=("dmarc",))
    assert override(chain(("lists.example.org", SEEN))) == expected
    assert (
        override(chain(("lists.example.org", SEEN), ("relay.example.net", b"relay.example.net; arc=pass"))) == expected
    )


@pytest.mark.parametrize(
    ("results", "aligned_by"),
    [
        (b"x; dkim=pass header.d=mail.example.com", ("dkim:mail.example.com",)),
        (b"x; dkim=pass header.i=@example.com", ("dkim:example.com",)),
        (b"x; dkim=fail header.d=other.example; dkim=pass header.d=EXAMPLE.com", ("dkim:example.com",)),
        (b"x; spf=pass smtp.mailfrom=bounce@bounces.example.com", ("spf",)),
        (b"x; spf=pass smtp.mailfrom=example.com", ("spf",)),
        (b'x; spf=pass smtp.mailfrom="a;b"@example.com', ("spf",)),
    ],
)
def test_an_aligned_pass_of_one_method_is_enough(results, aligned_by):
    assert override(chain(("lists.example.org", results))).aligned_by == aligned_by


@pytest.mark.parametrize(
    "results",
    [
        b"",
        b"x; none",
        b"x; dmarc=pass header.from=example.net",
        b"x; dmarc=pass",
        b"x; dmarc=fail header.from=example.com; dkim=fail header.d=example.com",
        b"x; dkim=pass header.d=example.net; spf=pass smtp.mailfrom=a@example.net",
        b"x; spf=pass smtp.helo=example.com",
        b"x; iprev=pass header.d=example.com",
        b'x; spf=fail smtp.mailfrom="a; dkim=pass header.d=example.com"',
        b"x; spf=fail (a; dkim=pass header.d=example.com)",
    ],
)
def test_nothing_aligned_passed_there(results):
    assert override(chain(("lists.example.org", results))) is None


def test_results_below_an_untrusted_sealer_prove_nothing():
    assert (
        override(chain(("lists.example.org", SEEN), ("evil.example", SEEN), ("relay.example.net", b"x; arc=pass")))
        is None
    )
    assert override(chain(("lists.example.org", SEEN), ("evil.example", SEEN))) is None


@pytest.mark.parametrize("sealer", ["sub.lists.example.org", "example.org", "LISTS.example.org"])
def test_sealers_are_compared_exactly(sealer):
    assert override(chain((sealer, SEEN))) is None


def test_only_a_whole_chain_and_a_plain_failure_count():
    arc = chain(("lists.example.org", SEEN))
    assert override(replace(arc, status=ArcStatus.FAIL)) is None
    assert override(replace(arc, sets=())) is None
    assert override(arc, replace(FAILED, problem=FromProblem.MULTIPLE_DOMAINS)) is None
    assert override(arc, replace(FAILED, status=DmarcStatus.TEMPERROR)) is None
