"""Variables in a compose file and in ``.env`` files.

They come from files of the workspace only, never from the environment docknotes runs in: that one holds
keys and passwords of the person. Source: Compose specification, interpolation and ``.env`` syntax.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.compose.problems import WrongKeyError

MOST_TEXT = 1024**2
"""Characters all values together may have once variables are put in."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \t]*(=)?[ \t]*(.*)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


@dataclass(slots=True)
class Variables:
    """The variables there are; ``missing`` collects those that were asked for and are not there."""

    values: Mapping[str, str]
    missing: dict[str, None] = field(default_factory=dict)
    written: int = 0

    def put_in(self, value: Any) -> Any:
        """A value of the file with variables put into all its texts; keys stay as they are.

        Raises:
            WrongKeyError: a variable is written wrong, or demanded by ``${NAME:?}`` and not there.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.put_in(item) for item in value]
        if isinstance(value, dict):
            return {key: self.put_in(item) for key, item in value.items()}
        return value

    def text(self, text: str) -> str:
        """One text with its variables put in; ``$$`` is a dollar sign."""
        made = self._expanded(text, 0)
        self.written += len(made)
        if self.written > MOST_TEXT:
            raise WrongKeyError(
                f"with its variables put in it holds more than {MOST_TEXT} characters.",
                f"代入变量后超过 {MOST_TEXT} 个字符。",
            )
        return made

    def _expanded(self, text: str, depth: int) -> str:
        if "$" not in text:
            return text
        if depth > 10:
            raise _wrong(text)
        pieces: list[str] = []
        at = 0
        while (dollar := text.find("$", at)) >= 0:
            pieces.append(text[at:dollar])
            piece, at = self._variable(text, dollar + 1, depth)
            pieces.append(piece)
        return "".join([*pieces, text[at:]])

    def _variable(self, text: str, at: int, depth: int) -> tuple[str, int]:
        """What stands for ``$…`` and where it ends."""
        if text.startswith("$", at):
            return "$", at + 1
        if match := _NAME.match(text, at):
            return self._plain(match.group()), match.end()
        if not text.startswith("{", at):
            raise _wrong(text)
        end = _closing(text, at)
        inner = text[at + 1 : end]
        match = _NAME.match(inner)
        if match is None:
            raise _wrong(text)
        name, rest = match.group(), inner[match.end() :]
        if not rest:
            return self._plain(name), end + 1
        return self._with_operator(text, name, rest, depth), end + 1

    def _plain(self, name: str) -> str:
        if name not in self.values:
            self.missing[name] = None
        return self.values.get(name, "")

    def _with_operator(self, text: str, name: str, rest: str, depth: int) -> str:
        operator = rest[:2] if rest[:1] == ":" else rest[:1]
        word = rest[len(operator) :]
        given = self.values.get(name)
        there = bool(given) if operator[0] == ":" else given is not None
        match operator[-1]:
            case "-":
                return given or "" if there else self._expanded(word, depth + 1)
            case "+":
                return self._expanded(word, depth + 1) if there else ""
            case "?" if there:
                return given or ""
            case "?":
                said = f" ({word})" if word else ""
                raise WrongKeyError(
                    f"the variable `{name}` is needed{said}; write it into the file `.env` beside the "
                    "compose file.",
                    f"需要变量 `{name}`{said}；请写入 compose 文件旁的 `.env` 文件。",
                )
        raise _wrong(text)


def _closing(text: str, at: int) -> int:
    depth = 0
    for position in range(at, len(text)):
        if text[position] == "{" and (position == at or text[position - 1] == "$"):
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
    raise _wrong(text)


def _wrong(text: str) -> WrongKeyError:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return WrongKeyError(
        f"`{shown}` holds a variable that is written wrong; write `${{NAME}}`, or `$$` for a dollar sign.",
        f"`{shown}` 中的变量写法有误；请写成 `${{NAME}}`，美元符号写成 `$$`。",
    )


# ---- .env


def read_env(text: str, known: Mapping[str, str]) -> dict[str, str | None]:
    """The variables of a ``.env`` file in order; None for a name without a value.

    Args:
        text: the file's text.
        known: variables that its values may use besides its own earlier ones.

    Raises:
        WrongKeyError: a line is none.
    """
    found: dict[str, str | None] = {}
    lines = iter(text.replace("\r\n", "\n").split("\n"))
    for line in lines:
        plain = line.strip()
        if not plain or plain.startswith("#"):
            continue
        match = _LINE.fullmatch(plain)
        if match is None:
            raise WrongKeyError(f"`{plain[:40]}` is no `NAME=value`.", f"`{plain[:40]}` 不是 `名称=值`。")
        name, equals, rest = match.groups()
        if not equals:
            found[name] = None
            continue
        while rest[:1] in {'"', "'"} and _quote_end(rest) < 0:
            following = next(lines, None)
            if following is None:
                raise WrongKeyError(f"the quote of `{name}` is open.", f"`{name}` 的引号没有闭合。")
            rest = f"{rest}\n{following}"
        here = {**known, **{key: value for key, value in found.items() if value is not None}}
        found[name] = _value(rest, here)
    return found


def _quote_end(text: str) -> int:
    """Where the quote that a text begins with ends; negative where it does not."""
    at = 1
    while at < len(text):
        if text[at] == "\\" and text[0] == '"':
            at += 1
        elif text[at] == text[0]:
            return at
        at += 1
    return -1


def _value(text: str, known: Mapping[str, str]) -> str:
    if text.startswith("'"):
        return text[1 : _quote_end(text)]
    if text.startswith('"'):
        inner = text[1 : _quote_end(text)]
        pieces = re.split(r"(\\.)", inner, flags=re.DOTALL)
        made = (_ESCAPES.get(p[1], p) if p[:1] == "\\" and p != "\\$" else p for p in pieces)
        return Variables(known).text("".join(made).replace("\\$", "$$"))
    plain = re.split(r"[ \t]+#", text, maxsplit=1)[0].rstrip() if not text.startswith("#") else ""
    return Variables(known).text(plain)
