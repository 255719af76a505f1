"""Reads the policy: the shipped file, and a person's own on top of it; every fault with its key and line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from assistant.commands.policy_schema import ALWAYS_EMPTY, KEYS, Key, is_never, is_never_registry
from assistant.commands.policy_values import Policy, Profile
from assistant.errors import PolicyError
from knowledge.language import Text

MAX_FILE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a policy file; ``line`` counts from 1, 0 where it cannot be told."""

    key: str
    line: int
    text: Text


def load_policy(profile: Profile, path: Path | None = None) -> Policy:
    """The policy of a profile, with a person's own file on top.

    Raises:
        PolicyError: the file cannot be read, or something in it is wrong; the first fault is named.
    """
    values = shipped_values(profile)
    if path is not None:
        written = _read(path)
        faults = find_faults(written)
        if faults:
            raise PolicyError(_in_file(path, faults[0]))
        values = _merged(values, tomllib.loads(written))
    return _policy(profile, values)


def check_file(path: Path) -> tuple[Fault, ...]:
    """All faults of a policy file, in the order of their lines.

    Raises:
        PolicyError: the file cannot be read.
    """
    return find_faults(_read(path))


def shipped_values(profile: Profile) -> dict[str, Any]:
    """A shipped profile as plain data."""
    values = tomllib.loads(files("assistant").joinpath("data", "policy.toml").read_text(encoding="utf-8"))
    profiles = values.pop("profile")
    return _merged(values, profiles.get(profile, {}))


def find_faults(written: str) -> tuple[Fault, ...]:
    """All faults of the text of a person's policy file."""
    try:
        values = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        text = Text(f"this is no TOML: {error}", f"这不是有效的 TOML：{error}")
        return (Fault("", int(at[1]) if at else len(written.splitlines()), text),)
    found = [
        Fault(name, _line_of(written, name, value), text)
        for key, item in values.items()
        for name, value, text in _faults_of(key, item)
    ]
    return tuple(sorted(found, key=lambda fault: fault.line))


def _faults_of(key: str, value: Any) -> Iterator[tuple[str, Any, Text]]:
    """Dotted name, value at fault (None: the key itself) and what is wrong with it."""
    known = KEYS.get(key)
    if known is None:
        yield key, None, _NEVER if is_never(key) else _unknown(key)
    elif known.form in {"words", "numbers"}:
        if not isinstance(value, Mapping):
            yield key, None, Text("a table of names is needed", "应为一张表")
            return
        for name, item in value.items():
            if (text := _wrong_entry(known, name, item)) is not None:
                yield f"{key}.{name}", None, text
    elif (found := _wrong(key, known, value)) is not None:
        yield key, *found


def _wrong_entry(known: Key, name: str, value: Any) -> Text | None:
    ceiling = known.ceiling or {}
    if name not in ceiling:
        return _unknown(name, tuple(ceiling))
    if known.form == "words":
        if value in ceiling[name]:
            return None
        return _NEVER if value == "allow" else _one_of(ceiling[name])
    return _wrong_number(value, ceiling[name])


def _wrong(key: str, known: Key, value: Any) -> tuple[Any, Text] | None:
    if known.form == "names":
        return _wrong_names(key, known, value)
    if known.form == "switch":
        return (
            None if isinstance(value, bool) else (None, Text("true or false is needed", "应为 true 或 false"))
        )
    if known.form == "number":
        text = _wrong_number(value, (known.ceiling or {})[""])
        return None if text is None else (None, text)
    if known.form == "word":
        return None if value in (known.ceiling or {}) else (None, _one_of(tuple(known.ceiling or {})))
    return None


def _wrong_names(key: str, known: Key, value: Any) -> tuple[Any, Text] | None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None, Text("a list of texts is needed", "应为文本列表")
    for item in value:
        if key == "registries" and is_never_registry(item):
            return item, _NEVER
        if key == "sockets" and not item.startswith("/"):
            return item, Text("a path that begins with / is needed", "应为以 / 开头的路径")
        if known.ceiling is not None and item not in known.ceiling:
            return item, _NEVER
    return None


def _wrong_number(value: Any, most: int) -> Text | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most:
        return None
    return Text(f"a whole number from 0 to {most} is needed", f"应为 0 到 {most} 的整数")


def _one_of(names: tuple[str, ...]) -> Text:
    return Text("one of these is needed: " + ", ".join(names), "应为其中之一：" + "、".join(names))


_NEVER = Text(
    "this is on the list of what is never allowed, and no file can change that list",
    "它在永不允许之列，任何文件都不能改变这份清单",
)


def _unknown(name: str, names: tuple[str, ...] = tuple(KEYS)) -> Text:
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.4)
    if near:
        return Text(
            f"there is no such key; the nearest is `{near[0]}`", f"没有这个键；最接近的是 `{near[0]}`"
        )
    return Text(
        "there is no such key; there are: " + ", ".join(names), "没有这个键；可用的有：" + "、".join(names)
    )


def _line_of(written: str, name: str, value: Any) -> int:
    """The line a key stands in, or the one in its list where ``value`` does; 0 where neither is found."""
    table, _, key = name.rpartition(".")
    at, here = 0, ""
    for number, line in enumerate(written.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            here = re.sub(r"[\s\"']", "", header[1])
            at = number if here == name or here.startswith(f"{name}.") else at
        words = re.match(r"\s*([\w.\"'\- ]+?)\s*=", line)
        full = ".".join(filter(None, (here, re.sub(r"[\s\"']", "", words[1])))) if words else ""
        inline = here == "" and table and full == table and re.search(rf"\b{re.escape(key)}\b", line)
        if not at and (full == name or full.startswith(f"{name}.") or inline):
            at = number
        if at and (value is None or re.search(rf"[\"']{re.escape(str(value))}[\"']", line)):
            return number if value is not None else at
    return at


def _in_file(path: Path, fault: Fault) -> Text:
    key = (f" `{fault.key}`", f" `{fault.key}`") if fault.key else ("", "")
    return Text(
        f"The policy {path}, line {fault.line}{',' if fault.key else ''}{key[0]}: {fault.text.en}. "
        "`docknotes policy check` lists all faults.",
        f"策略文件 {path} 第 {fault.line} 行{key[1]}：{fault.text.zh}。"
        "`docknotes policy check` 会列出所有错误。",
    )


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("it is too large")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PolicyError(
            Text(
                f"The policy {path} cannot be read: {why}. Set DOCKNOTES_POLICY to a file of yours, or "
                "unset it.",
                f"无法读取策略文件 {path}：{why}。请把 DOCKNOTES_POLICY 设为可读的文件，或取消设置。",
            )
        ) from error


def _merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(values)
    for key, value in changes.items():
        if isinstance(value, Mapping):
            merged[key] = {**merged.get(key, {}), **value}
        elif KEYS[key].adds:
            merged[key] = [*merged[key], *(item for item in value if item not in merged[key])]
        else:
            merged[key] = value
    return merged


def _policy(profile: Profile, values: Mapping[str, Any]) -> Policy:
    given: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            given[key] = tuple(value.items())
        elif isinstance(value, list):
            given[key] = (*([""] if key in ALWAYS_EMPTY else []), *value)
        else:
            given[key] = value
    return Policy(profile=profile, **given)
