# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains at which anybody gets an address for nothing."""

from __future__ import annotations

_SUFFIXES_OF_YAHOO = """
    com ca co.id co.in co.jp co.kr co.nz co.uk co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.pe
    com.ph com.sg com.tr com.tw com.vn cl de dk es fi fr gr ie in it nl no pl pt ro se
"""
_SUFFIXES_OF_MICROSOFT = """
    com be ca ch cl cn co.jp co.kr co.th co.uk com.ar com.au com.br com.mx com.tr com.vn cz de dk es fi fr gr hu ie in
    it nl no pl pt se sg
"""
_SINGLE = """
    gmail.com googlemail.com ymail.com rocketmail.com myyahoo.com aol.com aim.com aol.de aol.fr aol.co.uk
    msn.com passport.com icloud.com me.com mac.com gmx.de gmx.net gmx.com gmx.at gmx.ch gmx.us gmx.co.uk gmx.fr
    web.de freenet.de mail.com email.com usa.com consultant.com post.com myself.com engineer.com europe.com
    mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru yandex.ru yandex.com ya.ru yandex.kz yandex.by ukr.net
    i.ua meta.ua proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.com tuta.io
    tutamail.com zoho.com zohomail.com zohomail.eu inbox.com inbox.lv hushmail.com fastmail.com fastmail.fm
    mail.bg abv.bg seznam.cz email.cz centrum.cz azet.sk wp.pl o2.pl onet.pl op.pl interia.pl gazeta.pl
    libero.it virgilio.it tiscali.it alice.it laposte.net orange.fr free.fr sfr.fr wanadoo.fr terra.com.br
    uol.com.br bol.com.br ig.com.br qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com
    21cn.com aliyun.com naver.com daum.net hanmail.net nate.com rediffmail.com excite.com lycos.com netscape.net
    juno.com netzero.net netzero.com bigfoot.com care2.com email.ro mail2world.com netaddress.com usa.net
    eudoramail.com mailcity.com altavista.com gawab.com indiatimes.com walla.com walla.co.il workmail.com
    lawyer.com accountant.com dr.com minister.com financier.com cyberservices.com aliceadsl.fr duck.com
"""


def _all() -> frozenset[str]:
    yahoo = {f"yahoo.{suffix}" for suffix in _SUFFIXES_OF_YAHOO.split()}
    microsoft = {
        f"{name}.{suffix}" for name in ("hotmail", "live", "outlook") for suffix in _SUFFIXES_OF_MICROSOFT.split()
    }
    return frozenset(_SINGLE.split()) | yahoo | microsoft


FREEMAIL = _all()
"""A-labels in lower case."""

FREEMAIL_OCTETS = frozenset(domain.encode("ascii") for domain in FREEMAIL)
"""The same as they stand in a field."""

SIGNING = frozenset(
    domain
    for domain in FREEMAIL
    if domain.partition(".")[0] in {"yahoo", "hotmail", "live", "outlook"}
    or domain
    in {
        "gmail.com", "googlemail.com", "ymail.com", "rocketmail.com", "aol.com", "msn.com", "icloud.com", "me.com",
        "mac.com", "gmx.de", "gmx.net", "gmx.com", "gmx.at", "gmx.ch", "web.de", "mail.ru", "yandex.ru", "yandex.com",
        "proton.me", "protonmail.com", "pm.me", "fastmail.com",
    }
)  # fmt: skip
"""Those among them that have signed all that they send for years."""
