"""Messages in both languages."""

from __future__ import annotations

import pytest

from knowledge.language import Text


def test_a_message_is_filled_in_in_both_languages() -> None:
    assert Text("{name} is {what}.", "{name}：{what}。").filled(name="a{b}", what=1) == Text(
        "a{b} is 1.", "a{b}：1。"
    )


def test_a_message_with_a_field_left_open_is_an_error() -> None:
    with pytest.raises(KeyError):
        Text("{name}", "{name}").filled(what="x")
