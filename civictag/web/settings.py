"""What a running service may be told: its address, who may use it, and how much at a time."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from civictag.readers.limits import MIB

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
PORT = 8466


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request, and all requests together, may ask for. Each is refused with its own status.

    Attributes:
        body_bytes: bytes of a request's body (413). A stream of JSON lines as a whole has no limit.
        line_bytes: bytes of one line of a stream (413 on its line).
        files: files in one form (413).
        paragraphs: body paragraphs of one request, or of one line of a stream (422).
        seconds: for a body to arrive (408), for its tagging (504), and between two pieces of a stream.
        concurrency: requests for tagging under way or waiting (429).
        header_seconds: for a request's head to arrive; the connection is closed then.
    """

    body_bytes: int = 32 * MIB
    line_bytes: int = 4 * MIB
    files: int = 200
    paragraphs: int = 20_000
    seconds: float = 60.0
    concurrency: int = 64
    header_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """How the service is reached and by whom.

    Attributes:
        host, port: the address to listen on.
        token: what a request has to show as ``Authorization: Bearer …``; "" asks for none.
        hosts: further names that a request's ``Host`` may have (behind a proxy: its public name).
        origins: origins of other sites whose scripts may call (CORS); none by default.
        root_path: the path that a proxy has put before ours.
        work: folder of the page's jobs; None keeps them in a temporary one.
        threads: threads that tag; the compiled backend lets them run at the same time.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    token: str = ""
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    root_path: str = ""
    work: str | None = None
    threads: int = 2
    limits: Limits = field(default_factory=Limits)

    @property
    def is_local(self) -> bool:
        """Nobody on another machine can reach the address."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """``host`` is this machine's own address, by number or by its one safe name."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
