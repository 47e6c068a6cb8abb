# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a client and its message say, our fields say exactly what was found, and nothing else of ours is there.

Read by parsers that are not ours: authres for the results, the standard library's for the message, and a search for
``method=pass`` for the filters that know no grammar.
"""

from __future__ import annotations

import email.policy
import re
from email.parser import BytesHeaderParser
from ipaddress import ip_address

import authres
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postward.app.compose import scan_parts
from postward.app.scan_report import scan_report
from postward.app.scanning import ScanRequest, scan_message, scanned_message
from tests.signatures import keys
from tests.signatures.signer import sign_dkim

OURS = "mx.example.com"
NOW_S = 1_700_000_000
ZONE = {
    # A client that owns its names: all that it may pass, passes.
    "evil.example": [{"TXT": "v=spf1 +all"}],
    "sel._domainkey.example.org": [{"TXT": keys.record("rsa2048")}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "a\\;dmarc=pass.evil.example"}, {"PTR": "mx.evil.example"}],
    "_dmarc.bank.example": [{"TXT": "v=DMARC1; p=reject"}],
}
INJECTION = "dmarc=pass header.from=bank.example"
PIECES = st.sampled_from([
    *'ab.;="\\()<>@,:/[]{}%\'\t\x00\x01\x1b\x7f\x85\xa0\xfc\u202e\u2028\uff1d\udcff ', "\r\n ", "\r\n\t", "\n ", "\r ",
    INJECTION, f"; {INJECTION}", f"{OURS};{INJECTION}", f") {INJECTION} (", f'" ; {INJECTION} "', "bank.example",
    "@bank.example", '"@bank.example"', "@evil.example", "x" * 300, "(" * 300, "=?utf-8?q?mx=2Eexample.com=3B?=",
])  # fmt: skip
HOSTILE = st.lists(PIECES, max_size=6).map("".join)
ENVELOPE = HOSTILE.map(lambda text: text.replace("\r", "").replace("\n", ""))
"""No line ends: those the MTA keeps apart itself."""
FIELD = HOSTILE.map(lambda text: re.sub(r"\r(?!\n)|(?<!\r)\n|\x00", "?", text))
UTF8 = {"errors": "surrogateescape"}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "zone.yaml").write_text(yaml.safe_dump(ZONE))
    (folder / "postward.yaml").write_text(f"authserv_id: {OURS}\nspf: {{received_spf: true}}\n")
    with scan_parts(folder / "postward.yaml", folder / "zone.yaml", now_s=NOW_S) as found:
        yield found


def scanned(parts, content, *, mail_from="a@evil.example", helo="mx.evil.example"):
    request = ScanRequest(address=ip_address("192.0.2.1"), helo=helo, mail_from=mail_from)
    transaction = scan_message(content, request, parts.pipeline, parts.lookup, now_s=NOW_S)
    return transaction, scan_report(transaction, parts.pipeline.authentication_results(transaction))


def expected_results(report):
    found = [("iprev", report["iprev"]["result"]), ("spf", report["spf"]["result"])]
    found += [("spf", report["spf_helo"]["result"])] if report["spf_helo"] else []
    found += [("dkim", signature["result"]) for signature in report["dkim"]] or [("dkim", "none")]
    return [*found, ("arc", report["arc"]["result"]), ("dmarc", report["dmarc"]["result"])]


def assert_says_only_what_was_found(transaction, report):
    expected = expected_results(report)
    delivered = scanned_message(transaction)
    fields = BytesHeaderParser(policy=email.policy.compat32).parsebytes(delivered).items()
    assert len(fields) == len(transaction.headers) - len(transaction.plan.removals) + len(transaction.plan.additions)
    assert fields[0][0] == "Authentication-Results"
    for addition in transaction.plan.additions:
        lines = addition.value.split(b"\r\n")
        assert all(line.startswith(b"\t") and line.strip() for line in lines[1:])
        assert all(len(line) <= 900 and not re.search(rb"[\r\n\x00]", line) for line in lines)
    value = transaction.plan.additions[0].value.decode("utf-8").replace("\r\n", "")
    theirs = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + re.sub(r"[^\x00-\x7f]", "?", value))
    assert theirs.authserv_id == OURS
    assert [(found.method, found.result) for found in theirs.results] == expected
    assert len(re.findall(r"(?i)=\s*pass", value)) == sum(result == "pass" for _, result in expected)
    assert_names_nobody_else(theirs.results, report)


def assert_names_nobody_else(results, report):
    """A reader who takes what is behind the last, or the first, at sign gets the domain that was checked."""
    for found in results:
        if found.result != "pass":
            continue
        for entry in found.properties:
            if (entry.type, entry.name) in {("smtp", "mailfrom"), ("header", "i"), ("smtp", "helo")}:
                domains = {
                    entry.value.rpartition("@")[2],
                    entry.value.rpartition("@")[0] and entry.value.partition("@")[2],
                }
                assert not any("bank.example" in domain for domain in domains), entry.value
    assert report["dmarc"]["result"] != "pass"


SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(local_part=ENVELOPE, domain=st.sampled_from(["@evil.example", ""]), helo=ENVELOPE)
def test_envelope(parts, local_part, domain, helo):
    content = b"From: a@bank.example\r\n\r\nbody\r\n"
    assert_says_only_what_was_found(*scanned(parts, content, mail_from=local_part + domain, helo=helo))


@SETTINGS
@given(author=FIELD, tags=st.lists(st.tuples(st.sampled_from(["d", "s", "i", "a", "b", "q", "x"]), FIELD), max_size=4))
def test_header(parts, author, tags):
    tag_list = {"v": "1", "a": "rsa-sha256", "d": "evil.example", "s": "s", "h": "from", "bh": "AA==", "b": "AA=="}
    tag_list |= dict(tags)
    signature = "; ".join(f"{name}={text}" for name, text in tag_list.items())
    content = f"DKIM-Signature: {signature}\r\nFrom: {author} <a@bank.example>\r\n\r\nbody\r\n".encode(**UTF8)
    assert_says_only_what_was_found(*scanned(parts, content))


@SETTINGS
@given(value=FIELD)
def test_results_from_outside(parts, value):
    content = f"Authentication-Results:{value}\r\nFrom: a@bank.example\r\n\r\nbody\r\n".encode(**UTF8)
    transaction, report = scanned(parts, content)
    assert_says_only_what_was_found(transaction, report)
    kept = [field for field in transaction.headers if field.key == b"authentication-results"][
        len(transaction.plan.removals) :
    ]
    for field in kept:
        try:
            text = field.value.decode("ascii", "replace")
            claimed = authres.AuthenticationResultsHeader.parse(f"Authentication-Results:{text}").authserv_id
        except (authres.AuthResError, RecursionError):
            continue
        assert claimed.lower() != OURS


@pytest.mark.parametrize(
    "identity",
    ['"a@bank.example"@example.org', '"; dmarc=pass header.from=bank.example; x="@example.org',
     "(a@bank.example)@example.org", "a=3B_dmarc=3Dpass@example.org",
     "=22a=40bank.example=22@example.org", "=0D=0ADKIM:=20x@example.org"],
)  # fmt: skip
def test_a_valid_signature_speaks_for_its_own_domain_only(parts, identity):
    content = sign_dkim(
        b"From: a@bank.example\r\nTo: b@c.example\r\nSubject: x\r\nDate: x\r\n\r\nbody\r\n", {"i": identity}
    )
    transaction, report = scanned(parts, content)
    assert_says_only_what_was_found(transaction, report)
