"""The whole way on real parts: `docknotes serve`, the bundled model, a real Engine, Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Serve, Server, ask, to_tab
from tests.fakes.openai_server import Reply, Script, serving

pytestmark = pytest.mark.browser

NOTES = r"""
# House notes

## Printing text

Print text from a container, and remove the container afterwards: <img src=x onerror="window.pwned=1">

```bash
docker run --rm busybox printf '\074img src=x onerror="window.pwned=1"\076\074b\076hello\n'
```

## Waiting for long

Let a container wait for five minutes, then remove it:

```bash
docker run --rm busybox sleep 300
```

## A shell to type in

Open an interactive shell in a container, to type commands in:

```bash
docker run --rm -it busybox sh
```

## A web server in the background

Start a web server in the background, on a free port:

```bash
docker run -d --rm -p 127.0.0.1::80 nginx
```

## Reading the host's disk

Mount the disk of the host into a container to read it:

```bash
docker run --rm -v /:/host busybox ls /host
```

## Restarting the service

Restart the Docker service after a change of its settings:

```bash
sudo systemctl restart docker
```

<script>window.pwned=1</script>
![pixel](https://example.org/pixel.png)
"""


SLIP = """# Counting

Count to three in a container:

```bash
docker run -rm busybox seq 3
```

## Whales
"""


@pytest.fixture(scope="module")
def own_notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    (folder / "house.md").write_text(NOTES.lstrip(), encoding="utf-8")
    (folder / "counting.md").write_text(SLIP, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def shipped(serve: Serve, engine_address: str) -> Server:
    return serve(engine=engine_address)


@pytest.fixture(scope="module")
def house(serve: Serve, engine_address: str, own_notes: Path) -> Server:
    return serve(engine=engine_address, notes=str(own_notes))


@pytest.fixture
def tidy(engine_address: str) -> Iterator[None]:
    """Removes what the page's runs left running, as a person would."""
    from assistant.execution.cleanup import remove_leftovers
    from assistant.execution.engine import DockerEngine

    yield
    engine = DockerEngine(engine_address)
    remove_leftovers(engine)
    engine.close()


@pytest.mark.engine
def test_from_a_question_to_the_output_of_a_container(
    shipped: Server, open_page: OpenPage, artifacts: Path, tidy: None
) -> None:
    page = open_page(shipped.address, locale="zh-CN")
    page.screenshot(path=artifacts / "whole-way-start.png")

    ask(page, "如何运行hello-world容器?")
    expect(page.locator(".dn-prose")).to_contain_text("hello-world")
    # The cards come when the answer is whole; until then its text is still being drawn anew.
    expect(page.locator(".dn-card").first).to_be_visible()
    page.locator(".dn-prose .dn-cite").first.click()
    expect(page.locator(".dn-passage .dn-cited").first).to_be_visible()
    expect(page.locator(".dn-passage mark").first).to_be_visible()
    card = page.locator(".dn-card", has_text="docker run hello-world").first
    expect(card).to_contain_text("需要你批准")
    expect(card).to_contain_text("笔记原文")
    card.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator(".dn-output")).to_contain_text("Hello from Docker!")
    expect(page.locator(".dn-end")).to_contain_text("退出码 0")
    page.locator(".dn-outcome").scroll_into_view_if_needed()
    page.screenshot(path=artifacts / "whole-way-zh.png")

    ask(page, "how do I list all containers, also stopped ones?")
    card = page.locator(".dn-card[lang=en]").first
    expect(card.locator(".dn-code code")).to_have_text("docker ps -a")
    expect(card).to_contain_text("Only reads")
    card.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dn-outcome").last).to_contain_text("hello-world")
    expect(page.locator(".dn-outcome").last).to_contain_text("Done")
    page.screenshot(path=artifacts / "whole-way-en.png")

    to_tab(page, "运行记录")
    expect(page.locator("#dn-runs .dn-run")).to_have_count(2)
    page.screenshot(path=artifacts / "whole-way-runs.png")


@pytest.mark.engine
def test_what_the_notes_do_not_hold_is_said(shipped: Server, open_page: OpenPage) -> None:
    page = open_page(shipped.address)
    ask(page, "how do I make sourdough?")
    expect(page.locator(".dn-answer")).to_contain_text("Not in your notes")
    expect(page.locator(".dn-card")).to_have_count(0)


@pytest.mark.engine
def test_the_shipped_notes_are_browsed_and_searched(
    shipped: Server, open_page: OpenPage, artifacts: Path
) -> None:
    page = open_page(shipped.address, locale="zh-CN")
    to_tab(page, "笔记")
    expect(page.locator("#dn-tree details:not(.dn-gaps)")).to_have_count(12)
    page.locator("#dn-query input, #dn-query textarea").fill("端口映射")
    page.locator("#dn-search").click()
    expect(page.locator("#dn-reader .dn-found mark").first).to_be_visible()
    page.screenshot(path=artifacts / "whole-way-search.png")
    page.locator("#dn-reader .dn-found > button").first.click()
    expect(page.locator("#dn-reader .dn-hit").first).to_be_visible()
    page.screenshot(path=artifacts / "whole-way-notes.png")


