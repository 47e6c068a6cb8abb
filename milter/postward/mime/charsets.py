# SPDX-License-Identifier: GPL-3.0-or-later
"""From octets to text by the name of a charset; any name and any octets are taken, and no text has lone surrogates."""

from __future__ import annotations

from encodings.aliases import aliases

_NOT_FOR_MAIL = frozenset({
    "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "mbcs", "oem",
})  # fmt: skip
# Readers take these for what is a superset of them (WHATWG Encoding Standard).
_SUPERSETS = {
    "latin_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs",
}  # fmt: skip
_MORE = {
    "utf_8": "utf_8", "utf_8_sig": "utf_8_sig", "unicode_1_1_utf_8": "utf_8", "unicode_1_1_utf_7": "utf_7",
    "iso_8859_8_i": "iso8859_8", "iso_8859_8_e": "iso8859_8", "x_sjis": "cp932", "x_gbk": "gb18030", "cp874": "cp874",
    "windows_874": "cp874", "x_cp1252": "cp1252", "x_euc_jp": "euc_jp", "macintosh": "mac_roman", "koi8_u": "koi8_u",
    "koi8_t": "koi8_t", "koi8_ru": "koi8_u", "ks_c_5601_1987": "cp949", "iso_2022_jp": "iso2022_jp", "cp720": "cp720",
    "cp737": "cp737", "cp856": "cp856", "cp875": "cp875", "cp1006": "cp1006",
    # As programs of Java, of Macintosh and of single countries call them.
    "windows_31j": "cp932", "iso_2022_jp_ms": "iso2022_jp_ext", "x_windows_949": "cp949", "dos_862": "cp862",
    "x_mac_roman": "mac_roman", "x_mac_cyrillic": "mac_cyrillic", "x_mac_ce": "mac_latin2", "utf8mb4": "utf_8",
    "8859_1": "cp1252", "cp_850": "cp850", "cp_1251": "cp1251", "cp_1252": "cp1252", "x_cp1251": "cp1251",
    "windows1251": "cp1251", "windows1252": "cp1252", "win_1251": "cp1251", "gb_2312_80": "gb18030",
    "cn_gb": "gb18030", "x_x_big5": "big5hkscs", "dos_720": "cp720",
}  # fmt: skip


def _known() -> dict[str, str]:
    """Every label that may be used: a look-up of the standard library keeps each unknown name for ever."""
    known = {name: codec for label, codec in aliases.items() for name in (label, codec) if codec not in _NOT_FOR_MAIL}
    known |= _MORE
    known |= {f"iso_8859_{number}": f"iso8859_{number}" for number in range(2, 17) if number not in {9, 11, 12}}
    return {label: _SUPERSETS.get(codec, codec) for label, codec in known.items()}


_KNOWN = _known()
_SEPARATORS = str.maketrans("-. ", "___")


def codec_of(label: str) -> str | None:
    """Name of the codec for that label of a charset; None for an unknown one."""
    return _KNOWN.get(label.strip().lower().translate(_SEPARATORS))


def decode_text(octets: bytes, label: str = "") -> str:
    """Decode; what is wrong becomes U+FFFD.

    Without a label, with an unknown one and with us-ascii the text is UTF-8 where it can be, else windows-1252.
    """
    codec = codec_of(label) or "ascii"
    if codec == "ascii":
        return _guessed(octets)
    text = octets.decode(codec, "replace")
    # This codec lets halves of pairs through.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if codec == "utf_7" else text


def _guessed(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        # UTF-8 whose end was cut off within a character is no other charset.
        if error.reason == "unexpected end of data" and not octets[: error.start].isascii():
            return octets.decode("utf-8", "replace")
        return octets.decode("cp1252", "replace")
