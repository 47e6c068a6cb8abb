# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import dns.zone
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from postward.app.keys.private_pem import new_pem
from postward.app.keys.record import key_record
from postward.authn.dkim.key import read_key_record
from postward.signing.loaded_key import LoadedKey, PrivateKey


def record(algorithm, bits=2048):
    private = PrivateKey(load_pem_private_key(new_pem(algorithm, bits), None))
    return key_record(LoadedKey(domain="example.com", selector="s1", private_key=private))


@pytest.mark.parametrize(("algorithm", "bits", "strings"), [("ed25519", 0, 1), ("rsa", 2048, 2), ("rsa", 4096, 3)])
def test_a_record_is_divided_as_dns_wants_it_and_read_by_our_own_verifier(algorithm, bits, strings):
    made = record(algorithm, bits)
    assert made.name == "s1._domainkey.example.com"
    assert len(made.strings) == strings
    assert all(len(text) <= 255 for text in made.strings)
    assert "".join(made.strings) == made.value
    assert read_key_record(made.value.encode()) is not None


def test_a_zone_file_has_it_on_one_line_or_in_parentheses():
    assert record("ed25519").zone_line.startswith('s1._domainkey.example.com. IN TXT "v=DKIM1; k=ed25519; p=')
    lines = record("rsa").zone_line.splitlines()
    assert lines[0] == "s1._domainkey.example.com. IN TXT ("
    assert lines[-1] == ")"


@pytest.mark.parametrize(("algorithm", "bits"), [("ed25519", 0), ("rsa", 2048), ("rsa", 4096)])
def test_a_name_server_reads_from_the_zone_file_what_was_meant(algorithm, bits):
    made = record(algorithm, bits)
    zone = dns.zone.from_text(f"$TTL 3600\n{made.zone_line}\n", "example.com.", check_origin=False)
    (found,) = zone.find_rdataset("s1._domainkey", "TXT")
    assert b"".join(found.strings).decode() == made.value
