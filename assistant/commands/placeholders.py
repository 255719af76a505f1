"""Parts of a command that the person must fill in, found and typed."""

from __future__ import annotations

import re

from assistant.values import Placeholder, PlaceholderKind

_ANGLE = re.compile(r"<[^<>]+>")
_WORDS = r"(?:image|container|host|local|public|volume|network|file|folder|path|dir|directory|port|user|repo)"
_PATTERNS = (
    re.compile(r"(?:[Yy]our)[_-][\w.@-]+|YOUR[_-]?[A-Z][\w-]*", re.ASCII),
    re.compile(r"[A-Z][a-z]+(?:ID|Id|Name|Tag|Port|Path|Dir)|(?:Image|Container|Volume|Network)(?:name|id)"),
    re.compile(r"(?:IMAGE|CONTAINER|VOLUME|NETWORK|REPOSITORY|NAME|ID|TAG|PORT|PATH|DIR)(?:[_-][A-Z]+)*"),
    re.compile(r"/path/to(?:/[^\s:]*)?|/(?:your|YOUR)/[^\s:]+"),
    re.compile(r"X{3,}|x{3,}|\.{3}|…"),
    re.compile(r"[^\s:/]*[\u3400-\u9fff][^\s:/]*"),
    re.compile(rf"{_WORDS}[_-]?(?:id|name|port|path|dir|folder)", re.IGNORECASE),
)
_PORT = re.compile(r"[A-Za-z\u3400-\u9fff][\w\u3400-\u9fff-]*")
_KINDS: tuple[tuple[str, PlaceholderKind], ...] = (
    ("port|端口", "port"),
    ("path|dir|folder|file|目录|路径|文件", "path"),
    ("container|容器", "container"),
    ("image|镜像|repo", "image"),
)


def find_in(value: str, position: PlaceholderKind = "text") -> tuple[Placeholder, ...]:
    """The placeholders in one value; ``position`` is what docker takes in that place."""
    if position == "port":
        return _in_port(value)
    if found := _ANGLE.findall(value):
        return tuple(Placeholder(text, _kind(text, position)) for text in found)
    if _is_placeholder(value):
        return (Placeholder(value, _kind(value, position)),)
    if position == "path":
        front = value.split(":")[:2]
        return tuple(Placeholder(part, "path") for part in front if _is_placeholder(part))
    if position == "image":
        return _in_image(value)
    return ()


def _in_image(value: str) -> tuple[Placeholder, ...]:
    """Placeholders among the parts of an image's name, which is in lower case where it is real."""
    path, colon, tag = value.rpartition(":")
    if not colon or "/" in tag:
        path, tag = value, ""
    names = path.split("/")
    loud = r"[A-Z][A-Z0-9_-]+" if len(names) > 1 else "(?!)"
    waiting = [name for name in names if re.fullmatch(loud, name) or _is_placeholder(name)]
    found = [Placeholder(name, "image" if name == path else "text") for name in waiting]
    return (*found, Placeholder(tag, "text")) if tag and _is_placeholder(tag) else tuple(found)


def is_usage(value: str) -> bool:
    """Whether a word belongs to a usage line (``[OPTIONS]``, ``[REPOSITORY[:TAG]]``, ``...``)."""
    return bool(re.fullmatch(r"\[[A-Za-z][^\]]*\]*(?:\.\.\.)?\]?", value)) or value.endswith("...]")


def _in_port(value: str) -> tuple[Placeholder, ...]:
    if "=" in value:
        return ()
    parts = value.partition("/")[0].split(":")
    says_port = len(parts) > 1 or _ANGLE.search(value) or re.search("port|端口", value, re.IGNORECASE)
    named = any(_ANGLE.search(part) or _PORT.fullmatch(part) for part in parts[-2:])
    if len(parts) <= 3 and says_port and named:
        return (Placeholder(value, "port"),)
    return ()


def _is_placeholder(value: str) -> bool:
    return is_usage(value) or any(pattern.fullmatch(value) for pattern in _PATTERNS)


def _kind(text: str, position: PlaceholderKind) -> PlaceholderKind:
    if position != "text":
        return position
    for words, kind in _KINDS:
        if re.search(words, text, re.IGNORECASE):
            return kind
    return "text"
