# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.errors import ConfigErrors
from postward.rules.compile.load import load_rule_paths, load_rules
from tests.unit.rules.compiling import compiled, faults, finding, holds, mail

RULE = "{{id: {0}, direction: any, priority: {1}, do: [{{tag: x}}]}}"


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def rule(name, priority=100):
    return RULE.format(name, priority)


def test_no_folder_has_no_rules(tmp_path):
    rules = load_rules(tmp_path / "absent")
    assert (rules.rules, rules.at_recipient, rules.at_end, rules.warnings) == ((), (), (), ())


def test_files_are_read_by_name_and_rules_go_by_priority(folder):
    path = folder(
        b__yaml=f"rules: [{rule('b1')}, {rule('b2', 5)}]",
        a__yaml=f"rules: [{rule('a1')}, {rule('a2', 200)}]",
        empty__yaml="",
        notes__txt="no rule",
    )
    (path / ".hidden.yaml").write_text("nonsense: [")
    assert [each.id for each in load_rules(path).rules] == ["b2", "a1", "b1", "a2"]
    assert [each.id for each in load_rule_paths([path / "b.yaml"]).rules] == ["b2", "b1"]
    assert load_rules(path).rules[1].where == f"{path}/a.yaml:1"


def test_the_digest_is_that_of_all_that_was_read(folder):
    text = "lists: {l: {file: names.txt}}\nrules: [{id: a, direction: any, when: {tag: {list: l}}, do: [{tag: x}]}]"
    path = folder(a__yaml=text, names__txt="one\n")
    first = load_rules(path).digest
    assert load_rules(path).digest == first
    folder(names__txt="two\n")
    second = load_rules(path).digest
    folder(a__yaml=f"{text}\n# a comment")
    assert len({first, second, load_rules(path).digest}) == 3


def test_every_fault_of_every_file_is_told(folder):
    path = folder(
        a__yaml="rules:\n- {id: a, direction: any, do: [{tga: x}]}\n",
        b__yaml="rules:\n- id: b\n  direction: any\n  id: c\n  do: [{tag: x}]\n",
        c__yaml="rules: !all []",
        d__yaml="- a list\n",
        e__yaml="ruels: []\n",
        f__yaml="rules: {id: f}\n",
    )
    (path / "g.yaml").write_bytes(b"rules: \xff\n")
    with pytest.raises(ConfigErrors) as caught:
        load_rules(path)
    told = [str(error).replace(f"{path}/", "") for error in caught.value.errors]
    assert told == [
        "a.yaml:2: rules[0].do[0].tga: there is no such action (did you mean tag?)",
        "b.yaml:4: rules.id: duplicate key (it stands in line 2 already; keep one of the two)",
        "c.yaml:1: has a tag (!), which configuration does not use",
        "d.yaml:1: must be a mapping of keys to values (write rules: at its top, and the rules below it)",
        "e.yaml:1: ruels: unknown key (did you mean rules?)",
        "f.yaml:1: rules: must be a list (write [value] or one value a line, each after a dash)",
        "g.yaml:1: is not UTF-8 (save the file as UTF-8)",
    ]


def test_ids_are_of_one_rule_alone():
    assert faults(f"rules: [{rule('a')}, {rule('a')}]", f"rules: [{rule('a')}]") == [
        "10.yaml:1: rules[1].id: there is a rule with this id already (it stands at 10.yaml:1)",
        "20.yaml:1: rules[0].id: there is a rule with this id already (it stands at 10.yaml:1)",
    ]


def test_there_is_a_bound_on_faults():
    text = "rules:\n" + "".join(f"- {{id: r{number}, direction: any, do: [{{tga: x}}]}}\n" for number in range(500))
    assert len(faults(text)) == 100


LISTED = """
lists:
  partners: [partner.example, '*.friend.example']
  words: [urgent, "act now"]
  nets: [192.0.2.0/24]
rules: []
"""


def test_lists_hold_for_all_files():
    text = "rules: [{id: a, direction: any, when: {from.domain: {list: partners}}, do: [{tag: x}]}]"
    for order in ((LISTED, text), (text, LISTED)):
        (found,) = compiled(*order).rules
        assert finding(found, mail("From: a@x.friend.example")).matched


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{from.domain: {list: partners}}", True),
        ("{from.domain: {in: {list: partners}}}", True),
        ("{from.domain: {in: [x.example, {list: partners}]}}", True),
        ("{from.domain: {not_in: {list: partners}}}", False),
        ("{subject: {words: {list: words}}}", True),
        ("{subject: {contains: [zzz, {list: words}]}}", True),
    ],
)
def test_a_list_may_stand_wherever_values_may(condition, expected):
    message = mail("From: a@partner.example", "Subject: Act  now")
    assert holds(condition, message, extra=LISTED.replace("rules: []", "")) is expected


