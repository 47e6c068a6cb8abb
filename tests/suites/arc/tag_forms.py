# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to write a tag list, right and wrong (RFC 6376 section 3.2), for either kind of signature."""

from __future__ import annotations

LAYOUTS = {
    "no-space": ("{name}={value};", "pass"),
    "space-around-equals": (" {name} = {value};", "pass"),
    "space-before-semicolon": (" {name}={value} ;", "pass"),
    "tabs": ("\t{name}\t=\t{value}\t;", "pass"),
    "folded": ("\r\n {name}={value};", "pass"),
    "folded-around-equals": ("\r\n\t{name}\r\n =\r\n {value}\r\n\t;", "pass"),
    "many-spaces": ("    {name}={value};", "pass"),
    "double-semicolon": (" {name}={value};;", "fail"),
    "blank-tag": (" {name}={value}; ;", "fail"),
    "colon-for-equals": (" {name}:{value};", "fail"),
    "comma-for-semicolon": (" {name}={value},", "fail"),
}

EXTRA_TAGS = {
    "unknown": ("w", "party", "pass"),
    "unknown-long-name": ("x_9_long", "a=b:c", "pass"),
    "unknown-empty": ("w", "", "pass"),
    "unknown-8-bit": ("w", "gr\u00fc\u00dfe", "pass"),
    "name-empty": ("", "=", "fail"),
    "name-digit-first": ("9w", "x", "fail"),
    "name-underscore-first": ("_", "x", "fail"),
    "name-hyphen": ("a-b", "x", "fail"),
    "name-with-space": ("a b", "x", "fail"),
    "name-8-bit": ("\u00e4", "x", "fail"),
    "value-control-character": ("w", "x\x01y", "fail"),
    "value-nul": ("w", "x\x00y", "fail"),
    "value-lone-cr": ("w", "x\ry", "fail"),
}

DUPLICATES = ("a", "d", "s", "i", "t")
