# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.header_charset import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (b"Subject: Gr\xfc\xdfe", ["HEADER_RAW_OCTETS"]),
        (b"From: \xb3\xcc\xd7\xd3 <x@evil.example>", ["HEADER_RAW_OCTETS"]),
        (b"Subject: =?x-unknown?Q?Gr=FC=DFe?=", ["HEADER_CHARSET_UNKNOWN"]),
        (b"From: =?default?B?R3L8?= <x@evil.example>", ["HEADER_CHARSET_UNKNOWN"]),
        (b"Subject: =?utf-8?Q?Gr=FC=DFe?=", ["HEADER_CHARSET_BROKEN"]),
        (b"Subject: =?utf-8?B?R3L83w==?=", ["HEADER_CHARSET_BROKEN"]),
        ("Subject: Grüße".encode(), []),
        (b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?=", []),
        (b"Subject: =?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", []),
        # Cut within a character, as many mailers do.
        (b"Subject: =?utf-8?Q?Gr=C3?=\r\n =?utf-8?Q?=BC=C3=9Fe?=", []),
        # Somebody before could not read it.
        (b"Subject: =?utf-8?Q?Gr=EF=BF=BD=C3=9Fe?=", []),
        (b"Subject: =?utf-8?B?77+9w58=?=", []),
        (b"Subject: =?utf-8?B?R++/vcOf?=", []),
        (b"Subject: =?utf-8?B?R3Lvv73Dnw==?=", []),
        (b"Subject: What is =?this?=", []),
        (b"X-Other: \xff", []),
    ],
)
def test_field(field, names):
    assert found(CHECK, letter(field + b"\r\n\r\n")) == names
