# SPDX-License-Identifier: GPL-3.0-or-later
"""Top-level domains under which names without a scheme are taken for links.

These are what mail has: all of two letters that are assigned and the generic ones in wide use.  The whole list would
make a link of every name of a file.
"""

from __future__ import annotations

import re

GENERIC = frozenset({
    "academy", "agency", "app", "art", "asia", "bar", "best", "bid", "biz", "blog", "business", "buzz", "cam", "care",
    "cat", "center", "cfd", "chat", "city", "click", "cloud", "club", "com", "company", "coop", "country", "coupons",
    "cyou", "date", "deals", "design", "dev", "digital", "download", "edu", "email", "events", "expert", "express",
    "finance", "fit", "fun", "gdn", "global", "gov", "group", "guru", "health", "help", "host", "icu", "info", "ink",
    "int", "jobs", "lat", "life", "link", "live", "loan", "lol", "ltd", "market", "marketing", "media", "men", "mil",
    "mobi", "mom", "monster", "name", "net", "network", "news", "ninja", "online", "org", "page", "party", "photos",
    "pics", "plus", "press", "pro", "quest", "racing", "red", "rest", "review", "reviews", "rocks", "run", "sale",
    "sbs", "science", "services", "shop", "site", "skin", "social", "software", "solutions", "space", "store", "stream",
    "studio", "support", "surf", "systems", "team", "tech", "technology", "today", "tokyo", "top", "trade", "travel",
    "vip", "website", "wiki", "win", "work", "works", "world", "wtf", "xin", "xyz", "zone",
})  # fmt: skip
COUNTRIES = frozenset({
    "ac", "ad", "ae", "af", "ag", "ai", "al", "am", "ao", "aq", "ar", "as", "at", "au", "aw", "ax", "az", "ba",
    "bb", "bd", "be", "bf", "bg", "bh", "bi", "bj", "bm", "bn", "bo", "br", "bs", "bt", "bw", "by", "bz", "ca",
    "cc", "cd", "cf", "cg", "ch", "ci", "ck", "cl", "cm", "cn", "co", "cr", "cu", "cv", "cw", "cx", "cy", "cz",
    "de", "dj", "dk", "dm", "do", "dz", "ec", "ee", "eg", "er", "es", "et", "eu", "fi", "fj", "fk", "fm", "fo",
    "fr", "ga", "gd", "ge", "gf", "gg", "gh", "gi", "gl", "gm", "gn", "gp", "gq", "gr", "gs", "gt", "gu", "gw",
    "gy", "hk", "hm", "hn", "hr", "ht", "hu", "id", "ie", "il", "im", "in", "io", "iq", "ir", "is", "it", "je",
    "jm", "jo", "jp", "ke", "kg", "kh", "ki", "km", "kn", "kp", "kr", "kw", "ky", "kz", "la", "lb", "lc", "li",
    "lk", "lr", "ls", "lt", "lu", "lv", "ly", "ma", "mc", "md", "me", "mg", "mh", "mk", "ml", "mm", "mn", "mo",
    "mp", "mq", "mr", "ms", "mt", "mu", "mv", "mw", "mx", "my", "mz", "na", "nc", "ne", "nf", "ng", "ni", "nl",
    "no", "np", "nr", "nu", "nz", "om", "pa", "pe", "pf", "pg", "ph", "pk", "pl", "pm", "pn", "pr", "ps", "pt",
    "pw", "py", "qa", "re", "ro", "rs", "ru", "rw", "sa", "sb", "sc", "sd", "se", "sg", "sh", "si", "sk", "sl",
    "sm", "sn", "so", "sr", "ss", "st", "su", "sv", "sx", "sy", "sz", "tc", "td", "tf", "tg", "th", "tj", "tk",
    "tl", "tm", "tn", "to", "tr", "tt", "tv", "tw", "tz", "ua", "ug", "uk", "us", "uy", "uz", "va", "vc", "ve",
    "vg", "vi", "vn", "vu", "wf", "ws", "ye", "yt", "za", "zm", "zw",
})  # fmt: skip


_NAME = re.compile(r"(?:(?!-)[a-z0-9-]{1,63}+\.)+(?!-)([a-z0-9-]{2,63}+)", re.ASCII)
_MAX_NAME = 253


def looks_public(name: str) -> bool:
    """A host name, in lower case, under one of these; those of other scripts count all."""
    match = _NAME.fullmatch(name) if len(name) <= _MAX_NAME else None
    return match is not None and (match[1] in COUNTRIES or match[1] in GENERIC or match[1].startswith("xn--"))
