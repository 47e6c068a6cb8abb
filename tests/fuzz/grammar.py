# SPDX-License-Identifier: GPL-3.0-or-later
"""What strangers may send, by the grammar of each thing and beside it: shared by all targets."""

from __future__ import annotations

import json
from base64 import b64encode

from hypothesis import strategies as st

from postward.dns.answer import Answer, Mx, Outcome, RecordType
from tests.signatures import keys

OURS = "mx.example.net"
AUTHOR = "bank.example"
FORGERY = f"dmarc=pass header.from={AUTHOR}"
UTF8 = {"encoding": "utf-8", "errors": "surrogateescape"}

_PIECES = st.sampled_from([
    *'ab019.;:="\\()<>@,/[]{}%+-*_?!\'\t\x00\x01\x07\x1b\x7f\x85\xa0\xfc\u202e\u2028\uff1d\ufeff\udcff\udc80',
    "\U0001f4a9", " ", "\r\n ", "\r\n\t", "\r\n", "\n", "\n ", "\r", "\r\r\n ", OURS, AUTHOR, FORGERY, f"; {FORGERY}",
    f"{OURS}; {FORGERY}",
    "@evil.example", f"@{AUTHOR}", "x" * 64, "x" * 300, "." * 70, "(" * 200, ")" * 200, '"' * 9, "\\" * 33, "xn--a",
    "xn--bcher-kva.example", "b\u00fccher.example", "\u2100.example", "192.0.2.1", "[2001:db8::1]",
    "=?utf-8?q?=0D=0A?=",
])  # fmt: skip

TEXT = st.one_of(st.lists(_PIECES, max_size=8).map("".join), st.text(max_size=30))
"""Anything, with what may mean something to somebody."""
OCTETS = st.one_of(TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=60))
LINE = TEXT.map(lambda text: text.translate({0: "?", 10: " ", 13: " "}))
"""No line end and no NUL: what the milter protocol can carry as one argument."""
LINE_OCTETS = LINE.map(lambda text: text.encode("utf-8", "surrogatepass"))
SPACE = st.sampled_from(["", "", "", " ", "  ", "\t", "\r\n ", "\r\n\t", " \r\n \r\n ", "\n", "\r"])
NAMES = st.one_of(
    st.sampled_from([
        AUTHOR, f"mail.{AUTHOR}", "evil.example", "a.b.c.d.e.f.g.h.i.evil.example", "example", "", ".", "..", "a..b",
        "a" * 63 + ".example", "a" * 64 + ".example", ".".join(["a"] * 126), ".".join(["a"] * 128), "127.0.0.1",
        "_dmarc.x",
    ]),
    TEXT,
)  # fmt: skip

