"""OpenDKIM's configuration, KeyTable and SigningTable, as far as they can be carried over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from postward.errors import UsageError

_MAX_FILE_BYTES = 4 * 1024 * 1024
_MAX_LINES = 100_000
_FILE_KINDS = ("refile:", "file:")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDkimKey:
    """One line of KeyTable; ``%`` in it stands for the author's domain."""

    name: str
    domain: str
    selector: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDkimSigner:
    """One line of SigningTable."""

    pattern: str
    key_name: str
    line: int


@dataclass(slots=True)
class OpenDkimSetup:
    """All that was read, and what of it could not be."""

    keys: dict[str, OpenDkimKey] = field(default_factory=dict)
    signers: list[OpenDkimSigner] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """In words, each with its place."""


def read_tables(key_table: Path, signing_table: Path) -> OpenDkimSetup:
    """Read both tables; raises UsageError where one cannot be read."""
    setup = OpenDkimSetup()
    _read_keys(key_table, setup)
    _read_signers(signing_table, setup)
    return setup


def read_conf(conf: Path) -> OpenDkimSetup:
    """Read what opendkim.conf names: its tables, or the one key of Domain, Selector and KeyFile; raises UsageError."""
    settings = {name.lower(): rest for _, name, rest in _lines(conf)}
    if "keytable" in settings and "signingtable" in settings:
        return read_tables(_table_path(settings["keytable"], conf), _table_path(settings["signingtable"], conf))
    if not {"domain", "selector", "keyfile"} <= settings.keys():
        raise UsageError(f"{conf}: names neither KeyTable and SigningTable nor Domain, Selector and KeyFile")
    setup = OpenDkimSetup()
    for domain in filter(None, (each.strip() for each in settings["domain"].split(","))):
        key = OpenDkimKey(name=domain, domain=domain, selector=settings["selector"], file=settings["keyfile"])
        setup.keys[domain] = key
        setup.signers.append(OpenDkimSigner(pattern=domain, key_name=domain, line=0))
    return setup


def _table_path(value: str, conf: Path) -> Path:
    kind = next((kind for kind in _FILE_KINDS if value.startswith(kind)), "")
    path = value.removeprefix(kind)
    if not path.startswith("/"):
        raise UsageError(f"{conf}: {value} is no file: export it to one, and name that with --key-table")
    return Path(path)


def _read_keys(path: Path, setup: OpenDkimSetup) -> None:
    for number, name, rest in _lines(path):
        parts = rest.split(":", 2)
        if len(parts) != 3 or not all(parts):  # noqa: PLR2004 - domain, selector, key
            setup.problems.append(f"{path}:{number}: {name}: not of the form DOMAIN:SELECTOR:FILE")
        elif not parts[2].startswith("/"):
            setup.problems.append(
                f"{path}:{number}: {name}: the key stands in the table itself; write it to a file first"
            )
        else:
            setup.keys[name] = OpenDkimKey(name=name, domain=parts[0], selector=parts[1], file=parts[2])


def _read_signers(path: Path, setup: OpenDkimSetup) -> None:
    for number, pattern, rest in _lines(path):
        if rest not in setup.keys:
            setup.problems.append(f"{path}:{number}: {pattern}: {rest or 'nothing'} is no usable key of KeyTable")
        else:
            setup.signers.append(OpenDkimSigner(pattern=pattern.lower(), key_name=rest, line=number))


def _lines(path: Path) -> list[tuple[int, str, str]]:
    """Line number, first word and the rest of each line that says something."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    lines = content.decode("utf-8", "replace").splitlines()
    if len(content) > _MAX_FILE_BYTES or len(lines) > _MAX_LINES:
        raise UsageError(f"{path}: is too long")
    found = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split(None, 1)
        if words:
            found.append((number, words[0], words[1].strip() if len(words) > 1 else ""))
    return found
