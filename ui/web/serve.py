"""Serves the page on loopback until the person ends it."""

from __future__ import annotations

import ipaddress
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Literal

from assistant.errors import AssistantError
from knowledge.language import Text

if TYPE_CHECKING:
    from ui.web.facade import AssistantView

READY = Text(en="docknotes is ready. Open {address}", zh="docknotes 已就绪。请打开 {address}")
HOW_TO_END = Text(en="Press Ctrl+C to end it.", zh="按 Ctrl+C 结束。")


class ServeError(AssistantError):
    """The page cannot be served there."""


def serve(
    assistant: AssistantView,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    language: Literal["en", "zh"] | None = None,
    open_browser: bool = False,
) -> None:
    """Serves the web chat and prints its address, which carries the secret of this launch.

    Args:
        assistant: what answers and runs.
        host: a loopback name or address.
        port: 0 takes a free one.
        language: of the page; None follows the browser.
        open_browser: opens the address in the person's browser as well.

    Raises:
        ServeError: the host is not this machine only, or the port is taken.
    """
    refuse_foreign(host)
    listening = _listen(host, port)
    import uvicorn

    from ui.web.app import build_app

    with listening:
        secret = secrets.token_urlsafe(24)
        app = build_app(assistant, language=language, secret=secret)
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}/?token={secret}"
        for text in (READY, HOW_TO_END):
            print(text.said_in(language or "en").format(address=address), flush=True)
        if open_browser:
            webbrowser.open(address)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, proxy_headers=False, server_header=False
        )
        if threading.current_thread() is threading.main_thread():
            # uvicorn ends as the signal would have it; unhandled, what is to be closed would stay open.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        uvicorn.Server(config).run(sockets=[listening])


def refuse_foreign(host: str) -> None:
    """Refuses hosts that others could reach.

    Raises:
        ServeError: the host is not loopback.
    """
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ServeError(
            Text(
                en=f"docknotes serves on this machine only, and {host} can be reached from outside. "
                "Use 127.0.0.1; from another machine, go through an SSH tunnel.",
                zh=f"docknotes 只在本机提供服务，而 {host} 可以从外部访问。请使用 127.0.0.1；"
                "要从另一台机器访问，请使用 SSH 隧道。",
            )
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), port))
        listening.listen(128)  # so that whoever opens the printed address at once is not turned away
    except OSError as error:
        listening.close()
        raise ServeError(
            Text(
                en=f"Port {port} on {host} cannot be used ({error.strerror}). "
                "End what uses it, or choose another port.",
                zh=f"无法使用 {host} 的端口 {port}（{error.strerror}）。请结束占用它的程序，或换一个端口。",
            )
        ) from error
    return listening


def _shown(host: str) -> str:
    return f"[{host.strip('[]')}]" if ":" in host else host
