# Copyright (c) The sr4ir_mm authors. Licensed under Apache-2.0.
"""Addresses: what is there is read, and whatever they do, it ends."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from sr4ir_mm.apis import fetch_picture as module
from sr4ir_mm.apis.fetch_picture import fetch_picture
from sr4ir_mm.errors import DataError

OVER = Event()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802, the server's name for it
        if self.path == '/silent':
            OVER.wait(10)
            return
        self.send_response(200 if self.path != '/none' else 404)
        self.end_headers()
        if self.path == '/slow':
            while not OVER.wait(0.05):
                self.wfile.write(b'.')
        elif self.path != '/none':
            self.wfile.write(b'x' * 1000)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope='module')
def server() -> Iterator[str]:
    with ThreadingHTTPServer(('127.0.0.1', 0), Handler) as http:
        Thread(target=http.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{http.server_port}'
        OVER.set()
        http.shutdown()


def test_what_is_there_is_read(server: str) -> None:
    assert fetch_picture(f'{server}/a.png') == b'x' * 1000


@pytest.mark.parametrize(
    ('path', 'message'),
    [('none', '404'), ('silent', 'timed out'), ('slow', 'too slow'), ('big', 'no picture is')],
)
def test_what_is_not_ends_soon(
    server: str, path: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, 'PATIENCE', 0.5)
    monkeypatch.setattr(module, 'LARGEST', 500)
    begin = time.monotonic()
    with pytest.raises(DataError, match=rf'{server}/{path}.*{message}'):
        fetch_picture(f'{server}/{path}')
    assert time.monotonic() - begin < 5
