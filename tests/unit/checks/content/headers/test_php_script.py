# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.php_script import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    "field",
    [
        "X-PHP-Originating-Script: 33:mailer.php(1) : eval()'d code",
        "X-PHP-Script: shop.example/wp-content/uploads/2026/x.php for 192.0.2.1",
        "X-PHP-Script: shop.example/images/send.php for 192.0.2.1",
        "X-PHP-Originating-Script: 1000:d41d8cd98f00b204e9800998ecf8427e.php",
        "X-PHP-Originating-Script: 1000:wso.php",
        "X-Source-Args: /usr/bin/php /home/shop/public_html/tmp/a.php",
    ],
)
def test_a_script_where_none_is(field):
    assert found(CHECK, letter(f"{field}\n\n")) == ["PHP_SCRIPT_SUSPICIOUS"]


@pytest.mark.parametrize(
    "field",
    [
        "X-PHP-Originating-Script: 1000:class-phpmailer.php",
        "X-PHP-Originating-Script: 33:PHPMailer.php",
        "X-PHP-Originating-Script: 33:SimpleMailInvoker.php(39)",
        "X-PHP-Script: shop.example/index.php for 192.0.2.1",
        "X-PHP-Script: shop.example/wp-admin/admin-ajax.php for 192.0.2.1",
        "X-PHP-Script: shop.example/wp-cron.php for 192.0.2.1",
        "X-Source-Args: /usr/sbin/proxyexec -q -d -s /var/run/proxyexec/cagefs.sock/socket /bin/cagefs.server",
        "Subject: /uploads/x.php",
    ],
)
def test_usual_scripts(field):
    assert found(CHECK, letter(f"{field}\n\n")) == []
