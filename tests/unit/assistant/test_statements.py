"""Statements: what is worth quoting."""

from __future__ import annotations

import pytest

from assistant.statements import only_points


@pytest.mark.parametrize(
    "text",
    ["See section 3.", "(see the chapter below)", "See [volumes](volumes.md).", "见第 3 节。", "详见下文"],
)
def test_a_cross_reference_says_nothing_itself(text: str) -> None:
    assert only_points(text)


@pytest.mark.parametrize(
    "text",
    [
        "See which containers run with `docker ps`.",
        "See which containers run.",
        "A volume outlives its container. See section 3.",
        "常见的选项见下表，第一个是名称。",
        "Images are described in layers.",
    ],
)
def test_a_sentence_that_says_something_is_kept(text: str) -> None:
    assert not only_points(text)
