# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from postward.checks.content.body.extortion import CHECK
from tests.unit.checks.content.body.attaching import plain
from tests.unit.checks.content.letters import found

WALLET = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
TALE = (
    "I infected your device with malware while you were on an adult site, and recorded a video by your webcam. "
    "If you do not pay 900 USD in bitcoin within 48 hours, all your contacts get it. My wallet: "
)


def test_a_ransom():
    assert found(CHECK, plain(TALE + WALLET)) == ["TEXT_CRYPTO_ADDRESS", "TEXT_EXTORTION"]
    segwit = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
    assert found(CHECK, plain(TALE + segwit)) == ["TEXT_CRYPTO_ADDRESS", "TEXT_EXTORTION"]


def test_an_account_with_an_offer():
    assert found(CHECK, plain(f"Send the donation in bitcoin to {WALLET}, thank you.")) == ["TEXT_CRYPTO_ADDRESS"]


def test_near_misses():
    assert found(CHECK, plain(TALE)) == []
    assert found(CHECK, plain(f"The commit is {WALLET}")) == []
    assert found(CHECK, plain(f"About bitcoin: https://forum.example/{WALLET}")) == []
    assert found(CHECK, plain("Your bitcoin order 1234567890123456789012345678901234567890 is done")) == []
