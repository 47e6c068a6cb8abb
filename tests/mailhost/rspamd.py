# SPDX-License-Identifier: GPL-3.0-or-later
"""A private rspamd with rules of our own, no Redis and no network."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mailhost.daemon import Daemon
from tests.mailhost.loopback import HOST

_CONFIGURATION = """\
options {{
  filters = "chartable,regexp";
  dns {{ nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; }}
  local_addrs = [];
  pidfile = "{root}/pid";
  cache_file = "{root}/cache";
  history_file = "";
  rrd = "";
  tempdir = "{root}";
  disable_hyperscan = true;
  hs_cache_dir = "{root}";
  # All top level domains take 15 s to compile.
  url_tld = "{root}/top-level-domains";
}}
logging {{ type = "console"; level = "info"; }}
worker "normal" {{ bind_socket = ["{host}:{port}", "{root}/sock mode=0666"]; count = 1; task_timeout = 5s; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
lua = "{root}/rules.lua";
"""
_RULES = """\
local function rule(name, score, condition)
  rspamd_config:register_symbol({ name = name, score = score, group = "test", callback = condition })
end
-- These show what rspamd sees of the client, and of the envelope.
rule("POSTWARD_CLIENT", 1.5, function(task)
  local ip = task:get_from_ip()
  return ip and tostring(ip) == "192.0.2.10" and task:get_helo() == "mail.bank.example"
    and task:get_hostname() == "mail.bank.example"
end)
rule("POSTWARD_SENDER", 0.5, function(task)
  local sender = (task:get_from("smtp") or {})[1]
  return sender and sender.addr == "alice@bank.example"
end)
rule("POSTWARD_RECIPIENTS", 0.25, function(task)
  return #(task:get_recipients("smtp") or {}) == 2
end)
rule("POSTWARD_LOGIN", -2, function(task)
  return task:get_user() ~= nil
end)
rule("POSTWARD_SPAM", 7, function(task)
  local text = tostring(task:get_rawbody() or "")
  return text:find("marvellous test offer", 1, true) ~= nil
end)
"""


@dataclass(slots=True)
class Rspamd(Daemon):
    """Answers on a Unix socket and on a TCP port; starts in a second and a half."""

    @property
    def _ready_words(self) -> bytes:
        return b"starting normal process"

    def _configure(self) -> None:
        (self.root / "top-level-domains").write_text("com\nnet\norg\nexample\n")
        (self.root / "rules.lua").write_text(_RULES)
        (self.root / "rspamd.conf").write_text(_CONFIGURATION.format(root=self.root, host=HOST, port=self.port))

    def _command(self) -> list[str]:
        folders = [f"--var={name}={self.root}" for name in ("DBDIR", "RUNDIR", "LOGDIR", "LOCAL_CONFDIR")]
        return ["rspamd", "--no-fork", f"--config={self.root}/rspamd.conf", *folders]
