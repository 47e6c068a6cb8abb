# SPDX-License-Identifier: GPL-3.0-or-later
"""A domain of the private host itself: its signing key, its directory entry, and the records that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from tests.mailhost.signing import SigningDomain
from tests.mailhost.unprivileged import hand_over

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mailhost.world import ZoneMapping

DOMAIN = "example.net"
LOGIN = "alice"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDomain:
    """One hosted domain, whose user ``alice`` may send as herself and as sales."""

    signer: SigningDomain = field(default_factory=lambda: SigningDomain(domain=DOMAIN, selector="pw1"))
    entry: dict[str, Any] = field(default_factory=dict)
    """What the file of the domain has besides."""
    seals: tuple[str, ...] = ()
    """When mail from outside is sealed with the same key; never without."""

    def zone(self) -> ZoneMapping:
        """The records that everybody else needs to verify its mail."""
        return {
            DOMAIN: [{"TXT": "v=spf1 -all"}, {"MX": [10, f"mx.{DOMAIN}"]}],
            f"_dmarc.{DOMAIN}": [{"TXT": "v=DMARC1; p=reject"}],
            self.signer.key_name: [{"TXT": self.signer.key_record}],
        }

    def install(self, folder: Path) -> dict[str, Any]:
        """Write key and directory below ``folder``, and return the settings that name them."""
        keys, domains = folder / "keys", folder / "domains.d"
        own_keys = keys / DOMAIN
        own_keys.mkdir(parents=True)
        domains.mkdir()
        key_file = own_keys / f"{self.signer.selector}.pem"
        key_file.touch(mode=0o600)
        key_file.write_bytes(self.signer.pem)
        manifest = {"domain": DOMAIN, "keys": [{"selector": self.signer.selector, "file": key_file.name}]}
        (own_keys / "keys.yaml").write_text(yaml.safe_dump(manifest))
        (domains / f"{DOMAIN}.yaml").write_text(yaml.safe_dump({**_directory_entry(), **self.entry}))
        for path in (keys, own_keys, *own_keys.iterdir()):
            hand_over(path)
        sealing = {"domain": DOMAIN, "selector": self.signer.selector, "file": str(key_file), "when": [*self.seals]}
        return {
            "signing": {"keys_dir": str(keys)},
            "directory": {"domains_dir": str(domains)},
            **({"sealing": {"enabled": True, **sealing}} if self.seals else {}),
        }


def _directory_entry() -> dict[str, Any]:
    return {
        "domain": DOMAIN,
        "recipients": ["*"],
        "aliases": {"sales": [LOGIN]},
        "senders": [{"logins": [LOGIN], "may_use": [f"{LOGIN}@{DOMAIN}"]}],
    }
