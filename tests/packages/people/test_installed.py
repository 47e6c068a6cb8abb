# SPDX-License-Identifier: GPL-3.0-or-later
"""What the package brings for people, on a Debian 13 as it is installed: manual, completion, dashboard and alerts."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.packages.conftest import remove_root
from tests.packages.debian_root import SCRIPT, debian_root
from tests.packages.people.terminal import Terminal
from tests.unit.packaging.generating import ROOT

BASE = ("systemd", "postfix", "redis-server", "iproute2")
"""The base that other tests of the package use too, and that is therefore there already."""
FOR_PEOPLE = ("bash-completion", "fish", "groff-base", "man-db", "zsh")
SHELLS = {
    "bash": (("bash", "--norc", "-i"), ". /usr/share/bash-completion/bash_completion"),
    "zsh": (("zsh", "-f", "-i"), "unsetopt PROMPT_SP; autoload -Uz compinit; compinit -D -u"),
}


@pytest.fixture(scope="module")
def host(tmp_path_factory, deb_package):
    root = debian_root(tmp_path_factory.mktemp("people") / "root", packages=BASE)
    shutil.copy(deb_package, root.path("/root/postward.deb"))
    root.install("/root/postward.deb", *FOR_PEOPLE)
    root.put("/root/letter.eml", "")
    yield root
    remove_root(root.folder)


def test_every_manual_page_is_found_and_shown_without_a_warning(host):
    pages = host.run("dpkg", "--listfiles", "postward").stdout.split()
    pages = [page for page in pages if page.startswith("/usr/share/man/man") and page.endswith(".gz")]
    assert len(pages) >= 16
    shown = host.run("man", "--warnings", *pages, env={"LANG": "C.UTF-8", "MANPAGER": "cat"})
    assert shown.stderr == ""
    assert "postward.yaml - configuration of Postward" in shown.stdout
    for name in ("postward", "postward-check", "postward.yaml"):
        assert f"{name} " in host.run("whatis", name).stdout


def test_fish_completes(host):
    done = host.run("fish", "-c", "complete --do-complete 'postward keys r'", env={"HOME": "/root"})
    assert done.stdout.startswith("rotate\t")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("typed", "completed"),
    [("postward keys r", "postward keys rotate "), ("postward scan let", "postward scan letter.eml")],
)
def test_the_tabulator_completes(host, shell, typed, completed):
    command, set_up = SHELLS[shell]
    called = ["sh", str(SCRIPT), "run", str(host.folder), "TERM=vt100", "HOME=/root", *command]
    with Terminal(*called, cwd="/", env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}) as terminal:
        terminal.type(f"cd; {set_up}; PS1='rea''dy> '\n")
        terminal.wait_for("ready> ")
        terminal.type(f"{typed}\t")
        terminal.wait_for(completed)


def test_the_dashboard_and_the_alerts_are_there(host):
    for name in ("grafana-dashboard.json", "prometheus-alerts.yaml"):
        installed = host.path(f"/usr/share/postward/monitoring/{name}").read_text(encoding="utf-8")
        assert installed == (ROOT / "packaging" / "monitoring" / name).read_text(encoding="utf-8")
    assert (
        json.loads(host.path("/usr/share/postward/monitoring/grafana-dashboard.json").read_text())["uid"] == "postward"
    )
