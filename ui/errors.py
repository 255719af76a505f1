"""Errors of the user interface.

UiError
  SettingsError    a setting has a value that cannot be used
"""

from __future__ import annotations

from knowledge.language import Text


class UiError(Exception):
    """Base of the user interface's own errors; carries its message in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class SettingsError(UiError):
    """A setting has a value that cannot be used; the message names it."""
