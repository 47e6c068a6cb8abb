# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.bench.overload.slow_scanner SOCKET``: speaks as clamd does, and takes 200 ms for every message."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from contextlib import suppress

SCAN_S = 0.2
_COMMAND_END = b"\0"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    scanned = 0
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while command := await reader.readuntil(_COMMAND_END):
            if command == b"zPING\0":
                writer.write(b"PONG\0")
            elif command == b"zINSTREAM\0":
                await _take_stream(reader)
                await asyncio.sleep(SCAN_S)
                scanned += 1
                writer.write(b"%d: stream: OK\0" % scanned)
    writer.close()


async def _take_stream(reader: asyncio.StreamReader) -> None:
    while size := struct.unpack("!I", await reader.readexactly(4))[0]:
        await reader.readexactly(size)


async def _main(path: str) -> None:
    server = await asyncio.start_unix_server(_serve, path)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    # The service that asks it runs as another account.
    os.umask(0)
    asyncio.run(_main(sys.argv[1]))
