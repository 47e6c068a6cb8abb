# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path).signing

    return read


def fault_of(read, text):
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    (error,) = caught.value.errors
    return error.line, error.key, error.message, error.hint


def test_keys_by_hand_are_read(read):
    section = read(
        "signing:\n  keys:\n"
        "    - {domain: Example.COM, selector: S1, file: /k/a.pem}\n"
        '    - {domain: "*.example.com", selector: s2, file: /k/b.pem, tenant: acme, signing_domain: example.com}\n'
        '    - {domain: "*", selector: s3, file: /k/c.pem}\n'
    )
    assert [(key.domain, key.selector, key.file, key.tenant, key.signing_domain) for key in section.keys] == [
        ("example.com", "s1", Path("/k/a.pem"), None, None),
        ("*.example.com", "s2", Path("/k/b.pem"), "acme", "example.com"),
        ("*", "s3", Path("/k/c.pem"), None, None),
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("{selector: s, file: /k}", ("domain", "is missing", "")),
        (
            "{domain: a..b, selector: s, file: /k}",
            ("domain", "is no domain name", "letters, digits, hyphens and dots, such as example.com"),
        ),
        (
            '{domain: "*example.com", selector: s, file: /k}',
            ("domain", "is no domain name", "letters, digits, hyphens and dots, such as example.com"),
        ),
        ("{domain: a.example, selector: s, file: k.pem}", ("file", "must be an absolute path", "")),
        ('{domain: a.example, selector: s, file: /k, tenant: ""}', ("tenant", "is no name of a tenant", "")),
        ("{domain: a.example, selector: s, file: /k, tennant: x}", ("tennant", "unknown key", "did you mean tenant?")),
    ],
)
def test_a_fault_in_a_key_by_hand_is_named_with_its_line(read, entry, fault):
    key, message, hint = fault
    assert fault_of(read, f"signing:\n  keys:\n    - {entry}\n") == (3, f"signing.keys[0].{key}", message, hint)


@pytest.mark.parametrize("key", ["oversign", "oversign_where_present", "extra_fields"])
@pytest.mark.parametrize(
    "name", ["Received", "return-path", "Authentication-Results", "ARC-Seal", "bcc", "DKIM-Signature"]
)
def test_what_changes_on_the_way_is_not_signed(read, key, name):
    fault = fault_of(read, f"signing:\n  {key}: [{name}]\n")
    assert fault[:3] == (2, f"signing.{key}[0]", "must not be signed: it changes or is added on the way")


@pytest.mark.parametrize("name", ['"X Y"', '"X:"', '""', "Ä"])
def test_a_field_needs_a_name(read, name):
    assert fault_of(read, f"signing:\n  extra_fields: [{name}]\n")[2] == "is no name of a header field"


def test_field_names_are_compared_without_case(read):
    assert read("signing: {extra_fields: [X-Ticket]}\n").extra_fields == ("x-ticket",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("algorithms: []", "must name an algorithm"),
        ("algorithms: [dsa]", "must be one of rsa, ed25519"),
        ("canonicalization: relaxed", "must be one of relaxed/relaxed, relaxed/simple, simple/relaxed, simple/simple"),
        ("expire_after_days: 0", "must be at least 1"),
        ("on_unusable_key: reject", "must be one of defer, unsigned"),
    ],
)
def test_other_faults(read, text, message):
    assert fault_of(read, f"signing: {{{text}}}\n")[2] == message
