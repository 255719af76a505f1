"""Bytes to text: every encoding people have, and what is no text at all."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.decoding import decode
from knowledge.errors import NoteError
from knowledge.notes import note_from_text, read_note

SIMPLIFIED = "# 容器\n\n容器是镜像的一个运行实例，可以启动、停止和删除。\n"
TRADITIONAL = "# 容器\n\n容器是映像檔的執行個體，可以啟動、停止與刪除。網路與磁碟區。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_simplified_chinese_is_read_whatever_its_encoding(encoding: str) -> None:
    assert decode(SIMPLIFIED.encode(encoding), "n.md") == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "cp950", "gb18030", "utf-16-le", "utf-16-be"])
def test_traditional_chinese_is_read_whatever_its_encoding(encoding: str) -> None:
    assert decode(TRADITIONAL.encode(encoding), "n.md") == TRADITIONAL


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_english_in_utf16_without_its_mark_is_read(encoding: str) -> None:
    assert decode("# Volumes\n\ndata\n".encode(encoding), "n.md") == "# Volumes\n\ndata\n"


@given(
    st.text(
        st.sampled_from("容器是镜像的运行实例，。、：网络数据卷啟動停止刪除執行 docker-p80:\n"), min_size=1
    )
)
def test_gbk_is_never_taken_for_big5(text: str) -> None:
    text = f"器{text}"  # not UTF-8 by chance, as two or three characters of GBK can be
    assert decode(text.encode("gb18030"), "n.md") == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    assert decode(text.encode(), "n.md") == text.removeprefix("\ufeff")


def test_a_stray_zero_becomes_the_replacement_character() -> None:
    assert decode(b"# A\n\nbefore\0after\n", "n.md") == "# A\n\nbefore\ufffdafter\n"


def test_only_an_editors_line_ends_end_a_line() -> None:
    text = "one\r\ntwo\rthree\x0cstill three\u0085and\u2028on\x0bhere\nfour"
    assert note_from_text(text, "n.md").lines == (
        "one",
        "two",
        "three\x0cstill three\u0085and\u2028on\x0bhere",
        "four",
    )


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")


def _database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table t (a)")
    database.close()


def test_files_that_are_no_text_are_named_with_what_they_are(tmp_path: Path) -> None:
    makers: dict[str, Callable[[Path], object]] = {
        "PNG": lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        "PDF": lambda p: p.write_bytes(b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n"),
        "ZIP": _zip,
        "SQLite": _database,
        "gzip": lambda p: p.write_bytes(gzip.compress(b"text")),
    }
    for kind, make in makers.items():
        path = tmp_path / f"{kind}.md"
        make(path)
        with pytest.raises(NoteError) as caught:
            read_note(path, path.name)
        assert f"{kind}.md" in caught.value.text.en
        assert f"a {kind} file" in caught.value.text.en
        assert f"是 {kind} 文件" in caught.value.text.zh


def test_other_bytes_are_not_text() -> None:
    with pytest.raises(NoteError, match="is not text"):
        decode(bytes(range(256)) * 8, "n.md")


def test_an_unknown_encoding_says_what_to_do() -> None:
    with pytest.raises(NoteError, match="Save it as UTF-8"):
        decode("d\u00e9j\u00e0 vu, caf\u00e9 na\u00efve".encode("latin-1"), "n.md")
