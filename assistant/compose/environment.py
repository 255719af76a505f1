"""``environment`` and ``env_file`` of a service to values of ``-e``.

Source: Compose specification, services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.commands.files import guarded_path, read_inside
from assistant.compose import forms
from assistant.compose.interpolation import Variables, read_env
from assistant.compose.problems import WrongKeyError
from assistant.compose.volumes import Places


def environment(keys: Mapping[str, Any], places: Places, variables: Variables) -> list[str]:
    """The variables of a service as ``NAME=value``; those it names itself count more than its files'.

    Raises:
        WrongKeyError: a name without a value, or a file that cannot be read.
        UnsupportedCommandError: a file outside the workspace.
    """
    entries: dict[str, str | None] = {}
    for name, required in _files(keys.get("env_file")):
        entries |= _read(name, required, places, variables)
    entries |= forms.pairs(keys.get("environment"))
    found = []
    for name, content in entries.items():
        value = variables.values.get(name) if content is None else content
        if value is None:
            raise WrongKeyError(
                f"`{name}` has no value, so compose would copy it from this machine's environment; "
                f"write `{name}=value`, here or into the file `.env`.",
                f"`{name}` 没有值，compose 会从本机环境复制它；请在这里或 `.env` 中写成 `{name}=值`。",
            )
        found.append(f"{name}={value}")
    return found


def _files(value: Any) -> Iterator[tuple[str, bool]]:
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        entry = item if isinstance(item, dict) else {"path": item}
        forms.known_keys(entry, {"path", "required"}, "env_file.")
        yield forms.text(entry.get("path")), forms.switch(entry.get("required", True))


def _read(name: str, required: bool, places: Places, variables: Variables) -> dict[str, str | None]:
    path = guarded_path("env_file", places.on_host(name), places.workspace)
    try:
        content = read_inside(path, places.workspace)
    except FileNotFoundError:
        if not required:
            return {}
        raise WrongKeyError(f"the file `{name}` is not there.", f"文件 `{name}` 不存在。") from None
    except (OSError, ValueError) as error:
        raise WrongKeyError(
            f"the file `{name}` cannot be read: it must be a small text file in the workspace.",
            f"无法读取文件 `{name}`：它必须是工作区内的小型文本文件。",
        ) from error
    return read_env(content, variables.values)
