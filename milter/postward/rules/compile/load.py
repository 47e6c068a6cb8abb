# SPDX-License-Identifier: GPL-3.0-or-later
"""Read a folder of rule files: a set of rules, or every fault of every file at once."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.config.rule_files import overlooked_files, read_paths, read_rule_files
from postward.errors import ConfigErrors
from postward.rules.compile.context import Context
from postward.rules.compile.lint import lint
from postward.rules.compile.place import MAX_FAULTS, Faults, Faulty, Place
from postward.rules.compile.plugin_catalogue import NoPlugins
from postward.rules.compile.rule import compile_rule
from postward.rules.rule_set import RuleSet

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from postward.config.rule_files import RuleFile
    from postward.errors import ConfigError
    from postward.rules.compile.plugin_catalogue import PluginCatalogue
    from postward.rules.rule import Rule

MAX_RULES = 10_000
_KEYS = ("rules", "lists", "maps")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}", re.ASCII)
_MAX_ENTRIES = 100_000
_NO_NAMES: Mapping[str, Collection[str]] = MappingProxyType({})
_NO_PLUGINS = NoPlugins()


def load_rules(
    folder: Path,
    *,
    plugins: PluginCatalogue = _NO_PLUGINS,
    known_names: Mapping[str, Collection[str]] = _NO_NAMES,
    now_s: float | None = None,
    seals: bool = False,
) -> RuleSet:
    """Read every ``*.yaml`` of a folder; no folder has no rules.  Raises ConfigErrors.

    ``known_names``: those that ``route`` and ``archive`` may name, and templates of ``notify``; what is left out is not
    checked.  ``now_s``: to warn
    of rules whose time is over.  ``seals``: what comes in gets an ARC seal, so nobody need be warned of changes to it.
    """
    files, faults = read_rule_files(folder)
    overlooked = overlooked_files(folder)
    return compile_rules(files, faults, overlooked, plugins=plugins, known_names=known_names, now_s=now_s, seals=seals)


def load_rule_paths(
    paths: Sequence[Path],
    *,
    plugins: PluginCatalogue = _NO_PLUGINS,
    known_names: Mapping[str, Collection[str]] = _NO_NAMES,
    now_s: float | None = None,
    seals: bool = False,
) -> RuleSet:
    """Read these files, in their order.  Raises ConfigErrors."""
    files, faults = read_paths(paths)
    return compile_rules(files, faults, plugins=plugins, known_names=known_names, now_s=now_s, seals=seals)


def compile_rules(
    files: Sequence[RuleFile],
    read_faults: Sequence[ConfigError] = (),
    read_warnings: Sequence[ConfigError] = (),
    *,
    plugins: PluginCatalogue = _NO_PLUGINS,
    known_names: Mapping[str, Collection[str]] = _NO_NAMES,
    now_s: float | None = None,
    seals: bool = False,
) -> RuleSet:
    """Give the rules of files that were read, with what was found wrong or odd then.  Raises ConfigErrors."""
    faults = Faults(errors=list(read_faults), warnings=list(read_warnings))
    context = Context(faults=faults, plugins=plugins, known_names=known_names, now_s=now_s)
    rules: list[Rule] = []
    off = 0
    # Of too many faults it ends early.
    with suppress(Faulty):
        rules, off = _rules(files, context)
    if faults.errors:
        raise ConfigErrors(sorted(faults.errors, key=_place)[:MAX_FAULTS])
    warnings = [*faults.warnings, *lint(rules, answered=frozenset(context.says_of_bounces), seals=seals)]
    warnings.sort(key=_place)
    return RuleSet(rules, digest=_digest(files, context), warnings=warnings, switched_off=off)


def _place(fault: ConfigError) -> tuple[str, int]:
    return fault.path, fault.line


def _rules(files: Sequence[RuleFile], context: Context) -> tuple[list[Rule], int]:
    """Give the rules, and how many more are switched off."""
    places: list[Place] = []
    for file in files:
        root = Place(file.path, "", file.root.line, file.root, context.faults)
        sections: dict[str, Place] = {}
        with context.faults.collected():
            sections = root.mapping(_KEYS)
        with context.faults.collected():
            _take_names(sections, context)
        with context.faults.collected():
            places += sections["rules"].items() if "rules" in sections else []
    if len(places) > MAX_RULES:
        raise places[MAX_RULES].fault(f"there are more than {MAX_RULES} rules")
    rules = _compiled(places, context)
    return rules, len(places) - len(rules)


def _take_names(sections: Mapping[str, Place], context: Context) -> None:
    """Lists and maps of one file, which the rules of all files may name."""
    for key in ("lists", "maps"):
        if key in sections:
            entries = sections[key].mapping()
            for name, at in entries.items():
                if not _NAME.fullmatch(name):
                    at.key_fault("is no name", "write letters and digits with - . or _ between them")
            if key == "lists":
                context.lists.define(entries)
            else:
                _define_maps(entries, context)


def _define_maps(entries: Mapping[str, Place], context: Context) -> None:
    for name, at in entries.items():
        with context.faults.collected():
            if name in context.maps:
                raise at.key_fault("there is a map of this name already", "keep one of the two")
            values = at.mapping()
            if len(values) > _MAX_ENTRIES:
                raise at.fault(f"has more than {_MAX_ENTRIES} entries")
            context.maps[name] = MappingProxyType({})
            context.maps[name] = MappingProxyType({key: value.text() for key, value in values.items()})


def _compiled(places: Sequence[Place], context: Context) -> list[Rule]:
    rules: list[Rule] = []
    first: dict[str, Place] = {}
    for place in places:
        with context.faults.collected():
            _check_id(place, first)
            rule = compile_rule(place, context)
            if rule is not None:
                rules.append(rule)
    return rules


def _check_id(place: Place, first: dict[str, Place]) -> None:
    at = place.mapping().get("id") if place.is_mapping else None
    if at is None or not isinstance(at.scalar, str):
        return
    other = first.setdefault(at.scalar, at)
    if other is not at:
        at.fault("there is a rule with this id already", f"it stands at {other.where}")


def _digest(files: Sequence[RuleFile], context: Context) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.digest.encode())
    for text in context.lists.file_texts():
        digest.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()[:16]