@pytest.mark.engine
def test_hostile_notes_and_output_stay_text(house: Server, open_page: OpenPage, tidy: None) -> None:
    page = open_page(house.address)
    ask(page, "How do I print text from a container?")
    expect(page.locator(".dn-prose")).to_contain_text("<img src=x onerror=")
    page.locator(".dn-prose .dn-cite").first.click()
    expect(page.locator(".dn-lines")).to_contain_text("<img src=x onerror=")
    page.locator(".dn-card").first.get_by_role("button", name="Run", exact=True).click()
    output = page.locator(".dn-output")
    expect(output).to_contain_text('<img src=x onerror="window.pwned=1"><b>hello')
    expect(page.locator(".dn-end")).to_contain_text("exit code 0")
    to_tab(page, "Notes")
    page.get_by_role("button", name="House notes").first.click()
    expect(page.locator("#dn-reader")).to_contain_text("<script>window.pwned=1</script>")
    expect(page.locator("#dn-reader")).to_contain_text("image, not shown: pixel")
    assert page.locator(".dn-pane img, .dn-pane script, .dn-pane iframe").count() == 0


@pytest.mark.engine
def test_a_long_run_is_cancelled(house: Server, open_page: OpenPage, tidy: None) -> None:
    page = open_page(house.address)
    ask(page, "How do I let a container wait for five minutes?")
    card = page.locator(".dn-card", has_text="sleep 300").first
    card.get_by_role("button", name="Run", exact=True).click()
    card.get_by_role("button", name="Cancel").click()
    expect(page.locator(".dn-end")).to_contain_text("Cancelled")


@pytest.mark.engine
def test_a_person_types_to_a_program(house: Server, open_page: OpenPage, artifacts: Path, tidy: None) -> None:
    page = open_page(house.address)
    ask(page, "How do I open an interactive shell in a container to type commands in?")
    card = page.locator(".dn-card", has_text="docker run --rm -it busybox sh")
    card.get_by_role("button", name="Run", exact=True).click()
    field = page.get_by_label("Type a line for the program")
    field.fill("echo $((6 * 7)) $(stty size >/dev/null && echo terminal)")
    field.press("Enter")
    expect(page.locator(".dn-output")).to_contain_text("42 terminal")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    page.locator(".dn-typing").scroll_into_view_if_needed()
    page.screenshot(path=artifacts / "typing.png")
    field.fill("exit 3")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".dn-end")).to_contain_text("exit code 3")
    expect(field).to_have_count(0)


@pytest.mark.engine
def test_a_container_in_the_background(
    house: Server, open_page: OpenPage, artifacts: Path, tidy: None
) -> None:
    page = open_page(house.address)
    ask(page, "How do I start a web server in the background on a free port?")
    card = page.locator(".dn-card", has_text="docker run -d --rm")
    card.get_by_role("button", name="Run", exact=True).click()
    outcome = page.locator(".dn-outcome")
    link = outcome.get_by_role("link")
    expect(link).to_have_attribute("href", re.compile(r"http://127\.0\.0\.1:\d+"))
    outcome.get_by_role("button", name="Show its log").click()
    expect(outcome.get_by_role("log", name="The end of its log")).to_have_text("It wrote nothing.")
    page.screenshot(path=artifacts / "background.png")
    page.get_by_role("button", name="Take it back…").click()
    expect(page.locator(".dn-undo")).to_contain_text("removes: ")
    page.screenshot(path=artifacts / "undo.png")
    page.get_by_role("button", name="Take it back", exact=True).click()
    expect(outcome).to_contain_text("Taken back. Removed: ")


@pytest.mark.engine
def test_refused_and_host_commands_have_no_button(
    house: Server, open_page: OpenPage, artifacts: Path
) -> None:
    page = open_page(house.address)
    ask(page, "How do I mount the disk of the host into a container?")
    card = page.locator(".dn-card", has_text="/:/host").first
    expect(card).to_contain_text("Will not run")
    expect(card.locator("[data-do]")).to_have_count(0)
    page.screenshot(path=artifacts / "whole-way-refused.png")
    ask(page, "How do I restart the Docker service?")
    card = page.locator(".dn-card", has_text="systemctl").first
    expect(card).to_contain_text("For your own terminal")
    expect(card.locator("[data-do]")).to_have_count(0)


