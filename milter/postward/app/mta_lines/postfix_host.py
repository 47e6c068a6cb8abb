# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a host's Postfix matters to a milter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from postward.app.mta_lines.postconf import read_parameters, run_postconf
from postward.app.mta_lines.socket_folder import ready_folders

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETERS = (
    "mail_version",
    "config_directory",
    "queue_directory",
    "mail_owner",
    "compatibility_level",
    "smtpd_milters",
    "non_smtpd_milters",
    "milter_default_action",
    "milter_protocol",
    "smtpd_milter_maps",
    "content_filter",
    "smtpd_proxy_filter",
    "receive_override_options",
)
_FIELDS = ("private", "unprivileged", "chroot", "wakeup", "process_limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of master.cf."""

    name: str
    """As in the first column: ``smtp``, ``127.0.0.1:10025``."""
    type: str
    chrooted: bool
    program: str
    overrides: Mapping[str, str]
    """Parameters given with -o, with $names expanded."""
    line: str
    """The first line as it stands in master.cf, without the -o options."""

    @property
    def key(self) -> str:
        """The name as postconf -P takes it."""
        return f"{self.name}/{self.type}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostfixHost:
    """One Postfix instance.

    ``parameters`` are the values in force with $names expanded, ``written`` those that main.cf sets, as it sets them.
    """

    parameters: Mapping[str, str]
    written: Mapping[str, str]
    services: tuple[Service, ...]
    installed: bool = True
    """False for an assumed host, where there is no Postfix to ask."""
    ready_folders: frozenset[Path] = frozenset()
    """Folders for the socket that need no lines any more."""

    def parameter(self, name: str, service: Service | None = None) -> str:
        """A value in force, for one service with its own -o; "" where it is unknown or empty."""
        own = service.overrides.get(name) if service else None
        return self.parameters.get(name, "") if own is None else own

    @property
    def queue_directory(self) -> Path:
        """Where a chrooted service has its root."""
        return Path(self.parameter("queue_directory") or "/var/spool/postfix")

    @property
    def config_directory(self) -> Path:
        """Where main.cf and master.cf are."""
        return Path(self.parameter("config_directory") or "/etc/postfix")

    @property
    def mail_owner(self) -> str:
        """The user whom smtpd and cleanup run as."""
        return self.parameter("mail_owner") or "postfix"

    @property
    def is_chrooted(self) -> bool:
        """True where a service that talks to milters is chrooted."""
        return any(service.chrooted for service in self.services if service.program in {"smtpd", "cleanup"})

    def smtpd_services(self) -> tuple[Service, ...]:
        """The services that take mail by SMTP."""
        return tuple(service for service in self.services if service.program == "smtpd")


def read_postfix_host(postconf: Path, config_dir: Path | None) -> PostfixHost:
    """Read a host's Postfix; raises PostconfFailure."""
    parameters = read_parameters(run_postconf(postconf, config_dir, ["-x", *_PARAMETERS]))
    written = read_parameters(run_postconf(postconf, config_dir, ["-n"]))
    fields = read_parameters(run_postconf(postconf, config_dir, ["-F"]))
    overrides = read_parameters(run_postconf(postconf, config_dir, ["-x", "-P"]))
    chroot_is_default = _chroot_is_default(parameters.get("compatibility_level", ""))
    services = _services(fields, overrides, chroot_is_default=chroot_is_default)
    ready = ready_folders(parameters.get("mail_owner", ""))
    return PostfixHost(parameters=parameters, written=written, services=services, ready_folders=ready)


def _services(
    fields: Mapping[str, str], overrides: Mapping[str, str], *, chroot_is_default: bool
) -> tuple[Service, ...]:
    """Make the services; postconf -F gives ``name/type/field = value``, postconf -P ``name/type/parameter = value``."""
    keys = [name.removesuffix("/command") for name in fields if name.endswith("/command")]
    return tuple(_service(key, fields, overrides, chroot_is_default=chroot_is_default) for key in keys)


def _service(key: str, fields: Mapping[str, str], overrides: Mapping[str, str], *, chroot_is_default: bool) -> Service:
    name, _, kind = key.rpartition("/")
    chroot = fields.get(f"{key}/chroot", "-")
    program = fields[f"{key}/command"].partition(" ")[0]
    columns = [fields.get(f"{key}/{field}", "-") for field in _FIELDS]
    own = {path.removeprefix(f"{key}/"): value for path, value in overrides.items() if path.startswith(f"{key}/")}
    return Service(
        name=name,
        type=kind,
        chrooted=chroot == "y" or (chroot == "-" and chroot_is_default),
        program=program,
        overrides=MappingProxyType(own),
        line=" ".join([name, kind, *columns, program]),
    )


def _chroot_is_default(compatibility_level: str) -> bool:
    """Since Postfix 3.0 a dash in the chroot column means no from compatibility_level 1 on."""
    major = compatibility_level.partition(".")[0]
    return not major.isdecimal() or int(major) < 1


def assumed_postfix_host() -> PostfixHost:
    """A usual Debian Postfix, for a host where there is none to ask."""
    parameters = MappingProxyType(
        {
            "queue_directory": "/var/spool/postfix",
            "config_directory": "/etc/postfix",
            "mail_owner": "postfix",
            "milter_protocol": "6",
        }
    )
    written: Mapping[str, str] = MappingProxyType({})
    services = tuple(_assumed_service(name) for name in ("smtp", "submission", "submissions"))
    return PostfixHost(parameters=parameters, written=written, services=services, installed=False)


def _assumed_service(name: str) -> Service:
    return Service(
        name=name,
        type="inet",
        chrooted=True,
        program="smtpd",
        overrides=MappingProxyType({}),
        line=f"{name} inet n - y - - smtpd",
    )
