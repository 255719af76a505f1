"""``build`` of a service as the ``docker build`` line that does it.

Source: Compose specification, build; docker CLI 28.2, ``docker build --help``.
"""

from __future__ import annotations

import os.path
import re
import shlex
from typing import Any

from assistant.commands.files import guarded_path
from assistant.compose import forms
from assistant.compose.problems import WrongKeyError
from assistant.compose.volumes import Places

_KEYS = {"context", "dockerfile", "args", "target", "labels", "no_cache", "pull"}
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git@|github\.com/|[^/]+\.git(?:#|$)|-$")


def build_line(value: Any, image: str, places: Places) -> str:
    """The line that builds the image of a service; its folder and Dockerfile lie in the workspace.

    Raises:
        WrongKeyError, UnsupportedCommandError: they do not, or the build would need more than its files.
    """
    spec = {"context": value} if isinstance(value, str) else forms.mapping(value)
    forms.known_keys(spec, _KEYS, "build.")
    context = forms.text(spec.get("context", "."))
    if _REMOTE.match(context):
        raise WrongKeyError(
            f"the Engine would fetch `{context}` from elsewhere; build from a folder of the workspace.",
            f"引擎会从别处获取 `{context}`；请使用工作区内的目录构建。",
        )
    folder = guarded_path("build", places.on_host(context), places.workspace)
    words = ["docker", "build", "-t", image]
    if "dockerfile" in spec:
        name = forms.text(spec["dockerfile"])
        written = name if name.startswith("/") else os.path.normpath(f"{folder}/{name}")
        words += ["-f", _in_workspace(guarded_path("build", written, places.workspace), places)]
    for flag, key in (("--build-arg", "args"), ("--label", "labels")):
        for name, text in forms.pairs(spec.get(key)).items():
            if text is None:
                raise WrongKeyError(
                    f"`{name}` has no value, so it would be copied from this machine's environment.",
                    f"`{name}` 没有值，会从本机环境复制。",
                )
            words += [flag, f"{name}={text}"]
    if spec.get("target"):
        words += ["--target", forms.text(spec["target"])]
    words += ["--no-cache"] if forms.switch(spec.get("no_cache", False)) else []
    words += ["--pull"] if forms.switch(spec.get("pull", False)) else []
    return shlex.join([*words, _in_workspace(folder, places)])


def _in_workspace(path: str, places: Places) -> str:
    """A path as a line names it, counted from the workspace."""
    return os.path.relpath(path, os.path.realpath(places.workspace))
