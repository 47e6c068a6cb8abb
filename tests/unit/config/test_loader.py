# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postward.config import Configuration, load, load_mapping
from postward.config.document.compose import MAX_DEPTH, MAX_FAULTS
from postward.config.document.read import MAX_FILE_BYTES
from postward.config.schema.endpoint import InetSocket
from postward.errors import ConfigErrors

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    "spf", "mode", ": ", ":\n", "\n", "  ", "- ", "[", "]", "{", "}", ", ", "&a ", "*a", "!!str ", "? ", "| ", "> ",
    "'", '"', "#", "%YAML 1.1\n", "---\n", "...\n", "\\", "\\UFFFFFFFF",
    "1e999", "0x1", "~", "\t", "\x85", "\u2028", "\ufeff", "é",
]  # fmt: skip


@pytest.fixture
def write(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "postward.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def faults_of(path: Path) -> list[tuple[int, str, str, str]]:
    with pytest.raises(ConfigErrors) as caught:
        load(path)
    assert all(error.path == str(path) for error in caught.value.errors)
    return [(error.line, error.key, error.message, error.hint) for error in caught.value.errors]


@pytest.mark.parametrize("text", ["", "# nothing\n", "spf:\n  # enabled: false\n", "{}", "---\n", "\ufeffspf: {}\n"])
def test_nothing_written_gives_the_defaults(write, text):
    assert dict(load(write(text))) == dict(load(None))


def test_the_defaults_reject_nothing():
    configuration = load(None)
    assert (configuration.dmarc.on_reject, configuration.dmarc.on_quarantine) == ("junk", "junk")
    assert configuration.message.failure_action == "accept"


def test_values_are_read(write):
    configuration = load(
        write(
            "mode: monitor\nlisten: inet:127.0.0.1:8890\nsocket_mode: 0660\nmessage: {deadline_s: 10}\n"
            "origin:\n  local_networks:\n    - 192.0.2.7\n    - 2001:db8::/32\nspf:\n  helo: no\n"
            "scoring:\n  weights:\n    SPF_FAIL: 3\n"
        )
    )
    assert configuration.mode == "monitor"
    assert configuration.listen == InetSocket(host="127.0.0.1", port=8890)
    assert configuration.socket_mode == "0660"
    assert configuration.message.deadline_s == 10.0
    assert configuration.origin.local_networks == (ip_network("192.0.2.7/32"), ip_network("2001:db8::/32"))
    assert configuration.spf.helo is False
    assert configuration.scoring.weights == {"SPF_FAIL": 3.0}


def test_a_configuration_cannot_be_changed():
    configuration = load(None)
    with pytest.raises(ValueError, match="frozen"):
        configuration.mode = "monitor"  # type: ignore[misc]
    with pytest.raises(TypeError):
        configuration.scoring.weights["X"] = 1.0  # type: ignore[index]


def test_all_faults_at_once_in_the_order_of_the_file(write):
    path = write("mode: enfroce\ndns:\n  tries: 99\n  tries: 3\n  color: red\nspf:\n  enabled: maybe\n")
    assert [(line, key) for line, key, _, _ in faults_of(path)] == [
        (1, "mode"),
        (3, "dns.tries"),
        (4, "dns.tries"),
        (5, "dns.color"),
        (7, "spf.enabled"),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("mode: monitr\n", (1, "mode", "must be one of enforce, monitor", "did you mean monitor?")),
        ("authserv-id: mx\n", (1, "authserv-id", "unknown key", "did you mean authserv_id?")),
        ("trusted_sealers: []\n", (1, "trusted_sealers", "unknown key", "did you mean arc.trusted_sealers?")),
        ("dmarc:\n  exempt:\n    network: []\n", (3, "dmarc.exempt.network", "unknown key", "did you mean networks?")),
        ("iprev: {zzz: 1}\n", (1, "iprev.zzz", "unknown key", "known here: enabled")),
        ("dns:\n  timeout_s: 5s\n", (2, "dns.timeout_s", "must be a number", "write the number of seconds alone")),
        ("dns:\n  timeout_s: .inf\n", (2, "dns.timeout_s", "must be a number", "in seconds")),
        ("workers: true\n", (1, "workers", "must be a whole number", "")),
        ("workers: 1.5\n", (1, "workers", "must be a whole number", "")),
        ("workers: -1\n", (1, "workers", "must be at least 0", "")),
        ("message: {max_body_bytes: 1}\n", (1, "message.max_body_bytes", "must be at least 65536", "")),
        ("dkim: {min_rsa_bits: 512}\n", (1, "dkim.min_rsa_bits", "must be at least 1024", "")),
        ("dkim: []\n", (1, "dkim", "must be a mapping of keys to values", "indent its keys below it")),
        ("mode:\n", (1, "mode", "has no value", "comment the line out to get the default")),
        ('spf: {enabled: "yes"}\n', (1, "spf.enabled", "must be true or false", "")),
        ("scoring:\n  weights:\n    SPF_FAIL: high\n", (3, "scoring.weights.SPF_FAIL", "must be a number", "")),
        ("scoring: {weights: {A: 1e9}}\n", (1, "scoring.weights.A", "must be at most 1000", "")),
        ("- mode\n", (1, "", "must be a mapping of keys to values", "indent its keys below it")),
        ("authserv_id: no\n", (1, "authserv_id", "must be text", "put the value in quotes")),
        ('iprev: {"a\\e[31m": 1}\n', (1, "iprev.a\\x1b[31m", "unknown key", "known here: enabled")),
    ],
)
def test_a_fault_has_line_key_words_and_hint(write, text, fault):
    assert faults_of(write(text)) == [fault]


