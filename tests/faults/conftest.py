"""One mail host for the faults that leave it as it was."""

from __future__ import annotations

import pytest

from tests.mailhost.host import MailHost

QUICK_DNS = {"timeout_s": 3, "tries": 2, "failure_ttl_s": 0}


@pytest.fixture(scope="session")
def host():
    with MailHost(settings={"dns": QUICK_DNS}) as running:
        yield running
