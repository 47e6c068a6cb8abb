# SPDX-License-Identifier: GPL-3.0-or-later
"""The mail host that most scenarios share: the shipped configuration, and nothing else."""

from __future__ import annotations

import pytest

from tests.mailhost.host import MailHost


@pytest.fixture(scope="session")
def host():
    with MailHost() as running:
        yield running
