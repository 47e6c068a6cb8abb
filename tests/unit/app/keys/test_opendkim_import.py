# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as OpenDKIM's own tools write them, and what becomes of each of their lines."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
import yaml

from postward.app.keys.kept_keys import kept_keys
from postward.app.keys.key_directory import KeyDirectory
from postward.app.keys.opendkim_import import carry_out, plan_import
from postward.app.keys.opendkim_tables import read_conf, read_tables
from postward.app.keys.private_pem import new_pem
from postward.app.keys.record import key_record
from postward.errors import UsageError
from postward.signing.key_file import ServiceAccount


@pytest.fixture
def key_file(tmp_path):
    """A key of opendkim-genkey, mode 0600; with it comes mail.txt, the record."""
    subprocess.run(["opendkim-genkey", "-D", tmp_path, "-d", "example.com", "-s", "mail", "-b", "2048"], check=True)
    return tmp_path / "mail.private"


@pytest.fixture
def directory(tmp_path):
    return KeyDirectory(path=tmp_path / "keys", group=None)


def tables(tmp_path, keys, signers):
    key_table, signing_table = tmp_path / "KeyTable", tmp_path / "SigningTable"
    key_table.write_text(keys)
    signing_table.write_text(signers)
    return read_tables(key_table, signing_table)


def test_a_key_of_its_own_domain_is_copied(tmp_path, key_file, directory):
    setup = tables(tmp_path, f"k example.com:mail:{key_file}\n", "# whose mail\n*@example.com k\nexample.com k\n")
    report = plan_import(setup, directory)
    assert (report.lines, report.left_out) == ([], [])
    carry_out(report, directory)
    (entry,) = directory.manifest("example.com").keys
    assert (entry.selector, entry.file) == ("mail", "mail.pem")
    copied = directory.file("example.com", "mail.pem")
    assert copied.read_bytes() == key_file.read_bytes()
    assert copied.stat().st_mode & 0o777 == 0o600


def test_a_copied_key_has_the_record_that_opendkim_genkey_gave_it(tmp_path, key_file, directory):
    carry_out(plan_import(tables(tmp_path, f"k %:mail:{key_file}\n", "example.com k\n"), directory), directory)
    manifest = directory.manifest("example.com")
    (kept,) = kept_keys(directory, "example.com", manifest.keys, ServiceAccount(uid=os.geteuid(), gid=os.getegid()))
    published = "".join(re.findall(r'"([^"]*)"', (tmp_path / "mail.txt").read_text()))
    assert published.partition("p=")[2] == key_record(kept.key).value.partition("p=")[2] != ""


def test_a_file_of_an_older_opendkim_genkey_is_copied_too(tmp_path, key_file, directory):
    old = tmp_path / "old.private"
    old.touch(0o600)
    subprocess.run(["openssl", "rsa", "-traditional", "-in", key_file, "-out", old], check=True, capture_output=True)
    assert old.read_text().startswith("-----BEGIN RSA PRIVATE KEY-----"), "PKCS #1"
    report = plan_import(tables(tmp_path, f"k %:mail:{old}\n", "example.com k\n"), directory)
    assert (list(report.copied), report.left_out) == (["example.com"], [])


@pytest.mark.parametrize(
    ("signer", "line"),
    [
        (("*@*.example.com", "%"), 'domain: "*.example.com"'),
        ((".example.com", "example.com"), 'domain: "*.example.com", selector: "mail"'),
        (("*", "%"), 'domain: "*"'),
        (("other.example", "example.com"), 'signing_domain: "example.com"'),
    ],
)
def test_a_key_for_many_domains_becomes_a_line_of_the_configuration(tmp_path, key_file, directory, signer, line):
    pattern, domain = signer
    report = plan_import(tables(tmp_path, f"k {domain}:mail:{key_file}\n", f"{pattern} k\n"), directory)
    (told,) = report.lines
    assert line in told
    assert not report.copied


