# SPDX-License-Identifier: GPL-3.0-or-later
"""A private spamd with a few of SpamAssassin's rules and some of our own, none of which asks the network."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.mailhost.daemon import Daemon
from tests.mailhost.loopback import HOST

_SHIPPED = Path("/usr/share/spamassassin")
_SHIPPED_RULES = ("10_default_prefs.cf", "20_aux_tlds.cf", "20_body_tests.cf", "20_dynrdns.cf", "20_head_tests.cf")
_PLUGINS = ("Check", "HTMLEval", "BodyEval", "HeaderEval", "RelayEval", "MIMEEval")
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
"""What every spam scanner calls spam."""
GTUBE_POINTS = 1000.0

_RULES = f"""\
use_bayes 0
dns_available no
skip_rbl_checks 1
required_score 5
score GTUBE {GTUBE_POINTS}
# These show what spamd sees of the client, and of the envelope.
header POSTWARD_CLIENT X-Spam-Relays-External =~ /^\\[ ip=192\\.0\\.2\\.10 rdns=mail\\.bank\\.example helo=mail\\.bank\\.example /
score POSTWARD_CLIENT 1.5
header POSTWARD_SENDER EnvelopeFrom =~ /^alice\\@bank\\.example$/
score POSTWARD_SENDER 0.5
header POSTWARD_LOGIN X-Spam-Relays-External =~ /^\\[ [^\\]]* auth=ESMTPA /
score POSTWARD_LOGIN -2
body POSTWARD_SPAM /marvellous test offer/
score POSTWARD_SPAM 7
"""  # noqa: E501


@dataclass(slots=True)
class Spamd(Daemon):
    """Answers on a Unix socket and on a TCP port; starts in half a second."""

    @property
    def _ready_words(self) -> bytes:
        return b"prefork: child states: II"

    def _configure(self) -> None:
        for folder in ("shipped", "site"):
            (self.root / folder).mkdir()
        for name in _SHIPPED_RULES:
            shutil.copyfile(_SHIPPED / name, self.root / "shipped" / name)
        plugins = (f"loadplugin Mail::SpamAssassin::Plugin::{name}\n" for name in _PLUGINS)
        (self.root / "site" / "init.pre").write_text("".join(plugins))
        (self.root / "site" / "local.cf").write_text(_RULES)

    def _command(self) -> list[str]:
        return [
            "spamd", "--local", "--nouser-config", f"--configpath={self.root}/shipped",
            f"--siteconfigpath={self.root}/site", f"--listen={self.root}/sock", f"--listen={HOST}:{self.port}",
            "--min-children=2", "--max-children=2", "--syslog=stderr", f"--helper-home-dir={self.root}",
        ]  # fmt: skip
