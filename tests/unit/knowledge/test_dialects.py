"""Notes of every dialect: marks are no content, text and code are, and line numbers hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunks import chunk_note, plain_text, searched_text
from knowledge.dialects import as_commonmark
from knowledge.notes import note_from_text
from knowledge.sections import split_note


def blocks(text: str, name: str = "note.md") -> list[tuple[str, str]]:
    return [(b.kind, b.text) for s in split_note(note_from_text(text, name)) for b in s.blocks]


def code(text: str, name: str = "note.md") -> list[tuple[str, str, int, int]]:
    found = [b for s in split_note(note_from_text(text, name)) for b in s.blocks if b.kind == "code"]
    return [(b.info, b.text, b.first_line, b.last_line) for b in found]


def headings(text: str, name: str = "note.md") -> list[str]:
    return [" / ".join(s.headings) for s in split_note(note_from_text(text, name))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("> [!NOTE]\n> Ports stay closed.\n", "Ports stay closed."),
        ("> [!tip]- Good to know\n> Ports stay closed.\n", "Good to know\nPorts stay closed."),
        ("?> Ports stay closed.\n", "Ports stay closed."),
        ("!> 端口默认是关闭的。\n", "端口默认是关闭的。"),
        (":::tip\n\nPorts stay closed.\n\n:::\n", "Ports stay closed."),
        (":::note[Good to know]\n\nPorts stay closed.\n\n:::\n", "Good to know\nPorts stay closed."),
        ("::: warning 注意\n端口默认是关闭的。\n:::\n", "注意\n端口默认是关闭的。"),
        ("::::{.callout-note}\nPorts stay closed.\n::::\n", "Ports stay closed."),
        ("!!! note\n    Ports stay closed.\n", "Ports stay closed."),
        ('??? tip "Good to know"\n\n    Ports stay closed.\n', "Good to know\nPorts stay closed."),
        ('=== "Linux"\n\n    Ports stay closed.\n', "Linux\nPorts stay closed."),
        ("{{% notice warning %}}\nPorts stay closed.\n{{% /notice %}}\n", "Ports stay closed."),
        ('{{< tab "x" >}}Ports stay closed.{{< /tab >}}\n', "Ports stay closed."),
        ("{% raw %}\nPorts stay closed.\n{% endraw %}\n", "Ports stay closed."),
        ("```{note}\nPorts stay closed.\n```\n", "Ports stay closed."),
        ("Ports stay closed.\n{: .note }\n", "Ports stay closed."),
        ("<!-- tabs:start -->\n\nPorts stay closed.\n\n<!-- tabs:end -->\n", "Ports stay closed."),
        ("<!-- secret\nplan -->\nPorts stay closed.\n", "Ports stay closed."),
        ("Ports <!-- all of them --> stay closed.\n", "Ports  stay closed."),
        ("<script>\nvar secret = 1\n</script>\n\nPorts stay closed.\n", "Ports stay closed."),
        (
            "<details>\n<summary>Good to know</summary>\n\nPorts stay closed.\n</details>\n",
            "Good to know\nPorts stay closed.",
        ),
        ('<p align="center">Ports stay closed.</p>\n', "Ports stay closed."),
        ("Press <kbd>Ctrl</kbd>+<kbd>P</kbd>.\n", "Press Ctrl+P."),
        ("A &lt;name&gt; &amp; a port.\n", "A <name> & a port."),
        ("Ports\u200b stay closed.\n", "Ports stay closed."),
    ],
)
def test_the_text_of_callouts_and_containers_is_content_and_their_marks_are_not(text: str, said: str) -> None:
    assert "\n".join(t for _, t in blocks(text)) == said
    assert {kind for kind, _ in blocks(text)} == {"paragraph"}


@pytest.mark.parametrize(
    ("text", "info", "first", "last"),
    [
        ("```bash\ndocker ps\n```\n", "bash", 1, 3),
        ('```bash title="list.sh" {1,3}\ndocker ps\n```\n', "bash", 1, 3),
        ("~~~ sh\ndocker ps\n~~~\n", "sh", 1, 3),
        ("```bash\ndocker ps\n", "bash", 1, 2),
        ("Run:\n\n    docker ps\n", "", 3, 3),
        ("> > ```bash\n> > docker ps\n> > ```\n", "bash", 1, 3),
        ("1. Run:\n\n   ```bash\n   docker ps\n   ```\n", "bash", 3, 5),
        ("- ```bash\n  docker ps\n  ```\n", "bash", 1, 3),
        ('{{< highlight bash "linenos=table" >}}\ndocker ps\n{{< /highlight >}}\n', "bash", 1, 3),
        ("{% highlight bash %}\ndocker ps\n{% endhighlight %}\n", "bash", 1, 3),
        ("!!! note\n    Run:\n\n    ```bash\n    docker ps\n    ```\n", "bash", 4, 6),
        ("??? a\n    !!! b\n        ```bash\n        docker ps\n        ```\n", "bash", 3, 5),
        ('=== "Linux"\n\n    ```bash\n    docker ps\n    ```\n', "bash", 3, 5),
        (":::tip\n\n```bash\ndocker ps\n```\n\n:::\n", "bash", 3, 5),
        ("<details>\n<summary>x</summary>\n\n```bash\ndocker ps\n```\n</details>\n", "bash", 4, 6),
        ("<details><summary>x</summary>\n```bash\ndocker ps\n```\n</details>\n", "bash", 2, 4),
        ('<pre><code class="language-bash">docker ps\n</code></pre>\n', "bash", 1, 2),
        ("<pre>\ndocker ps\n\n</pre>\n", "", 1, 4),
    ],
)
def test_code_is_code_however_it_is_wrapped(text: str, info: str, first: int, last: int) -> None:
    ((found_info, found, found_first, found_last),) = code(text)
    assert (found_info, found.strip()) == (info, "docker ps")
    assert (found_first, found_last) == (first, last)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("##标题\n", "标题"),
        ("#标题\n", "标题"),
        ("##Volumes\n", "Volumes"),
        ("＃＃ 标题\n", "标题"),
        ("＃标题\n", "标题"),
        ("> ##标题\n", "标题"),
        ("## Volumes ##\n", "Volumes"),
        ("## Volumes {#volumes}\n", "Volumes"),
        ("## **Data** and `docker volume`\n", "Data and docker volume"),
        ('## <a name="v"></a>Volumes\n', "Volumes"),
        ("## [Volumes](https://example.org/v)\n", "Volumes"),
        ("## docker\\_compose\n", "docker_compose"),
        ("Volumes\n=======\n", "Volumes"),
        ("Volumes\n---\n", "Volumes"),
        ("## docker rm <container>\n", "docker rm <container>"),
        ("\ufeff## 标题\n", "标题"),
    ],
)
def test_a_heading_is_what_a_person_meant_as_one(text: str, title: str) -> None:
    assert headings(f"{text}\ntext\n")[0] == title


@pytest.mark.parametrize(
    "text",
    [
        "#docker\n",
        "#docker #镜像\n",
        "#!/bin/sh\n",
        "#123 修好了\n",
        "    ##标题\n",
        "```\n##标题\n```\n",
        "<pre>\n##标题\n</pre>\n",
    ],
)
def test_tags_comments_and_code_are_no_headings(text: str) -> None:
    assert headings(text) == ["note"]


def test_a_title_in_the_front_matter_stands_above_headings_of_the_second_level() -> None:
    text = "---\ntitle: Volumes\n---\n\nintro\n\n## Make one\n\nx\n\n### Named\n\nx\n\n## 2. Remove\n\nx\n"
    assert headings(text) == [
        "Volumes",
        "Volumes / Make one",
        "Volumes / Make one / Named",
        "Volumes / 2. Remove",
    ]
    assert headings("---\ntitle: T\n---\n# Real\n\nx\n") == ["Real"]


def test_text_after_a_forgotten_fence_end_is_text_again_at_the_next_heading() -> None:
    text = "# A\n\n```bash\ndocker ps\n\n## B\n\ntext\n\n```bash\ndocker images\n"
    assert headings(text) == ["A", "A / B"]
    assert [(b[1].strip(), b[2]) for b in code(text)] == [("docker ps", 3), ("docker images", 10)]


def test_a_fence_in_a_quote_or_list_ends_with_it() -> None:
    text = "> ```bash\n> docker ps\n\n##标题\n\n- ```bash\n  docker images\n\n##第二\n\n!!! note\n    text\n"
    assert headings(text) == ["note", "标题", "第二"]
    assert blocks(text)[-1] == ("paragraph", "text")


MDX = """---
title: Volumes
---
import Tabs from '@theme/Tabs';
import TabItem from '@theme/TabItem'
export const size = {
  big: 1,
};

