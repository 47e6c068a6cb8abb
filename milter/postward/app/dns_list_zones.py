# SPDX-License-Identifier: GPL-3.0-or-later
"""Which DNS lists the configuration switches on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from postward.config.closest import closest
from postward.dns_lists.code import parse_code
from postward.dns_lists.presets.all_presets import PRESETS
from postward.dns_lists.zone import DOMAINS, GROUP, ListCode, ListKind, ListZone, Subject
from postward.errors import ConfigErrors
from postward.model.symbol import SymbolDefinition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from postward.config import Configuration
    from postward.config.document.plain import KeyPath
    from postward.config.schema.dns_lists import ListCodeSection, ListZoneSection
    from postward.dns_lists.code import CodePattern
    from postward.errors import ConfigError

_ZONES: KeyPath = ("dns_lists", "zones")


def list_zones(config: Configuration, taken: Collection[str]) -> tuple[ListZone, ...]:
    """Give the presets in use and the operator's own lists, with their keys.

    ``taken`` are the names of other symbols.  Raises ConfigErrors with all that is wrong.
    """
    faults: list[ConfigError] = []
    zones = [*_presets(config, faults.append), *_own(config, taken, faults.append)]
    for zone in zones:
        faults += _key_faults(config, zone)
    if faults:
        raise ConfigErrors(sorted(faults, key=lambda fault: fault.line))
    return tuple(replace(zone, key=config.dns_lists.keys.get(zone.key_name, "")) for zone in zones)


def own_symbols(config: Configuration) -> Mapping[str, SymbolDefinition]:
    """Give the symbols of the operator's own lists; what is wrong with them is found by ``list_zones``."""
    return {
        code.symbol: SymbolDefinition(
            name=code.symbol, score=code.score, group=GROUP, meaning=code.meaning or f"it is on the list {name}"
        )
        for name, section in config.dns_lists.zones.items()
        for code in section.codes.values()
        if code is not None
    }


def _presets(config: Configuration, report: Callable[[ConfigError], None]) -> Iterator[ListZone]:
    for index, name in enumerate(config.dns_lists.use):
        zone = PRESETS.get(name)
        if zone is not None:
            yield zone
            continue
        near = closest(name, tuple(PRESETS))
        hint = f"did you mean {near}?" if near else f"known are {', '.join(PRESETS)}"
        report(config.error_at(("dns_lists", "use", index), f"there is no list {name}", hint))


def _key_faults(config: Configuration, zone: ListZone) -> Iterator[ConfigError]:
    if zone.needs_key and zone.key_name not in config.dns_lists.keys:
        place: KeyPath = ("dns_lists", "use") if zone.name in PRESETS else (*_ZONES, zone.name)
        hint = f"set dns_lists.keys: {{{zone.key_name}: ...}}"
        yield config.error_at(place, f"{zone.name} needs a key", hint)


def _own(config: Configuration, taken: Collection[str], report: Callable[[ConfigError], None]) -> Iterator[ListZone]:
    symbols = own_symbols(config)
    for name, section in config.dns_lists.zones.items():
        at = (*_ZONES, name)
        if name in PRESETS:
            report(config.error_at(at, "is the name of a preset", "choose another, or name it in dns_lists.use"))
            continue
        for problem, hint in _problems(section, taken):
            report(config.error_at(at, problem, hint))
        try:
            yield _own_zone(name, section, symbols)
        except ValueError as error:
            report(
                config.error_at((*at, "codes"), str(error), "write 127.0.0.2, 127.0.0.10-11 or 127.0.0.&8 for a bit")
            )


def _problems(section: ListZoneSection, taken: Collection[str]) -> Iterator[tuple[str, str]]:
    about = {Subject(each) for each in section.about}
    if about & DOMAINS and about - DOMAINS:
        yield "asks about addresses and domains", "make two lists of it: a zone holds one or the other"
    if not about:
        yield "asks about nothing", "give it about: [client], or [helo, sender, dkim, url]"
    for code in section.codes.values():
        if code is None:
            continue
        if code.symbol in taken:
            yield f"{code.symbol} is the name of another symbol", "choose another"
        if (code.score > 0) == (section.kind == "allow") and code.score != 0:
            yield f"{code.symbol} weighs for the wrong side", "a block list counts above 0, an allow list below"


def _own_zone(name: str, section: ListZoneSection, symbols: Mapping[str, SymbolDefinition]) -> ListZone:
    """Raises ValueError for a code that is none."""
    subjects = frozenset(Subject(each) for each in section.about)
    codes = tuple(_code(text, code, symbols) for text, code in section.codes.items())
    is_domains = bool(subjects & DOMAINS)
    listed, unlisted = (("test",), ("invalid",)) if is_domains else (("2.0.0.127",), ("1.0.0.127",))
    first = next((each.symbol for each in codes if each.symbol is not None), None)
    return ListZone(
        name=name,
        zone=section.zone,
        codes=codes,
        errors=tuple(_parsed(text) for text in section.errors),
        kind=ListKind(section.kind),
        subjects=subjects,
        received_symbol=first if Subject.RECEIVED in subjects else None,
        ipv6=section.ipv6,
        by_host=section.by_host,
        key_name=name,
        listed=listed if section.listed is None else section.listed,
        unlisted=unlisted if section.unlisted is None else section.unlisted,
    )


def _code(text: str, section: ListCodeSection | None, symbols: Mapping[str, SymbolDefinition]) -> ListCode:
    if section is None:
        return ListCode(pattern=_parsed(text), symbol=None)
    return ListCode(pattern=_parsed(text), symbol=symbols[section.symbol], is_policy=section.policy)


def _parsed(text: str) -> CodePattern:
    try:
        return parse_code(text)
    except ValueError as error:
        raise ValueError(f"{text!a} {error}") from error
