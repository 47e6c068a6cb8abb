# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import milter
from postward.mta.libmilter import allow_long_packets, loaded_library


def test_the_library_is_the_one_that_pymilter_has_loaded():
    assert milter.CONTINUE == 0
    maps = "7f0-7f1 r-xp 00000000 fe:00 1    /usr/lib/x86 64/libmilter.so.1.0.1\n7f2-7f3 rw-p 0 00:00 0\n"
    assert loaded_library(maps) == "/usr/lib/x86 64/libmilter.so.1.0.1"
    assert loaded_library("7f2-7f3 rw-p 0 00:00 0 [stack]\n") is None
    assert allow_long_packets()
