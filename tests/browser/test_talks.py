"""The list of conversations in a real browser: it survives a reload, and the server's restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.keeping.talks import Talks
from tests.browser.conftest import OpenPage, Serve, ask

pytestmark = pytest.mark.browser

QUESTION = "How do I run nginx in the background?"


def open_list(page: Page) -> None:
    page.locator(".dn-talks summary").click()


def test_the_list_is_searched_while_typing(
    serve: Serve, open_page: OpenPage, artifacts: Path, tmp_path: Path
) -> None:
    talks = Talks(tmp_path / "talks.sqlite3")
    for n, question in enumerate((QUESTION, "what about sourdough?", "那怎么停掉它？")):
        talks.wrote(str(n), talks.asked(str(n), question), ("nginx", "", "端口映射, nginx")[n])
    talks.close()
    page = open_page(serve("tests.browser.standin", home=str(tmp_path)).address)
    open_list(page)
    field = page.get_by_role("searchbox", name="Search your conversations")
    titles = page.locator(".dn-talk-title")
    expect(titles).to_have_count(3)
    page.locator(".dn-talks summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("端口映射", delay=20)
    expect(titles).to_have_text(["那怎么停掉它？"])
    expect(field).to_be_focused()
    page.keyboard.type(" bread", delay=20)
    expect(page.locator(".dn-find")).to_contain_text("None of your 3 conversations has “端口映射 bread”")
    expect(field).to_have_value("端口映射 bread")
    page.screenshot(path=artifacts / "talks-none.png")
    page.keyboard.press("Escape")
    expect(titles).to_have_count(3)
    page.keyboard.type("NGINX")
    page.keyboard.press("Enter")
    expect(page.locator(".dn-find")).to_contain_text("2 of 3")
    page.keyboard.type(" sourdough?")
    expect(titles).to_have_count(0)


def test_conversations_survive_a_reload_and_a_restart(
    serve: Serve, open_page: OpenPage, tmp_path: Path
) -> None:
    server = serve("tests.browser.standin", home=str(tmp_path))
    page = open_page(server.address)
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".dn-question")).to_have_text(QUESTION)
    expect(page.locator(".dn-card").first).to_be_visible()
    open_list(page)
    page.get_by_role("button", name="Rename").click()
    page.locator(".dn-talks [data-field=title]").fill("<b>Shop</b>")
    page.locator(".dn-talks [data-field=title]").press("Enter")
    expect(page.locator(".dn-talk-title")).to_have_text("<b>Shop</b>")
    page.get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="Download")
    with page.expect_download() as download:
        link.click()
    assert f"## {QUESTION}" in Path(download.value.path()).read_text()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".dn-question")).to_have_count(0)
    server.stop()

    again = open_page(serve("tests.browser.standin", home=str(tmp_path)).address)
    open_list(again)
    again.get_by_role("button", name="<b>Shop</b>").click()
    expect(again.locator(".dn-question")).to_have_text(QUESTION)
    expect(again.locator(".dn-prose").first).to_contain_text("-d")
    again.get_by_role("button", name="Delete", exact=True).click()
    again.get_by_role("button", name="Delete for good").click()
    expect(again.locator(".dn-talks")).to_have_count(0)
    expect(again.locator(".dn-question")).to_have_count(0)
