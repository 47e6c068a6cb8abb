# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of transport rules of every kind, and small messages that they may be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from postward.errors import DirectoryUnavailable
from postward.model import rule_action as act
from postward.model.rule_outcome import RuleMode
from postward.rules.errors import RuleFailure
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.stage import Stage
from tests.fuzz.grammar import OCTETS, TEXT
from tests.unit.rules.making import Given
from tests.unit.rules.making import rule as make_rule

if TYPE_CHECKING:
    from postward.rules.rule import Rule

ANN, BOB, OUT = "ann@corp.example", "bob@corp.example", "out@elsewhere.example"
ROUTES = ("gateway",)


def _mostly(first: object, *others: object) -> st.SearchStrategy[Any]:
    return st.sampled_from([first] * 6 + [*others])


class UnsureDirectory(StaticDirectory):
    """Does not answer for some domains."""

    def is_hosted(self, domain: str) -> bool | None:
        if domain.startswith("silent"):
            raise DirectoryUnavailable("silent")
        return super().is_hosted(domain)


DIRECTORY = UnsureDirectory(hosted=["corp.example"])
RECIPIENTS = st.sampled_from([
    ANN, ANN, BOB, BOB, OUT, "Ann@Corp.Example", '"b o b"@corp.example', "x@silent.example", "b\u00fcro@corp.example",
    "postmaster", "bad\udcff@corp.example",
])  # fmt: skip
ADDRESSES = st.sampled_from([
    *[ANN, BOB, OUT, "BOB@CORP.EXAMPLE", "new@corp.example", "new@elsewhere.example"] * 3,
    "\u00fc@corp.example", "nobody", "", "a b@c.example", "a,b@c.example", "x" * 400 + "@c.example",
])  # fmt: skip
NAMES = st.sampled_from([
    *["Subject", "X-Old", "X-New"] * 4, "subject", "Date", "Message-ID", "To", "Bcc", "Received", "Content-Type",
    "Sender", "Authentication-Results", "X-Spam-Flag", "X-Postward-Pass", "bad name", "", "x" * 300,
])  # fmt: skip
VALUES = st.one_of(st.sampled_from(["a", "b c", "\u00fc " * 40]), TEXT)
POINTS = st.one_of(st.floats(-1000, 1000), st.floats())
REFUSALS = st.one_of(
    st.builds(act.Reject, code=st.sampled_from([550, 554]), enhanced=st.just("5.7.1"), text=TEXT),
    st.builds(act.Defer, code=st.sampled_from([450, 451]), enhanced=st.just("4.7.1"), text=TEXT),
)
ROUTINGS = st.one_of(
    st.just(act.Discard()),
    st.builds(act.Quarantine, reason=TEXT, notify=st.just(("admin", "sender"))),
    st.builds(act.Moderate, by=_mostly((BOB,), (), ("nobody",))),
    st.builds(act.Redirect, address=ADDRESSES),
    st.builds(act.Redirect, address=ADDRESSES),
    st.builds(act.AddRecipient, address=ADDRESSES, notify_never=st.booleans()),
    st.builds(act.ChangeSender, address=ADDRESSES),
    st.builds(act.Route, name=_mostly(*ROUTES, "other")),
)
EDITS = st.one_of(
    st.builds(act.AddHeader, name=NAMES, value=VALUES),
    st.builds(act.SetHeader, name=NAMES, value=VALUES),
    st.builds(
        act.RemoveHeader,
        name=st.one_of(NAMES, st.sampled_from(["x-*", "*", "a*"])),
        when_matches=st.sampled_from(["", "", "1", "("]),
    ),
    st.builds(act.PrefixSubject, text=st.one_of(st.just("[EXT] "), TEXT)),
    st.builds(act.StripAttachment, paths=st.lists(st.sampled_from(["1", "2", "1.1", "9"]), min_size=1).map(tuple),
              notice=TEXT),
)  # fmt: skip
MARKS = st.one_of(
    st.just(act.Junk()),
    st.builds(act.Quarantine, own_store=st.sampled_from([False]), reason=TEXT),
    st.builds(act.AddScore, points=POINTS),
    st.builds(act.SetScore, points=POINTS),
    st.just(act.BypassSpam()),
    st.builds(act.Tag, name=_mostly("a", "b", "")),
    st.builds(act.Archive, name=st.just("legal")),
    st.builds(act.Notify, to=_mostly(("sender", "recipient"), ("admin",), ("nobody",), ())),
    st.builds(act.Audit),
)
ACTIONS = st.sampled_from([ROUTINGS] * 8 + [EDITS] * 8 + [MARKS] * 4 + [REFUSALS]).flatmap(lambda kind: kind)


def _raise(error: Exception) -> Given:
    def fail(_message: object) -> bool:
        raise error

    return Given(fail)


