"""Slips in questions are mended; words that are right, or like nothing known, stay as they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.chunks import chunk_note
from knowledge.keywords import KeywordIndex
from knowledge.notes import note_from_text
from knowledge.sections import split_note

NOTE = note_from_text(
    "# Images\n\nA dangling image has no tag. Install the nvidia-container-toolkit on Ubuntu.\n"
    "\n## 日志\n\n日志会写满磁盘。\n",
    "a.md",
)
KEYWORDS = KeywordIndex(chunk_note(NOTE, split_note(NOTE)))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("wher is the dangeling image", "wher is the dangling image"),
        ("instal it on Ubunut", "install it on ubuntu"),
        ("how to sotp a contianer", "how to stop a container"),
        ("nvida-contaner-tookit", "nvidia-container-toolkit"),
        ("怎么听止容气", "怎么停止容器"),
        ("端口印射怎么写", "端口映射怎么写"),
        ("推宋境像到仓褲", "推送镜像到仓库"),
        ("rongqi 怎么删", "容器 怎么删"),
    ],
)
def test_a_slip_is_mended(asked: str, meant: str) -> None:
    assert KEYWORDS.mended(asked) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "uninstall the images",  # the opposite of a word that stands there
        "a quicker installer",  # another form of a known word
        "how do I bake bread",  # like nothing known
        "cook rice in a pot",  # four letters: too many neighbours
        "tag v1.2 of ubuntu:22.04 at ./imgae",  # versions, references and paths are no words
        "容器和镜像",
        "日志写满磁盘",
        "今天天气好不好",
        "",
    ],
)
def test_what_is_right_or_like_nothing_known_stays(asked: str) -> None:
    assert KEYWORDS.mended(asked) == asked


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("容器气镜象推宋contianer -./")))
def test_nothing_but_letters_changes(asked: str) -> None:
    def rest(text: str) -> str:
        return re.sub(r"[A-Za-z㐀-鿿豈-﫿]+", "", text)

    assert rest(KEYWORDS.mended(asked)) == rest(asked)
