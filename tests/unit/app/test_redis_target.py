# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.redis_target import check_redis_section, open_calls, redis_target
from postward.config import load
from postward.errors import ConfigErrors
from postward.model.redis_target import RedisKind, RedisTarget, RedisTls
from tests.redis_servers.tls import Certificates


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text.replace("$", str(tmp_path)), encoding="utf-8")
        return load(path)

    return read


def fault(read, text):
    with pytest.raises(ConfigErrors) as caught:
        redis_target(read(text))
    (error,) = caught.value.errors
    return error.line, error.key, error.message


def test_none(read):
    config = read("redis: {url: null}\n")
    assert redis_target(config) is None
    assert open_calls(config) is None


@pytest.mark.parametrize("text", ["redis: managed\n", "redis: {url: managed}\n", "redis:\n  url: managed\n"])
def test_the_one_of_its_own(read, tmp_path, text):
    target = redis_target(read(f"state_dir: $/state\n{text}"))
    assert target == RedisTarget(socket_path=f"{tmp_path}/state/redis/redis.sock")


def test_a_url_alone_is_the_url_of_the_section(read):
    assert redis_target(read("redis: redis://h\n")) == redis_target(read("redis: {url: redis://h}\n"))


def test_passwords_and_certificates_in_files(read, tmp_path):
    tls = Certificates(tmp_path / "tls").tls
    (tmp_path / "password").write_text("of the servers\nsecond line\n")
    (tmp_path / "sentinels").write_text("of the sentinels")
    target = redis_target(
        read(
            "redis:\n  url: 'rediss+sentinel://mail@a,b/service'\n  password_file: $/password\n"
            "  sentinel_user: watcher\n  sentinel_password_file: $/sentinels\n"
            "  ca_file: $/tls/ca.crt\n  certificate_file: $/tls/client.crt\n  key_file: $/tls/client.key\n"
        )
    )
    assert (target.kind, target.user, target.password) == (RedisKind.SENTINEL, "mail", "of the servers")
    assert target.sentinel_user == "watcher"
    assert target.sentinel_password == "of the sentinels"  # noqa: S105 - it protects nothing
    assert target.tls == tls


@pytest.mark.parametrize(
    ("files", "key", "words"),
    [
        ({"ca_file": "none"}, "ca_file", "cannot be read: No such file or directory"),
        ({"ca_file": "ca.key"}, "ca_file", "holds no certificate in PEM"),
        ({"certificate_file": "client.crt", "key_file": "none"}, "key_file", "cannot be read"),
        ({"certificate_file": "client.crt", "key_file": "server.key"}, "key_file", "is no key"),
    ],
)
def test_files_of_tls_that_are_of_no_use(read, tmp_path, files, key, words):
    Certificates(tmp_path / "tls")
    lines = "".join(f"  {name}: $/tls/{file}\n" for name, file in files.items())
    line, named, message = fault(read, f"redis:\n  url: rediss://h\n{lines}")
    assert (line, named) == (3 + list(files).index(key), f"redis.{key}")
    assert message.startswith(words)


def test_files_are_not_read_to_see_whether_keys_go_together(read):
    config = read("redis: {url: 'rediss://h', ca_file: $/none, password_file: $/none}\n")
    assert check_redis_section(config).tls == RedisTls()


def test_the_password_of_the_url_gives_way_to_that_of_the_file(read, tmp_path):
    (tmp_path / "password").write_text("of the file\n")
    target = redis_target(read("redis: {url: 'redis://:other@h', password_file: $/password}\n"))
    assert target.password == "of the file"  # noqa: S105 - the same


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\n", b"a" * 5_000])
def test_a_file_without_a_password(read, tmp_path, content):
    (tmp_path / "password").write_bytes(content)
    line, key, message = fault(read, "redis:\n  url: redis://h\n  password_file: $/password\n")
    assert (line, key) == (3, "redis.password_file")
    assert message


def test_a_file_that_is_not_there(read):
    text = "redis:\n  url: redis://h\n  password_file: $/none\n"
    assert fault(read, text) == (3, "redis.password_file", "cannot be read: No such file or directory")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("redis:\n  url: redis://h\n  ca_file: /ca\n", "redis.ca_file"),
        ("redis:\n  url: rediss://h\n  key_file: /key\n", "redis.key_file"),
        ("redis:\n  url: redis://h\n  sentinel_password_file: /file\n", "redis.sentinel_password_file"),
        ("redis:\n  url: redis+cluster://h\n  sentinel_user: a\n", "redis.sentinel_user"),
        ("redis:\n  url: redis+sentinel://h/mail\n  sentinel_user: a\n", "redis.sentinel_user"),
        ("redis:\n  url: managed\n  ca_file: /ca\n", "redis.ca_file"),
    ],
)
def test_files_that_do_not_go_with_the_url(read, text, key):
    assert fault(read, text)[:2] == (3, key)


@pytest.mark.parametrize("text", ["redis: 'redis://u:hidden@'\n", "redis:\n  url: 'x://u:hidden@h'\n"])
def test_what_is_wrong_with_a_url_is_told_with_its_line_and_not_quoted(read, text):
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    (error,) = caught.value.errors
    assert (error.line, error.key) == (text.count("\n"), "redis.url")
    assert "hidden" not in str(error)
    assert "redis+sentinel://" in error.hint
