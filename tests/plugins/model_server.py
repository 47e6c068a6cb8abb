"""A real HTTP server on loopback that answers as the test has told it to."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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

            def log_message(self, *_arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/chat/completions"

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
