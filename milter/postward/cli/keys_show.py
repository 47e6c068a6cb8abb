# SPDX-License-Identifier: GPL-3.0-or-later
"""``postward keys list``, ``dns`` and ``test``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from postward.app.compose import one_lookup
from postward.app.keys.kept_keys import kept_keys, time_words
from postward.app.keys.names import key_domain
from postward.app.keys.record import key_record
from postward.app.keys.rotation import published_entries
from postward.cli.keys_context import EXIT_NO, EXIT_TRY_AGAIN, common_options, domain_argument, open_keys
from postward.errors import UsageError
from postward.observability.escape import escape
from postward.signing.published_key import look_up_publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from postward.app.keys.kept_keys import KeptKey
    from postward.cli.keys_context import KeysContext
    from postward.signing.manifest import KeyEntry, Manifest
    from postward.signing.published_key import Publication


@click.command(name="list")
@click.argument("domain", required=False)
@common_options
def list_keys(domain: str | None, config_path: Path | None, user: str, as_json: bool) -> None:
    """Say which keys there are, and when each signs.

    Exit status: 0 done, 1 a folder of keys cannot be read.
    """
    keys, now_s = open_keys(config_path, user), time.time()
    folders = [] if domain else keys.directory.folders()
    manifests = (
        [keys.manifest(key_domain(domain))] if domain else [each.manifest.manifest for each in folders if each.manifest]
    )
    faults = [str(fault) for folder in folders for fault in folder.faults]
    found = [(each.domain, kept) for each in manifests for kept in _loaded(keys, each, each.keys)]
    if as_json:
        click.echo(json.dumps([_told(name, kept, now_s) for name, kept in found], indent=2))
    else:
        for name, kept in found:
            words = [kept.state(now_s), kept.problem or kept.algorithm, *_times(kept)]
            click.echo(f"{name}  {kept.entry.selector}  {', '.join(words)}")
        if not found:
            click.echo(f"no keys in {keys.directory.path}; `postward keys new DOMAIN` makes some")
    for fault in faults:
        click.echo(f"postward: {escape(fault)}", err=True)
    raise click.exceptions.Exit(EXIT_NO if faults else 0)


@click.command()
@domain_argument
@common_options
def dns(domain: str, config_path: Path | None, user: str, as_json: bool) -> None:
    """Print the records that belong in DNS: as a zone file has them, and as web forms want them.

    Exit status: 0 all are printed, 1 a key cannot be read.
    """
    keys, now_s = open_keys(config_path, user), time.time()
    found = _published(keys, domain, now_s)
    records = [(kept, key_record(kept.key)) for kept in found if kept.key is not None]
    problems = [kept.problem for kept in found if kept.problem]
    if as_json:
        told = [
            {"name": record.name, "type": "TXT", "value": record.value, "strings": list(record.strings),
             "zone": record.zone_line, "state": kept.state(now_s)}
            for kept, record in records
        ]  # fmt: skip
        click.echo(json.dumps({"domain": domain, "records": told, "problems": problems}, indent=2))
    else:
        for kept, record in records:
            click.echo(f"; {kept.entry.selector}: {kept.algorithm}, {', '.join((kept.state(now_s), *_times(kept)))}")
            click.echo(f"{record.zone_line}\n")
        click.echo("For a web form, one TXT record each:")
        for _, record in records:
            click.echo(f"\nname:   {record.name}\nvalue:  {record.value}")
    for problem in problems:
        click.echo(f"postward: {problem}", err=True)
    raise click.exceptions.Exit(EXIT_NO if problems else 0)


@click.command()
@domain_argument
@click.option("--dns", "zone_path", type=click.Path(path_type=Path), help="Answer from a zone file (YAML), not DNS.")
@common_options
def test(domain: str, zone_path: Path | None, config_path: Path | None, user: str, as_json: bool) -> None:
    """Look each key up in DNS, and compare.

    Exit status: 0 receivers find every key, 1 they do not, 75 DNS did not answer.
    """
    keys, now_s = open_keys(config_path, user), time.time()
    found = _published(keys, domain, now_s)
    with one_lookup(keys.config, zone_path) as lookup:
        publications = [(kept, look_up_publication(kept.key, lookup) if kept.key else None) for kept in found]
    if as_json:
        told = [{**_told(domain, kept, now_s), **_compared(kept, publication)} for kept, publication in publications]
        click.echo(json.dumps(told, indent=2))
    else:
        for kept, publication in publications:
            click.echo(f"{kept.entry.selector}  {kept.state(now_s)}  {_words(kept, publication)}")
    raise click.exceptions.Exit(_status(publications))


def _status(publications: list[tuple[KeptKey, Publication | None]]) -> int:
    problems = [found for _, found in publications if found is None or found.problem]
    if not problems:
        return 0
    return EXIT_TRY_AGAIN if all(found is not None and found.is_temporary for found in problems) else EXIT_NO


def _words(kept: KeptKey, publication: Publication | None) -> str:
    if publication is None:
        return kept.problem
    if publication.problem:
        return escape(f"{publication.name}: {publication.problem}")
    testing = "; it says t=y: receivers may ignore the signature" if publication.is_testing else ""
    return f"{publication.name} is the right record{testing}"


def _compared(kept: KeptKey, publication: Publication | None) -> dict[str, Any]:
    problem = kept.problem if publication is None else publication.problem
    return {
        "ok": not problem,
        "problem": problem,
        "temporary": publication is not None and publication.is_temporary,
        "testing": publication is not None and publication.is_testing,
    }


def _loaded(keys: KeysContext, manifest: Manifest, entries: Sequence[KeyEntry]) -> list[KeptKey]:
    return kept_keys(keys.directory, manifest.domain, entries, keys.account)


def _published(keys: KeysContext, domain: str, now_s: float) -> list[KeptKey]:
    """The keys whose records belong in DNS; raises UsageError where there are none."""
    manifest = keys.manifest(domain)
    entries = published_entries(manifest, now_s)
    if not entries:
        raise UsageError(f"{domain} has no key that signs or will; `postward keys rotate {domain}` makes some")
    return _loaded(keys, manifest, entries)


def _times(kept: KeptKey) -> list[str]:
    entry = kept.entry
    named = (
        ("signs from", entry.signs_from_s),
        ("signs until", entry.signs_until_s),
        ("the record may go on", entry.removable_from_s),
    )
    return [f"{words} {time_words(moment_s)}" for words, moment_s in named if moment_s is not None]


def _told(domain: str, kept: KeptKey, now_s: float) -> dict[str, Any]:
    entry = kept.entry
    return {
        "domain": domain,
        "selector": entry.selector,
        "algorithm": kept.algorithm or None,
        "state": kept.state(now_s),
        "signs_from": entry.signs_from_s,
        "signs_until": entry.signs_until_s,
        "removable_from": entry.removable_from_s,
        "problem": kept.problem,
    }
