"""The page in a real browser: a server as a process of its own, and Chromium to look at it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
START_SECONDS = 300.0
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Server:
    """A process that serves the page and prints its address."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        self.address = self._await_address()

    def _await_address(self) -> str:
        waited = threading.Event()
        for _ in range(int(START_SECONDS / 0.2)):
            found = re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", self.log)
            if found:
                return found[0]
            if self._process.poll() is not None:
                break
            waited.wait(0.2)
        self.stop()
        raise AssertionError(f"the server printed no address:\n{self.log}")

    @property
    def log(self) -> str:
        """What the server wrote so far."""
        return self._log.read_text(errors="replace")

    def stop(self) -> None:
        """Ends the process."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Starts servers that end with the module: the real one, or with ``command`` another."""
    servers: list[Server] = []

    def start(*command: str, **settings: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKNOTES_", "DOCKER_"))}
        environment = {
            **kept,
            "DOCKNOTES_HOME": str(folder / "home"),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            **{f"DOCKNOTES_{key.upper()}": value for key, value in settings.items()},
        }
        if "DOCKNOTES_CACHE" in os.environ:
            environment.setdefault("DOCKNOTES_CACHE", os.environ["DOCKNOTES_CACHE"])
        server = Server(command or ("ui", "serve", "--port", "0"), environment, folder / "log")
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=90_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


def go_to(page: Page, address: str) -> None:
    """Opens an address, anew where the network changed before it came; the rest the page mends by itself."""
    from playwright.sync_api import Error

    for left in (2, 1, 0):
        try:
            page.goto(address)
        except Error:
            if not left:
                raise
        else:
            break
    page.wait_for_selector(".dn-welcome")


OpenPage = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens the page; at the end nothing may have left this machine, and no script of a note have run."""
    requested: list[str] = []
    complaints: list[str] = []
    pages: list[Page] = []

    def complain(text: str) -> None:
        # Containers with networks of their own come and go on this machine; Chromium then drops
        # connections, and the page takes them up again.
        if not re.search("ERR_NETWORK_CHANGED|preload CSS|dynamically imported", text):
            complaints.append(text)

    def open_at(
        address: str,
        *,
        locale: str = "en-US",
        width: int = 1100,
        dark: bool = False,
        may_complain: bool = False,
        prepare: Callable[[Page], None] = lambda page: None,
    ) -> Page:
        context = browser.new_context(
            locale=locale, viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        context.on("request", lambda request: requested.append(request.url))
        page = context.new_page()
        if not may_complain:
            page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complain(str(error)))
        page.set_default_timeout(120_000)
        prepare(page)
        go_to(page, address)
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        assert page.evaluate("window.pwned") is None, "text became active"
        page.context.close()
    outside = {
        url
        for url in requested
        if not url.startswith(("data:", "blob:")) and urlsplit(url).hostname != "127.0.0.1"
    }
    assert not outside, f"requests left this machine: {outside}"
    assert not complaints, f"the browser complains: {complaints}"


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """Where screenshots go: DOCKNOTES_ARTIFACTS, or ``artifacts`` at the top."""
    folder = Path(os.environ.get("DOCKNOTES_ARTIFACTS") or ROOT / "artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def ask(page: Page, question: str) -> None:
    """Asks and waits for the end of the answer.

    Where a question gets nowhere, its request was dropped as a network came or went: the page is loaded
    again, which shows what the server knows, and if that is nothing, the question is asked again.
    """
    from playwright.sync_api import TimeoutError as TimedOutError

    before = page.locator(".dn-question").count()
    is_there = f"document.querySelectorAll('.dn-question').length > {before}"
    for patience in (30_000, 10_000, 60_000):
        if patience != 10_000:
            page.fill("#dn-box textarea", question)
            page.press("#dn-box textarea", "Enter")
        else:
            page.reload()
        try:
            page.wait_for_function(is_there, timeout=patience)
        except TimedOutError:
            continue
        break
    page.wait_for_function(is_there)
    page.wait_for_selector("#dn-ask", state="visible")


def to_tab(page: Page, name: str) -> None:
    """Goes to a tab by its label."""
    page.get_by_role("tab", name=name, exact=True).first.click()
