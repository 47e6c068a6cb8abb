# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.config import load
from postward.errors import ConfigErrors


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "postward.yaml"
        path.write_text(f"directory:\n{text}", encoding="utf-8")
        return load(path).directory

    return read


def fault_of(read, text):
    with pytest.raises(ConfigErrors) as caught:
        read(text)
    (error,) = caught.value.errors
    return error.key, error.message, error.hint


@pytest.mark.parametrize(
    "url", ["ldap://h", "ldap://h:389/", "ldaps://[::1]:636", "ldapi:///run/slapd/ldapi", "ldapi://%2Frun%2Fldapi"]
)
def test_urls_of_ldap(read, url):
    assert read(f"  ldap: {{url: '{url}', base: dc=x}}\n").ldap.url == url


@pytest.mark.parametrize(
    "url", ["http://h", "ldap://", "ldapi://", "ldap://h:port", "ldap://h/dc=x", "ldap://h?x", "h"]
)
def test_what_is_no_url_of_ldap(read, url):
    assert fault_of(read, f"  ldap: {{url: '{url}', base: dc=x}}\n")[1] == "is no URL of an LDAP server"


@pytest.mark.parametrize("url", ["secret", "://x", "Post gres://x", "postgresql+a+b://x"])
def test_what_is_no_url_of_a_data_base_is_never_quoted(read, url):
    key, message, hint = fault_of(read, f"  sql: {{url: '{url}'}}\n")
    assert (key, message) == ("directory.sql.url", "is no URL of a data base")
    assert url not in hint


def test_casts_and_quoted_colons_are_no_parameters(read):
    query = "SELECT '\\:no'::text, '12:30' FROM d WHERE n = CAST(:domain AS text)"
    assert read(f'  sql: {{domain: "{query}"}}\n'.replace("\\", "\\\\")).sql.domain == query


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sql: {domain: 'SELECT 1'}", ("sql.domain", "gives the same for every question", "use one of :domain")),
        ("sql: {sender: 'SELECT :logn'}", ("sql.sender", "asks for a value that there is not", "did you mean :login?")),
        ("sql: {networks: 'SELECT :x'}", ("sql.networks", "asks for a value that there is not", "known here: none")),
        # SQLAlchemy reads this as :domai, so that it has to be told before any mail is.
        (
            "sql: {domain: 'SELECT :domain::text'}",
            ("sql.domain", "asks for a value that there is not", "did you mean :domain?"),
        ),
        ("sql: {group: ' '}", ("sql.group", "is no query", "")),
        (
            "ldap: {recipient_filter: '(mail={adress})'}",
            ("ldap.recipient_filter", "asks for a value that there is not", "did you mean {address}?"),
        ),
        (
            "ldap: {url: 'ldap://h'}",
            ("ldap", "base is missing", "write the suffix of your directory, such as dc=example,dc=com"),
        ),
        (
            "ldap: {bind_dn: cn=x}",
            ("ldap", "bind_password is missing", "LDAP takes a name without password for nobody"),
        ),
        (
            "ldap: {network_filter: (a=b)}",
            ("ldap", "network_attribute is missing", "name the attribute that holds a network"),
        ),
        (
            "ldap: {people_filter: (a=b), profile_attributes: {title: title}}",
            ("ldap", "profile_attributes has no name", "write the attribute by which people know each other"),
        ),
        (
            "ldap: {profile_group_filter: '(member={dn})'}",
            ("ldap", "profile_filter is missing", "the groups are those of the entry that it finds"),
        ),
        ("sql: {people: 'SELECT :x'}", ("sql.people", "asks for a value that there is not", "known here: none")),
        ("ldap: {pattern_attributes: ['a)(b']}", ("ldap.pattern_attributes[0]", "is no name of an LDAP attribute", "")),
        (
            "ldap: {domain_attributes: {Tenant: o}}",
            (
                "ldap.domain_attributes.Tenant",
                "is no name of a setting",
                "tenant, junk_threshold, archive_address and others in lower case",
            ),
        ),
        ("redis: {prefix: 'a{b}'}", ("redis.prefix", "is no prefix of keys", "printable characters but { and }")),
        ("sources: [sql, sql]", ("sources", "names a source twice", "")),
        ("sources: [mysql]", ("sources[0]", "must be one of files, redis, sql, ldap", "did you mean sql?")),
        ("timeout_s: 0", ("timeout_s", "must be at least 0.1", "")),
    ],
)
def test_faults(read, text, fault):
    key, message, hint = fault
    assert fault_of(read, f"  {text}\n") == (f"directory.{key}", message, hint)
