# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from postward.errors import ConfigError, ConfigErrors
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.plugins.sources import (
    MAX_SOURCE_BYTES,
    MAX_SOURCES,
    bundled_folder,
    digest_of,
    installed_sources,
    read_folder,
)


def install(folder: Path, package: str, target: str) -> None:
    """Have a package with an entry point, as pip would leave it."""
    info = folder / f"{package}-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text(f"[postward.rules]\n{package} = {target}\n")


def test_files_are_read_in_order_and_once(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "_helper.py", "notes.txt", ".hidden"):
        (tmp_path / name).write_text(name)
    faults: list[ConfigError] = []
    sources = read_folder(tmp_path, 7, faults)
    assert [(source.module, source.code, source.folder) for source in sources] == [
        ("postward_plugins_7.a", b"a.py", str(tmp_path)),
        ("postward_plugins_7.b", b"b.py", str(tmp_path)),
    ]
    assert faults == []


def test_files_and_folders_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_bytes(b"#" * (MAX_SOURCE_BYTES + 1))
    (tmp_path / "folder.py").mkdir()
    faults: list[ConfigError] = []
    assert read_folder(tmp_path, 1, faults) == []
    assert [fault.message for fault in faults] == ["cannot be read: Is a directory", "is larger than 1048576 bytes"]
    many = tmp_path / "many"
    many.mkdir()
    for number in range(MAX_SOURCES + 1):
        (many / f"p{number}.py").touch()
    faults.clear()
    assert read_folder(many, 1, faults) == []
    assert [fault.message for fault in faults] == ["holds more than 500 plugins"]


def test_the_digest_tells_where_a_file_ends(tmp_path: Path) -> None:
    digests = set()
    for contents in ((b"ab", b"c"), (b"a", b"bc"), (b"abc", b"")):
        for name, content in zip(("a.py", "b.py"), contents, strict=True):
            (tmp_path / name).write_bytes(content)
        digests.add(digest_of(read_folder(tmp_path, 1, [])))
    assert len(digests) == 3


def test_installed_packages_are_found_without_importing_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "vip", "vip_rules.main:vip")
    monkeypatch.syspath_prepend(str(tmp_path))
    (source,) = [source for source in installed_sources() if source.path == "vip 1.5"]
    assert (source.module, source.is_installed, source.folder) == ("vip_rules.main", True, "")
    assert "vip_rules" not in sys.modules


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("textwrap", "declares no plugin"),
        ("vip_rules.main", "cannot be imported: ModuleNotFoundError: No module named 'vip_rules'"),
    ],
)
def test_an_installed_package_is_imported_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, message: str
) -> None:
    install(tmp_path, "vip", target)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ConfigErrors) as raised:
        load_plugins(PluginSettings(entry_points=True))
    assert [(error.path, error.message) for error in raised.value.errors] == [("vip 1.5", message)]


def test_a_checkout_has_its_plugins_beside_the_package() -> None:
    assert bundled_folder() == Path(__file__).parents[4] / "plugins"
