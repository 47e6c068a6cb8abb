# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from postward.app.mta_lines.postfix_host import assumed_postfix_host, read_postfix_host
from postward.app.mta_lines.postfix_lines import propose_postfix_lines
from postward.app.mta_lines.postfix_text import postfix_difference
from postward.config import load

MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
[::1]:10027 inet n - n - - smtpd -o content_filter= -o receive_override_options=no_milters
cleanup unix n - y - 0 cleanup
"""
ENTRY = (
    "{{ {endpoint}, connect_timeout=10s, command_timeout=30s, content_timeout=60s, default_action=tempfail }}".format
)


@pytest.fixture
def config_of(tmp_path):
    def make(text: str = ""):
        path = tmp_path / "postward.yaml"
        path.write_text(text)
        return load(path)

    return make


def main_of(lines):
    return {line.name: line.value for line in lines.main}


def test_a_chrooted_host_gets_a_socket_in_its_queue_directory(host_of, config_of):
    host = host_of("", MASTER)
    lines = propose_postfix_lines(host, config_of())
    assert main_of(lines) == {
        "smtpd_milters": ENTRY(endpoint="unix:postward/milter.sock"),
        "non_smtpd_milters": "$smtpd_milters",
        "milter_default_action": "tempfail",
    }
    socket_file, tmpfiles, drop_in = lines.files
    directory = host.queue_directory / "postward"
    assert socket_file.lines == (f"listen: unix:{directory}/milter.sock",)
    assert tmpfiles.lines == (f"d {directory} 2710 postward postfix -",)
    assert drop_in.lines == ("[Service]", f"ReadWritePaths=-{directory}")


def test_a_socket_that_lies_there_already_is_kept(host_of, config_of):
    host = host_of("", MASTER)
    lines = propose_postfix_lines(host, config_of(f"listen: unix:{host.queue_directory}/pw/m.sock"))
    assert main_of(lines)["smtpd_milters"] == ENTRY(endpoint="unix:pw/m.sock")
    assert len(lines.files) == 2


def test_without_chroot_the_socket_stays_where_it_is(host_of, config_of):
    host = host_of("", "smtp inet n - n - - smtpd\n")
    lines = propose_postfix_lines(host, config_of("listen: unix:/srv/postward/milter.sock"))
    assert main_of(lines)["smtpd_milters"] == ENTRY(endpoint="unix:/srv/postward/milter.sock")
    assert lines.files[0].lines == ("d /srv/postward 2710 postward postfix -",)


def test_a_socket_in_the_service_s_runtime_folder_would_be_closed_to_postfix_after_each_start(host_of, config_of):
    host = host_of("", "smtp inet n - n - - smtpd\n")
    lines = propose_postfix_lines(host, config_of())
    assert main_of(lines)["smtpd_milters"] == ENTRY(endpoint="unix:postward/milter.sock")
    assert lines.files[0].lines == (f"listen: unix:{host.queue_directory}/postward/milter.sock",)
    assert "/run/postward" in lines.files[0].reason


def test_a_folder_that_the_service_has_made_ready_needs_no_lines(host_of, config_of):
    host = host_of("", MASTER)
    ready = replace(host, ready_folders=frozenset({host.queue_directory / "postward"}))
    own = f"listen: unix:{host.queue_directory}/postward/milter.sock"
    assert propose_postfix_lines(ready, config_of(own)).files == ()
    assert [file.lines for file in propose_postfix_lines(ready, config_of()).files] == [(own,)]


def test_a_tcp_socket_needs_no_files(host_of, config_of):
    lines = propose_postfix_lines(host_of("", MASTER), config_of("listen: inet:8890@127.0.0.1"))
    assert main_of(lines)["smtpd_milters"] == ENTRY(endpoint="inet:127.0.0.1:8890")
    assert lines.files == ()


def test_the_content_time_out_is_longer_than_the_deadline(host_of, config_of):
    lines = propose_postfix_lines(host_of("", MASTER), config_of("message: {deadline_s: 99.5}"))
    assert "content_timeout=130s" in main_of(lines)["smtpd_milters"]


def test_other_milters_stay_behind_ours(host_of, config_of):
    main = "mine = inet:127.0.0.1:8891\nsmtpd_milters = $mine { inet:127.0.0.1:8892, default_action=accept }\n"
    lines = propose_postfix_lines(host_of(main, MASTER), config_of())
    ours = ENTRY(endpoint="unix:postward/milter.sock")
    value = main_of(lines)["smtpd_milters"]
    assert value == f"{ours}, $mine, {{ inet:127.0.0.1:8892, default_action=accept }}"


def test_our_own_older_line_is_replaced(host_of, config_of):
    main = "smtpd_milters = unix:/postward/milter.sock, inet:127.0.0.1:8891\nnon_smtpd_milters = inet:127.0.0.1:8891\n"
    host = host_of(main, MASTER)
    lines = propose_postfix_lines(host, config_of(f"listen: unix:{host.queue_directory}/postward/milter.sock"))
    ours = ENTRY(endpoint="unix:postward/milter.sock")
    assert main_of(lines)["smtpd_milters"] == f"{ours}, inet:127.0.0.1:8891"
    assert main_of(lines)["non_smtpd_milters"] == f"{ours}, inet:127.0.0.1:8891"


def test_an_old_protocol_is_raised(host_of, config_of):
    assert main_of(propose_postfix_lines(host_of("milter_protocol = 4\n"), config_of()))["milter_protocol"] == "6"


def test_services_get_the_options_that_they_need(host_of, config_of):
    lines = propose_postfix_lines(host_of("", MASTER), config_of())
    assert [(option.service, option.name, option.value) for option in lines.master] == [
        ("submission/inet", "milter_macro_daemon_name", "ORIGINATING"),
        ("127.0.0.1:10025/inet", "smtpd_milters", ""),
    ]


def test_the_daemon_name_is_the_configured_one(host_of, config_of):
    own = propose_postfix_lines(host_of("", MASTER), config_of("origin: {outbound_daemon_names: [OURS]}"))
    assert own.master[0].value == "OURS"
    none = propose_postfix_lines(host_of("", MASTER), config_of("origin: {outbound_daemon_names: []}"))
    assert [option.name for option in none.master] == ["smtpd_milters"]


@pytest.mark.parametrize(
    ("main", "master", "word"),
    [
        ("", "smtp inet n - y - - smtpd -o smtpd_milters=\n", "smtp has smtpd_milters of its own"),
        ("smtpd_proxy_filter = 127.0.0.1:10024\n", MASTER, "smtpd_proxy_filter"),
        ("smtpd_milters = inet:h:1\n", "10025 inet n - y - - smtpd -o content_filter=\n", "if mail comes back"),
        ("content_filter = f:\n", MASTER + "f unix - n n - 1 pipe user=nobody argv=/bin/true\n", "sendmail(1)"),
    ],
)
def test_what_no_line_can_cure_is_noted(host_of, config_of, main, master, word):
    notes = propose_postfix_lines(host_of(main, master), config_of()).notes
    assert any(word in note for note in notes)


def test_a_usual_host_has_nothing_to_be_noted(host_of, config_of):
    assert propose_postfix_lines(host_of("", MASTER), config_of()).notes == ()


def test_without_postfix_the_lines_are_general(config_of):
    lines = propose_postfix_lines(assumed_postfix_host(), config_of())
    assert main_of(lines)["smtpd_milters"] == ENTRY(endpoint="unix:postward/milter.sock")
    assert [option.service for option in lines.master] == ["submission/inet", "submissions/inet"]
    assert "no Postfix" in lines.notes[0]


def test_once_postfix_is_set_up_so_nothing_differs(postconf, postfix_dir, config_of):
    directory = postfix_dir("smtpd_milters = inet:127.0.0.1:8891\n", MASTER)
    host = read_postfix_host(postconf, directory)
    config = config_of(f"listen: unix:{host.queue_directory}/postward/milter.sock")
    lines = propose_postfix_lines(host, config)
    assert postfix_difference(host, lines) != ""
    for line in lines.main:
        subprocess.run([postconf, "-c", directory, "-e", f"{line.name} = {line.value}"], check=True)
    for option in lines.master:
        subprocess.run([postconf, "-c", directory, "-P", f"{option.service}/{option.name}={option.value}"], check=True)
    after = read_postfix_host(postconf, directory)
    assert propose_postfix_lines(after, config).main == tuple(
        type(line)(name=line.name, value=line.value, present=line.value) for line in lines.main
    )
    assert postfix_difference(after, propose_postfix_lines(after, config)) == ""
