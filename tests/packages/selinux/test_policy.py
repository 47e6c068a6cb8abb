# SPDX-License-Identifier: GPL-3.0-or-later
"""The SELinux policy, compiled with the reference policy's interfaces; whether it loads on Fedora is not tried."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.packages.conftest import remove_root
from tests.packages.debian_root import debian_root
from tests.packages.selinux.policy_root import TOOLS

POLICY = Path(__file__).parents[3] / "packaging" / "selinux"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    root = debian_root(tmp_path_factory.mktemp("selinux") / "root", packages=TOOLS)
    shutil.copytree(POLICY, root.path("/policy"))
    root.run("sh", "-c", "cd /policy && make -f /usr/share/selinux/devel/Makefile postward.pp", network=False)
    yield root
    remove_root(root.folder)


def test_the_module_has_the_types_of_a_milter_and_its_rights(compiled):
    compiled.run("sh", "-c", "cd /policy && semodule_unpackage postward.pp postward.mod postward.contexts")
    source = compiled.run("/usr/libexec/selinux/hll/pp", "/policy/postward.pp").stdout
    assert "(typeattributeset milter_data_type" in source
    for wanted in (
        "postward_milter_exec_t",
        "postward_milter_key_t",
        "redis_port_t",
        "clamd_port_t",
        "dns_port_t",
        "redis_exec_t",
    ):
        assert wanted in source, wanted


def test_files_get_their_types(compiled):
    contexts = compiled.path("/policy/postward.contexts").read_text()
    types = {line.split()[0]: line.split()[-1].split(":")[2] for line in contexts.splitlines() if line.startswith("/")}
    assert types == {
        "/usr/bin/postward": "postward_milter_exec_t",
        "/etc/postward(/.*)?": "postward_milter_conf_t",
        "/etc/postward/keys(/.*)?": "postward_milter_key_t",
        "/run/postward(/.*)?": "postward_milter_data_t",
        "/var/spool/postfix/postward(/.*)?": "postward_milter_data_t",
        "/var/lib/postward(/.*)?": "postward_milter_state_t",
    }
