# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postward.model.rule_outcome import RuleMode
from postward.rules.needs import Need
from postward.rules.rule_directions import DIRECTIONS
from postward.rules.stage import Stage
from tests.unit.rules.compiling import compiled, faults, rule_of

REJECT = "do: [{reject: refused}]"


def rule_faults(body, **settings):
    """The faults of a rule with these keys, without the place."""
    indented = "\n".join(f"  {line}" for line in body.strip().splitlines())
    found = faults(f"rules:\n- id: one\n{indented}\n", **settings)
    return [fault.partition("rules[0]")[2].lstrip(".: ") for fault in found]


def test_a_rule_with_nothing_but_what_it_must_have():
    rule = rule_of("direction: inbound\ndo: [{tag: x}]")
    assert (rule.id, rule.where) == ("one", "10.yaml:3")
    assert rule.directions == {"inbound"}
    assert (rule.mode, rule.priority, rule.quantifier) == (RuleMode.ENFORCE, 100, "each")
    assert (rule.on_error, rule.stop, rule.whole_message, rule.include_bounces) == ("ignore", False, None, False)
    assert (rule.stage, rule.active, rule.unless, rule.plugin) == (Stage.END, None, None, "")
    assert [action.kind for action in rule.actions] == ["tag"]


def test_a_rule_with_everything():
    rule = rule_of("""
description: Keeps copies
owner: post@corp.example
direction: [outbound, internal]
active: {from: 2026-12-01, until: 2027-06-30, tz: Europe/Berlin}
mode: audit
priority: 20
severity: high
stage: end
recipients: all
whole_message: split
include_bounces: true
when: {all: [{size: {gt: 1MB}}]}
unless: {any: [{tag: quiet}]}
do: [{reject: {text: refused}}, junk]
stop: rule_set
on_error: quarantine
timeout: 90s
""")
    assert (rule.description, rule.owner) == ("Keeps copies", "post@corp.example")
    assert rule.directions == {"outbound", "internal"}
    assert (rule.mode, rule.priority, rule.severity) == (RuleMode.AUDIT, 20, "high")
    assert (rule.quantifier, rule.whole_message, rule.include_bounces) == ("all", "split", True)
    assert (rule.stop, rule.on_error, rule.timeout_s) == (True, "quarantine", 90.0)
    assert rule.unless is not None
    assert rule.active.from_s == datetime(2026, 11, 30, 23, tzinfo=UTC).timestamp()
    assert rule.active.until_s == datetime(2027, 6, 30, 22, tzinfo=UTC).timestamp()
    assert rule.is_active(rule.active.from_s)
    assert not rule.is_active(rule.active.until_s)


def test_any_direction_is_every_direction():
    assert rule_of("direction: any\ndo: [{tag: x}]").directions == {*DIRECTIONS, "any"}


def test_a_rule_that_is_not_enabled_is_checked_and_left_out():
    text = "rules: [{id: one, enabled: false, direction: any, do: [{tag: x}]}]"
    assert compiled(text).rules == ()
    assert faults(text.replace("tag: x", "tga: x"))


