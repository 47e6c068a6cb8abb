# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.model.header import HeaderField, Headers


def test_has_any_of_several_names():
    headers = Headers([HeaderField(b"List-Id ", b" <l.lists.example>"), HeaderField(b"To", b" bob@example.com")])
    assert headers.has_any((b"list-post", b"list-id"))
    assert headers.has_any({b"to": 1})
    assert not headers.has_any((b"cc", b"List-Id"))
    assert not headers.has_any(())
