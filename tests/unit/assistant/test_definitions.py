"""What something is: its definition comes first, in the question's language where there is one."""

from __future__ import annotations

import pytest

from assistant.shapes.subjects import subject_of, subjects_of
from assistant.shapes.what import thing_of
from knowledge.library import Library
from tests.library import asked, library_of

NOTES = """# Notes

## Lists

List images and volumes, and see images again:

- An image can be removed; images take space.

## Words

- Image: a read-only template.
- 卷（volume）：独立于容器寿命的存储。

## Objects

| Object | Purpose |
| --- | --- |
| Pod | the smallest unit |
| Node | a machine |

## What a registry is

It is asked for images by everybody. Nothing runs there.

## Build

Do not forget the dot: it names the build context, the folder from which files are taken.
The host (the machine that runs everything) stays clean.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("library"), {"n.md": NOTES})


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("what is an image", "- Image: a read-only template. [1]"),
        ("镜像是什么", "- Image: a read-only template. [1]"),
        ("what is a volume?", "- 卷（volume）：独立于容器寿命的存储。 [1]"),
        ("what is a pod", "| Object | Purpose |\n| --- | --- |\n| Pod | the smallest unit |"),
        ("what is a registry", "- It is asked for images by everybody."),
        ("what is the build context", "- Do not forget the dot: it names the build context, the folder"),
        ("what's the host", "- The host (the machine that runs everything) stays clean."),
    ],
)
def test_the_definition_comes_first(library: Library, question: str, first: str) -> None:
    frame, said = asked(library, question).text.split("\n\n", 1)
    assert frame in {"Your notes say:", "你的笔记里写道："}
    assert said.strip().startswith(first)


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("what is a dangling image?", "dangling image"),
        ("镜像到底是个什么东西呀", "镜像"),
        ("什么是数据卷", "数据卷"),
        ("whats a registry", "registry"),
        ("what does OCI mean", "OCI"),
    ],
)
def test_the_thing_is_named_without_the_words_around_it(question: str, thing: str) -> None:
    assert thing_of(question) == thing


def test_a_name_is_known_in_both_languages_and_not_taken_for_a_longer_one(library: Library) -> None:
    volume = subject_of("数据卷", library)
    assert volume.is_named_by("volume")
    assert volume.is_named_by("卷（volume）")
    assert not volume.is_named_by("anonymous volume")
    flag = subject_of("-v", library)
    assert flag.is_named_by("`-v`（`--volume`）")
    assert not flag.is_named_by("`-v` is short; `--mount` is long")
    assert not flag.is_named_by("--volume-driver")


def test_a_word_is_an_instruction_a_command_or_a_thing_by_its_company(library: Library) -> None:
    assert [s.sort for s in subjects_of(["copy", "add"], library)] == ["instruction", "instruction"]
    assert [s.sort for s in subjects_of(["run", "start"], library)] == ["command", "command"]
    assert [s.sort for s in subjects_of(["RUN", "CMD"], library)] == ["instruction", "instruction"]
    assert subject_of("image", library).sort == "thing"
    assert not subject_of("run", library).is_named_by("`RUN`")
