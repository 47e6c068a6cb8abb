# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from postward.rules.plugins.crash_store import CrashStore, CrashStoreSettings
from tests.clock import Clock
from tests.unit.rules.plugins.conftest import EML, a_message

if TYPE_CHECKING:
    from pathlib import Path


def keep(store: CrashStore, content: bytes = EML, plugin: str = "p") -> None:
    store.keep(a_message(content), plugin=plugin, kind="raised", text="it raised", output=b"\xff\n")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.eml"))


def test_octets_and_a_note_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "plugin-failures"
    keep(CrashStore(CrashStoreSettings(folder=folder), clock=Clock()))
    message, note = sorted(folder.iterdir())
    assert message.name.startswith("000000001000000-p-")
    assert message.read_bytes() == EML
    assert json.loads(note.read_text()) == {
        "plugin": "p",
        "kind": "raised",
        "text": "it raised",
        "output": "\\xff\n",
        "id": "test",
        "sender": "anna@example.com",
        "recipients": ["b@example.org"],
        "time_s": 1000.0,
    }
    assert (mode(folder), mode(message), mode(note)) == (0o700, 0o600, 0o600)


@pytest.mark.parametrize(
    ("bounds", "left"),
    [({"messages": 3}, 3), ({"age_s": 35.0}, 4), ({"total_bytes": len(EML) - 10}, 0)],
)
def test_number_size_and_age_are_bounded_and_the_oldest_go(tmp_path: Path, bounds: dict[str, Any], left: int) -> None:
    clock = Clock()
    store = CrashStore(CrashStoreSettings(folder=tmp_path / "kept", **bounds), clock=clock)
    for _ in range(8):
        keep(store)
        clock.now_s += 10
    kept = names(tmp_path / "kept") if left else []
    assert len(kept) == left
    if left:
        assert kept[-1].startswith("000000001070000")
        notes = {path.stem for path in (tmp_path / "kept").glob("*.json")}
        assert {name.removesuffix(".eml") for name in kept} <= notes
        assert len(notes) <= left + 1


def test_all_together_are_bounded(tmp_path: Path) -> None:
    clock = Clock()
    store = CrashStore(CrashStoreSettings(folder=tmp_path, total_bytes=1500), clock=clock)
    for _ in range(20):
        keep(store)
        clock.now_s += 10
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 1500
    assert len(names(tmp_path)) > 1


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("mine")
    clock = Clock()
    store = CrashStore(CrashStoreSettings(folder=tmp_path, messages=1), clock=clock)
    for _ in range(3):
        keep(store)
        clock.now_s += 1
    assert (tmp_path / "README").read_text() == "mine"
    assert len(names(tmp_path)) == 1


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        keep(CrashStore(CrashStoreSettings(folder=tmp_path / "file" / "x"), clock=Clock()))
