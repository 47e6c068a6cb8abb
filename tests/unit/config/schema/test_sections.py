# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config import load
from postward.errors import ConfigErrors


def load_text(tmp_path, text):
    path = tmp_path / "postward.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@pytest.mark.parametrize(
    "text",
    [
        "authserv_id: MX.Example.COM.",
        "metrics: {listen: null}",
        'metrics: {listen: "[::1]:9618"}',
        "redis: {url: redis://127.0.0.1:6379/0}",
        "redis: {url: 'rediss://user:secret@redis.example.com:6380/1'}",
        "redis: {url: unix:///run/redis/redis.sock}",
        "redis: managed",
        "redis: 'redis+sentinel://a.example,b.example:26380/mail'",
        "redis: {url: 'redis+cluster://a.example:6379,b.example', password_file: /etc/postward/redis}",
        "arc: {trusted_sealers: [google.com, xn--bcher-kva.example]}",
        "socket_group: postfix",
        "socket_mode: 660",
        "origin: {outbound_daemon_names: []}",
    ],
)
def test_good_values(tmp_path, text):
    load_text(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("authserv_id: bad domain", "authserv_id"),
        ("authserv_id: bücher.example", "authserv_id"),
        ("authserv_id: " + "a" * 64, "authserv_id"),
        ("authserv_id: ''", "authserv_id"),
        ("socket_mode: 0999", "socket_mode"),
        ("socket_mode: '7777777'", "socket_mode"),
        ("socket_group: 'a b'", "socket_group"),
        ("state_dir: var/lib", "state_dir"),
        ("metrics: {listen: ''}", "metrics.listen"),
        ("redis: {url: 'redis://'}", "redis.url"),
        ("redis: {url: 'redis://h:99999/'}", "redis.url"),
        ("redis: {url: 'unix:'}", "redis.url"),
        ("redis: {url: 5}", "redis.url"),
        ("redis: manged", "redis.url"),
        ("redis: 5", "redis"),
        ("redis: {max_memory_mb: 1}", "redis.max_memory_mb"),
        ("redis: {url: 'redis://a,b'}", "redis.url"),
        ("redis: {url: 'redis+sentinel://a,b'}", "redis.url"),
        ("redis: {url: 'redis+cluster://a/1'}", "redis.url"),
        ("redis: {url: 'redis://h?socket_timeout=1'}", "redis.url"),
        ("arc: {trusted_sealers: google.com}", "arc.trusted_sealers"),
        ("arc: {trusted_sealers: [a..b]}", "arc.trusted_sealers[0]"),
        ("origin: {local_networks: [0.0.0.1/0]}", "origin.local_networks[0]"),
        ("origin: {local_networks: [localhost]}", "origin.local_networks[0]"),
        ("origin: {outbound_daemon_names: ['']}", "origin.outbound_daemon_names[0]"),
        ("dmarc: {on_quarantine: reject}", "dmarc.on_quarantine"),
        ("log: {addresses: some}", "log.addresses"),
        ("events: {max_messages: -1}", "events.max_messages"),
    ],
)
def test_bad_values(tmp_path, text, key):
    with pytest.raises(ConfigErrors) as caught:
        load_text(tmp_path, text)
    assert [error.key for error in caught.value.errors] == [key]


def test_a_domain_is_kept_in_lower_case_without_a_closing_dot(tmp_path):
    assert load_text(tmp_path, "authserv_id: MX.Example.COM.").authserv_id == "mx.example.com"