<Tabs
  groupId="os"
  values={[{label: 'Linux'}]}>
  <TabItem value="linux" label="Linux">

    Start the Engine:

    ```bash
    docker ps
    ```

  </TabItem>
  <TabItem value="mac">Start Docker Desktop.</TabItem>
</Tabs>

{/* not said */}

<Note>Data stays.</Note>
"""


def test_mdx_is_its_text_and_code_without_imports_and_components() -> None:
    assert blocks(MDX, "v.mdx") == [
        ("paragraph", "Start the Engine:"),
        ("code", "docker ps"),
        ("paragraph", "Start Docker Desktop."),
        ("paragraph", "Data stays."),
    ]
    assert code(MDX, "v.mdx")[0][2:] == (17, 19)


def test_components_in_markdown_are_taken_off_and_placeholders_stay() -> None:
    text = "import Tabs from '@theme/Tabs';\n\n<Tabs>\n\ntext\n\n</Tabs>\n\n<ImageID>\n\nis a placeholder\n"
    assert [t for _, t in blocks(text)] == ["text", "<ImageID>", "is a placeholder"]


RST = """=======
Volumes
=======

.. _volumes:

Data outlives a container in a :ref:`named volume <named>`::

    docker volume create data

Then ``docker ps``.

Named
-----

