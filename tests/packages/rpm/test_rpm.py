# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPM packages: what is in them, what they need, what they do when they come and go."""

from __future__ import annotations

from pathlib import Path

import postward

ROOT = Path(__file__).parents[3]


def test_rpmlint_has_nothing_to_say_that_is_not_explained(built):
    assert " 0 errors, 0 warnings" in (built / "rpmlint.txt").read_text()


def test_version_is_that_of_the_program(rpms):
    assert rpms.query("--qf", "'%{VERSION} %{LICENSE} %{ARCH}'") == [f"{postward.__version__} GPL-3.0-or-later noarch"]


def test_files_are_where_fedora_looks_for_them(rpms):
    files = set(rpms.query("--list"))
    assert {
        "/usr/bin/postward", "/etc/postward/postward.yaml", "/etc/postward/rules.d", "/etc/postward/domains.d",
        "/usr/lib/systemd/system/postward.service", "/usr/lib/sysusers.d/postward.conf",
        "/usr/lib/tmpfiles.d/postward.conf",
        "/usr/share/postward/plugins/external_tag.py", "/usr/share/postward/sieve/postward-junk.sieve",
        "/usr/share/postward/sendmail/postward.m4", "/usr/share/postward/monitoring/grafana-dashboard.json",
        "/usr/share/man/man8/postward.8.gz", "/usr/share/man/man5/postward.yaml.5.gz",
        "/usr/share/bash-completion/completions/postward",
    } <= files  # fmt: skip
    assert any(name.endswith("/site-packages/postward/cli/main.py") for name in files)
    assert not any("dist-packages" in name or "/usr/local" in name for name in files)


def test_what_the_service_reads_is_closed_to_others(rpms):
    modes = dict(
        line.split(" ", 1)
        for line in rpms.query("--qf", "'[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME}\\n]'")
    )
    assert modes["/etc/postward/keys"] == "drwxr-x--- root postward"
    assert modes["/etc/postward/postward.yaml"] == "-rw-r----- root postward"
    assert modes["/var/lib/postward"] == "drwxr-x--- postward postward"
    assert modes["/usr/bin/postward"] == "-rwxr-xr-x root root"


def test_the_configuration_stays_as_the_operator_left_it(rpms):
    assert rpms.query("--configfiles") == ["/etc/postward/postward.yaml"]
    flags = dict(
        line.split() for line in rpms.query("--qf", "'[%{FILENAMES} %{FILEFLAGS:fflags}\\n]'") if len(line.split()) == 2
    )
    assert flags["/etc/postward/postward.yaml"] == "cn"


def test_every_library_is_required_in_its_version(rpms):
    needed = set(rpms.query("--requires"))
    lines = (ROOT / "setup.cfg").read_text().split("install_requires =\n")[1].split("\n\n")[0].splitlines()
    libraries = [line.strip().lower().partition(">=") for line in lines if line.startswith("    ")]
    named = {line.partition("dist(")[2] for line in needed if "dist(" in line}
    assert named == {f"{name}) >= {version.removesuffix('.0')}" for name, _, version in libraries}
    assert {
        "publicsuffix-list",
        "user(postward)",
        "group(postward)",
        "(postward-selinux if selinux-policy-targeted)",
    } <= needed
    assert "(valkey or redis)" in rpms.query("--recommends")


def test_scripts_start_nothing_that_the_host_does_not_want(rpms):
    scripts = "\n".join(rpms.query("--scripts"))
    assert "systemctl --no-reload preset postward.service" in scripts
    assert "[ $1 -gt 0 ] || systemctl --no-reload disable --now postward.service" in scripts
    assert "[ $1 -eq 0 ] || systemctl try-restart postward.service" in scripts


def test_the_policy_comes_by_itself(rpms):
    assert "/usr/share/selinux/packages/targeted/postward.pp.bz2" in rpms.query("--list", package="postward-selinux")
    scripts = "\n".join(rpms.query("--scripts", package="postward-selinux"))
    assert "semodule -n -X 200 -i -s targeted /usr/share/selinux/packages/targeted/postward.pp.bz2" in scripts
    assert "semodule -n -X 200 -r -s targeted postward" in scripts


def test_an_installation_has_files_as_they_should_be(rpms):
    rpms.root.run(
        "sh", "-c",
        "mkdir /other && rpm --root /other --initdb &&"
        f" rpm --root /other -i --nodeps --noscripts {rpms.path('postward')}",
    )  # fmt: skip
    configuration = rpms.root.path("/other/etc/postward/postward.yaml").read_text()
    set_lines = [
        line
        for line in configuration.splitlines()
        if line and not line.lstrip().startswith("#") and not line.endswith(":")
    ]
    assert set_lines == ["listen: unix:/var/spool/postfix/postward/milter.sock"]
    assert rpms.root.run("rpm", "--root", "/other", "-q", "postward").stdout.startswith(
        f"postward-{postward.__version__}-1"
    )
    verified = rpms.root.run(
        "rpm", "--root", "/other", "-V", "--nodeps", "--nouser", "--nogroup", "postward", check=False
    )
    assert verified.stdout == ""
