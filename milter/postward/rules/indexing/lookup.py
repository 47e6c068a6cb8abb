# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are looked up whole: words, addresses, domains and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from postward.errors import DirectoryUnavailable
from postward.rules.conditions.domain_test import address_keys, domain_keys
from postward.rules.conditions.network import read_network_key

if TYPE_CHECKING:
    from postward.rules.indexing.sources import Source
    from postward.rules.indexing.table import KeyTable
    from postward.rules.message.message import Message


class ValueReader:
    """Values as they are compared."""

    def __init__(self, source: Source, table: KeyTable) -> None:
        self._read = source.folded
        self._table = table
        self.mask = table.mask

    def find(self, message: Message) -> int:
        """Look each value up."""
        found, table = 0, self._table
        for value in self._read(message):
            found |= table.get(value)
        return found


class EntryReader:
    """Addresses and domains, in every form in which an operator may have named them."""

    def __init__(self, source: Source, table: KeyTable) -> None:
        self._read = source.folded
        self._forms = domain_keys if source.is_domain else address_keys
        self._table = table
        self.mask = table.mask

    def find(self, message: Message) -> int:
        """Look each form of each value up."""
        found, table, forms = 0, self._table, self._forms
        for value in self._read(message):
            for key in forms(value):
                found |= table.get(key)
        return found


class NetworkReader:
    """Networks that hold the client's address."""

    def __init__(self, table: KeyTable) -> None:
        self.mask = table.mask
        by_length: dict[tuple[int, int], dict[int, int]] = {}
        for key in table:
            version, length, number = read_network_key(key)
            by_length.setdefault((version, length), {})[number] = table.get(key)
        self._by_length = {
            version: [(length, masks) for (family, length), masks in by_length.items() if family == version]
            for version in (4, 6)
        }

    def find(self, message: Message) -> int:
        """Look up the network of each length."""
        address = message.client.address
        if address is None:
            return 0
        number, bits = int(address), address.max_prefixlen
        found = 0
        for length, masks in self._by_length[address.version]:
            shift = bits - length
            found |= masks.get(number >> shift << shift, 0)
        return found


class GroupReader:
    """Groups of the directory; where it does not answer, every rule is left, and fails by itself."""

    def __init__(self, source: Source, table: KeyTable) -> None:
        self._reader = ValueReader(source, table)
        self.mask = table.mask

    def find(self, message: Message) -> int:
        """Look each group up."""
        try:
            return self._reader.find(message)
        except DirectoryUnavailable:
            return self.mask
