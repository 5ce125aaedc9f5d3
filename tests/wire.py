"""A server that sends exactly the bytes it is told to, over TLS of any age where asked: the field's worst answers."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

# Bytes to send, pieces with a pause in seconds after each, or nothing at all.
Raw = bytes | Iterable[tuple[bytes, float]]


class Wire:
    """Raw answers by path; `asked` logs the paths as they came."""

    def __init__(self, answers: Mapping[str, Raw]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.url = ""


def answer(body: str | bytes, *headers: str, status: str = "200 OK", version: str = "HTTP/1.1") -> bytes:
    """A sound answer with its length; `headers` are further lines."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"{version} {status}", f"Content-Length: {len(raw)}", "Connection: close", *headers]
    if not any(line.lower().startswith("content-type") for line in headers):
        lines.append("Content-Type: text/html")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


@contextmanager
def wired(
    answers: Mapping[str, Raw] | None = None, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Wire]:
    """Serve raw answers on a free port of loopback; each connection is closed after its answer."""
    wire = Wire(answers or {})

    class Door(socketserver.StreamRequestHandler):
        def setup(self) -> None:
            # Here, in the connection's own thread: a client that says nothing holds up nobody.
            if tls is not None:
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def handle(self) -> None:
            path = self.rfile.readline().decode("latin-1").split()[1]
            while self.rfile.readline().strip():
                pass
            wire.asked.append(path)
            found = wire.answers.get(path, answer("", status="404 Not Found"))
            for piece, pause in [(found, 0.0)] if isinstance(found, bytes) else found:
                self.wfile.write(piece)
                time.sleep(pause)

        def finish(self) -> None:
            super().finish()
            if tls is not None:
                with contextlib.suppress(OSError):
                    self.request.unwrap()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # who hangs up or cannot shake hands is part of the test

    server = Server((host, 0), Door)
    wire.url = f"{'http' if tls is None else 'https'}://{host}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()


def long_ago(folder: Path, name: str = "old.qingling.example") -> ssl.SSLContext:
    """The terms of a server that speaks TLS 1.0 alone, with a certificate that expired and is another host's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # that is the point of it
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(expired(folder, name))
    return context


def expired(folder: Path, name: str) -> Path:
    """A file with a key of 1024 bits and a certificate for `name` that ended yesterday, signed by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.TraditionalOpenSSL
    path = folder / "server.pem"
    path.write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()) + made.public_bytes(pem))
    return path