def test_a_list_item_is_named_by_its_index_and_line(write):
    path = write("origin:\n  local_networks:\n    - 10.0.0.0/8\n    - 192.0.2.1/24\n")
    assert faults_of(path) == [
        (
            4,
            "origin.local_networks[1]",
            "has bits set beyond the prefix",
            "did you mean 192.0.2.0/24, or the single address 192.0.2.1?",
        )
    ]


def test_a_password_never_reaches_a_fault(write):
    path = write("redis:\n  url: http://user:hunter2@example.com\n")
    with pytest.raises(ConfigErrors) as caught:
        load(path)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: [\n", 2, "expected the node content, but found '<stream end>'"),
        ("a: 1\nb:\n\t- x\n", 3, "found character '\\t' that cannot start any token"),
        ("a: b: c\n", 1, "mapping values are not allowed here"),
        ("a: 1\n---\nb: 2\n", 2, "holds a second document"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "has a tag (!), which configuration does not use"),
        ("? [a]\n: b\n", 1, "a key must be plain text"),
        ("a: *nothing\n", 1, "no anchor &nothing stands before this alias"),
        ("a: &a [*a]\n", 1, "no anchor &a stands before this alias"),
        ("a: 1\nb: \x07\n", 2, "holds a character that YAML does not allow"),
        ('a: "\\UFFFFFFFF"\n', 1, "holds a number that YAML does not allow"),
        ('a: "\\uD800"\n', 1, "holds a character that YAML does not allow"),
        ("%YAML 1." + "9" * 5000 + "\n---\na: 1\n", 1, "holds a number that YAML does not allow"),
        ("? " + "x" * 3_000 + "\n: 1\n", 1, "a key is longer than 2048 characters"),
    ],
)
def test_what_is_not_usable_yaml_is_one_fault_with_its_line(write, text, line, message):
    ((got_line, _, got_message, _),) = faults_of(write(text))
    assert (got_line, got_message) == (line, message)


def test_anchors_stand_for_their_values(write):
    configuration = load(write("origin:\n  local_networks: &ours [10.0.0.0/8]\n  trusted_relays: *ours\n"))
    assert configuration.origin.trusted_relays == (ip_network("10.0.0.0/8"),)


def test_an_alias_bomb_is_refused(write):
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    faults = faults_of(write("l0: &l0 [x, x, x]\n" + "\n".join(levels) + "\n"))
    assert faults[-1][2].startswith("holds more than")


