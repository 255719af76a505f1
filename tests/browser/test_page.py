"""The page over the stand-in assistant: all that needs a browser, but no Engine and no model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, Serve, Server, ask, to_tab

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve("tests.browser.standin")


@pytest.fixture(scope="module")
def slow(serve: Serve) -> Server:
    return serve("tests.browser.standin", "slow", "foreign")


def test_the_token_leaves_the_address_and_a_stranger_stays_outside(
    server: Server, open_page: OpenPage, chromium: str
) -> None:
    page = open_page(server.address)
    assert "token" not in page.url
    assert page.evaluate("document.cookie") == ""
    assert all(cookie["sameSite"] == "Strict" for cookie in page.context.cookies())
    stranger = page.context.browser.new_context()  # type: ignore[union-attr]
    other = stranger.new_page()
    answer = other.goto(page.url)
    assert answer is not None
    assert answer.status == 401
    expect(other.locator("body")).to_contain_text("终端")
    stranger.close()


@pytest.mark.parametrize("lost", [r"/assets/index-[^/]*\.js$", "/gradio_api/queue/join"])
def test_a_page_that_lost_a_part_of_itself_comes_up_by_itself(
    server: Server, open_page: OpenPage, lost: str
) -> None:
    """Gradio's entry script, without which the page is blank, and the request for the first drawing."""
    dropped: list[str] = []

    def drop_once(route: Route) -> None:
        if dropped:
            route.continue_()
        else:
            dropped.append(route.request.url)
            route.abort("connectionreset")

    page = open_page(
        server.address, may_complain=True, prepare=lambda page: page.route(re.compile(lost), drop_once)
    )
    assert len(dropped) == 1
    expect(page.locator("#dn-header h1")).to_have_text("docknotes")
    ask(page, "How do I run nginx?")
    expect(page.locator(".dn-card")).to_have_count(5)


def test_an_answer_its_sources_and_its_place_in_the_notes(
    server: Server, open_page: OpenPage, artifacts: Path
) -> None:
    page = open_page(server.address)
    ask(page, "How do I run nginx in the background?")
    page.locator(".dn-prose .dn-cite").first.click()
    expect(page.locator(".dn-passage mark")).to_have_text("用 `-d` 让容器在后台运行")
    expect(page.locator(".dn-lines .dn-cited")).to_have_count(1)
    page.screenshot(path=artifacts / "page-answer-en.png")
    page.get_by_text("Open in Notes").click()
    expect(page.locator("#dn-reader .dn-hit")).to_contain_text("让容器在后台运行")
    to_tab(page, "Chat")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".dn-passage")).to_have_count(0)


def test_a_command_runs_and_its_output_is_text(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.address, locale="zh-CN")
    ask(page, "如何让容器在后台运行?")
    card = page.locator(".dn-card").nth(1)
    card.get_by_role("button", name="运行").click()
    expect(page.locator(".dn-end")).to_contain_text("退出码 0")
    output = page.locator(".dn-output")
    expect(output).to_contain_text("<b onclick=alert(1)>hello</b>")
    assert output.locator("*").count() == 0
    expect(card.get_by_role("button", name="再次运行")).to_be_enabled()
    to_tab(page, "运行记录")
    expect(page.locator("#dn-runs")).to_contain_text("docker ps -a")


def test_values_are_filled_in_and_judged_again(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.address)
    ask(page, "How do I stop a container?")
    card = page.locator(".dn-card").nth(2)
    card.get_by_role("button", name="Use these values").click()
    expect(card).to_contain_text("Fill in every field first.")
    card.locator("[data-field]").fill("web")
    card.locator("[data-field]").press("Enter")
    expect(card.locator(".dn-code code")).to_have_text("docker stop web")
    expect(card).to_contain_text("made by docknotes")
    card.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dn-end")).to_contain_text("Done")


def test_refused_commands_show_why_and_no_button(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.address)
    ask(page, "How do I get all rights?")
    for n, why in ((3, "all rights on the host"), (4, "never run here")):
        card = page.locator(".dn-card").nth(n)
        expect(card).to_contain_text(why)
        expect(card.locator("[data-do]")).to_have_count(0)


