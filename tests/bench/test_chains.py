# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.bench.chains import MissingPackagesError, start_chain
from tests.bench.peer import PeerProgram

if TYPE_CHECKING:
    from pathlib import Path


def test_missing_packages_are_named_before_anything_is_started(tmp_path: Path) -> None:
    installed = PeerProgram(name="sh", package="dash", command=("sh",), files={})
    missing = [PeerProgram(name=name, package=name, command=(f"no-such-{name}",), files={}) for name in ("one", "two")]
    with ExitStack() as running, pytest.raises(MissingPackagesError) as caught:
        start_chain("chain", [installed, *missing], tmp_path / "chain", "127.0.0.1", running)
    assert caught.value.packages == ("one", "two")
    assert not (tmp_path / "chain").exists()
