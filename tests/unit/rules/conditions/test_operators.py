# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from tests.unit.rules.compiling import compiled, condition_faults, finding, holds, mail, when

SUBJECT = mail("Subject: Your  INVOICE no. 7 is überfällig")


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("{equals: 'your invoice NO. 7 is Überfällig'}", True),
        ("{equals: invoice}", False),
        ("{in: [a, 'your invoice no. 7 is überfällig']}", True),
        ("{not_in: [a, b]}", True),
        ("{not_equals: 'your invoice no. 7 is überfällig'}", False),
        ("{starts_with: 'your inv'}", True),
        ("{starts_with: invoice}", False),
        ("{ends_with: [x, FÄLLIG]}", True),
        ("{ends_with: invoice}", False),
        ("{contains: voice}", True),
        ("{contains: [x, 'no. 7']}", True),
        ("{contains: 'no. 8'}", False),
        ("{words: voice}", False),
        ("{words: [fällig, invoice]}", True),
        ("{words: fällig}", False),
        ("{words: überfällig}", True),
        ("{matches: invoice}", False),
        ("{matches: '(?i)invoice'}", True),
        ("{matches: 'no\\. \\d+'}", True),
        ("{regex: [x, '^Your']}", True),
        ("{exists: true}", True),
        ("{exists: false}", False),
        ("{empty: false}", True),
        ("{empty: true}", False),
        ("{starts_with: your, ends_with: fällig, contains: invoice}", True),
        ("{starts_with: your, not_in: [x]}", True),
        ("'your invoice no. 7 is überfällig'", True),
        ("[x, 'your invoice no. 7 is überfällig']", True),
    ],
)
def test_operators_on_text(operator, expected):
    assert holds(f"{{subject: {operator}}}", SUBJECT) is expected


@pytest.mark.parametrize(
    ("fields", "operator", "expected"),
    [
        ((), "{exists: false}", True),
        ((), "{exists: true}", False),
        ((), "{empty: true}", True),
        ((), "{equals: x}", False),
        ((), "{not_in: [x]}", True),
        ((), "{regex: '^[A-Z]*$'}", False),
        (("Subject:",), "{exists: true}", True),
        (("Subject:",), "{empty: true}", True),
        (("Subject:  ",), "{empty: false}", False),
        # A pattern that is found in nothing holds of an empty subject: the linter says so.
        (("Subject:",), "{regex: '^[A-Z]*$'}", True),
        (("Subject:",), r"{regex: '^[\p{Lu}\d\s[:punct:]]{8,}$'}", False),
    ],
)
def test_what_is_missing_or_empty(fields, operator, expected):
    assert holds(f"{{subject: {operator}}}", mail(*fields, "From: a@b.example")) is expected


def test_all_operators_hold_of_one_and_the_same_field():
    message = mail("X-List: alpha one", "X-List: beta two")
    assert holds("{header: {name: X-List, starts_with: alpha, ends_with: one}}", message)
    assert not holds("{header: {name: X-List, starts_with: alpha, ends_with: two}}", message)


def test_any_copy_of_a_field_counts_and_every_copy_for_what_must_not_be():
    message = mail("X-Spam: no", "X-Spam: YES, very")
    assert holds("{header: {name: X-Spam, matches: '(?i)^yes'}}", message)
    assert not holds("{header: {name: X-Spam, not_equals: 'no'}}", message)
    assert holds("{header: {name: X-Spam, not_in: [maybe]}}", message)


def test_folded_and_encoded_values_are_seen_as_readers_see_them():
    folded = mail("msip_labels: MSIP_Label_1;\n\tMSIP_Label_2_Enabled=True")
    assert holds(r"{header: {name: MSIP_Labels, matches: '_1;\s+MSIP_Label_2_Enabled=True'}}", folded)
    encoded = mail("Subject: =?utf-8?B?w4RwZmVs?= =?iso-8859-1?Q?_sind_gr=FCn?=")
    assert holds("{subject: {equals: äpfel sind grün}}", encoded)
    assert holds("{subject: {words: äpfel}}", encoded)


def test_a_value_may_be_a_boolean_of_yaml_only_in_quotes():
    assert holds('{header: {name: X-A, equals: "yes"}}', mail("X-A: yes"))
    assert condition_faults("{header: {name: X-A, in: [yes, NO]}}") == [
        "header.in[0]: must be text (put it in quotes: without them yes, no, on, off, true and false are no text)",
        "header.in[1]: must be text (put it in quotes: without them yes, no, on, off, true and false are no text)",
    ]
    assert condition_faults("{header: {name: X-A, in: [1.10]}}") == [
        "header.in[0]: must be text (put the number in quotes)"
    ]


def test_a_pattern_that_is_found_in_nothing_is_warned_of():
    text = "rules: [{id: one, direction: any, when: {subject: {regex: '^[A-Z]*$'}}, do: [{tag: x}]}]"
    (warning,) = compiled(text).warnings
    assert "found in an empty text too" in warning.message
    assert not compiled(text.replace("*", "+")).warnings


def test_what_was_seen_is_bounded():
    found = finding(when("{subject: {contains: x}}"), mail(f"Subject: {'x' * 5000}"))
    assert found.matched
    assert len(found.seen) == 200


def test_octets_that_are_no_text_are_compared_without_fail():
    message = mail("Subject: caf\udce9 \udcff")
    assert holds("{subject: {starts_with: caf}}", message)
    assert holds("{subject: {regex: '^caf'}}", message)


@pytest.mark.parametrize(
    ("operator", "fault"),
    [
        ("{equal: x}", "subject.equal: unknown key (did you mean equals?)"),
        (
            "{}",
            (
                "subject: asks nothing (known here: equals, in, list, not_equals, not_in, starts_with, ends_with,"
                " contains, words, matches, regex, exists, empty)"
            ),
        ),
        ("{in: []}", "subject.in: has no values"),
        ("{contains: ' '}", "subject.contains: is white space alone"),
        ("{equals: ''}", "subject.equals: is empty"),
        ("{exists: maybe}", "subject.exists: must be true or false"),
        (
            "{words: {list: x}}",
            ("subject.words.list: there is no such list (write it below lists, at the top of a rule file)"),
        ),
        (
            "{regex: '(?=x)'}",
            (
                "subject.regex: is no pattern of RE2: invalid perl operator: (?="
                " (RE2 has no look-ahead: write what must follow as a condition of its own below all)"
            ),
        ),
        ("5", "subject: must be text (put the number in quotes)"),
        ("", "subject: has no value"),
    ],
)
def test_faults(operator, fault):
    assert condition_faults(f"{{subject: {operator}}}")[0] == fault