_FOR_ANN = Given(lambda message: message.recipient is not None and message.recipient.address == ANN, True)  # noqa: FBT003
_FOR_OTHERS = Given(lambda message: message.recipient is None or message.recipient.address != ANN, True)  # noqa: FBT003
CONDITIONS = st.sampled_from([
    *[Given(lambda _message: True)] * 12,
    *[_FOR_ANN, _FOR_OTHERS] * 5,
    Given(lambda _message: False),
    _raise(RuleFailure("cannot")),
    _raise(DirectoryUnavailable("silent")),
    Given(lambda message: "a" in message.tags),
    Given(lambda message: "[EXT]" in message.subject),
    Given(lambda message: message.score > 1),
    Given(lambda message: bool(message.attachments or message.body_text)),
])  # fmt: skip
PROPERTIES = st.fixed_dictionaries({
    "directions": _mostly(DIRECTIONS, {"inbound"}, {"outbound"}, {"internal"}, {"local"}).map(frozenset),
    "mode": _mostly(RuleMode.ENFORCE, RuleMode.AUDIT),
    "on_error": _mostly("ignore", "defer", "reject", "quarantine"),
    "quantifier": st.sampled_from(["each", "each", "any", "all"]),
    "whole_message": st.sampled_from([None, "any", "all", "split"]),
    "stop": st.sampled_from([False, False, False, True]),
    "include_bounces": st.booleans(),
})  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> list[Rule]:
    """A set of rules, some of which answer recipients, and some of which are a plugin's."""
    found = []
    for number in range(draw(st.sampled_from([3, 2, 4, 1, 6]))):
        properties = draw(PROPERTIES)
        when = draw(CONDITIONS)
        is_early = draw(_mostly(False, True))  # noqa: FBT003
        actions = draw(st.lists(REFUSALS if is_early else ACTIONS, min_size=1, max_size=3))
        if is_early:
            properties |= {"stage": Stage.RCPT, "quantifier": "each"}
        else:
            properties |= {"plugin": draw(_mostly("", "one", "two"))}
        found.append(make_rule(f"r{number}", *actions, when=when, **properties))
    return found


PARTS = (
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/x; name=a.exe\r\n\r\nMZ\r\n--b--\r\n",
)
SUBJECTS = st.sampled_from([
    b"Subject: Hello\r\n", b"Subject: Gr\xfc\xdfe\r\n", b"SUBJECT: a\rb\r\n", b"Subject:=?utf-8?q?a?=\r\n b\r\n",
    b"X-Old: 0\r\n",
])  # fmt: skip
FIELDS = st.lists(
    st.one_of(
        st.sampled_from([
            b"From: s@foreign.example\r\n", b"Subject: Hello\r\n", b"Subject:\r\n", b"Subject: =?utf-8?q?a?=\r\n b\r\n",
            b"Subject : \xfc\xff\r\n", b"SUBJECT: a\rb\r\n", b"Date: x\r\n", b"Message-ID: <1@x>\r\n", b"X-Old: 1\r\n",
            b"X-Old : 2\r\n", b"x-old: 3\r\n", b"To: a@b.example\r\n", b"Bcc: c@d.example\r\n", b"Received: from x\r\n",
            b"Authentication-Results: mx.example.net; dmarc=pass\r\n", b"X-Spam-Flag: NO\r\n",
            b"X-Postward-Pass: a\r\n",
            b"Authentication-Results: other.example; dmarc=pass\r\n", b"Sender: s@foreign.example\r\n",
            b"Content-Type: application/x; name=a.exe\r\n", b"Content-Disposition: attachment\r\n", PARTS[0],
        ]),
        OCTETS.map(lambda octets: b"X-Old: " + octets.replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"),
    ),
    min_size=2,
    max_size=8,
)  # fmt: skip
BODIES = st.one_of(st.sampled_from([b"", b"hello\r\n", PARTS[1]]), OCTETS)
PLUGIN_ANSWERS = st.one_of(
    st.lists(st.one_of(ROUTINGS, EDITS, REFUSALS, st.builds(act.Redirect, address=ADDRESSES,
             recipients=st.lists(RECIPIENTS, max_size=2).map(tuple))), max_size=3).map(tuple),
    st.just(RuleFailure("hung")),
)  # fmt: skip
SCENES = st.fixed_dictionaries({
    "rules": rules(),
    "plugins": st.fixed_dictionaries({"one": PLUGIN_ANSWERS, "two": PLUGIN_ANSWERS}),
    "fields": st.builds(lambda subject, others: [subject, *others], SUBJECTS, FIELDS),
    "body": BODIES,
    "recipients": _mostly(2, 0, 1, 4).flatmap(lambda count: st.lists(RECIPIENTS, min_size=count, max_size=count)),
    "sender": _mostly("s@foreign.example", ANN, "", "\u00fc@x.example", "bad\udcff@x.example"),
    "user": st.sampled_from(["", "", ANN]),
    "client": st.sampled_from(["192.0.2.1", "192.0.2.1", "127.0.0.1"]),
    "score": st.sampled_from([0.0, 0.0, 6.0]),
})  # fmt: skip