def test_an_answer_can_be_stopped_and_a_run_cancelled(slow: Server, open_page: OpenPage) -> None:
    page = open_page(slow.address)
    page.fill("#dn-box textarea", "How do I run nginx?")
    page.press("#dn-box textarea", "Enter")
    page.wait_for_selector(".dn-prose")
    page.locator("#dn-stop").click()
    expect(page.locator(".dn-answer")).to_contain_text("You stopped this answer here.")
    ask(page, "How do I run nginx?")
    card = page.locator(".dn-card").first
    card.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dn-progress progress")).to_be_visible()
    card.get_by_role("button", name="Cancel").click()
    expect(page.locator(".dn-end")).to_contain_text("Cancelled")


def test_a_broken_connection_loses_nothing(slow: Server, open_page: OpenPage) -> None:
    page = open_page(slow.address, may_complain=True)
    ask(page, "How do I run nginx?")
    page.locator(".dn-card").nth(1).get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dn-output")).to_contain_text("line 1")
    page.context.set_offline(True)
    page.locator(".dn-card").nth(1).get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(1000)
    page.context.set_offline(False)
    expect(page.locator(".dn-end")).to_contain_text("Cancelled")
    ask(page, "How do I list containers?")
    expect(page.locator(".dn-card")).to_have_count(10)
    page.reload()
    expect(page.locator(".dn-card")).to_have_count(10)


def test_objects_of_others_need_a_tick(slow: Server, open_page: OpenPage) -> None:
    page = open_page(slow.address)
    ask(page, "How do I stop a container?")
    card = page.locator(".dn-card").nth(2)
    card.locator("[data-field]").fill("web")
    card.get_by_role("button", name="Use these values").click()
    run = card.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(card).to_contain_text("Tick what may be changed")
    card.locator("[data-confirm]").check()
    run.click()
    expect(page.locator(".dn-end")).to_contain_text("Done")


def test_an_empty_question_gets_a_hint_and_an_example_is_one_press(
    server: Server, open_page: OpenPage
) -> None:
    page = open_page(server.address)
    page.locator("#dn-ask").click()
    expect(page.locator(".dn-hint")).to_contain_text("Type a question first")
    page.locator(".dn-chip").first.click()
    expect(page.locator(".dn-question")).to_contain_text("What do my notes say about")
    expect(page.locator(".dn-card")).to_have_count(5)


def test_the_notes_are_searched_and_browsed(server: Server, open_page: OpenPage, artifacts: Path) -> None:
    page = open_page(server.address, locale="zh-CN")
    to_tab(page, "笔记")
    expect(page.locator("#dn-tree .dn-empty")).to_have_count(3)
    page.locator("#dn-query input, #dn-query textarea").fill("后台")
    page.locator("#dn-search").click()
    expect(page.locator("#dn-reader .dn-found mark").first).to_have_text("后台")
    page.screenshot(path=artifacts / "page-notes-zh.png")
    page.get_by_role("button", name="2.2 删除容器").click()
    expect(page.locator("#dn-reader")).to_contain_text("<script>window.pwned=1</script>")


def test_the_gpu_ladder_asks_before_a_container(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.address)
    to_tab(page, "GPU")
    page.get_by_role("button", name="Check my GPU").click()
    expect(page.locator(".dn-rung")).to_have_count(3)
    page.get_by_role("button", name="Check with containers").click()
    expect(page.locator(".dn-rung")).to_have_count(4)
    expect(page.locator("#dn-gpu")).to_contain_text("Not shown to work yet")


def test_the_language_follows_the_browser_and_can_be_switched(server: Server, open_page: OpenPage) -> None:
    page = open_page(server.address, locale="zh-CN")
    expect(page.get_by_role("tab", name="笔记", exact=True).first).to_be_visible()
    expect(page.locator("#dn-box textarea")).to_have_attribute(
        "placeholder", "向你的笔记提一个 Docker 问题……"
    )
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("tab", name="Notes", exact=True).first).to_be_visible()
    expect(page.locator("#dn-ask")).to_have_text("Ask")
    expect(page.locator(".dn-welcome")).to_contain_text("What would you like to know?")


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_narrow_screen(server: Server, open_page: OpenPage, artifacts: Path, dark: bool) -> None:
    page = open_page(server.address, locale="zh-CN", width=420, dark=dark)
    ask(page, "如何让容器在后台运行?")
    page.locator(".dn-changes summary").first.click()
    assert _overflow(page) == 0
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(17, 23, 29)") is dark
    page.screenshot(path=artifacts / f"page-narrow-{'dark' if dark else 'light'}.png")
    for tab in ("笔记", "GPU"):
        to_tab(page, tab)
        assert _overflow(page) == 0


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
