# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.needless_encoding import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Subject: =?utf-8?B?VmVyaWZ5IHlvdXIgYWNjb3VudA==?=\n", ["SUBJECT_NEEDLESSLY_ENCODED"]),
        ("Subject: Hi\nFrom: =?utf-8?B?U3VwcG9ydA==?= <x@evil.example>\n", ["NAME_NEEDLESSLY_ENCODED"]),
        # It is needed, or does not hide anything.
        ("Subject: =?utf-8?B?R3LDvMOfZQ==?=\n", []),
        ("Subject: =?utf-8?Q?Verify_your_account?=\n", []),
        ("Subject: Verify your account\nFrom: Support <x@evil.example>\n", []),
        ("From: =?utf-8?B?SsO8cmdlbg==?= <j@sender.example>\n", []),
        ("", []),
    ],
)
def test_encoding(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names
