# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward keys rotate``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from postward.app.keys.kept_keys import ALGORITHMS, kept_keys, make_keys, time_words
from postward.app.keys.rotation import active_entries, pruned, removable_entries, rotated
from postward.cli.keys_answer import entry_told, numbered, show
from postward.cli.keys_context import common_options, domain_argument, open_keys
from postward.cli.keys_new import RSA_BITS

if TYPE_CHECKING:
    from pathlib import Path

    from postward.cli.keys_context import KeysContext
    from postward.signing.manifest import Manifest

_DAY_S = 86_400


@click.command()
@domain_argument
@click.option("--publish-days", type=click.FloatRange(0, 30), default=1.0, show_default=True, help="Until they sign.")
@click.option("--now", "at_once", is_flag=True, help="Let the new keys sign at once, published or not.")
@click.option("--overlap-days", type=click.FloatRange(1, 90), default=7.0, show_default=True, help="Old records stay.")
@click.option("--bits", type=RSA_BITS, default=2048, show_default=True, help="Size of an RSA key.")
@click.option("--prune", is_flag=True, help="Make no keys: delete those whose records may be taken out of DNS.")
@common_options
def rotate(  # noqa: PLR0917 - click passes one argument an option
    domain: str,
    publish_days: float,
    at_once: bool,
    overlap_days: float,
    bits: int,
    prune: bool,
    config_path: Path | None,
    user: str,
    as_json: bool,
) -> None:
    """Make new keys that take over from the old ones in a day, and say when the old records may go."""
    keys, now_s = open_keys(config_path, user), time.time()
    keys.manifest(domain)
    if prune:
        _prune(keys, domain, now_s, as_json=as_json)
        return
    switch_s = int(now_s) if at_once else int(now_s + publish_days * _DAY_S)
    with keys.directory.locked():
        manifest = keys.manifest(domain)
        made = make_keys(manifest, _algorithms(keys, manifest, now_s), bits=bits, now_s=now_s)
        after = rotated(manifest, made.entries, now_s=now_s, switch_s=switch_s, overlap_s=int(overlap_days * _DAY_S))
        keys.directory.write(after, made.pems)
    ended = [entry for entry in after.keys if entry.signs_until_s == switch_s]
    show(
        as_json,
        {"domain": domain, "signs_from": switch_s, "keys": [entry_told(entry) for entry in after.keys]},
        [f"made {entry.selector}, which signs from {time_words(switch_s)} on" for entry in made.entries],
        [
            f"{entry.selector} signs until then; its record may go on {time_words(entry.removable_from_s)}"
            for entry in ended
        ],
        numbered(
            (f"postward keys dns {domain}", "prints the records; put the new ones into DNS now"),
            (f"postward keys test {domain}", "looks whether they are there"),
            ("systemctl reload postward", "makes the new keys known; they sign when it is time"),
            (f"postward keys rotate --prune {domain}", "deletes the old ones when their records may go"),
        ),
    )


def _algorithms(keys: KeysContext, manifest: Manifest, now_s: float) -> tuple[str, ...]:
    """Those of the keys that sign now; both where none of them can be read."""
    active = kept_keys(keys.directory, manifest.domain, active_entries(manifest, now_s), keys.account)
    return tuple(dict.fromkeys(key.algorithm for key in active if key.algorithm)) or ALGORITHMS


def _prune(keys: KeysContext, domain: str, now_s: float, *, as_json: bool) -> None:
    with keys.directory.locked():
        manifest = keys.manifest(domain)
        gone = removable_entries(manifest, now_s)
        if gone:
            keys.directory.write(pruned(manifest, now_s), {})
            keys.directory.remove(domain, [entry.file for entry in gone])
    names = [f"{entry.selector}._domainkey.{domain}" for entry in gone]
    words = [f"deleted the key of {name}: take its record out of DNS" for name in names] or ["nothing may go yet"]
    show(as_json, {"domain": domain, "deleted": [entry.selector for entry in gone]}, words)
