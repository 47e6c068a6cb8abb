# SPDX-License-Identifier: GPL-3.0-or-later
"""Real processes that do what they are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from postward.plugin_host.frames import Frame
from postward.plugin_host.pool import PoolSettings, ProcessPool
from postward.plugin_host.process import HostSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOSTED = str(Path(__file__).with_name("hosted.py"))


def host_settings(**changes: Any) -> HostSettings:
    return HostSettings(**{"program": (HOSTED,), "prepare": Frame({"what": "prepare"}), **changes})


@pytest.fixture
def make_pool() -> Iterator[Callable[..., ProcessPool]]:
    made: list[ProcessPool] = []

    def make(host: HostSettings | None = None, **settings: Any) -> ProcessPool:
        made.append(ProcessPool(host or host_settings(), PoolSettings(**{"processes": 1, **settings})))
        return made[-1]

    yield make
    for pool in made:
        pool.close()