@pytest.mark.parametrize(
    ("actions", "on_error"),
    [
        ("[{tag: x}]", "ignore"),
        ("[{add_header: {name: X-A, value: b}}, {score: 1}, {notify: admin}, junk]", "ignore"),
        ("[{tag: x}, {reject: refused}]", "defer"),
        ("[{defer: later}]", "defer"),
        ("[{redirect: a@b.example}]", "defer"),
        ("[{route: tls}]", "defer"),
        ("[discard]", "defer"),
        ("[quarantine]", "defer"),
        ("[{moderate: a@b.example}]", "defer"),
    ],
)
def test_what_becomes_of_an_error(actions, on_error):
    assert rule_of(f"direction: any\nwhen: always\ndo: {actions}").on_error == on_error
    assert rule_of(f"direction: any\nwhen: always\non_error: reject\ndo: {actions}").on_error == "reject"


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        (f"when: {{client.ip: 192.0.2.1}}\n{REJECT}", Stage.RCPT),
        (f"when: {{mail_from: '*.example'}}\nunless: {{recipient.group: open}}\n{REJECT}", Stage.RCPT),
        (f"when: {{rate: {{key: recipient, over: 5/1m}}}}\n{REJECT}", Stage.RCPT),
        ("when: {mail_from: a@b.example}\ndo: [{defer: later}, {audit: high}]", Stage.RCPT),
        ("when: {mail_from: a@b.example}\ndo: [{reject: 'not {recipient.address}'}]", Stage.RCPT),
        ("when: {mail_from: a@b.example}\ndo: [{reject: 'not {from.domain}'}]", Stage.END),
        (f"when: {{mail_from: a@b.example}}\nstage: end\n{REJECT}", Stage.END),
        (f"when: {{mail_from: a@b.example}}\nrecipients: all\n{REJECT}", Stage.END),
        (f"when: {{mail_from: a@b.example}}\non_error: quarantine\n{REJECT}", Stage.END),
        (f"when: {{subject: x}}\n{REJECT}", Stage.END),
        (f"when: {{mail_from: a@b.example}}\nunless: {{subject: x}}\n{REJECT}", Stage.END),
        ("when: {mail_from: a@b.example}\ndo: [{tag: x}]", Stage.END),
        ("when: {mail_from: a@b.example}\ndo: [{reject: refused}, {notify: admin}]", Stage.END),
        ("when: {mail_from: a@b.example}\ndo: [{audit: high}]", Stage.END),
    ],
)
def test_each_rule_is_decided_as_early_as_it_can_be(body, stage):
    assert rule_of(f"direction: inbound\n{body}").stage is stage


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"when: {{subject: x}}\n{REJECT}", "it asks for headers, which is known later"),
        ("when: {mail_from: a@b.example}\ndo: [junk]", "only reject and defer can be answered there, and not junk"),
        (f"when: {{mail_from: a@b.example}}\nrecipients: any\n{REJECT}", "recipients: any has to wait for all of them"),
        (
            "when: {mail_from: a@b.example}\ndo: [{reject: '{subject}'}]",
            "the text names something of headers, which is not known then",
        ),
    ],
)
def test_a_rule_that_names_a_stage_at_which_it_cannot_be_decided(body, reason):
    assert rule_faults(f"direction: inbound\nstage: rcpt\n{body}") == [
        f"stage: cannot be decided while recipients come: {reason}"
    ]


def test_what_a_rule_reads():
    rule = rule_of("""
direction: outbound
when: {all: [{client.tls: true}, {recipient.group: x}]}
unless: {score: {gt: 5}}
do: [{add_header: {name: X-A, value: "{subject}"}}]
""")
    assert rule.needs == {Need.CLIENT, Need.DIRECTORY, Need.ENVELOPE, Need.SCORE, Need.HEADERS}
    assert rule.is_per_recipient
    assert [leaf.asked for leaf in rule.recipient_conditions] == ["recipient.group is x"]
    assert rule.kinds == {"add_header"}


def test_a_rule_may_look_at_recipients_in_its_actions_alone():
    rule = rule_of("direction: any\ndo: [{notify: admin}, {add_header: {name: X-A, value: '{recipient.address}'}}]")
    assert rule.is_per_recipient
    assert rule.recipient_conditions == ()