.. code-block:: bash
   :linenos:

   docker run -v data:/data nginx

   docker ps

.. note:: Data stays.

   It is kept.

.. image:: shot.png
   :alt: not said

.. a comment
   not said

#. First:

   .. code-block:: console

      $ docker ps

Deep
~~~~

last
"""


def test_restructured_text_has_its_titles_code_and_text() -> None:
    assert headings(RST, "v.rst") == ["Volumes", "Volumes / Named", "Volumes / Named / Deep"]
    assert note_from_text(RST, "v.rst").title == "Volumes"
    assert [(info, text) for info, text, _, _ in code(RST, "v.rst")] == [
        ("", "docker volume create data"),
        ("bash", "docker run -v data:/data nginx\n\ndocker ps"),
        ("console", "$ docker ps"),
    ]
    said = "\n".join(t for kind, t in blocks(RST, "v.rst") if kind != "code")
    assert "named volume" in said
    assert "Data stays." in said
    assert "It is kept." in said
    assert "not said" not in said
    assert "_volumes" not in said
    lines = RST.split("\n")
    for _, text, first, last in code(RST, "v.rst"):
        assert text.split("\n")[0] in "\n".join(lines[first - 1 : last])


def test_html_tables_are_text_for_searching_and_exact_for_quoting() -> None:
    text = "# A\n\n<table>\n<tr><td>--rm</td><td>removes it &amp; its data</td></tr>\n</table>\n"
    note = note_from_text(text, "n.md")
    (chunk,) = chunk_note(note, split_note(note))
    assert chunk.text == note.quote(3, 5)
    assert "<t" not in searched_text(chunk)
    assert "--rm" in plain_text(chunk)
    assert "removes it & its data" in plain_text(chunk)


def test_pictures_in_html_and_badges_are_no_text_and_mere_tags_nothing() -> None:
    text = '<img src="a.png" alt="x">\n\n[![b](https://x/b.svg)](https://x)\n\n<br>\n\n<div>\n</div>\n'
    assert [kind for kind, _ in blocks(text)] == ["image", "image"]


def test_placeholders_are_not_taken_for_tags() -> None:
    (chunk,) = chunk_note(
        note := note_from_text(
            "Run `docker cp <source> <container>:<target>` and `docker rm <name>`.\n", "n.md"
        ),
        split_note(note),
    )
    assert searched_text(chunk) == chunk.text


_MARKED = """# H|##标题|text|- item|> quote|> [!NOTE]|```|~~~ sh|!!! note|    body|::: tip|:::|<!-- a|-->
<details>|</details>|<pre>|</pre>|{{< highlight sh >}}|{{< /highlight >}}|<Tabs>|</Tabs>|import a from 'b'
export const a = {|.. note::|::|====|----||   x|\ttab"""
_PIECES = st.sampled_from(_MARKED.replace("\n", "|").split("|"))


@given(st.lists(_PIECES, max_size=30), st.sampled_from(["n.md", "n.mdx", "n.rst", "n.txt"]))
def test_any_mixture_keeps_its_lines_and_its_words(lines: list[str], name: str) -> None:
    assert len(as_commonmark(lines, name)) == len(lines)
    note = note_from_text("\n".join(lines), name)
    sections = split_note(note)
    for chunk in chunk_note(note, sections):
        assert 1 <= chunk.first_line <= chunk.last_line <= len(note.lines)
        assert chunk.text == note.quote(chunk.first_line, chunk.last_line)
    if not any(mark in line for line in lines for mark in ("<!--", "export", "..")):
        held = "\n".join([*(b.text for s in sections for b in s.blocks), *(s.headings[-1] for s in sections)])
        assert held.count("text") >= lines.count("text")
