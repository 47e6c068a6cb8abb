# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that give a short address for any other, without asking who wants it."""

from __future__ import annotations

SHORTENERS = frozenset({
    "adf.ly", "adfoc.us", "b.link", "bc.vc", "bit.do", "bit.ly", "bitly.com", "bitly.ws", "bl.ink", "buff.ly",
    "clck.ru", "cli.re", "cutt.ly", "cutt.us", "dub.sh", "dwz.cn", "e.vg", "goo.su", "goo.gl", "gg.gg", "go2l.ink",
    "han.gl", "hyperurl.co", "in.mt", "is.gd", "j.mp", "kutt.it", "kutt.to", "l.ead.me", "linkd.in", "linkjust.com",
    "linklyhq.com", "lihi.cc", "lihi1.com", "lnk.bio", "lnk.ink", "lnkd.in", "me2.do", "me2.kr", "mcaf.ee", "n9.cl",
    "ow.ly", "ouo.io", "pxl.to", "qr.ae", "qrco.de", "q-r.to", "rb.gy", "rebrand.ly", "reurl.cc", "rotf.lol",
    "s.id", "s.yam.com", "sc.link", "shorte.st", "short.gy", "shorturl.at", "shorturl.asia", "smarturl.it",
    "snip.ly", "su.pr", "surl.li", "t.ly", "t2m.io", "tiny.cc", "tiny.one", "tinyarrows.com", "tinyurl.com",
    "tny.im", "tr.ee", "tr.im", "trib.al", "u.to", "urlz.fr", "url.kr", "urlzs.com", "v.gd", "v.ht", "vk.cc", "vo.la",
    "vu.fr", "vzturl.com", "x.co", "x.gd", "zpr.io", "zws.im", "1url.com", "2no.co", "3.ly", "7.ly", "shorl.com",
    "snipurl.com", "snurl.com", "makeashorterlink.com", "yep.it", "ylink.me", "zzb.bz",
})  # fmt: skip
"""Those of one company for its own links (youtu.be, amzn.to, t.co) are not among them."""
