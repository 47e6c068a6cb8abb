# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/quick-start.md, followed from an empty host to a signed message: each of its commands is run as it is written.

The tests are the page's steps, in its order.  The host has no DNS, so `check` and `keys test` say that, and no more.
"""

from __future__ import annotations

import re

from tests.packages.docs.follower import commands, steps
from tests.packages.service.mail_host import is_filtered

PAGE = "docs/quick-start.md"
INSTALL, MONITOR, ATTACH = "1. Install", "2. Begin in monitor mode", "3. Attach it"
FIRST, ACT, SIGN, LOOK = "4. The first message", "5. Act", "6. Sign what your users send", "What to look at"
SUBMIT = """\
import smtplib
smtp = smtplib.SMTP("127.0.0.1", 587, "pc.example.net")
text = "From: alice@example.net\\r\\nX-Test: signed\\r\\n\\r\\nhello\\r\\n"
smtp.sendmail("alice@example.net", "alice@example.net", text)
smtp.quit()
"""


def test_install(follower):
    (line,) = commands(PAGE, INSTALL, MONITOR)
    follower.run(line)
    assert follower.root.property("ActiveState") == "active"


def test_monitor_mode(follower):
    (addition,) = steps(PAGE, "yaml", MONITOR, ATTACH)
    follower.write(addition)
    reload, check = commands(PAGE, MONITOR, ATTACH)
    follower.run(reload)
    said = follower.run(check, status=1)
    assert [line for line in said.splitlines() if line.startswith("error") and "dns" not in line] == [
        "error    postfix.smtpd_milters: no smtpd of /etc/postfix asks Postward: its mail passes unfiltered"
    ]


def test_attach(follower):
    show, *rest = commands(PAGE, ATTACH, FIRST)
    printed = follower.run(show)
    (example,) = steps(PAGE, "text", ATTACH, FIRST)
    for line in example.splitlines():
        if line != "..." and not line.startswith("# Postfix "):
            assert line in printed
    follower.run("\n".join(re.findall(r"(?m)^#   (postconf .*)$", printed)))
    follow, difference, check = rest
    follower.run(follow)
    assert follower.run(difference) == ""
    said = follower.run(check, status=1)
    assert [line for line in said.splitlines() if line.startswith("error") and "dns" not in line] == []


def test_the_first_message(follower, mail_host):
    assert mail_host.send("first").startswith("(250,")
    assert not is_filtered(mail_host.wait_for_one("first"))
    journal, status, why = commands(PAGE, FIRST, ACT)
    (queue_id,) = re.findall(r" qid=(\w+) .*direction=inbound", follower.run(f"{journal} --no-pager"))
    assert "Postward is running and well" in follower.run(status)
    told = follower.run(why.replace("QUEUE-ID", queue_id))
    assert "mode: monitor, so the message was left untouched" in told


def test_act(follower, mail_host):
    follower.take_out("mode: monitor")
    (reload,) = commands(PAGE, ACT, SIGN)
    follower.run(reload)
    assert mail_host.send("second").startswith("(250,")
    assert is_filtered(mail_host.wait_for_one("second"))


def test_sign(follower, mail_host):
    new, dns, test, reload = (line.replace("example.com", "example.net") for line in commands(PAGE, SIGN, LOOK))
    follower.run(new)
    assert "._domainkey.example.net. IN TXT" in follower.run(dns)
    assert "look-up failed" in follower.run(test, status=75)
    follower.run(reload)
    follower.root.run("python3", "-I", "-c", SUBMIT)
    signatures = mail_host.wait_for_one("signed").get_all("DKIM-Signature")
    assert [re.findall(r"\bd=([\w.]+);", field) for field in signatures] == [["example.net"], ["example.net"]]


def test_what_to_look_at(follower):
    assert "Postward is running and well" in follower.run("postward status")
    follower.run("journalctl -u postward -p warning --no-pager", status=0)
    assert "postward_build_info" in follower.run(
        "python3 -c 'import urllib.request as u; print(u.urlopen(\"http://127.0.0.1:9618/metrics\").read().decode())'"
    )
