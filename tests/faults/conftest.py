# SPDX-License-Identifier: GPL-3.0-or-later
"""One mail host for the faults that leave it as it was."""

from __future__ import annotations

import pytest

from tests.mailhost.host import MailHost

QUICK_DNS = {"timeout_s": 3, "tries": 2, "failure_ttl_s": 0}


@pytest.fixture(scope="session")
def host():
    with MailHost(settings={"dns": QUICK_DNS}) as running:
        yield running


@pytest.fixture(autouse=True)
def own_log(request):
    """What the host's service has said in other tests is none of this test's business."""
    if "host" in request.fixturenames:
        request.getfixturevalue("host").postward.forget_log()
