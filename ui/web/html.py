"""Markup that is safe by construction: whatever is not markup already is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

_VOID = frozenset({"br", "hr", "input"})


class Html(str):
    """Markup built here; everything else that is text is escaped on its way in."""

    __slots__ = ()


Child: TypeAlias = str | Html | None
Attribute: TypeAlias = str | int | bool | None


def markup(child: Child) -> Html:
    """A child as markup: markup stays, text is escaped, None is nothing."""
    if child is None:
        return Html("")
    return child if isinstance(child, Html) else Html(escape(child, quote=True))


def join(children: Iterable[Child], between: str = "") -> Html:
    """Children one after the other."""
    return Html(markup(between).join(markup(child) for child in children))


def el(tag: str, *children: Child, **attributes: Attribute) -> Html:
    """An element. ``cls`` is the class, ``data_do`` becomes ``data-do``; None and False are left out."""
    words = [tag]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        name = "class" if key == "cls" else key.rstrip("_").replace("_", "-")
        words.append(name if value is True else f'{name}="{escape(str(value), quote=True)}"')
    opening = f"<{' '.join(words)}>"
    return Html(opening if tag in _VOID else f"{opening}{join(children)}</{tag}>")


def said(text: str) -> Html:
    """A sentence for the person, its `code` in backquotes as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return markup(text)
    return join(el("code", part) if n % 2 else part for n, part in enumerate(parts))
