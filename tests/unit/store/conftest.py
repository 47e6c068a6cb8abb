from __future__ import annotations

import socket
import threading

import pytest

from tests.mailhost.redis_server import RedisServer
from tests.mailhost.scratch import Scratch


@pytest.fixture(scope="module")
def redis_server():
    with Scratch() as folder, RedisServer(folder / "redis") as server:
        yield server


@pytest.fixture
def dripping():
    """The URL of a server that answers every client one byte now and then, and what counts its clients."""
    ending = threading.Event()

    def drip(client):
        with client:
            try:
                while not ending.wait(0.05):
                    client.sendall(b"+")
            except OSError:
                return

    def serve():
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=drip, args=(client,), daemon=True))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threads = [threading.Thread(target=serve, daemon=True)]
        threads[0].start()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}", lambda: len(threads) - 1
        ending.set()
        listening.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
