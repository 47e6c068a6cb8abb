"""Tables as OpenDKIM's own tools write them, and what becomes of each of their lines."""

from __future__ import annotations

import subprocess

import pytest

from postward.app.keys.key_directory import KeyDirectory
from postward.app.keys.opendkim_import import carry_out, plan_import
from postward.app.keys.opendkim_tables import read_conf, read_tables
from postward.errors import UsageError


@pytest.fixture
def key_file(tmp_path):
    """A key of opendkim-genkey: PKCS #1, mode 0600."""
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


@pytest.mark.parametrize(
    ("signer", "line"),
    [
        (("*@*.example.com", "%"), 'domain: "*.example.com"'),
        ((".example.com", "example.com"), 'domain: "*.example.com", selector: mail'),
        (("*", "%"), 'domain: "*"'),
        (("other.example", "example.com"), "signing_domain: example.com"),
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
        "depends on the author's domain",
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


def test_a_configuration_with_one_key(tmp_path, key_file, directory):
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"# shipped\nDomain example.com, example.org\nSelector mail\nKeyFile {key_file}\n")
    report = plan_import(read_conf(conf), directory)
    assert sorted(report.copied) == ["example.com", "example.org"]


@pytest.mark.parametrize("table", ["dsn:mysql://x", "ldap://x", "csl:a=b", "refile:relative"])
def test_a_table_that_is_no_file_is_told(tmp_path, table):
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"KeyTable {table}\nSigningTable {table}\n")
    with pytest.raises(UsageError, match="is no file"):
        read_conf(conf)


def test_tables_that_a_configuration_names(tmp_path, key_file, directory):
    tables(tmp_path, f"k example.com:mail:{key_file}\n", "*@example.com k\n")
    conf = tmp_path / "opendkim.conf"
    conf.write_text(f"KeyTable file:{tmp_path}/KeyTable\nSigningTable refile:{tmp_path}/SigningTable\n")
    assert list(plan_import(read_conf(conf), directory).copied) == ["example.com"]
