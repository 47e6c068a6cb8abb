# SPDX-License-Identifier: GPL-3.0-or-later
"""``scan --output`` writes what the milter has Postfix deliver, and its report says the same."""

from __future__ import annotations

import json

import pytest

from tests.e2e.delivered import Delivered
from tests.mailhost import letters

OWN = ("Authentication-Results", "X-Spam-Flag", "X-Spam-Score", "X-Spam-Level", "X-Spam-Status")
LETTERS = ["genuine", "forged_from", "spf_only", "through_list", "forged_results", "two_authors"]


def _scan(host, letter, folder):
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "message.eml").write_bytes(letter.content)
    done = host.postward.run(
        "scan", "--config", str(host.postward.configuration), "--json", "--ip", letter.client.address,
        "--helo", letter.client.helo, "--mail-from", letter.mail_from, "--rcpt", "you@example.net",
        "--output", str(folder / "scanned.eml"), str(folder / "message.eml"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), Delivered((folder / "scanned.eml").read_bytes().replace(b"\r\n", b"\n"))


@pytest.mark.parametrize("kind", LETTERS)
def test_same_fields_in_the_same_order(host, kind):
    letter = getattr(letters, kind)(host.world)
    report, scanned = _scan(host, letter, host.root / f"scan-{kind}")
    delivered = Delivered(host.deliver(letter))
    for name in OWN:
        assert delivered.fields(name) == scanned.fields(name), name
    assert _order(delivered) == _order(scanned)
    assert (report["verdict"] == "junk") == delivered.is_junk


def test_results_stand_on_top(host):
    delivered = Delivered(host.deliver(letters.genuine(host.world)))
    assert _order(delivered)[0] == "Authentication-Results"


def _order(delivered):
    header = delivered.content.split(b"\n\n", 1)[0].decode().split("\n")
    return [name for name in (line.partition(":")[0] for line in header) if name in OWN]
