"""A line with its placeholders filled in, so that a value stays one word and never becomes a flag."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.commands.characters import is_hidden
from assistant.commands.lexer import lex
from assistant.commands.references import is_image_id, parse_reference
from assistant.errors import CommandSyntaxError
from assistant.values import Placeholder, PlaceholderKind
from knowledge.language import Text

MAX_VALUE = 1000
"""Longer values (in characters) are refused."""

_FORMS: dict[PlaceholderKind, re.Pattern[str]] = {
    "container": re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*"),
    "port": re.compile(r"[0-9][0-9.:]*(?:-[0-9]+)?(?::[0-9]+(?:-[0-9]+)?)?(?:/(?:tcp|udp|sctp))?"),
    "path": re.compile(r"[^:,\"\\]+"),
}
_WANTED: dict[PlaceholderKind, Text] = {
    "container": Text(en="a container's name or id is needed", zh="需要容器名或容器 ID"),
    "port": Text(en="a port such as `8080` or `8080:80` is needed", zh="需要端口，例如 `8080` 或 `8080:80`"),
    "path": Text(en="a path without `:`, `,` and quotes is needed", zh="需要不含 `:`、`,` 和引号的路径"),
    "image": Text(en="an image's name is needed", zh="需要镜像名"),
}


_HERE = "\ue000"
"""Stands for the workspace while a line is filled in; no line can hold it."""


def fill_line(line: str, placeholders: Sequence[Placeholder], values: Mapping[str, str]) -> str:
    """The line with each placeholder's value in its place, as many words as before.

    Args:
        line: the line as its plan has it.
        placeholders: the plan's.
        values: the person's, by the placeholder's text; those without a value stay as they are.

    Raises:
        CommandSyntaxError: a value that is empty, begins with ``-``, holds what cannot be seen, or is not of
            the placeholder's kind; or a line that cannot be read.
    """
    given = {part.text: _checked(part, values[part.text]) for part in placeholders if part.text in values}
    if not given:
        return line
    names = "|".join(_bounded(name) for name in sorted(given, key=len, reverse=True))
    pattern = re.compile(names)
    filled = []
    for word in lex(line, workspace=Path(_HERE)).words:
        text = pattern.sub(lambda found: given[found[0]], word.text)
        if text.startswith("-") and not word.text.startswith("-"):
            raise _bad(text, Text(en="it would be read as an option", zh="它会被当作选项"))
        filled.append(word.raw if text == word.text else _quoted(text))
    return " ".join(filled)


def _quoted(text: str) -> str:
    """One word for a shell; the workspace is written ``$PWD`` again."""
    return '"$PWD"'.join(shlex.quote(part) if part else "" for part in text.split(_HERE)) or "''"


def _bounded(name: str) -> str:
    """A name as a pattern: a plain word only where it is not a part of a longer one."""
    front = r"(?<!\w)" if name[0].isalnum() or name[0] == "_" else ""
    back = r"(?!\w)" if name[-1].isalnum() or name[-1] == "_" else ""
    return f"{front}{re.escape(name)}{back}"


def _checked(placeholder: Placeholder, value: str) -> str:
    value = value.strip()
    if not value or len(value) > MAX_VALUE:
        raise _bad(value[:40], Text(en="a value of sensible length is needed", zh="需要长度合理的值"))
    if value.startswith("-"):
        raise _bad(value, Text(en="it would be read as an option", zh="它会被当作选项"))
    if any(is_hidden(char) or char in "\t\n" for char in value):
        raise _bad(
            "".join(char if char.isprintable() else "�" for char in value),
            Text(en="it holds a character that cannot be seen", zh="其中含有看不见的字符"),
        )
    form = _FORMS.get(placeholder.kind)
    if form is not None and not form.fullmatch(value):
        raise _bad(value, _WANTED[placeholder.kind])
    if placeholder.kind == "image" and not is_image_id(value.removeprefix("sha256:")):
        try:
            parse_reference(value)
        except CommandSyntaxError as error:
            raise _bad(value, _WANTED["image"]) from error
    return value


def _bad(value: str, why: Text) -> CommandSyntaxError:
    return CommandSyntaxError(
        Text(en=f"`{value}` cannot be filled in: {why.en}.", zh=f"不能填入 `{value}`：{why.zh}。"), word=value
    )