EDITS = st.lists(
    st.tuples(
        st.sampled_from(["replace", "insert", "delete", "repeat", "swap", "cut"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 40),
        st.one_of(
            st.binary(min_size=1, max_size=4), st.sampled_from([b"\r\n", b" ", b";", b"\t", b"=", b"\0", b"\r\n\r\n"])
        ),
    ),
    min_size=1,
    max_size=4,
)
"""Changes to some octets, for ``edited``."""


def edited(octets: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    """The octets after all those changes."""
    for kind, where, length, new in edits:
        start = int(where * len(octets))
        head, middle, tail = octets[:start], octets[start : start + length], octets[start + length :]
        octets = {
            "replace": head + new + octets[start + len(new) :],
            "insert": head + new + middle + tail,
            "delete": head + tail,
            "repeat": head + middle + middle + tail,
            "swap": middle + head + tail,
            "cut": head,
        }[kind]
    return octets


def tag_lists(names: list[str], values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """``name=value; name=value``, with white space, repeated names and tags that are none."""
    tag = st.tuples(SPACE, st.one_of(st.sampled_from(names), TEXT), SPACE, st.just("="), SPACE, values, SPACE).map(
        "".join
    )
    return st.lists(st.one_of(tag, tag, tag, TEXT), max_size=10).map(";".join)


_RSA = b64encode(keys.public_octets("rsa2048")).decode()
_ED25519 = b64encode(keys.public_octets("ed25519")).decode()
_KEY_VALUES = st.one_of(
    st.sampled_from(
        ["DKIM1", "rsa", "ed25519", "sha256", "sha1:sha256", "y:s", "*", "email", "", _RSA, _ED25519, _RSA[:-9]]
    ),
    EDITS.map(lambda edits: edited(_RSA.encode(), edits).decode("latin-1")),
    TEXT,
)
KEY_RECORDS = st.one_of(
    tag_lists(["v", "k", "p", "h", "s", "t", "n"], _KEY_VALUES).map(lambda text: text.encode("utf-8", "surrogatepass")),
    EDITS.map(lambda edits: edited(keys.record("rsa2048").encode(), edits)),
    EDITS.map(lambda edits: edited(keys.record("ed25519").encode(), edits)),
    OCTETS,
)
"""Of DKIM."""

SIGNATURES = tag_lists(
    ["v", "a", "b", "bh", "c", "d", "h", "i", "l", "q", "s", "t", "x", "z", "cv"],
    st.one_of(
        st.sampled_from([
            "1", "rsa-sha256", "ed25519-sha256", "rsa-sha1", "relaxed/relaxed", "simple", AUTHOR, "sel", "from", "none",
            "pass", "from:from:to", "dns/txt", "0", "-1", "9" * 80, "1700000000", f"a@{AUTHOR}", "AA==", "A" * 500,
            "=40=0D=0A",
        ]),
        TEXT,
    ),
)  # fmt: skip
"""The values of DKIM-Signature, ARC-Seal and ARC-Message-Signature."""

_POLICY_VALUES = st.one_of(
    st.sampled_from(
        ["DMARC1", "none", "quarantine", "reject", "REJECT", "y", "n", "u", "s", "r", "", "mailto:a@b.example"]
    ),
    st.sampled_from(["mailto:a@b.example!10m,https://x.example/" + "%41" * 99, "100", "0", "1:d:s"]),
    TEXT,
)
POLICY_RECORDS = st.one_of(
    tag_lists(["v", "p", "sp", "np", "psd", "t", "rua", "ruf", "adkim", "aspf", "fo", "pct"], _POLICY_VALUES).map(
        lambda text: f"v=DMARC1; {text}".encode("utf-8", "surrogatepass")
    ),
    EDITS.map(
        lambda edits: edited(b"v=DMARC1; p=reject; sp=none; np=reject; rua=mailto:d@bank.example; adkim=s", edits)
    ),
    OCTETS,
)
"""Of DMARC."""

_MACROS = st.builds(
    "%{{{}{}{}{}}}".format,
    st.sampled_from("slodiphvcrtSLODIPHVCRTxz%"),
    st.sampled_from(["", "1", "2", "0", "255", "9" * 30]),
    st.sampled_from(["", "r", "R"]),
    st.sampled_from(["", "-", "+,", "/_=.", "-" * 40, "x"]),
)
_SPF_DOMAINS = st.lists(
    st.one_of(_MACROS, NAMES, st.sampled_from(["%%", "%_", "%-", "%", ".evil.example", ".bank.example"])), max_size=4
).map("".join)
_PREFIXES = st.sampled_from(["", "", "/24", "/0", "/33", "//64", "/24//64", "//129", "/", "/-1", "/" + "9" * 40])
_TERMS = st.one_of(
    st.builds("{}{}{}".format, st.sampled_from(["", "-", "~", "?", "+", "!"]), st.sampled_from(["a", "mx", "ptr",
    "all"]), _PREFIXES),
    st.builds("{}:{}{}".format, st.sampled_from(["a", "mx", "ptr", "include", "exists", "all", "A", "?mx"]),
    _SPF_DOMAINS, _PREFIXES),
    st.builds("{}={}".format, st.sampled_from(["redirect", "exp", "unknown", "v", ""]), _SPF_DOMAINS),
    st.builds("ip4:{}{}".format, st.one_of(st.ip_addresses(v=4), TEXT), _PREFIXES),
    st.builds("-ip6:{}{}".format, st.one_of(st.ip_addresses(v=6), TEXT), _PREFIXES),
    TEXT,
)  # fmt: skip
SPF_RECORDS = st.lists(_TERMS, max_size=10).map(
    lambda terms: " ".join(["v=spf1", *terms]).encode("utf-8", "surrogatepass")
)

_HOSTS = NAMES.filter(lambda name: "\x00" not in name)
_TXT = st.one_of(SPF_RECORDS, POLICY_RECORDS, KEY_RECORDS, st.sampled_from([b"", b"x" * 65_000, b"\xff" * 900]))
_DATA = {
    RecordType.TXT: st.lists(_TXT, max_size=4),
    RecordType.A: st.lists(st.ip_addresses(v=4), max_size=12),
    RecordType.AAAA: st.lists(st.ip_addresses(v=6), max_size=12),
    RecordType.MX: st.lists(st.builds(Mx, st.integers(0, 65_535), _HOSTS), max_size=14),
    RecordType.PTR: st.lists(_HOSTS, max_size=14),
    RecordType.NS: st.lists(_HOSTS, max_size=3),
    RecordType.CNAME: st.lists(_HOSTS, max_size=1),
}


def answers(record_type: RecordType) -> st.SearchStrategy[Answer]:
    """What the DNS may say to a question of that type."""
    good = _DATA[record_type].map(
        lambda records: Answer(outcome=Outcome.OK if records else Outcome.NODATA, records=tuple(records), ttl_s=60.0)
    )
    return st.one_of(good, good, good,
    st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.OK]).map(
        lambda outcome: Answer(outcome=outcome)
    ))  # fmt: skip


RESULT_VALUES = st.lists(
    st.one_of(
        st.sampled_from([
            OURS, OURS.upper(), f'"{OURS}"', f"({OURS})", f"(\\)) {OURS} (x", f"{OURS}.", f"{OURS}/1",
            "mx . example . net",
            "; dkim=pass header.d=bank.example", "; spf=fail (x) smtp.mailfrom=<a@b>", ";;;",
            "=?us-ascii?q?mx=2Eexample=2Enet?=",
            " 1", "; none", '; dmarc=pass reason="a\\"b"', "arc=pass", "/", "dkim / 1 = pass", "; x=" + "y" * 400,
        ]),
        SPACE,
        TEXT,
    ),
    max_size=7,
).map("".join)  # fmt: skip
"""Of Authentication-Results fields from outside."""

AUTHORS = st.lists(
    st.one_of(
        st.sampled_from([
            f"a@{AUTHOR}", f"<a@{AUTHOR}>", f'"a@{AUTHOR}" <b@evil.example>', "group: a@x.example, b@y.example;",
            "(c)", ",",
            f"=?utf-8?q?a=40{AUTHOR}?= <b@evil.example>", '"', "<", ">", "@a,@b:", "a@[192.0.2.1]", "\\",
            "undisclosed:;",
            "@", "b\u00fccher.example", f"a @ {AUTHOR}", f"a@{AUTHOR} <>", f"<a@{AUTHOR}> <b@evil.example>",
        ]),
        SPACE,
        TEXT,
    ),
    max_size=7,
).map("".join)  # fmt: skip
"""Of From fields."""

RECEIVED = st.one_of(
    st.builds(
        " from {} ({} [{}]){}by mx.example.net (Postfix) with ESMTP id {}".format,
        NAMES, NAMES, st.one_of(st.ip_addresses(), TEXT), SPACE, TEXT,
    ),
    TEXT,
)  # fmt: skip

FIELDS = st.one_of(
    st.tuples(st.just("DKIM-Signature"), SIGNATURES),
    st.tuples(st.sampled_from(["ARC-Seal", "ARC-Message-Signature"]), SIGNATURES.map(lambda text: f"i=1; {text}")),
    st.tuples(st.just("ARC-Authentication-Results"), RESULT_VALUES.map(lambda text: f" i=1; {text}")),
    st.tuples(st.sampled_from(["Authentication-Results", "authentication-results "]), RESULT_VALUES),
    st.tuples(st.sampled_from(["From", "from", "From ", "Sender"]), AUTHORS),
    st.tuples(st.just("Received"), RECEIVED),
    st.tuples(st.sampled_from(["X-Spam-Flag", "X-Postward-Pass", "Message-ID", "Subject", "To", "Date", ""]), TEXT),
    st.tuples(TEXT, TEXT),
).map(lambda field: (field[0].encode("utf-8", "surrogatepass"), field[1].encode("utf-8", "surrogatepass")))

MESSAGES = st.one_of(
    st.builds(
        lambda fields, end, body: b"".join(b"%b:%b\r\n" % field for field in fields) + end + body,
        st.lists(FIELDS, max_size=8), st.sampled_from([b"\r\n", b"", b"\n", b"\r\n\r\n"]), OCTETS,
    ),
    OCTETS,
)  # fmt: skip
"""Whole ones."""

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.just(10**400), st.just(1)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=10,
)


def as_json(value: object) -> bytes:
    """JSON as a careless writer makes it: NaN, lone surrogates and all."""
    return json.dumps(value).encode()
