"""The text of a compose file to plain values: bounded, without code, without doubled keys.

Scalars are read as YAML 1.2 reads them, as compose does: ``no`` and ``22:22`` are texts.
Source: YAML 1.2.2, section 10.3 (core schema), and the merge key of YAML 1.1.
"""

from __future__ import annotations

import re
from typing import Any

from assistant.compose.problems import WrongKeyError

MOST_VALUES = 20_000
"""Aliases count each time they are used, so that a few of them cannot stand for billions of values."""
MOST_DEPTH = 40

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TRUE, _FALSE, _NULL = (
    {"true", "True", "TRUE"},
    {"false", "False", "FALSE"},
    {"", "~", "null", "Null", "NULL"},
)
_TAG = "tag:yaml.org,2002:"
_PLAIN = frozenset({"str", "int", "float", "bool", "null", "seq", "map", "merge", "timestamp", "value"})


def load(text: str) -> Any:
    """The one value in a text.

    Raises:
        WrongKeyError: it is no YAML, holds more than one document, a tag, a doubled key, or stands for
            more values than a compose file needs.
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at, at_zh = ("", "") if line is None else (f" (line {line + 1})", f"（第 {line + 1} 行）")
        raise WrongKeyError(f"it is no valid YAML{at}.", f"不是有效的 YAML{at_zh}。") from error
    except RecursionError as error:
        raise _too_much() from error
    return None if node is None else _Plain().value(node, 0)


def _too_much() -> WrongKeyError:
    return WrongKeyError(
        f"it stands for more than {MOST_VALUES} values or is nested deeper than {MOST_DEPTH} levels, aliases "
        "counted each time.",
        f"展开别名后包含超过 {MOST_VALUES} 个值，或嵌套超过 {MOST_DEPTH} 层。",
    )


class _Plain:
    """Nodes to values; counts what it visits."""

    def __init__(self) -> None:
        self.visited = 0

    def value(self, node: Any, depth: int) -> Any:
        import yaml

        self.visited += 1
        if self.visited > MOST_VALUES or depth > MOST_DEPTH:
            raise _too_much()
        kind = node.tag.removeprefix(_TAG)
        if not node.tag.startswith(_TAG) or kind not in _PLAIN:
            raise WrongKeyError(
                f"the tag `{node.tag}` is not read; write plain values.",
                f"不读取标签 `{node.tag}`；请写普通的值。",
            )
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return node.value if node.style else scalar(node.value)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        own: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            value = self.value(value_node, depth + 1)
            if key_node.tag == f"{_TAG}merge":
                for part in value if isinstance(value, list) else [value]:
                    if not isinstance(part, dict):
                        raise WrongKeyError("`<<` needs a mapping.", "`<<` 后面应为映射。")
                    merged = {**part, **merged}
            elif key in own:
                raise WrongKeyError(f"the key `{key}` stands there twice.", f"键 `{key}` 出现了两次。")
            else:
                own[key] = value
        return {**merged, **own}

    def _key(self, node: Any) -> str:
        if not isinstance(node.value, str):
            raise WrongKeyError("a key must be a word.", "键必须是单词。")
        return node.value


def scalar(text: str) -> Any:
    """A plain scalar as YAML 1.2 reads it; also used for text that variables were put into."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if len(text) <= 40 and _INT.fullmatch(text):
        return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
    if len(text) <= 40 and _FLOAT.fullmatch(text):
        return float(text)
    return text
