# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.authn.dmarc import prefetch_dmarc
from postward.dns.answer import RecordType


def prefetched(value):
    asked = []
    prefetch_dmarc(value, lambda name, record_type, then=None: asked.append((name, record_type)))
    assert {record_type for _, record_type in asked} <= {RecordType.TXT}
    return [name for name, _ in asked]


def test_the_whole_walk_is_asked_for():
    assert prefetched(b"A <a@Mail.Example.com>") == ["_dmarc.mail.example.com", "_dmarc.example.com", "_dmarc.com"]


def test_the_number_of_queries_is_bounded():
    assert len(prefetched(b", ".join(b"a@%d.a.b.c.d.e.f.g.h.i.example" % n for n in range(50)))) == 16


def test_garbage_asks_for_nothing():
    assert prefetched(b"\x00\xff") == []