def test_counting_is_not_repeated_to_compare_recipients():
    rule = rule_of("direction: any\nwhen: {rate: {key: recipient, over: 5/1m}}\ndo: [junk]")
    assert rule.is_per_recipient
    assert rule.recipient_conditions == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("do: [{tag: x}]", ["has no direction (write direction: inbound, outbound, internal, local or any)"]),
        ("direction: inbound", ["does nothing (write do: [...], or plugin: NAME)"]),
        ("direction: inbound\ndo: []", ["do: does nothing"]),
        ("direction: []\ndo: [{tag: x}]", ["direction: names no direction"]),
        (
            "direction: inbuond\ndo: [{tag: x}]",
            ["direction: must be one of inbound, outbound, internal, local, any (did you mean inbound?)"],
        ),
        ("on: outbound\ndirection: any\ndo: [{tag: x}]", ["on: unknown key (did you mean direction?)"]),
        ("direction: any\nexcept: {tag: y}\ndo: [{tag: x}]", ["except: unknown key (did you mean unless?)"]),
        ("direction: any\nprio: 3\ndo: [{tag: x}]", ["prio: unknown key (did you mean priority?)"]),
        (
            "direction: any\ndo: [discard]",
            [
                (
                    "do: discard would be done to every message, for the rule has no condition"
                    " (write when: always where that is meant)"
                )
            ],
        ),
        (
            "direction: any\nmode: enforced\ndo: [{tag: x}]",
            ["mode: must be one of enforce, audit (did you mean enforce?)"],
        ),
        ("direction: any\npriority: high\ndo: [{tag: x}]", ["priority: must be a whole number"]),
        ("direction: any\nstop: rules\ndo: [{tag: x}]", ["stop: must be one of rule_set (did you mean rule_set?)"]),
        (
            "direction: any\ntimeout: 2\ndo: [{tag: x}]",
            ["timeout: must be a time (write a number with s, m, h or d, such as 90s or 2d)"],
        ),
        ("direction: any\ntimeout: 1h\ndo: [{tag: x}]", ["timeout: must be from 0.05 to 120 seconds"]),
        ("direction: any\nactive: {}\ndo: [{tag: x}]", ["active: has neither from nor until"]),
        (
            "direction: any\nactive: {from: 2026-12-01, until: 2026-11-01}\ndo: [{tag: x}]",
            ["active.until: is before from (the rule would never be in force)"],
        ),
        (
            "direction: any\nactive: {from: 2026-13-01}\ndo: [{tag: x}]",
            ["active.from: is no date (write 2026-12-01, or 2026-12-01T08:00)"],
        ),
        (
            "direction: any\nwhen: {}\ndo: [{tag: x}]",
            ["when: asks nothing (write always for a rule that matches every message)"],
        ),
        (
            "direction: any\nunless: always\ndo: [{tag: x}]",
            ["unless: the rule would never match (write enabled: false to switch it off)"],
        ),
        ("direction: any\nwhen: {all: []}\ndo: [{tag: x}]", ["when.all: holds no conditions"]),
        (
            "direction: any\nwhen: sometimes\ndo: [{tag: x}]",
            ["when: must be a mapping of conditions (write {all: [...]}, {any: [...]}, {none: [...]}, or always)"],
        ),
        (
            "direction: any\nwhen: {subjct: x}\ndo: [{tag: x}]",
            ["when.subjct: unknown condition (did you mean subject?)"],
        ),
        (
            "direction: any\nplugin: vip",
            ["plugin: there is no such plugin (see rules.plugin_path and rules.entry_points in postward.yaml)"],
        ),
        ("direction: any\nsettings: {a: b}\ndo: [{tag: x}]", ["settings: are those of a plugin, and there is none"]),
    ],
)
def test_faults(body, expected):
    assert rule_faults(body) == expected


def test_all_faults_of_a_rule_are_found_at_once():
    found = rule_faults("""
direction: sideways
mode: maybe
when: {all: [{subjct: x}, {any: [{auth.dmarc: failed}, {from.domain: 'a b'}]}, {score: high}]}
unless: {client.ip: nowhere}
do: [{reject: {code: 451}}, {add_header: {name: 'X A', value: b}}, {tgx: a}, junk]
on_error: explode
""")
    assert [fault.partition(":")[0] for fault in found] == [
        "direction",
        "mode",
        "when.all[0].subjct",
        "when.all[1].any[0].auth.dmarc",
        "when.all[1].any[1].from.domain",
        "when.all[2].score",
        "unless.client.ip",
        "do[0].reject.code",
        "do[1].add_header.name",
        "do[2].tgx",
        "on_error",
    ]


