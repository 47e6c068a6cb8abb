# SPDX-License-Identifier: GPL-3.0-or-later
"""Rule files: whatever stands in them, the faults come out with file and line; and rules on whatever comes in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from postward.errors import ConfigErrors, TemporaryFailure
from postward.model.profile import Profile
from postward.rules.compile.catalogue import TESTS
from postward.rules.compile.load import load_rule_paths, load_rules
from postward.rules.compile.rule import KEYS
from postward.rules.conditions.base import MAX_SEEN_CHARS, Subject
from postward.rules.counted_here import CountedHere
from postward.rules.errors import RuleFailure
from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.services import RuleServices
from tests.fuzz.effort import fuzz
from tests.fuzz.grammar import EDITS, OCTETS, TEXT, edited
from tests.fuzz.test_configuration import SYNTAX, VALUES, check_faults, written

FOLDER = Path(__file__).parents[1] / "unit" / "rules" / "compile" / "acceptance"
FILE = (FOLDER / "10.yaml").read_bytes()
OPERATORS = ["equals", "in", "list", "file", "not_in", "words", "matches", "exists", "gt", "any", "all", "none", "name"]
OPERANDS = st.recursive(
    st.one_of(
        VALUES, st.sampled_from(["a@b.example", "*.b.example", "10.0.0.0/8", "20/1m", "10MB", "(?i)a+", "always"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(OPERATORS), inner, max_size=3),
        st.dictionaries(st.sampled_from(sorted(TESTS)), inner, max_size=2),
    ),
    max_leaves=6,
)
RULES = st.fixed_dictionaries({}, optional={key: st.one_of(OPERANDS, st.just("any")) for key in KEYS})
FILES = st.one_of(
    EDITS.map(lambda edits: edited(FILE, edits)),
    st.fixed_dictionaries({"rules": st.lists(RULES, max_size=3)}, optional={"lists": OPERANDS, "maps": OPERANDS}).map(
        written
    ),
    SYNTAX.map(lambda text: f"rules:\n- {text}".encode("utf-8", "surrogatepass")),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("rules") / "hostile.yaml"


@fuzz(text=FILES, share=2)
def test_any_rule_file(path, text):
    path.write_bytes(text)
    try:
        load_rule_paths([path], now_s=1.8e9)
    except ConfigErrors as caught:
        check_faults(caught, path)


RULE_SET = load_rules(FOLDER)
DIRECTORY = StaticDirectory(
    hosted=["corp.example"],
    profiles=[Profile(address="bob@corp.example", name="Bob Boss", groups=frozenset({"staff", "internal-only"}))],
)
ADDRESSES = st.one_of(TEXT, st.sampled_from(["", "bob@corp.example", "x@y.example", "\udcff@\udcfe"]))
FIELDS = st.lists(
    st.one_of(
        st.sampled_from([
            b"From: Bob Boss <x@y.example>", b"Subject: =?utf-8?B?", b"X-Upstream-Spam: yes", b"List-Id:",
            b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html",
            b"X-Gateway-Done: t=1; h=" + b"0" * 64,
        ]),
        OCTETS.map(lambda octets: b"Subject: " + octets),
        OCTETS.map(lambda octets: b"From: " + octets),
        OCTETS,
    ),
    max_size=6,
)  # fmt: skip


@fuzz(
    fields=FIELDS, body=OCTETS, sender=ADDRESSES, recipients=st.lists(ADDRESSES, min_size=1, max_size=3), user=ADDRESSES
)
def test_any_message(fields, body, sender, recipients, user):
    message = message_from(
        b"\n".join(fields) + b"\n\n" + body,
        mail_from=sender,
        recipients=recipients,
        user=user,
        ip="192.0.2.1",
        directory=DIRECTORY,
    )
    services = RuleServices(directory=DIRECTORY, rates=CountedHere(), secret=b"secret")
    candidates = set(RULE_SET.candidates(message))
    for index, rule in enumerate(RULE_SET.at_end):
        for view in message.recipients:
            subject = Subject(message=replace(message, recipient=view), services=services)
            finding = rule.condition.test(subject)
            assert len(finding.seen) <= MAX_SEEN_CHARS
            if not finding.matched or (view.direction not in rule.directions and "any" not in rule.directions):
                continue
            assert index in candidates
            for action in rule.actions:
                try:
                    action.make(subject, finding.captures)
                except (RuleFailure, TemporaryFailure):
                    continue
