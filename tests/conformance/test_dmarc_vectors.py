"""The DMARC vectors, through the whole program: real signatures, a real SPF record."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conformance.scanning import scan_json

DMARC = json.loads((Path(__file__).parents[1] / "vectors" / "dmarc_rfc9989.json").read_text(encoding="utf-8"))


@cache
def signing_key():
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return base64.b64encode(key.private_bytes_raw()), f"v=DKIM1; k=ed25519; p={public}"


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
        zone[f"s._domainkey.{signature['domain'].lower()}"] = [{"TXT": signing_key()[1]}]
    return zone


def message_of(vector):
    head = "".join(f"From: {value}\r\n" for value in vector["from_header"])
    message = f"{head}Subject: x\r\n\r\nbody\r\n".encode()
    for signature in vector["dkim"]:
        domain = signature["domain"].encode()
        # dkimpy leaves no choice of what to sign but refuses several From fields, so they are signed one by one.
        message = sign(message, domain)
    return message


def sign(message, domain):
    single = dkim.DKIM(message, signature_algorithm=b"ed25519-sha256")
    single.should_not_sign |= set()
    return single.sign(b"s", domain, signing_key()[0], include_headers=[b"from", b"subject"]) + message


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
