"""What parts two things: tables and contrasts first, then each side, and what is not there is said."""

from __future__ import annotations

import re

import pytest

from assistant.composing import Draft
from assistant.kinds import kind_of
from assistant.shapes.differences import write_difference
from assistant.shapes.found import Found
from assistant.sides import sides_of
from knowledge.language import language_of
from knowledge.library import Library
from tests.library import asked, library_of, verdict

EN = """# Boats

## Sails and oars compared

| Drive | Works by | Wind needed |
| --- | --- | --- |
| Sail | wind | yes |
| Oar | arms | no |

An oar is a pole with a flat end.

## Set the sail

Sail before noon:

## Copying files

`COPY` and `ADD` both put files into the image; only `COPY` appears in these notes.

## docker start and docker exec

Start a stopped container again:

```bash
docker start web
```

- `docker exec`: runs a command in a running container.

## Words

- Image: a read-only template.
- Container: one running instance of an image.
- A container is started from an image, while an image is built from a Dockerfile.
"""
ZH = """# 船

## 停止和重启容器的区别

- 停止：进程结束。
- 重启：进程先结束再开始。

## 镜像

- 镜像（image）：只读的模板。
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"en.md": EN, "zh.md": ZH})


def test_a_table_that_holds_both_against_each_other_comes_first(library: Library) -> None:
    got = asked(library, "sail vs oar")
    assert got.text.startswith("Your notes say:\n\n\n| Drive | Works by |")
    assert "| Oar | arms | no |" in got.text
    assert "Sail before noon" not in got.text


def test_a_section_that_tells_of_both_is_shown_side_by_side(library: Library) -> None:
    got = asked(library, "停止和重启有什么区别")
    stop, again = got.text.index("**停止**"), got.text.index("**重启**")
    assert stop < got.text.index("进程结束") < again < got.text.index("先结束再开始")


def test_the_entry_of_each_stands_on_its_side(library: Library) -> None:
    got = asked(library, "image vs container")
    image, container = got.text.split("**container**")
    assert "- Image: a read-only template." in image
    assert container.strip().startswith("- Container: one running instance of an image.")


def test_a_command_is_told_by_the_line_that_introduces_it_and_never_by_half_of_it(library: Library) -> None:
    got = asked(library, "difference between docker start and docker exec")
    assert re.search(r"- `docker start web` \[\d\] — Start a stopped container again \[\d\]", got.text)
    assert "- `docker exec`: runs a command in a running container." in got.text
    assert "again: [" not in got.text


def test_what_the_notes_do_not_tell_of_one_side_is_said(library: Library) -> None:
    got = asked(library, "difference between COPY and ADD")
    assert "`COPY` and `ADD` both put files into the image" in got.text
    assert "Your notes say nothing more on" not in asked(library, "sail vs oar").text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("image vs flatpak", "Your notes do not mention “flatpak”.\n\n**image**\n\n- Image: a read-only"),
        ("镜像和快照包有什么区别", "你的笔记没有提到“快照包”。\n\n**镜像**\n\n- 镜像（image）：只读的模板。"),
    ],
)
def test_where_the_notes_know_one_side_only_that_is_said_and_the_side_is_told(
    library: Library, question: str, said: str
) -> None:
    hits, asked_ = library.matches(question, limit=50), library.asked(question)
    language = language_of(question)
    found = Found(question, hits, library, language, asked_, kind_of(question), [], [], [])
    draft = Draft(library, verdict, language, hits)
    assert write_difference(draft, found)
    assert draft.answer(question).text.startswith(said)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("bind mount vs volume", ("bind mount", "volume")),
        ("卷和绑定挂载有什么区别", ("卷", "绑定挂载")),
        ("run, start and exec: what's the difference", ("run", "start", "exec")),
        ("what is the difference between EXPOSE and -p?", ("EXPOSE", "-p")),
        ("how does a container differ from a virtual machine", ("container", "virtual machine")),
        ("stop和kill的区别是什么", ("stop", "kill")),
        ("-v 跟 --mount 到底有啥不同", ("-v", "--mount")),
        ("when should I use CMD and when ENTRYPOINT", ("CMD", "ENTRYPOINT")),
    ],
)
def test_the_things_are_named_without_the_words_around_them(question: str, sides: tuple[str, ...]) -> None:
    assert sides_of(question) == sides


def test_a_question_that_names_one_thing_has_no_sides() -> None:
    assert sides_of("what is different here") is None
    assert sides_of("") is None
