# SPDX-License-Identifier: GPL-3.0-or-later
"""A private clamd with signatures of our own: none can be downloaded where tests run."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mailhost.daemon import Daemon
from tests.mailhost.loopback import HOST

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"
"""What every virus scanner finds; in pieces here, so that none finds this file."""
EICAR_NAME = "Eicar-Test-Signature.UNOFFICIAL"
"""What this clamd calls it: signatures that ClamAV's makers have not signed are unofficial."""
MARKER = b"POSTWARD-TEST-MARKER"
"""Found as ``MARKER_NAME``."""
MARKER_NAME = "Postward.Test.Marker.UNOFFICIAL"
STREAM_MAX_BYTES = 1_048_576
"""It refuses more."""


@dataclass(slots=True)
class Clamd(Daemon):
    """Answers on a Unix socket and on a TCP port; starts in a tenth of a second."""

    @property
    def _ready_words(self) -> bytes:
        return b"Self checking disabled"

    def _configure(self) -> None:
        signatures = self.root / "signatures"
        signatures.mkdir()
        # Name, type of file (any), offset (any), octets in hexadecimal digits.
        lines = (f"Eicar-Test-Signature:0:*:{EICAR.hex()}", f"Postward.Test.Marker:0:*:{MARKER.hex()}")
        (signatures / "postward.ndb").write_text("\n".join(lines) + "\n")
        (self.root / "clamd.conf").write_text(
            f"LocalSocket {self.root}/sock\nLocalSocketMode 666\nFixStaleSocket yes\n"
            f"TCPAddr {HOST}\nTCPSocket {self.port}\nDatabaseDirectory {signatures}\nTemporaryDirectory {self.root}\n"
            f"Foreground yes\nSelfCheck 0\nBytecode no\nMaxThreads 4\nStreamMaxLength {STREAM_MAX_BYTES}\n"
        )

    def _command(self) -> list[str]:
        return ["clamd", f"--config-file={self.root}/clamd.conf"]