def test_a_list_may_be_a_file(folder):
    path = folder(
        a__yaml="lists: {l: {file: lists/l.txt}}\n"
        "rules: [{id: a, direction: any, when: {mail_from: {list: l}}, do: [{tag: x}]},\n"
        "  {id: b, direction: any, when: {from.domain: {file: lists/l.txt}}, do: [{tag: x}]}]"
    )
    (path / "lists").mkdir()
    (path / "lists" / "l.txt").write_bytes(b"\xef\xbb\xbf# partners\r\n\r\n  one.example  \n*.two.example\n")
    one, two = load_rules(path).rules
    message = mail("From: a@x.two.example", mail_from="a@one.example")
    assert finding(one, message).matched
    assert finding(two, message).matched


def test_faults_in_a_file_have_its_lines(folder):
    path = folder(
        a__yaml="rules: [{id: a, direction: any, when: {client.ip: {in: {file: nets.txt}}}, do: [{tag: x}]}]",
        nets__txt="192.0.2.0/24\n# x\nnowhere\n10.0.0.1/8\n",
    )
    with pytest.raises(ConfigErrors) as caught:
        load_rules(path)
    assert [str(error).replace(f"{path}/", "") for error in caught.value.errors] == [
        "nets.txt:3: rules[0].when.client.ip.in: is no network (write 192.0.2.0/24, 2001:db8::/32, or one address)",
        "nets.txt:4: rules[0].when.client.ip.in: is no network (write the network itself, or the address with /32)",
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            None,
            (
                "a.yaml:1: lists.l.file: the file cannot be read: No such file or directory"
                " (looked for l.txt; the path goes from the folder of the rule file)"
            ),
        ),
        (b"a\n\xff\n", "l.txt:2: lists.l.file: is not UTF-8 (save the file as UTF-8)"),
        (b"a\n" + b"x" * 2_000, "l.txt:2: lists.l.file: is longer than 1024 characters"),
        (b"a\n" * 1_000_001, "a.yaml:1: lists.l.file: the file has more than 1000000 lines"),
    ],
)
def test_files_that_are_no_lists(folder, content, fault):
    path = folder(a__yaml="lists: {l: {file: l.txt}}")
    if content is not None:
        (path / "l.txt").write_bytes(content)
    with pytest.raises(ConfigErrors) as caught:
        load_rules(path)
    assert [str(error).replace(f"{path}/", "") for error in caught.value.errors] == [fault]


def test_a_list_of_many_values_is_looked_up_at_once(folder):
    lines = "\n".join(f"name{number}@d{number}.example" for number in range(200_000))
    path = folder(
        a__yaml="rules: [{id: a, direction: any, when: {mail_from: {in: {file: l.txt}}}, do: [{tag: x}]}]", l__txt=lines
    )
    rules = load_rules(path)
    message = mail("From: a@b.example", mail_from="name777@d777.example", recipients=["x@y.example"])
    assert rules.candidates(message) == [0]
    assert finding(rules.rules[0], message).matched
    other = mail("From: a@b.example", mail_from="name777@d778.example", recipients=["x@y.example"])
    assert rules.candidates(other) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("lists: {a: [x], a b: [y]}", "lists.a b: is no name (write letters and digits with - . or _ between them)"),
        ("lists: {a: {fiel: x}}", "lists.a.fiel: unknown key (did you mean file?)"),
        ("lists: [a]", "lists: must be a mapping of keys to values (indent its keys below it)"),
        ("lists: {a: x}", "lists.a: must be a list (write [value] or one value a line, each after a dash)"),
        ("maps: {m: [a]}", "maps.m: must be a mapping of keys to values (indent its keys below it)"),
        (
            "maps: {m: {a: no}}",
            "maps.m.a: must be text (put it in quotes: without them yes, no, on, off, true and false are no text)",
        ),
    ],
)
def test_faults_of_lists_and_maps(text, fault):
    assert faults(text) == [f"10.yaml:1: {fault}"]


def test_a_name_is_of_one_list_and_one_map_alone():
    assert faults("lists: {a: [x]}\nmaps: {a: {}}", "lists: {a: [y]}\nmaps: {a: {}}") == [
        "20.yaml:1: lists.a: there is a list of this name already (keep one of the two)",
        "20.yaml:2: maps.a: there is a map of this name already (keep one of the two)",
    ]
