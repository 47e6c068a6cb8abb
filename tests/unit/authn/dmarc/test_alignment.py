# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.authn.dmarc.alignment import MAX_IDENTIFIERS, MAX_WALKS, Alignment, Identifier, find_alignment
from postward.authn.dmarc.tree_walk import TreeWalker
from postward.dns.zone import ZoneLookup

ZONE = {
    "_dmarc.example.com": [{"TXT": "v=DMARC1; p=reject"}],
    "_dmarc.dept.example.com": [{"TXT": "v=DMARC1; p=reject; psd=n"}],
    "_dmarc.bank.example": [{"TXT": "v=DMARC1; p=reject; psd=y"}],
    "_dmarc.broken.example.com": "TIMEOUT",
    "_dmarc.halfway.example": [{"TXT": "v=DMARC1; p=reject"}],
    "_dmarc.example": "SERVFAIL",
}


def identifier(domain, *, strict=False):
    return Identifier(label=f"dkim:{domain}", domain=domain, is_strict=strict)


class Asked:
    def __init__(self):
        self.names = []
        self._lookup = ZoneLookup(ZONE)

    def __call__(self, name, record_type):
        self.names.append(name)
        return self._lookup(name, record_type)


def align(author, *identifiers):
    walker = TreeWalker(ZoneLookup(ZONE))
    return find_alignment(walker.walk(author), identifiers, walker)


@pytest.mark.parametrize(
    ("author", "domain", "strict", "is_aligned"),
    [
        ("example.com", "example.com", True, True),
        ("example.com", "mail.example.com", False, True),
        ("example.com", "mail.example.com", True, False),
        ("a.example.com", "b.example.com", False, True),
        ("a.example.com", "example.com", False, True),
        ("example.com", "dept.example.com", False, False),
        ("a.dept.example.com", "b.dept.example.com", False, True),
        ("a.dept.example.com", "example.com", False, False),
        ("a.giant.bank.example", "giant.bank.example", False, True),
        ("giant.bank.example", "other.bank.example", False, False),
        ("bank.example", "giant.bank.example", False, False),
        ("example.com", "notexample.com", False, False),
        ("example.com", "example.com.evil.org", False, False),
    ],
)
def test_alignment(author, domain, strict, is_aligned):
    assert align(author, identifier(domain, strict=strict)).aligned_by == ((f"dkim:{domain}",) if is_aligned else ())


def test_a_failed_walk_matters_only_where_it_could_align():
    assert align("example.com", identifier("a.broken.example.com")).failure == "_dmarc.broken.example.com: timeout"
    assert align("example.com", identifier("broken.example.com", strict=True)) == Alignment()
    assert align("example.com", identifier("a.broken.example.com"), identifier("b.example.com")).aligned_by
    # The author's own organization is unknown: whatever has nothing in common with it is not aligned all the same.
    assert align("halfway.example", identifier("a.halfway.example")).failure == "_dmarc.example: servfail"
    assert align("halfway.example", identifier("example.net")) == Alignment()
    assert align("halfway.example", identifier("halfway.example")).aligned_by


def test_no_walk_where_an_identifier_is_equal_or_unrelated():
    asked = Asked()
    walker = TreeWalker(asked)
    author = walker.walk("example.com")
    asked.names.clear()
    find_alignment(author, [identifier("mail.example.com"), identifier("example.com")], walker)
    find_alignment(author, [identifier("mail.example.net"), identifier("mail.example.com", strict=True)], walker)
    assert asked.names == []


def test_the_number_of_walks_and_of_identifiers_is_bounded():
    asked = Asked()
    walker = TreeWalker(asked)
    author = walker.walk("example.com")
    asked.names.clear()
    found = find_alignment(author, [identifier(f"{n}.dept.example.com") for n in range(100)], walker)
    assert found == Alignment()
    assert len([name for name in asked.names if name != "_dmarc.dept.example.com"]) == MAX_WALKS
    many = [identifier(f"{n}.example.net") for n in range(MAX_IDENTIFIERS)]
    assert not find_alignment(author, [*many, identifier("example.com")], walker).aligned_by