def test_what_is_not_carried_over_is_told_with_its_reason(tmp_path, key_file, directory):
    open_key = tmp_path / "open.pem"
    open_key.write_bytes(key_file.read_bytes())
    open_key.chmod(0o644)
    keys = (
        f"good example.com:mail:{key_file}\nopen open.example:s:{open_key}\nmany %:s:/keys/%.pem\n"
        f"inline in.example:s:MIIE\nshort in.example\nunused example.org:s:{key_file}\nevil ../../x:s:{key_file}\n"
    )
    signers = (
        "joe@example.com good\nopen.example open\nm.example many\nin.example inline\nx.example evil\ny.example nobody\n"
    )
    report = plan_import(tables(tmp_path, keys, signers), directory)
    told = "\n".join(report.left_out)
    for words in (
        "joe@example.com: Postward chooses keys by the domain",
        "open.pem is open to everybody",
        "/keys/m.example.pem: No such file",
        "the key stands in the table itself",
        "not of the form DOMAIN:SELECTOR:FILE",
        "unused: no line of SigningTable uses this key",
        "x.example: '../../x' cannot be a domain",
        "y.example: nobody is no usable key",
    ):
        assert words in told
    assert not report.copied
    assert not directory.path.exists()


def test_a_domain_that_has_keys_already_keeps_them(tmp_path, key_file, directory):
    setup = tables(tmp_path, f"k example.com:mail:{key_file}\n", "example.com k\n")
    carry_out(plan_import(setup, directory), directory)
    again = plan_import(setup, directory)
    assert not again.copied
    assert "has keys" in again.left_out[0]


def test_per_cent_stands_for_the_domain_of_the_author(tmp_path, key_file, directory):
    for domain in ("a.example", "b.example"):
        (tmp_path / domain).mkdir()
        (tmp_path / domain / "mail.private").write_bytes(key_file.read_bytes())
        (tmp_path / domain / "mail.private").chmod(0o600)
    keys, signers = f"all %:mail:{tmp_path}/%/mail.private\n", "*@a.example all\nB.example all\n*@*.c.example all\n"
    report = plan_import(tables(tmp_path, keys, signers), directory)
    assert {domain: list(entries) for domain, entries in report.copied.items()} == {
        "a.example": ["mail"],
        "b.example": ["mail"],
    }
    (told,) = report.left_out
    assert "SigningTable:3: *@*.c.example: the file" in told


@pytest.mark.parametrize(
    ("pattern", "domains"),
    [
        ("*", ["a.example", "b.a.example"]),
        ("*@a.example", ["a.example"]),
        ("*@*.a.example", ["b.a.example"]),
        (".example", ["a.example", "b.a.example"]),
        ("joe@a.example", []),
    ],
)
def test_a_line_may_name_the_keys_that_are_called_as_the_domain(tmp_path, key_file, directory, pattern, domains):
    keys = f"a.example a.example:mail:{key_file}\nb.a.example b.a.example:mail:{key_file}\n"
    report = plan_import(tables(tmp_path, keys, f"{pattern} %\n"), directory)
    assert list(report.copied) == domains


def test_several_keys_of_one_domain(tmp_path, key_file, directory):
    other = tmp_path / "other.pem"
    other.write_bytes(new_pem("ed25519", 0))
    other.chmod(0o600)
    keys = f"r example.com:r:{key_file}\ne example.com:e:{other}\nagain example.com:r:{other}\n"
    report = plan_import(tables(tmp_path, keys, "*@example.com r\n*@example.com e\n*@example.com again\n"), directory)
    carry_out(report, directory)
    assert [entry.selector for entry in directory.manifest("example.com").keys] == ["r", "e"]
    (told,) = report.left_out
    assert told.endswith("SigningTable:3: *@example.com: example.com has another key with the selector r")


def test_an_identity_and_patterns_that_have_no_counterpart_are_told(tmp_path, key_file, directory):
    keys, signers = (
        f"k example.com:mail:{key_file}\nr r.example:s:./r.pem\n",
        "*example.com k\n*@example.com k:joe@%\nr.example r\n",
    )
    report = plan_import(tables(tmp_path, keys, signers), directory)
    assert list(report.copied) == ["example.com"]
    told = "\n".join(report.left_out)
    for words in ("the identity joe@% (i=)", "*example.com has its asterisk", "./r.pem is named from a directory"):
        assert words in told


