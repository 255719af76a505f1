"""Markup: nothing a note, a model or a container writes becomes active."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.html import Html, el, join, said
from ui.web.markdown import render

ALLOWED = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "pre",
    "code",
    "em",
    "strong",
    "s",
    "a",
} | {"span", "mark", "button", "br", "hr", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}


class Seen(HTMLParser):
    """The elements and attributes a browser would make of markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_text_is_escaped_and_markup_is_not() -> None:
    made = el("p", "<b> & \"'", el("b", "x"), None, cls="dn-x", data_do="run", disabled=True, hidden=False)
    assert made == '<p class="dn-x" data-do="run" disabled>&lt;b&gt; &amp; &quot;&#x27;<b>x</b></p>'
    assert join(["a<", Html("<br>")], ", ") == "a&lt;, <br>"


def test_code_in_sentences_is_set_as_code() -> None:
    assert said("use `-v <b>` here") == "use <code>-v &lt;b&gt;</code> here"
    assert said("one ` only <b>") == "one ` only &lt;b&gt;"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "text <img src=x onerror=alert(1)> text",
        "<iframe src=javascript:alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/pixel.png)",
        "![x](javascript:alert(1))",
        '[x](https://a.example "onmouseover=alert(1)")',
        '[x](https://a.example/"onmouseover="alert(1))',
        "<a href='javascript:alert(1)'>x</a>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "`</code><script>alert(1)</script>`",
        "==<img src=x onerror=alert(1)>==",
        "| <svg onload=alert(1)> |\n| --- |\n| <svg onload=alert(1)> |",
        "<form action=https://evil.example><input name=q></form>",
        '<https://evil.example/"onclick=alert(1)>',
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_hostile_markdown_becomes_text(hostile: str) -> None:
    _assert_tame(render(hostile, language="en"))


@given(st.text(alphabet="<>&\"'`=[]()!|-#*: \nhtps/javcriptx1", max_size=80))
def test_no_text_becomes_active(text: str) -> None:
    _assert_tame(render(text, language="en", cite="t", numbers=frozenset({1})))


def _assert_tame(markup: str) -> None:
    seen = Seen(markup)
    assert set(seen.tags) <= ALLOWED
    for name, value in seen.attributes:
        assert not name.startswith("on")
        if name == "href":
            assert value is not None
            assert re.match(r"https?://", value)
        assert name not in {"src", "srcset", "action", "formaction"}


def test_images_become_words_in_the_language() -> None:
    assert "图片未显示：截图" in render("![截图](./a.png)", language="zh")
    assert "<img" not in render("![截图](./a.png)", language="zh")


def test_web_links_open_by_themselves_and_others_are_text() -> None:
    link = render("[Docker](https://docs.docker.com/) and [file](./a.md)", language="en")
    assert 'href="https://docs.docker.com/"' in link
    assert 'rel="noopener noreferrer"' in link
    assert "<span>file</span>" in link


def test_citation_marks_become_buttons_only_where_there_is_such_a_citation() -> None:
    shown = render("a [1] b [2] `c [1]`", language="en", cite="turn", numbers=frozenset({1}))
    assert shown.count("<button") == 1
    assert 'data-turn="turn" data-n="1"' in shown
    assert "[2]" in shown
    assert "<code>c [1]</code>" in shown
    assert "<button" not in render("a [1]", language="en")


def test_marks_of_notes_and_of_searches_are_shown() -> None:
    assert "<mark>two</mark>" in render("one ==two== three", language="en")
    shown = render("see `docker ps` and docker", language="en", mark=re.compile("docker"))
    assert shown.count("<mark>docker</mark>") == 2


def test_cited_lines_are_marked() -> None:
    text = "first\n\nsecond\n\n```\ncode\n```\n"
    shown = render(text, language="en", highlight=(3, 3))
    assert '<p class="dn-hit">second</p>' in shown
    assert shown.count("dn-hit") == 1
    assert '<pre class="dn-hit">' in render(text, language="en", highlight=(6, 6))
