# SPDX-License-Identifier: GPL-3.0-or-later
"""The peers, each told to verify everything that it can, to log nothing, and to leave the rest alone."""

from __future__ import annotations

from dataclasses import replace

from tests.bench.peer import PeerProgram

OPENDKIM = PeerProgram(
    name="OpenDKIM",
    package="opendkim",
    command=("opendkim", "-f", "-x", "{folder}/opendkim.conf"),
    files={
        "opendkim.conf": (
            "Mode v\nSocket local:{folder}/milter.sock\nUMask 000\nUserID nobody\nSyslog no\n"
            "AuthservID bench.example\nAlwaysAddARHeader yes\nNameservers {dns}\n"
        )
    },
)
OPENDMARC = PeerProgram(
    name="OpenDMARC",
    package="opendmarc",
    command=("opendmarc", "-f", "-c", "{folder}/opendmarc.conf"),
    # It trusts no SPF result from outside and checks by itself, as nothing before it in this chain does.
    files={
        "opendmarc.conf": (
            "Socket local:{folder}/milter.sock\nUMask 000\nUserID nobody\nSyslog false\n"
            "AuthservID bench.example\nTrustedAuthservIDs bench.example\nRejectFailures false\n"
            "SPFIgnoreResults true\nSPFSelfValidate true\n"
            "PublicSuffixList /usr/share/publicsuffix/public_suffix_list.dat\n"
        )
    },
)
OPENDMARC_BEHIND_SPF = replace(
    OPENDMARC,
    # In a chain with an SPF milter it takes that milter's result.
    files={
        "opendmarc.conf": OPENDMARC.files["opendmarc.conf"].replace(
            "true\nSPFSelfValidate true", "false\nSPFSelfValidate false"
        )
    },
)
DKIMPY_MILTER = PeerProgram(
    name="dkimpy-milter",
    package="dkimpy-milter",
    command=("dkimpy-milter", "{folder}/dkimpy-milter.conf"),
    files={
        "dkimpy-milter.conf": (
            "Mode v\nSocket local:{folder}/milter.sock\nPidFile {folder}/pid\nUserID nobody:nogroup\nUMask 000\n"
            "Syslog no\nAuthservID bench.example\n"
        )
    },
)
PYSPF_MILTER = PeerProgram(
    name="pyspf-milter",
    package="pyspf-milter",
    command=("pyspf-milter", "{folder}/pyspf-milter.conf"),
    files={
        "pyspf-milter.conf": (
            "debugLevel = 0\nTestOnly = 1\nHELO_reject = False\nMail_From_reject = False\n"
            "PermError_reject = False\nTempError_Defer = False\nskip_addresses = 127.0.0.0/8,::1\nHeader_Type = AR\n"
            "Authserv_Id = bench.example\nSocket = local:{folder}/milter.sock\nPidFile = {folder}/pid\n"
            "UserID = nobody:nogroup\nUMask = 0\nInternalHosts = 127.0.0.1\n"
        )
    },
)
_UNUSED_RSPAMD_MODULES = (
    "antivirus", "asn", "bimi", "clickhouse", "dcc", "dkim_signing", "elastic", "emails", "external_relay",
    "external_services", "fuzzy_check", "greylist", "hfilter", "history_redis", "metadata_exporter", "metric_exporter",
    "mx_check", "neural", "phishing", "ratelimit", "rbl", "replies", "reputation", "spamassassin", "spamtrap", "surbl",
    "url_redirector",
)  # fmt: skip
"""What needs other services, or learns, or signs; its rules in Lua and its regular expressions stay."""
RSPAMD = PeerProgram(
    name="rspamd",
    package="rspamd",
    command=(
        "rspamd",
        "--no-fork",
        "--user=nobody",
        "--group=nogroup",
        "--config=/etc/rspamd/rspamd.conf",
        "--var=LOCAL_CONFDIR={folder}",
        "--var=DBDIR={folder}",
        "--var=RUNDIR={folder}",
        "--var=LOGDIR={folder}",
    ),
    files={
        **{f"override.d/{name}.conf": "enabled = false;\n" for name in _UNUSED_RSPAMD_MODULES},
        "override.d/options.inc": (
            'filters = "dkim,regexp,chartable";\ndns { nameserver = ["{dns}"]; }\nlocal_addrs = [];\n'
        ),
        "override.d/logging.inc": 'level = "error";\n',
        "override.d/worker-normal.inc": "enabled = false;\n",
        "override.d/worker-controller.inc": "enabled = false;\n",
        "override.d/worker-fuzzy.inc": "enabled = false;\n",
        # One process for the protocol and the checks is its cheapest way to be a milter.
        "override.d/worker-proxy.inc": (
            'bind_socket = "{folder}/milter.sock mode=0666";\ncount = 2;\nmilter = yes;\n'
            'upstream "local" {\n  default = yes;\n  self_scan = yes;\n}\n'
        ),
        "override.d/milter_headers.conf": (
            'use = ["authentication-results"];\nskip_local = false;\nskip_authenticated = false;\n'
            "authenticated_headers = [];\n"
        ),
    },
)
_RSPAMD_RULES = (
    "aws_s3", "chartable", "force_actions", "forged_recipients", "http_headers", "maillist", "mid", "mime_types",
    "multimap", "once_received", "p0f", "regexp", "rspamd_update", "trie", "whitelist",
)  # fmt: skip
RSPAMD_WITHOUT_RULES = replace(
    RSPAMD,
    name="rspamd without its rules",
    files={
        **RSPAMD.files,
        **{f"override.d/{name}.conf": "enabled = false;\n" for name in _RSPAMD_RULES},
        "override.d/options.inc": RSPAMD.files["override.d/options.inc"].replace("dkim,regexp,chartable", "dkim"),
        "rspamd.conf.override": 'lua = "{folder}/rules.lua";\n',
        "rules.lua": "config = config or {}\n",
    },
)
