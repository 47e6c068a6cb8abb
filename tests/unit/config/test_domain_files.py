# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from postward.config.domain_files import load_domain_files
from postward.errors import ConfigErrors

WHOLE = """\
domain: Example.COM
tenant: acme
settings: {junk_threshold: 4.0, on_dmarc_reject: reject, reject_unknown_recipients: true,
  archive_address: archive@example.com, values: {banner: external, limit: 5, on: true}}
recipients: [Alice, bob, postmaster, sales@example.com]
aliases: {sales: [alice, bob]}
groups: {support: [alice, carol@example.org]}
senders:
  - {logins: [alice], may_use: [support@example.com, "group:support", "@example.org", "*.example.net", "*"]}
  - {networks: [192.0.2.0/24], may_use: ["@example.com"]}
"""


@pytest.fixture
def write(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults(folder):
    with pytest.raises(ConfigErrors) as caught:
        load_domain_files(folder)
    return [(Path(error.path).name, error.line, error.key, error.message) for error in caught.value.errors]


def test_no_folder_has_no_domains(tmp_path):
    assert load_domain_files(tmp_path / "absent") == ()


def test_a_whole_file(write, tmp_path):
    write("example.com.yaml", WHOLE)
    (file,) = load_domain_files(tmp_path)
    section = file.section
    assert (section.domain, section.tenant) == ("example.com", "acme")
    assert section.settings.values == {"banner": "external", "limit": "5", "on": "true"}
    assert section.settings.archive_address == "archive@example.com"
    assert section.recipients == ("alice", "bob", "postmaster", "sales@example.com")
    assert section.aliases == {"sales": ("alice", "bob")}
    assert section.groups == {"support": ("alice", "carol@example.org")}
    first, second = section.senders
    assert first.may_use == ("support@example.com", "group:support", "@example.org", "*.example.net", "*")
    assert second.networks == (ip_network("192.0.2.0/24"),)


def test_a_domain_alone_says_nothing_of_recipients(write, tmp_path):
    write("a.yaml", "domain: a.example\n")
    (file,) = load_domain_files(tmp_path)
    assert file.section.recipients is None


def test_other_files_are_left_alone(write, tmp_path):
    for name in ("a.yaml.bak", ".b.yaml", "README", "c.yml"):
        write(name, "nonsense: [")
    assert load_domain_files(tmp_path) == ()


def test_the_faults_of_all_files_are_told_at_once(write, tmp_path):
    write("1.yaml", "domain: a..b\nrecipient: [x]\n")
    write("2.yaml", "tenant: x\n")
    write("3.yaml", "domain: b.example\ndomain: c.example\n")
    write("4.yaml", "domain: d.example\nsenders:\n  - {may_use: [x]}\n  - {logins: [y]}\n")
    write("5.yaml", "- domain\n")
    assert faults(tmp_path) == [
        ("1.yaml", 1, "domain", "is no domain name"),
        ("1.yaml", 2, "recipient", "unknown key"),
        ("2.yaml", 0, "domain", "is missing"),
        ("3.yaml", 2, "domain", "duplicate key"),
        ("4.yaml", 3, "senders[0]", "names nobody"),
        ("4.yaml", 4, "senders[1].may_use", "is missing"),
        ("5.yaml", 1, "", "must be a mapping of keys to values"),
    ]


@pytest.mark.parametrize(
    ("line", "key", "message"),
    [
        ("recipients: [a b]", "recipients[0]", "is no address, and no local part of one"),
        ("recipients: [a@]", "recipients[0]", "has no domain after the @"),
        ("recipients: [a@b..c]", "recipients[0]", "is no domain name"),
        ("recipients: [5]", "recipients[0]", "must be text"),
        ("recipients: [a@other.example]", "recipients[0]", "is no address of a.example"),
        ("aliases: {x@other.example: [a]}", "aliases.x@other.example", "is no address of a.example"),
        ("groups: {g: [a, b c]}", "groups.g[1]", "is no address, and no local part of one"),
        ('senders: [{logins: [a], may_use: ["@"]}]', "senders[0].may_use[0]", "is no domain name"),
        ('senders: [{logins: [a], may_use: ["*.b..c"]}]', "senders[0].may_use[0]", "is no domain name"),
        ('senders: [{logins: [a], may_use: ["group:nobody"]}]', "senders[0].may_use[0]", "there is no such group"),
        (
            "senders: [{networks: [192.0.2.1/24], may_use: [a]}]",
            "senders[0].networks[0]",
            "has bits set beyond the prefix",
        ),
        ("settings: {junk_threshold: 0}", "settings.junk_threshold", "must be at least 0.1"),
        (
            "settings: {suspect_threshold: 7, junk_threshold: 6}",
            "settings",
            "suspect_threshold is higher than junk_threshold",
        ),
        (
            "settings: {junk_threshold: 20, reject_threshold: 15}",
            "settings",
            "reject_threshold is lower than junk_threshold",
        ),
        (
            "settings: {on_dmarc_reject: delete}",
            "settings.on_dmarc_reject",
            "must be one of none, junk, quarantine, reject",
        ),
        ("settings: {archive_address: archive}", "settings.archive_address", "is no whole address"),
        ('settings: {values: {x: "a\\nb"}}', "settings.values.x", "must be one line of text"),
        ('tenant: ""', "tenant", "is no name of a tenant"),
        ("domain: bücher.example", "domain", "must be ASCII"),
    ],
)
def test_a_fault_is_named_with_its_line(write, tmp_path, line, key, message):
    write("a.yaml", f"{line}\n" if line.startswith("domain") else f"domain: a.example\n{line}\n")
    line_number = 1 if line.startswith("domain") else 2
    assert faults(tmp_path) == [("a.yaml", line_number, key, message)]


def test_a_domain_and_a_network_stand_in_one_file_only(write, tmp_path):
    text = "domain: {}\nsenders: [{{networks: [192.0.2.0/24], may_use: ['*']}}]\n"
    write("1.yaml", text.format("a.example"))
    write("2.yaml", text.format("A.example"))
    assert faults(tmp_path) == [
        ("2.yaml", 1, "domain", f"stands in {tmp_path}/1.yaml too"),
        ("2.yaml", 2, "senders[0].networks[0]", f"stands in {tmp_path}/1.yaml too"),
    ]


def test_an_alias_is_no_group(write, tmp_path):
    write("1.yaml", "domain: a.example\naliases: {x: [a]}\ngroups: {x: [b]}\n")
    assert faults(tmp_path) == [("1.yaml", 3, "groups.x", "is an alias too")]


def test_a_group_of_another_file_may_be_meant(write, tmp_path):
    write("1.yaml", "domain: a.example\nsenders: [{logins: [a], may_use: ['group:staff@b.example']}]\n")
    write("2.yaml", "domain: b.example\ngroups: {staff: [b]}\n")
    assert len(load_domain_files(tmp_path)) == 2


def test_a_file_that_cannot_be_read(write, tmp_path):
    (tmp_path / "1.yaml").mkdir()
    (tmp_path / "2.yaml").symlink_to("nowhere")
    write("3.yaml", "domain: \xff")
    (tmp_path / "3.yaml").write_bytes(b"domain: \xff")
    assert [fault[:3] for fault in faults(tmp_path)] == [("1.yaml", 0, ""), ("2.yaml", 0, ""), ("3.yaml", 1, "")]


def test_a_folder_that_is_none(write):
    path = write("file", "")
    with pytest.raises(ConfigErrors):
        load_domain_files(path)
