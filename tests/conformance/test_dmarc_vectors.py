# SPDX-License-Identifier: GPL-3.0-or-later
"""The DMARC vectors, through the whole program: real signatures, a real SPF record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.scanning import scan_json
from tests.signatures.keys import record as key_record
from tests.signatures.signer import SELECTOR, Recipe, sign_dkim

DMARC = json.loads((Path(__file__).parents[1] / "vectors" / "dmarc_rfc9989.json").read_text(encoding="utf-8"))


def zone_of(vector):
    given = vector["dns"]
    zone = {name: [{"TXT": text} for text in texts] for name, texts in given["txt"].items()}
    for name in given["servfail"]:
        zone[name] = ["SERVFAIL"]
    for name in given["exists"]:
        zone.setdefault(name, []).append({"A": "192.0.2.99"})
    if vector["spf"]:
        zone.setdefault(vector["spf"]["domain"], []).append({"SPF": "v=spf1 +all"})
    for signature in vector["dkim"]:
        zone[f"{SELECTOR}._domainkey.{signature['domain'].lower()}"] = [{"TXT": key_record("ed25519")}]
    return zone


def message_of(vector):
    head = "".join(f"From: {value}\r\n" for value in vector["from_header"])
    message = f"{head}Subject: x\r\n\r\nbody\r\n".encode()
    recipe = Recipe(key="ed25519", names=("from",) * len(vector["from_header"]))
    for signature in vector["dkim"]:
        message = sign_dkim(message, {"d": signature["domain"]}, recipe)
    return message


@pytest.mark.parametrize("vector", DMARC, ids=[vector["id"] for vector in DMARC])
def test_dmarc(tmp_path, vector):
    expect = vector["expect"]
    sender = f"u@{vector['spf']['domain']}" if vector["spf"] else "u@elsewhere.example"
    options = ["--ip", "192.0.2.1", "--helo", "h.elsewhere.example", "--mail-from", sender]
    found = scan_json(tmp_path, message_of(vector), zone_of(vector), *options)["dmarc"]
    if expect["result"] == "notpass":
        assert found["result"] != "pass"
        return
    assert found["result"] in {expect["result"], *(vector["alt"] or ())}
    if found["result"] == expect["result"]:
        assert found["policy"] == expect["policy"]
    for field, key in (("org_domain", "org"), ("policy_domain", "policy_domain")):
        assert expect[key] in (None, found[field])
