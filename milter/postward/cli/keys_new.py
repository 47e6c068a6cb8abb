# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward keys new``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from postward.app.keys.kept_keys import ALGORITHMS, make_keys
from postward.app.keys.names import key_selector
from postward.cli.keys_answer import entry_told, numbered, show
from postward.cli.keys_context import common_options, domain_argument, open_keys
from postward.errors import UsageError
from postward.signing.manifest import Manifest

if TYPE_CHECKING:
    from pathlib import Path

RSA_BITS = click.IntRange(2048, 4096)
_ALGORITHM = click.Choice(ALGORITHMS)


@click.command()
@domain_argument
@click.option("--algorithm", "algorithms", type=_ALGORITHM, multiple=True, help="May be given twice; both by default.")
@click.option("--bits", type=RSA_BITS, default=2048, show_default=True, help="Size of an RSA key.")
@click.option("--selector", help="Name of the key in DNS, for one algorithm; by default made of the day.")
@common_options
def new(  # noqa: PLR0917 - click passes one argument an option
    domain: str,
    algorithms: tuple[str, ...],
    bits: int,
    selector: str | None,
    config_path: Path | None,
    user: str,
    as_json: bool,
) -> None:
    """Make keys for a domain that has none."""
    keys = open_keys(config_path, user)
    wanted = tuple(dict.fromkeys(algorithms)) or (ALGORITHMS if selector is None else ALGORITHMS[:1])
    if selector is not None and len(wanted) > 1:
        raise UsageError("--selector names one key: give one --algorithm")
    name = None if selector is None else key_selector(selector, domain)
    with keys.directory.locked():
        if keys.directory.manifest(domain) is not None:
            raise UsageError(f"{domain} has keys already; `postward keys rotate {domain}` makes others")
        made = make_keys(Manifest(domain=domain), wanted, bits=bits, now_s=time.time(), selector=name)
        keys.directory.write(Manifest(domain=domain, keys=made.entries), made.pems)
    show(
        as_json,
        {"domain": domain, "keys": [entry_told(entry) for entry in made.entries]},
        [f"made {entry.selector} in {keys.directory.file(domain, entry.file)}" for entry in made.entries],
        numbered(
            (f"postward keys dns {domain}", "prints the records; put them into DNS"),
            (f"postward keys test {domain}", "looks whether they are there"),
            ("systemctl reload postward", "begins to sign"),
        ),
    )
