"""What the page reports of a press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Act:
    """What the person pressed, as the page reports it: untrusted, so every value is checked."""

    def __init__(self, sent: object) -> None:
        self._data: Mapping[str, Any] = sent if isinstance(sent, Mapping) else {}

    def text(self, key: str) -> str:
        """A text value; empty where there is none."""
        value = self._data.get(key, "")
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """A whole number, sent as text or as a number."""
        value = self._data.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None

    def texts(self, key: str) -> list[str]:
        """A list of texts; anything else in it is left out."""
        value = self._data.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []

    def numbers(self, key: str) -> set[int]:
        """A list of whole numbers."""
        value = self._data.get(key)
        items = value if isinstance(value, list) else []
        return {item for item in items if isinstance(item, int) and not isinstance(item, bool)}
