# SPDX-License-Identifier: GPL-3.0-or-later
"""The URL of a Redis: a single server, servers behind sentinels, or a cluster."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from postward.model.redis_target import RedisKind, RedisTarget, RedisTls

MAX_URL_LENGTH = 2_048
_MAX_NODES = 64
_MAX_DATABASE = 1_000_000
_PORT = 6379
_SENTINEL_PORT = 26379
_MAX_PORT = 65_535
_KINDS = {
    "redis": RedisKind.SINGLE,
    "rediss": RedisKind.SINGLE,
    "redis+sentinel": RedisKind.SENTINEL,
    "rediss+sentinel": RedisKind.SENTINEL,
    "redis+cluster": RedisKind.CLUSTER,
    "rediss+cluster": RedisKind.CLUSTER,
}


def parse_redis_url(text: str) -> RedisTarget:
    """Read a URL; raises ValueError with words that never quote it, for it may hold a password.

    ``redis://[USER[:PASSWORD]@]HOST[:PORT][/DATABASE]``, ``unix://[USER[:PASSWORD]@]/PATH[?db=DATABASE]``,
    ``redis+sentinel://[USER:PASSWORD@]HOST[:PORT],.../SERVICE[/DATABASE]`` where the hosts are the sentinels and the
    password is that of the servers, and ``redis+cluster://[USER:PASSWORD@]HOST[:PORT],...``.  With ``rediss`` the
    servers speak TLS.  In user and password %XX stands for an octet.
    """
    if len(text) > MAX_URL_LENGTH or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is no URL of a Redis server")
    scheme, separator, rest = text.partition("://")
    if not separator or (scheme != "unix" and scheme not in _KINDS):
        raise ValueError("is no URL of a Redis server")
    before, mark, query = rest.partition("?")
    if "#" in rest:
        raise ValueError("has a #; write %23 for one in a password")
    database = _database_of(query) if mark else None
    authority, _, path = before.partition("/")
    user, password, hosts = _credentials(authority)
    if scheme == "unix":
        if hosts or not path:
            raise ValueError("needs an absolute path: unix:///run/redis/redis.sock")
        return RedisTarget(socket_path=f"/{unquote(path)}", database=database or 0, user=user, password=password)
    kind = _KINDS[scheme]
    service, in_path = _path_parts(kind, path)
    return RedisTarget(
        kind=kind,
        nodes=_nodes(hosts, kind),
        service=service,
        database=_only_database(kind, in_path, database),
        user=user,
        password=password,
        tls=RedisTls() if scheme.startswith("rediss") else None,
    )


def _credentials(authority: str) -> tuple[str | None, str | None, str]:
    userinfo, _, hosts = authority.rpartition("@")
    user, colon, password = userinfo.partition(":")
    return unquote(user) or None, unquote(password) if colon else None, hosts


def _nodes(hosts: str, kind: RedisKind) -> tuple[tuple[str, int], ...]:
    parts = hosts.split(",")
    if len(parts) > _MAX_NODES:
        raise ValueError(f"has more than {_MAX_NODES} hosts")
    if len(parts) > 1 and kind is RedisKind.SINGLE:
        raise ValueError("has more than one host; write redis+sentinel:// or redis+cluster://")
    return tuple(_node(part, _SENTINEL_PORT if kind is RedisKind.SENTINEL else _PORT) for part in parts)


def _node(text: str, default_port: int) -> tuple[str, int]:
    """HOST, HOST:PORT, or an IPv6 address in brackets."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("has a host or a port that is none") from None
    if not host or parts.path or parts.username is not None or "*" in host:
        raise ValueError("has no host")
    if port is not None and not 0 < port <= _MAX_PORT:
        raise ValueError("has a port that is none")
    return host, port or default_port


def _path_parts(kind: RedisKind, path: str) -> tuple[str, str]:
    """The service and the database, of which a cluster has neither."""
    if kind is not RedisKind.SENTINEL:
        return "", path
    service, _, database = path.partition("/")
    if not service:
        raise ValueError("needs the name of the service behind the hosts: redis+sentinel://HOST,HOST/SERVICE")
    return unquote(service), database


def _only_database(kind: RedisKind, in_path: str, in_query: int | None) -> int:
    database = _number(in_path) if in_path else 0
    if in_query is not None:
        database = in_query
    if kind is RedisKind.CLUSTER and database:
        raise ValueError("is a cluster, which has database 0 alone")
    return database


def _database_of(query: str) -> int:
    options = parse_qsl(query, keep_blank_values=True, max_num_fields=8)
    if [name for name, _ in options] != ["db"]:
        raise ValueError("has an option other than db behind the ?")
    return _number(options[0][1])


def _number(text: str) -> int:
    if not text.isdigit() or int(text[:8]) > _MAX_DATABASE or len(text) > len(str(_MAX_DATABASE)):
        raise ValueError("has a database that is no number")
    return int(text)
