# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/moving/opendkim-opendmarc.md, followed with the real OpenDKIM and OpenDMARC, there and back again.

The tests are the page's steps, in its order; each command is run as it is written, but for the domain.
"""

from __future__ import annotations

import re

import pytest

from tests.packages.docs.follower import commands, steps

PACKAGES = ("openssl", "opendkim", "opendkim-tools", "opendmarc")
PAGE = "docs/moving/opendkim-opendmarc.md"
KEYS, BESIDE, SWITCH, BACK = "2. Take the keys over", "3. Side by side", "4. Switch", "Going back"
INSTALL, TABLES = "1. Install, in monitor mode", "OpenDKIM"
FOLDER = "/var/spool/postfix"
# As the guides of Debian and of both programs have it.
SET_UP = f"""\
install -d -o opendkim -g postfix -m 2750 {FOLDER}/opendkim
install -d -o opendmarc -g postfix -m 2750 {FOLDER}/opendmarc
mkdir -p /etc/dkimkeys
opendkim-genkey -D /etc/dkimkeys -d example.net -s mail
chown -R opendkim /etc/dkimkeys
chmod 700 /etc/dkimkeys
echo 'mail._domainkey.example.net example.net:mail:/etc/dkimkeys/mail.private' >/etc/dkimkeys/keytable
echo '*@example.net mail._domainkey.example.net' >/etc/dkimkeys/signingtable
printf '127.0.0.1\\n::1\\n' >/etc/dkimkeys/trusted
cat >/etc/opendkim.conf <<END
Canonicalization relaxed/simple
OversignHeaders From
SubDomains no
UserID opendkim
UMask 007
KeyTable file:/etc/dkimkeys/keytable
SigningTable refile:/etc/dkimkeys/signingtable
InternalHosts file:/etc/dkimkeys/trusted
Socket local:{FOLDER}/opendkim/opendkim.sock
PidFile /run/opendkim/opendkim.pid
END
cat >/etc/opendmarc.conf <<END
AuthservID mail.example.com
TrustedAuthservIDs mail.example.com
SPFSelfValidate true
UMask 0007
UserID opendmarc
Socket local:{FOLDER}/opendmarc/opendmarc.sock
PidFile /run/opendmarc/opendmarc.pid
END
systemctl restart opendkim opendmarc
postconf -e 'smtpd_milters = local:opendkim/opendkim.sock, local:opendmarc/opendmarc.sock' \\
    'non_smtpd_milters = $smtpd_milters' 'milter_default_action = accept'
postfix reload
"""


@pytest.fixture(scope="module", autouse=True)
def before(mail_host):
    """A host that signs and verifies by OpenDKIM and OpenDMARC."""
    mail_host.root.shell(SET_UP)
    assert signed_as(local_mail(mail_host, "before")) == ["relaxed/simple"]


def local_mail(mail_host, name):
    """Send a message as a program on the host does."""
    text = f"From: alice@example.net\nTo: alice@example.net\nX-Test: {name}\n\nhello\n"
    mail_host.root.run("sendmail", "-f", "alice@example.net", "alice@example.net", stdin=text)
    return mail_host.wait_for_one(name)


def signed_as(message):
    """How each signature is made: OpenDKIM of this host signs relaxed/simple, Postward relaxed/relaxed."""
    return [re.findall(r"\bc=([a-z/]+);", str(field))[0] for field in message.get_all("DKIM-Signature") or []]


def reported_by(message):
    """Who reports each of the results."""
    return [str(field).partition(";")[0] for field in message.get_all("Authentication-Results") or []]


def test_install(follower):
    follower.run("apt install ./postward_*.deb")
    (lines,) = steps(PAGE, "yaml", INSTALL, KEYS)
    follower.write(lines)
    follower.run("systemctl reload postward")


def test_take_the_keys_over(follower):
    tried, copied, of_dkimpy, listed, tested = commands(PAGE, KEYS, BESIDE)
    (example,) = steps(PAGE, "text", KEYS, BESIDE)
    assert follower.run(tried) == example.replace("example.com", "example.net")
    assert follower.run(copied).startswith("copied example.net: mail\n")
    assert "--conf /etc/dkimpy-milter/dkimpy-milter.conf" in of_dkimpy
    assert follower.run(listed) == "example.net  mail  signing, rsa\n"
    follower.run(tested.replace("example.com", "example.net"), status=75)
    (networks,) = steps(PAGE, "yaml", KEYS, BESIDE)
    follower.write(networks)
    follower.run("systemctl reload postward")


def test_side_by_side(follower, mail_host):
    keep, show, reload, check, journal = commands(PAGE, BESIDE, SWITCH)
    follower.run(keep)
    printed = follower.run(show)
    (example,) = steps(PAGE, "text", BESIDE, SWITCH)
    assert example in printed
    follower.run("\n".join(re.findall(r"(?m)^#   (postconf .*)$", printed)))
    follower.run(reload)
    said = follower.run(check, status=1)
    assert [line for line in said.splitlines() if line.startswith("error") and "dns" not in line] == []

    assert signed_as(local_mail(mail_host, "beside")) == ["relaxed/simple"]
    mail_host.send("stranger")
    results = reported_by(mail_host.wait_for_one("stranger"))
    assert set(results) == {"mail.example.com"}
    assert "mode=monitor" in follower.run(f"{journal} --no-pager")


def test_switch(follower, mail_host):
    follower.take_out("mode: monitor")
    *lines, check, _disable = commands(PAGE, SWITCH, BACK)
    for line in lines:
        follower.run(line)
    follower.run(check, status=1)

    assert signed_as(local_mail(mail_host, "switched")) == ["relaxed/relaxed"]
    mail_host.send("judged")
    assert reported_by(mail_host.wait_for_one("judged")) == ["mail.example.com"]


def test_going_back(follower, mail_host):
    for line in commands(PAGE, BACK, TABLES):
        follower.run(line)
    follower.write("mode: monitor\n")
    follower.run("systemctl reload postward")

    assert signed_as(local_mail(mail_host, "back")) == ["relaxed/simple"]