def test_a_domain_that_cannot_be_written_is_left_out_and_the_others_are_not(tmp_path, key_file, directory):
    setup = tables(tmp_path, f"k %:mail:{key_file}\n", "a.example k\nb.example k\n")
    directory.path.mkdir()
    report = plan_import(setup, directory)
    (directory.path / "a.example").write_text("")
    carry_out(report, directory)
    assert list(report.copied) == ["b.example"]
    assert report.left_out[0].startswith("a.example: ")


def test_a_hostile_path_stays_on_one_line_of_yaml(tmp_path, key_file, directory):
    path = tmp_path / 'a"}, {b'
    path.write_bytes(key_file.read_bytes())
    path.chmod(0o600)
    report = plan_import(tables(tmp_path, f"k example.com:mail:{path}\n", "* k\n"), directory)
    assert yaml.safe_load(report.lines[0])[0]["file"] == str(path)


def test_a_configuration_with_one_key(tmp_path, key_file, directory):
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"# shipped\nDomain example.com, example.org\nSelector mail\nKeyFile {key_file}\n")
    report = plan_import(read_conf(conf), directory)
    assert sorted(report.copied) == ["example.com", "example.org"]


@pytest.mark.parametrize("table", ["dsn:mysql://x", "ldap://x", "csl:a=b", "refile:relative"])
def test_a_table_that_is_no_file_is_told(tmp_path, table):
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"KeyTable {table}\nSigningTable {table}\n")
    with pytest.raises(UsageError, match=r"is no file|No such file"):
        read_conf(conf)


def test_tables_that_a_configuration_names(tmp_path, key_file, directory):
    tables(tmp_path, f"k example.com:mail:{key_file}\n", "*@example.com k\n")
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"KeyTable file:{tmp_path}/KeyTable\nSigningTable refile:{tmp_path}/SigningTable\n")
    assert list(plan_import(read_conf(conf), directory).copied) == ["example.com"]


def test_only_the_first_line_counts_unless_the_configuration_says_otherwise(tmp_path, key_file, directory):
    tables(
        tmp_path, f"k example.com:mail:{key_file}\nl example.com:list:{key_file}\n", "example.com k\n*@example.com l\n"
    )
    conf = tmp_path / "opendkim.conf"
    text = f"KeyTable {tmp_path}/KeyTable\nSigningTable {tmp_path}/SigningTable\n"
    conf.write_text(text)
    report = plan_import(read_conf(conf), directory)
    assert list(report.copied["example.com"]) == ["mail"]
    assert "MultipleSignatures is off" in report.left_out[0]
    conf.write_text(f"{text}MultipleSignatures yes\n")
    assert list(plan_import(read_conf(conf), directory).copied["example.com"]) == ["mail", "list"]


def test_settings_that_change_what_is_signed_are_told(tmp_path, key_file, directory):
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"Domain example.com\nSelector mail\nKeyFile {key_file}\nSubDomains yes\nSyslog yes\n")
    report = plan_import(read_conf(conf), directory)
    assert report.settings == ["subdomains yes: signing.subdomains: true does the same for keys of keys_dir"]
    assert report.left_out == []


def test_that_a_second_key_of_dkimpy_milter_stays_is_told(tmp_path, key_file, directory):
    conf = tmp_path / "dkimpy-milter.conf"
    conf.write_text(f"Domain example.com\nSelector mail\nKeyFile {key_file}\nKeyFileEd25519 /etc/dkimkeys/ed\n")
    (told,) = plan_import(read_conf(conf), directory).settings
    assert told.startswith("keyfileed25519 /etc/dkimkeys/ed: that key is not carried over")


def test_a_table_without_end_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is too long"):
        tables(tmp_path, "k example.com:s:/x\n" * 100_001, "")


def test_many_lines_take_no_more_than_their_number(tmp_path):
    domains = [f"d{number}.example" for number in range(20_000)]
    setup = tables(
        tmp_path,
        "".join(f"{domain} {domain}:s:/missing\n" for domain in domains),
        "".join(f"{domain} %\n*@*.{domain} %\n" for domain in domains) + "* %\n" * 20_000,
    )
    assert len(setup.signers) == 40_000
