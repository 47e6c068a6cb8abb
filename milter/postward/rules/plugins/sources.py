# SPDX-License-Identifier: GPL-3.0-or-later
"""Where plugins come from: the folder that Postward ships, the operator's folders, and installed packages."""

from __future__ import annotations

import hashlib
import importlib.metadata
import site
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import postward
from postward.errors import ConfigError
from postward.rules.plugins.plugin_source import PluginSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENTRY_POINT_GROUP = "postward.rules"
MAX_SOURCE_BYTES = 1_048_576
MAX_SOURCES = 500


def bundled_folder() -> Path | None:
    """Where the plugins are that Postward ships: beside the package in a checkout, else with the installed data."""
    root = Path(postward.__file__).parent.parent
    places = [root.parent / "plugins"] if root.name == "milter" else []
    data = [sysconfig.get_path("data"), sys.prefix, site.getuserbase()]
    places.extend(Path(place) / "share" / "postward" / "plugins" for place in data)
    return next((place for place in places if place.is_dir()), None)


def read_folder(folder: Path, number: int, faults: list[ConfigError]) -> list[PluginSource]:
    """Give all ``*.py`` of a folder but those with ``_`` before their name, which are for the others to import.

    ``number`` keeps files of one name in several folders apart.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".py" and not path.name.startswith("_"))
    except OSError as error:
        faults.append(ConfigError(str(folder), 0, "", f"the folder of plugins cannot be read: {error.strerror}"))
        return []
    if len(paths) > MAX_SOURCES:
        faults.append(ConfigError(str(folder), 0, "", f"holds more than {MAX_SOURCES} plugins"))
        return []
    return [source for path in paths if (source := _read(path, number, faults)) is not None]


def installed_sources() -> list[PluginSource]:
    """Give the entry points of the group ``postward.rules``; nothing of the packages is run for that."""
    found = {}
    for entry in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP):
        package = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.module
        found[entry.module] = PluginSource(module=entry.module, path=package, is_installed=True)
    return [found[module] for module in sorted(found)]


def digest_of(sources: Iterable[PluginSource]) -> str:
    """SHA-256 over names and content, in hex."""
    hashed = hashlib.sha256()
    for piece in _pieces(sources):
        hashed.update(len(piece).to_bytes(8))
        hashed.update(piece)
    return hashed.hexdigest()


def _pieces(sources: Iterable[PluginSource]) -> Iterator[bytes]:
    for source in sources:
        yield source.path.encode("utf-8", "surrogateescape")
        yield source.code


def _read(path: Path, number: int, faults: list[ConfigError]) -> PluginSource | None:
    try:
        with path.open("rb") as file:
            code = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as error:
        faults.append(ConfigError(str(path), 0, "", f"cannot be read: {error.strerror}"))
        return None
    if len(code) > MAX_SOURCE_BYTES:
        faults.append(ConfigError(str(path), 0, "", f"is larger than {MAX_SOURCE_BYTES} bytes"))
        return None
    return PluginSource(module=f"postward_plugins_{number}.{path.stem}", path=str(path), code=code)
