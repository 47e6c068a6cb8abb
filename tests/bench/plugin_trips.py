# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a message is on its way to a plugin's process and back, by its size; as an account without rights."""

from __future__ import annotations

import json
import pwd
import subprocess
from typing import TYPE_CHECKING

from tests.mailhost.failure import MailHostError
from tests.mailhost.unprivileged import GROUP, USER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mailhost.unprivileged import Installation

_SIZES = {"10 kB": 10_000, "1 MB": 1_000_000, "10 MB": 10_000_000}
_CALLS = {"10 kB": 400, "1 MB": 100, "10 MB": 30}
_TIMEOUT_S = 120
_PROGRAM = """
import json, sys, time
from pathlib import Path
from statistics import median

from postward.rules.message.static_directory import StaticDirectory
from postward.rules.message.stored import message_from
from postward.rules.plugins.plugins import PluginSettings, load_plugins
from postward.rules.services import RuleServices

folder, sizes, calls = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
plugins = load_plugins(PluginSettings(folders=(folder,), processes=1))
plugins.settle()
runner = plugins.runner()
runner.start()
assert runner.wait_until_ready(30)
services = RuleServices(directory=StaticDirectory(), rates=None)
figures = {}
for name, size in sizes.items():
    message = message_from(b"From: a@b.example\\r\\nSubject: x\\r\\n\\r\\n" + (b"x" * 70 + b"\\r\\n") * (size // 72))
    spent = []
    for _ in range(calls[name]):
        started = time.perf_counter()
        runner.run("carried", message, {}, timeout_s=10, services=services)
        spent.append(time.perf_counter() - started)
    figures[name] = median(spent) * 1000
runner.close()
print(json.dumps(figures))
"""
_PLUGIN = '''
from postward.rules.api import rule


@rule(id="carried", needs={"headers", "body"}, may={"tag"})
def carried(message, config, context):
    """Want nothing."""
    return None
'''


def measure_trips(root: Path, installation: Installation) -> dict[str, float]:
    """Milliseconds of a call, the middle one of many, by the size of the message."""
    folder = root / "trips"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "carried.py").write_text(_PLUGIN)
    (folder / "carried.py").chmod(0o644)
    done = subprocess.run(
        [installation.command[0], "-c", _PROGRAM, str(folder), json.dumps(_SIZES), json.dumps(_CALLS)],
        env=installation.environment, user=pwd.getpwnam(USER).pw_uid, group=GROUP, extra_groups=[], cwd="/",
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise MailHostError(f"the plugin could not be called:\n{done.stderr}")
    return dict(json.loads(done.stdout))