def test_the_list_of_faults_is_bounded(write):
    assert len(faults_of(write("{" + "a: 1, " * 10_000 + "}"))) <= MAX_FAULTS + 1
    assert len(faults_of(write("".join(f"key{n}: 1\n" for n in range(10_000))))) <= MAX_FAULTS


def test_symbols_are_checked_where_they_are_known(write):
    path = write("mod: x\nscoring:\n  weights:\n    SPF_FALE: 1\n    FOO: 2\n    SPF_PASS: 3\n")
    with pytest.raises(ConfigErrors) as caught:
        load(path, symbols={"SPF_FAIL", "SPF_PASS"})
    assert [(error.line, error.key, error.hint) for error in caught.value.errors] == [
        (1, "mod", "did you mean mode?"),
        (4, "scoring.weights.SPF_FALE", "did you mean SPF_FAIL?"),
        (5, "scoring.weights.FOO", "`postward symbols` lists those that there are"),
    ]


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_gets_past_with_another_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "hostile.yaml"
    path.write_bytes(text.encode(errors="surrogatepass"))
    faults = ""
    try:
        load(path)
    except ConfigErrors as errors:
        faults = str(errors)
    assert all(line.isprintable() for line in faults.split("\n"))


def test_depth_is_bounded_also_through_aliases(write):
    assert "nested deeper" in faults_of(write("a: " + "[" * 100_000))[-1][2]
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, MAX_DEPTH + 2))
    assert "nested deeper" in faults_of(write(chain))[-1][2]


def test_a_file_too_long_is_not_read(write):
    assert faults_of(write("#" * (MAX_FILE_BYTES + 1)))[0][2] == f"is longer than {MAX_FILE_BYTES} bytes"


def test_a_file_that_is_not_utf8_names_the_line(tmp_path):
    path = tmp_path / "postward.yaml"
    path.write_bytes(b"# ok\nmode: \xff\n")
    assert faults_of(path) == [(2, "", "is not UTF-8", "save the file as UTF-8")]


def test_a_missing_file_is_a_fault(tmp_path):
    ((line, _, message, hint),) = faults_of(tmp_path / "none.yaml")
    assert (line, message) == (0, "cannot be read: No such file or directory")
    assert "--config" in hint


def test_lines_are_remembered(write):
    configuration = load(write("spf:\n  enabled: true\nscoring:\n  weights:\n    SPF_FAIL: 1\n"))
    assert isinstance(configuration, Configuration)
    assert configuration.line_of("spf.enabled") == 2
    assert configuration.line_of(("scoring", "weights", "SPF_FAIL")) == 5
    assert configuration.line_of("spf.helo") == 2
    assert configuration.line_of("dkim.enabled") == 0
    assert configuration.is_written("spf.enabled")
    assert not configuration.is_written("spf.helo")
    error = configuration.error_at(("scoring", "weights", "SPF_FAIL"), "no such symbol")
    assert (error.line, error.key, error.path) == (5, "scoring.weights.SPF_FAIL", configuration.path)


def test_a_zone_file_is_a_plain_mapping(write):
    zone = load_mapping(
        write(
            'example.com:\n  - TXT: "v=spf1 -all"\n  - MX: [10, mx.example.com]\n  - TIMEOUT\n'
            "1.2.0.192.in-addr.arpa: []\n"
        )
    )
    assert zone == {
        "example.com": [{"TXT": "v=spf1 -all"}, {"MX": [10, "mx.example.com"]}, "TIMEOUT"],
        "1.2.0.192.in-addr.arpa": [],
    }
    assert load_mapping(write("")) == {}


@pytest.mark.parametrize(("text", "line"), [("- a\n", 1), ("a: 1\na: 2\n", 2), ("a: [\n", 2)])
def test_a_zone_file_with_faults_names_the_line(write, text, line):
    with pytest.raises(ConfigErrors) as caught:
        load_mapping(write(text))
    assert caught.value.errors[0].line == line
