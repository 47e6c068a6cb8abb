# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.app.mta_lines.services import content_filters, is_submission, pipe_filters, reinjection_sign


def only_smtpd(host):
    (service,) = host.smtpd_services()
    return service


@pytest.mark.parametrize(
    "name", ["submission", "submissions", "smtps", "587", "465", "192.0.2.1:submission", "[::]:587"]
)
def test_submission_by_its_port(host_of, name):
    assert is_submission(only_smtpd(host_of("", f"{name} inet n - y - - smtpd\n")))


def test_submission_by_its_own_sasl_setting(host_of):
    assert is_submission(only_smtpd(host_of("", "2525 inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes\n")))
    assert not is_submission(only_smtpd(host_of("", "smtp inet n - y - - smtpd\n")))


@pytest.mark.parametrize(
    ("service", "main", "word"),
    [
        ("127.0.0.1:10025 inet n - n - - smtpd -o content_filter=", "", "content_filter"),
        ("[::1]:10025 inet n - n - - smtpd -o content_filter=", "", "content_filter"),
        ("localhost:10025 inet n - n - - smtpd -o content_filter=", "", "content_filter"),
        ("127.0.0.1:10025 inet n - n - - smtpd -o receive_override_options=no_address_mappings", "", "override"),
        ("127.0.0.1:10025 inet n - n - - smtpd -o smtpd_authorized_xforward_hosts=127.0.0.0/8", "", "XFORWARD"),
        ("127.0.0.1:10025 inet n - n - - smtpd", "content_filter = scan:[127.0.0.1]:10024\n", "content filter"),
        ("127.0.0.1:10025 inet n - n - - smtpd", "smtpd_proxy_filter = 127.0.0.1:10024\n", "content filter"),
        # Loopback alone is no sign: it may be the port that local programs send through.
        ("127.0.0.1:10025 inet n - n - - smtpd", "", ""),
        ("127.0.0.1:smtp inet n - n - - smtpd -o content_filter=", "", ""),
        ("127.0.0.1:587 inet n - n - - smtpd", "content_filter = scan:[127.0.0.1]:10024\n", ""),
        ("192.0.2.1:10025 inet n - n - - smtpd -o content_filter=", "", ""),
        ("10025 inet n - n - - smtpd -o content_filter=", "", ""),
    ],
)
def test_what_takes_mail_back_from_a_filter(host_of, service, main, word):
    host = host_of(main, f"{service}\n")
    sign = reinjection_sign(only_smtpd(host), host)
    assert (word in sign) if word else sign == ""


def test_filters_of_main_cf_and_of_services(host_of):
    host = host_of(
        "content_filter = scan:dummy\n",
        "smtp inet n - y - - smtpd -o content_filter=virus:[127.0.0.1]:10024\n"
        "scan unix - n n - 10 pipe flags=Rq user=filter argv=/bin/filter -f ${sender} -- ${recipient}\n"
        "virus unix - - n - 2 smtp\n",
    )
    assert content_filters(host) == ("scan:dummy", "virus:[127.0.0.1]:10024")
    assert pipe_filters(host) == ("scan:dummy",)