@pytest.mark.engine
def test_a_correction_a_run_and_an_answer_are_saved_and_found(
    house: Server, own_notes: Path, open_page: OpenPage, artifacts: Path, tidy: None
) -> None:
    page = open_page(house.address)
    counting = own_notes / "counting.md"
    ask(page, "How do I count to three in a container?")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.locator(".dn-diff")).to_contain_text(
        "-docker run -rm busybox seq 3\n+docker run --rm busybox seq 3"
    )
    page.screenshot(path=artifacts / "save-correction.png")
    assert counting.read_text() == SLIP
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("status").filter(has_text="counting.md.bak")).to_be_visible()
    assert counting.read_text() == SLIP.replace("-rm", "--rm")

    page.locator(".dn-card").get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".dn-output")).to_have_text("1\n2\n3\n")
    save(page, "Save this run", "counting.md", heading="How the blue whale counts", under="Whales")
    expect(page.locator(".dn-diff")).to_contain_text("+### How the blue whale counts")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("status").filter(has_text="next question")).to_have_count(2)
    save(page, "Save the answer", "mine", heading="Counting, as answered")
    page.screenshot(path=artifacts / "save-answer.png")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_role("status").filter(has_text="mine.md")).to_be_visible()
    assert "```bash\ndocker run --rm busybox seq 3\n```" in (own_notes / "mine.md").read_text()

    ask(page, "How does the blue whale count?")
    expect(page.locator(".dn-sources").last).to_contain_text("How the blue whale counts")


@pytest.mark.engine
def test_gaps_are_opened_read_and_forgotten(house: Server, open_page: OpenPage, artifacts: Path) -> None:
    page = open_page(house.address)
    ask(page, "how do i feed whales???")
    to_tab(page, "Notes")
    gaps = page.locator(".dn-gaps")
    gaps.locator("summary").click()
    item = gaps.locator("li", has_text="how do i feed whales???")
    page.screenshot(path=artifacts / "gaps.png")
    item.get_by_role("button", name="Counting › Whales").click()
    expect(page.locator("#dn-reader")).to_contain_text("Whales")
    item.get_by_role("button", name="Forget").click()
    expect(item).to_have_count(0)
    page.reload()
    to_tab(page, "Notes")
    expect(page.locator("#dn-tree")).to_contain_text("Chapters")
    expect(item).to_have_count(0)


@pytest.mark.engine
def test_what_a_model_proposes_waits_over_a_reload(
    serve: Serve, engine_address: str, open_page: OpenPage, artifacts: Path
) -> None:
    """A loopback server speaks for the model; page, agent, what it keeps and container are real."""
    line = "docker run --rm busybox echo proposed"
    proposal = Reply("I would try it.", calls=[("propose_command", json.dumps({"command": line}))])
    probe = (Reply(calls=[("search_notes", '{"query": "code word"}')]), Reply("kestrel"))
    script = Script(replies=[*probe, proposal, Reply("It printed what you saw.")])
    with serving(script) as url:
        settings = {"model": "openai:m", "model_url": url, "model_key": "k"}
        server = serve("tests.browser.standin", "agent", engine=engine_address, **settings)
        page = open_page(server.address, may_complain=True)  # of what a reload breaks off
        ask(page, "How do I try a container?")
        card = page.locator(".dn-card", has_text=line)
        expect(card).to_contain_text("Proposed by the chat model")
        expect(card).to_contain_text("Not in your notes")
        asked = len(script.requests)
        page.reload()
        expect(card).to_contain_text("Proposed by the chat model")
        page.screenshot(path=artifacts / "proposal.png")
        assert len(script.requests) == asked, "nothing went on without the person"
        card.get_by_role("button", name="Run", exact=True).click()
        expect(page.locator(".dn-output")).to_have_text("proposed\n")
        expect(page.locator(".dn-question").last).to_have_text(f"I ran {line}")
        expect(page.locator(".dn-answer").last).to_contain_text("It printed what you saw.")
        assert "proposed" in json.dumps(script.requests[-1]["messages"][-1])
        page.reload()
        expect(page.locator(".dn-answer").last).to_contain_text("It printed what you saw.")
        expect(card).not_to_contain_text("Proposed by the chat model")


def save(page: Page, button: str, file: str, *, heading: str, under: str = "") -> None:
    """Fills in the form of a saving and has the difference shown."""
    page.get_by_role("button", name=button).click()
    page.get_by_label("Heading", exact=True).fill(heading)
    page.get_by_label("Below the heading").fill(under)
    page.get_by_label("File in your notes").fill(file)
    page.keyboard.press("Enter")
    expect(page.locator(".dn-diff")).to_be_visible()


def test_without_an_engine_the_card_says_what_is_missing(
    serve: Serve, own_notes: Path, open_page: OpenPage, artifacts: Path, tmp_path: Path
) -> None:
    server = serve(engine=f"unix://{tmp_path}/none.sock", notes=str(own_notes))
    page = open_page(server.address)
    expect(page.locator("#dn-header")).to_contain_text("No Docker Engine")
    ask(page, "How do I print text from a container?")
    card = page.locator(".dn-card").first
    expect(card).to_contain_text("This needs a Docker Engine")
    expect(card.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    page.screenshot(path=artifacts / "whole-way-no-engine.png")
    card.get_by_role("button", name="Look again").click()
    expect(card).to_contain_text("This needs a Docker Engine")
