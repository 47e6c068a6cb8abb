# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from postward.checks.content.headers.mail_program import CHECK
from tests.unit.checks.content.letters import found, letter


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("X-Mailer: jpfree Group Mail Express V1.0\n", ["MAILER_FOR_BULK"]),
        ("X-Mailer: QuickSender 1.05\n", ["MAILER_FOR_BULK"]),
        ("X-Mailer: Microsoft Outlook Express 6.00.2600.0000\n", ["MAILER_FORGED_OUTLOOK"]),
        ("X-Mailer: Microsoft Outlook 16.0\nX-MSMail-Priority: High\n", ["MAILER_FORGED_OUTLOOK"]),
        ("X-MSMail-Priority: High\n", ["MSMAIL_PRIORITY_ALONE"]),
        ("X-Mailer: lWaRyuay7nXORnuBAMO828V\n", ["MAILER_NONSENSE"]),
        ("X-Mailer:\n", ["MAILER_NONSENSE"]),
        ("X-Mailer: 1.0\n", ["MAILER_NONSENSE"]),
        ("X-Mailer: CloudPostMailer2\n", []),
        ("X-Mailer: Microsoft Outlook 16.0\nThread-Index: AdQ=\n", []),
        ("X-Mailer: Microsoft Outlook Express 6.00\nX-MimeOLE: Produced By MimeOLE\n", []),
        ("X-Mailer: Microsoft Outlook Express Macintosh Edition - 4.5 (0410)\n", []),
        ("X-Mailer: Microsoft Outlook 16.0\nX-MS-Exchange-Organization-SCL: -1\n", []),
        ("X-Mailer: Apple Mail (2.3826.200.121)\n", []),
        ("X-Mailer: MailChimp Mailer - **CID5a1b**\n", []),
        ("X-Mailer: WorldClient 24.0\n", []),
        ("X-Mailer: iPhone Mail (21F90)\n", []),
        ("X-Mailer: PHPMailer\n", []),
        ("X-MSMail-Priority: Normal\nList-Id: <l.lists.example>\n", []),
        ("Subject: x\n", []),
    ],
)
def test_program(text, names):
    assert found(CHECK, letter(f"{text}\n")) == names