def test_conditions_are_nested_to_a_bounded_depth():
    def nested(depth):
        return "{any: [" * depth + "{tag: y}" + "]}" * depth

    assert rule_of(f"direction: any\nwhen: {nested(7)}\ndo: [{{tag: x}}]")
    (fault,) = rule_faults(f"direction: any\nwhen: {nested(8)}\ndo: [{{tag: x}}]")
    assert "conditions are nested deeper than 8 levels" in fault


class Plugins:
    def names(self):
        return ("vip", "dlp", "storm")

    def needs(self, name):
        return frozenset({Need.ENVELOPE, Need.RATE} if name == "storm" else {Need.HEADERS})

    def may(self, name):
        return frozenset({"defer"} if name == "storm" else {"tag", "reject"})

    def timeout_s(self, name):
        return 3.5

    def on_error(self, name):
        return "quarantine" if name == "dlp" else ""

    def check_settings(self, name, settings, fault):
        for key in settings:
            if key not in {"threshold", "names"}:
                fault((key,), "unknown key", "did you mean threshold?")
        for index, value in enumerate(settings.get("names", ())):
            if not isinstance(value, str):
                fault(("names", index), "must be text", "")


def test_a_rule_that_is_a_plugin():
    rule = rule_of(
        "direction: any\nplugin: vip\nsettings: {threshold: 3, names: [a]}\nwhen: {tag: x}", plugins=Plugins()
    )
    assert (rule.plugin, rule.settings, rule.timeout_s) == ("vip", {"threshold": 3, "names": ["a"]}, 3.5)
    assert (rule.plugin_needs, rule.plugin_may) == ({Need.HEADERS}, {"tag", "reject"})
    assert (rule.on_error, rule.stage) == ("defer", Stage.END)
    assert rule_of("direction: any\nplugin: dlp\ntimeout: 1s", plugins=Plugins()).on_error == "quarantine"


@pytest.mark.parametrize(
    ("body", "stage"),
    [
        ("plugin: storm", Stage.RCPT),
        ("plugin: storm\nstage: end", Stage.END),
        ("plugin: storm\nwhen: {subject: {words: [x]}}", Stage.END),
        ("plugin: vip", Stage.END),
    ],
)
def test_a_plugin_that_needs_the_envelope_alone_answers_recipients(body, stage):
    assert rule_of(f"direction: any\n{body}", plugins=Plugins()).stage is stage


def test_one_that_needs_more_cannot():
    (fault,) = rule_faults("direction: any\nplugin: vip\nstage: rcpt", plugins=Plugins())
    assert "the plugin looks at headers, which comes later" in fault


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("plugin: vipp", "plugin: there is no such plugin (did you mean vip?)"),
        ("plugin: vip\nsettings: {treshold: 3}", "settings.treshold: unknown key (did you mean threshold?)"),
        ("plugin: vip\nsettings: {names: [a, 3]}", "settings.names[1]: must be text"),
        ("plugin: vip\nsettings: [3]", "settings: must be a mapping of keys to values"),
        ("plugin: vip\ndo: [{tag: x}]", "do: cannot stand beside plugin (the plugin gives the actions)"),
    ],
)
def test_faults_of_a_rule_that_is_a_plugin(body, fault):
    assert rule_faults(f"direction: any\n{body}", plugins=Plugins()) == [fault]


def test_a_rule_needs_an_id():
    assert faults("rules: [{direction: any, do: [{tag: x}]}]") == [
        "10.yaml:1: rules[0]: has no id (write id: a-name-of-its-own)"
    ]
    assert faults("rules: [{id: 'a b', direction: any, do: [{tag: x}]}]") == [
        "10.yaml:1: rules[0].id: is no id (write letters and digits with - . or _ between them, 64 at most)"
    ]
    assert faults("rules: [nothing]") == [
        "10.yaml:1: rules[0]: must be a mapping of keys to values (indent its keys below it)"
    ]
