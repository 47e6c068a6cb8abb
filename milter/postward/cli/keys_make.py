"""``postward keys new`` and ``postward keys rotate``."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import click

from postward.app.keys.kept_keys import ALGORITHMS, kept_keys, make_keys, time_words
from postward.app.keys.names import key_selector
from postward.app.keys.rotation import active_entries, pruned, removable_entries, rotated
from postward.cli.keys_common import common_options, domain_argument, open_keys
from postward.errors import UsageError
from postward.signing.manifest import KeyEntry, Manifest

if TYPE_CHECKING:
    from pathlib import Path

    from postward.cli.keys_common import KeysContext

_DAY_S = 86_400
_BITS = click.IntRange(2048, 4096)
_ALGORITHM = click.Choice(ALGORITHMS)


@click.command()
@domain_argument
@click.option("--algorithm", "algorithms", type=_ALGORITHM, multiple=True, help="May be given twice; both by default.")
@click.option("--bits", type=_BITS, default=2048, show_default=True, help="Size of an RSA key.")
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
    if keys.directory.manifest(domain) is not None:
        raise UsageError(f"{domain} has keys already; `postward keys rotate {domain}` makes others")
    name = None if selector is None else key_selector(selector)
    manifest = Manifest(domain=domain)
    made = make_keys(manifest, wanted, bits=bits, now_s=time.time(), selector=name)
    keys.directory.write(Manifest(domain=domain, keys=made.entries), made.pems)
    _show(
        as_json,
        {"domain": domain, "keys": [_told(entry) for entry in made.entries]},
        [f"made {entry.selector} in {keys.directory.file(domain, entry.file)}" for entry in made.entries],
        _steps(
            (f"postward keys dns {domain}", "prints the records; put them into DNS"),
            (f"postward keys test {domain}", "looks whether they are there"),
            ("systemctl reload postward", "begins to sign"),
        ),
    )


@click.command()
@domain_argument
@click.option("--publish-days", type=click.FloatRange(0, 30), default=1.0, show_default=True, help="Until they sign.")
@click.option("--now", "at_once", is_flag=True, help="Let the new keys sign at once, published or not.")
@click.option("--overlap-days", type=click.FloatRange(1, 90), default=7.0, show_default=True, help="Old records stay.")
@click.option("--bits", type=_BITS, default=2048, show_default=True, help="Size of an RSA key.")
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
    manifest = keys.manifest(domain)
    if prune:
        _prune(keys, manifest, now_s, as_json=as_json)
        return
    switch_s = int(now_s) if at_once else int(now_s + publish_days * _DAY_S)
    made = make_keys(manifest, _algorithms(keys, manifest, now_s), bits=bits, now_s=now_s)
    after = rotated(manifest, made.entries, now_s=now_s, switch_s=switch_s, overlap_s=int(overlap_days * _DAY_S))
    keys.directory.write(after, made.pems)
    ended = [entry for entry in after.keys if entry.signs_until_s == switch_s]
    _show(
        as_json,
        {"domain": domain, "signs_from": switch_s, "keys": [_told(entry) for entry in after.keys]},
        [f"made {entry.selector}, which signs from {time_words(switch_s)} on" for entry in made.entries],
        [
            f"{entry.selector} signs until then; its record may go on {time_words(entry.removable_from_s)}"
            for entry in ended
        ],
        _steps(
            (f"postward keys dns {domain}", "prints the records; put the new ones into DNS now"),
            (f"postward keys test {domain}", "looks whether they are there"),
            ("systemctl reload postward", "makes the new keys known; they sign when it is time"),
            (f"postward keys rotate --prune {domain}", "deletes the old ones when their records may go"),
        ),
    )


def _steps(*steps: tuple[str, str]) -> list[str]:
    width = max(len(command) for command, _ in steps)
    return [f"{number}. {command:<{width}}  {meaning}" for number, (command, meaning) in enumerate(steps, 1)]


def _algorithms(keys: KeysContext, manifest: Manifest, now_s: float) -> tuple[str, ...]:
    """Those of the keys that sign now; both where none of them can be read."""
    active = kept_keys(keys.directory, manifest.domain, active_entries(manifest, now_s), keys.account)
    return tuple(dict.fromkeys(key.algorithm for key in active if key.algorithm)) or ALGORITHMS


def _prune(keys: KeysContext, manifest: Manifest, now_s: float, *, as_json: bool) -> None:
    gone = removable_entries(manifest, now_s)
    if gone:
        keys.directory.write(pruned(manifest, now_s), {})
        keys.directory.remove(manifest.domain, [entry.file for entry in gone])
    names = [f"{entry.selector}._domainkey.{manifest.domain}" for entry in gone]
    words = [f"deleted the key of {name}: take its record out of DNS" for name in names] or ["nothing may go yet"]
    _show(as_json, {"domain": manifest.domain, "deleted": [entry.selector for entry in gone]}, words)


def _told(entry: KeyEntry) -> dict[str, Any]:
    return {
        "selector": entry.selector,
        "file": entry.file,
        "signs_from": entry.signs_from_s,
        "signs_until": entry.signs_until_s,
        "removable_from": entry.removable_from_s,
    }


def _show(as_json: bool, answer: dict[str, Any], *paragraphs: list[str]) -> None:
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    click.echo("\n\n".join("\n".join(lines) for lines in paragraphs if lines))
