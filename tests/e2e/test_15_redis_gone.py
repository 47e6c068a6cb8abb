"""Redis trouble is no mail trouble."""

from __future__ import annotations

from tests.e2e.delivered import Delivered
from tests.mailhost.host import MailHost
from tests.mailhost.letters import genuine


def test_mail_flows_without_redis():
    with MailHost() as host:
        assert Delivered(host.deliver(genuine(host.world))).results("dmarc") == ["pass"]
        host.redis.stop()
        assert Delivered(host.deliver(genuine(host.world))).results("dmarc") == ["pass"]
        host.redis.start()
        assert Delivered(host.deliver(genuine(host.world))).results("dmarc") == ["pass"]
