# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.milter.filter import running_filter
from tests.worst.worst_world import WorstWorld


@pytest.fixture(scope="session")
def world():
    return WorstWorld()


@pytest.fixture(scope="module")
def milter(world):
    """One worker with the default bounds."""
    with running_filter(world, workers=1) as running:
        yield running
