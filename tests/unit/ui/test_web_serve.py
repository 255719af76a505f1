"""Serving: on this machine only."""

from __future__ import annotations

import socket

import pytest

from tests.fakes.assistant import MemoryAssistant
from ui.web.serve import ServeError, refuse_foreign, serve


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "", "127.0.0.1.evil.example"]
)
def test_hosts_others_can_reach_are_refused(host: str) -> None:
    with pytest.raises(ServeError) as refused:
        serve(MemoryAssistant(), host=host)
    assert "127.0.0.1" in refused.value.text.en
    assert "127.0.0.1" in refused.value.text.zh


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"])
def test_loopback_hosts_are_fine(host: str) -> None:
    refuse_foreign(host)


def test_a_port_in_use_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError) as refused:
            serve(MemoryAssistant(), port=port)
    assert str(port) in refused.value.text.en
