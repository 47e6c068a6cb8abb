# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.mailhost.clamd import Clamd
from tests.mailhost.rspamd import Rspamd
from tests.mailhost.scratch import Scratch
from tests.mailhost.spamd import Spamd


@pytest.fixture
def scratch():
    with Scratch() as path:
        yield path


@pytest.fixture
def clamd(scratch):
    with Clamd(scratch / "clamd") as running:
        yield running


@pytest.fixture(scope="module")
def spamd():
    with Scratch() as path, Spamd(path / "spamd") as running:
        yield running


@pytest.fixture(scope="module")
def rspamd():
    with Scratch() as path, Rspamd(path / "rspamd") as running:
        yield running
