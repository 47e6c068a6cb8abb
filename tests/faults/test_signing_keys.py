# SPDX-License-Identifier: GPL-3.0-or-later
"""Private keys that cannot be used: their mail waits, or goes unsigned, as configured; everything else goes on."""

from __future__ import annotations

import os

import pytest
import yaml

from tests.faults.submitting import answer_to, fields_of, submit
from tests.mailhost.scratch import Scratch
from tests.mailhost.unprivileged import hand_over
from tests.mailhost.world import World
from tests.milter.client import Client
from tests.milter.filter import running_filter
from tests.milter.metrics_page import free_port, wait_for_page
from tests.signatures import keys

GOOD = "good.example"
FAULTS = {
    "missing.example": "does not exist",
    "unreadable.example": "cannot be read by the service's user",
    "small.example": "is an RSA key of only 512 bits",
    "open.example": "is open to everybody (mode 0644)",
    "garbled.example": "holds no private key in PEM",
}
UNUSABLE = 'postward_keys_unusable_messages_total{{kind="{}"}}'
SIGNED = 'postward_signed_messages_total{{kind="{}"}}'
NOT_SIGNED = "451 4.7.5 Message could not be signed, please try again later"


def write_key(folder, domain):
    """The folder of a domain as ``postward keys`` leaves it; the key file, which is the service's own."""
    file = folder / domain / "pw1.pem"
    file.parent.mkdir()
    file.touch(mode=0o600)
    file.write_bytes(keys.pem("rsa2048"))
    manifest = {"domain": domain, "keys": [{"selector": "pw1", "file": "pw1.pem"}]}
    (file.parent / "keys.yaml").write_text(yaml.safe_dump(manifest))
    hand_over(file)
    return file


def spoil(domain, file):
    """Make the fault that the domain is called after."""
    if domain == "missing.example":
        file.unlink()
    elif domain == "unreadable.example":
        file.chmod(0o000)
    elif domain == "small.example":
        file.write_bytes(keys.pem("rsa512"))
    elif domain == "open.example":
        file.chmod(0o644)
    elif domain == "garbled.example":
        file.write_bytes(b"not a key")


@pytest.fixture(autouse=True)
def hang_up():
    yield
    while Client.opened:
        Client.opened.pop().socket.close()


@pytest.fixture(scope="module")
def scratch():
    with Scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def keys_dir(scratch):
    folder = scratch / "keys"
    folder.mkdir()
    for domain in (GOOD, *FAULTS):
        spoil(domain, write_key(folder, domain))
    return folder


@pytest.fixture(scope="module")
def settings(scratch, keys_dir):
    """Keys that sign, most of them unusable, and one that seals and is open to everybody."""
    sealing_file = write_key(scratch, "gateway.example")
    sealing_file.chmod(0o644)
    sealing = {"domain": "gateway.example", "selector": "pw1", "file": str(sealing_file), "when": ["always"]}
    return {
        "signing": {"keys_dir": str(keys_dir)},
        "sealing": {"enabled": True, **sealing},
        "directory": {"domains_dir": str(scratch / "domains.d")},
        "metrics": {"listen": f"127.0.0.1:{free_port()}"},
        "workers": 1,
    }


@pytest.fixture(scope="module")
def server(settings):
    with running_filter(World(), **settings) as one:
        yield one


def counted(settings):
    return int(settings["metrics"]["listen"].rpartition(":")[2])


def send(server, domain, login="alice"):
    return submit(server.address, author=f"alice@{domain}", login=login)


@pytest.mark.parametrize("domain", FAULTS)
def test_the_log_says_where_the_key_is_listed_and_what_is_wrong(server, keys_dir, domain):
    (line,) = [line for line in server.lines if "event=key.unusable" in line and domain in line]
    assert f"{keys_dir}/{domain}/keys.yaml:3: keys[0].file: " in line
    assert FAULTS[domain] in line
    assert "level=error" in line


@pytest.mark.parametrize("domain", FAULTS)
def test_mail_of_its_domain_waits_and_is_counted(server, settings, domain):
    before = wait_for_page(counted(settings), bool, "a page").get(UNUSABLE.format("dkim"), 0)
    assert answer_to(send(server, domain)) == NOT_SIGNED
    wait_for_page(counted(settings), lambda page: page.get(UNUSABLE.format("dkim"), 0) == before + 1, "one more")


def test_mail_of_other_domains_is_signed_or_goes_as_it_is(server, settings):
    signed = send(server, GOOD)
    assert answer_to(signed) == ""
    assert f"d={GOOD}; s=pw1;" in fields_of(signed)["DKIM-Signature"]
    unknown = send(server, "keyless.example")
    assert answer_to(unknown) == ""
    assert "DKIM-Signature" not in fields_of(unknown)
    wait_for_page(counted(settings), lambda page: page.get(SIGNED.format("dkim"), 0) >= 1, "a signature")


def test_mail_from_outside_goes_on_without_a_seal_and_is_counted(server, settings):
    (line,) = [line for line in server.lines if "event=key.unusable" in line and "gateway.example" in line]
    assert f"{server.configuration}:" in line
    assert "sealing.file: " in line
    assert "is open to everybody (mode 0644)" in line
    client = send(server, "missing.example", login="")
    assert answer_to(client) == ""
    assert not {"ARC-Seal", "DKIM-Signature"} & set(fields_of(client))
    wait_for_page(counted(settings), lambda page: page.get(UNUSABLE.format("arc"), 0) >= 1, "a seal that is missing")


def test_or_mail_goes_unsigned_and_a_key_that_is_mended_signs_after_a_reload(server, settings, keys_dir):
    unsigned = settings["signing"] | {"on_unusable_key": "unsigned"}
    (keys_dir / "open.example" / "pw1.pem").chmod(0o600)
    server.configure(**settings | {"signing": unsigned})
    server.hang_up()
    server.wait_for("event=generation.ready", 2)
    server.wait_for("event=generation.retired")
    lost = send(server, "missing.example")
    assert answer_to(lost) == ""
    assert "DKIM-Signature" not in fields_of(lost)
    assert "d=open.example;" in fields_of(send(server, "open.example"))["DKIM-Signature"]


def test_a_keys_dir_that_cannot_be_read_may_hold_the_keys_of_any_domain(scratch):
    folder = scratch / "closed"
    folder.mkdir()
    write_key(folder, GOOD)
    hand_over(folder)
    folder.chmod(0o000)
    domains = {"domains_dir": str(scratch / "domains.d")}
    with running_filter(World(), signing={"keys_dir": str(folder)}, directory=domains) as server:
        (line,) = [line for line in server.lines if "event=key.unusable" in line]
        assert f"{server.configuration}:" in line
        assert f"signing.keys_dir: {folder} cannot be read: {os.strerror(13)}" in line
        assert answer_to(send(server, "keyless.example")) == NOT_SIGNED
        assert answer_to(send(server, GOOD, login="")) == ""
    folder.chmod(0o700)
