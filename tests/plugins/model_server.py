# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HTTP server on loopback that answers as the test has told it to."""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def self_signed():
    """Key and certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + made.public_bytes(pem)


def completion(word):
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": word}}]}).encode()


class ModelServer:
    """``answer`` writes the whole answer to a handler; requests are kept."""

    def __init__(self):
        self.requests = []
        self.answer = word("ordinary")
        self.ended = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append((self.path, dict(self.headers), json.loads(body)))
                with suppress(OSError):
                    owner.answer(self)

            def do_GET(self):
                owner.requests.append((self.path, dict(self.headers), None))

            def handle(self):
                with suppress(ssl.SSLError):
                    super().handle()

            def log_message(self, *_arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/chat/completions"

    def use_tls(self, folder):
        """Speak TLS, with a certificate that only this server has signed."""
        certificate = folder / "certificate.pem"
        certificate.write_bytes(self_signed())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = self.url.replace("http:", "https:")

    def close(self):
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def body(octets, status=200, **fields):
    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(octets)), **fields}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(octets)

    return answer


def word(text):
    return body(completion(text))


def silence(ended):
    return lambda _handler: ended.wait(30)


def endless(octets, ended, pause_s):
    """Octets again and again, the first of them at once."""

    def answer(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
        while not ended.wait(pause_s):
            handler.wfile.write(octets)

    return answer
