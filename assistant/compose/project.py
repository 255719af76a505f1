"""A whole compose file: found in the workspace, read, and put in the order its services start in.

Source: Compose specification; the names of files and objects as docker compose gives them.
"""

from __future__ import annotations

import difflib
import os.path
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.commands.files import guarded_path, read_inside
from assistant.compose import forms
from assistant.compose.interpolation import Variables, read_env
from assistant.compose.problems import FILE, Problems, WrongKeyError, top
from assistant.compose.service import Reading, Service, read_service
from assistant.compose.volumes import Places, listed_file
from assistant.compose.yaml_text import load
from assistant.values import ComposeObject
from knowledge.language import Text

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
MOST_SERVICES = 100
_OVERRIDES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml",
              "docker-compose.override.yaml")  # fmt: skip
_TOP = {"name", "version", "services", "networks", "volumes", "secrets", "configs"}
_PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_TAKEN = {"bridge", "host", "none", "default", "ingress", "docker_gwbridge"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line says of the file: its name, the project's, a file of variables, the profiles."""

    file: str | None = None
    project: str | None = None
    env_file: str | None = None
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, its variables put in, and nothing more looked at."""

    folder: Path
    workspace: Path
    data: dict[str, Any]
    project: str
    variables: Variables
    profiles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A file as understood: all services by name, and the networks and volumes it lists."""

    name: str
    services: Mapping[str, Service]
    networks: Mapping[str, ComposeObject]
    volumes: Mapping[str, ComposeObject]
    missing: tuple[str, ...] = ()
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_source(workspace: Path, wanted: Wanted) -> Source:
    """The file a line means.

    Raises:
        ComposeError: there is none, it cannot be read, or is no compose file.
        UnsupportedCommandError: it lies outside the workspace.
    """
    problems = Problems()
    with problems.of(FILE, ""):
        path = _found(workspace, wanted.file)
        folder = Path(path).parent
        known = _variables(folder, workspace, wanted.env_file)
        variables = Variables(known)
        data = forms.mapping(variables.put_in(load(_text(path, workspace))))
        profiles = (*wanted.profiles, *filter(None, known.get("COMPOSE_PROFILES", "").split(",")))
        name = _project_name(wanted.project or known.get("COMPOSE_PROJECT_NAME"), data.get("name"), folder)
        return Source(folder, workspace, data, name, variables, profiles)
    problems.check()
    raise AssertionError


def _found(workspace: Path, name: str | None) -> str:
    if name is not None:
        return guarded_path("-f", name, workspace)
    here = next((each for each in FILES if (Path(workspace) / each).exists()), None)
    if here is None:
        raise WrongKeyError(
            f"there is none in the workspace ({workspace}); it is called {', '.join(FILES)}, or is named "
            "with `-f`.",
            f"工作区（{workspace}）中没有；文件名应为 {'、'.join(FILES)}，或用 `-f` 指定。",
        )
    if other := next((each for each in _OVERRIDES if (Path(workspace) / each).exists()), None):
        raise WrongKeyError(
            f"`{other}` would be laid over `{here}`, which is not done here; name the one that counts with "
            f"`-f {here}`.",
            f"`{other}` 会覆盖 `{here}` 的内容，这里不支持；请用 `-f {here}` 指定要用的文件。",
        )
    return guarded_path("-f", here, workspace)


def _text(path: str, workspace: Path) -> str:
    try:
        return read_inside(path, workspace)
    except (OSError, ValueError) as error:
        name = os.path.relpath(path, os.path.realpath(workspace))
        raise WrongKeyError(
            f"`{name}` cannot be read: it must be a small text file in the workspace.",
            f"无法读取 `{name}`：它必须是工作区内的小型文本文件。",
        ) from error


def _variables(folder: Path, workspace: Path, name: str | None) -> dict[str, str]:
    """The variables of ``.env`` beside the file, or of the file that is named instead."""
    path = guarded_path("--env-file", name if name is not None else str(folder / ".env"), workspace)
    if name is None and not os.path.lexists(path):
        return {}
    found = read_env(_text(path, workspace), {})
    return {key: value for key, value in found.items() if value is not None}


def project_name(written: str) -> str:
    """A project's name as compose takes it.

    Raises:
        WrongKeyError: it is none.
    """
    if not _PROJECT.fullmatch(written) or len(written) > 63:
        raise WrongKeyError(
            f"`{written}` is no project name: small letters, digits, `-` and `_`, a letter or digit first.",
            f"`{written}` 不是有效的项目名：只能用小写字母、数字、`-` 和 `_`，并以字母或数字开头。",
        )
    return written


def _project_name(named: str | None, in_file: Any, folder: Path) -> str:
    if named:
        return project_name(named)
    if in_file is not None:
        return project_name(forms.text(in_file))
    plain = re.sub(r"[^a-z0-9_-]", "", folder.name.lower()).lstrip("_-")
    return plain[:63] or "project"


# ---- the whole file


def read_project(source: Source) -> Project:
    """The file as understood.

    Raises:
        ComposeError: with everything that is wrong with it, or not carried out.
    """
    problems = Problems()
    data = source.data
    for key in data:
        if key not in _TOP and not key.startswith("x-"):
            problems.say(FILE, key, Text("this key is not carried out here.", "这里不支持这个键。"))
    networks = _objects(source, "networks", problems)
    networks.setdefault("default", ComposeObject("default", f"{source.project}_default"))
    volumes = _objects(source, "volumes", problems)
    places = Places(source.folder, source.workspace, {key: item.name for key, item in volumes.items()})
    files = {kind: _files(data.get(kind), kind, places, problems) for kind in ("secrets", "configs")}
    reading = Reading(
        places,
        source.variables,
        {k: item.name for k, item in networks.items()},
        files,
        problems,
        source.project,
    )
    services: dict[str, Service] = {}
    with problems.of(FILE, "services"):
        listed = forms.mapping(data.get("services"))
        if not listed:
            raise WrongKeyError("there is none.", "没有任何服务。")
        if len(listed) > MOST_SERVICES:
            raise WrongKeyError(f"there are more than {MOST_SERVICES}.", f"超过 {MOST_SERVICES} 个。")
        for name, value in listed.items():
            if not _NAME.fullmatch(name):
                raise WrongKeyError(f"`{name}` is no name of a service.", f"`{name}` 不是有效的服务名。")
            services[name] = read_service(name, value, reading)
    problems.check()
    return Project(source.project, services, networks, volumes, tuple(source.variables.missing), files)


def _objects(source: Source, kind: str, problems: Problems) -> dict[str, ComposeObject]:
    """The networks or volumes the file lists."""
    found: dict[str, ComposeObject] = {}
    with problems.of(FILE, kind):
        for key, value in forms.mapping(source.data.get(kind)).items():
            with problems.of(top(kind), key):
                found[key] = _object(source.project, kind, key, value)
    return found


def _object(project: str, kind: str, key: str, value: Any) -> ComposeObject:
    entry = forms.mapping(value)
    if entry.get("driver_opts"):
        raise WrongKeyError(
            "`driver_opts` can mount any disk or folder of this machine, or open it to the network.",
            "`driver_opts` 可以挂载本机的任何磁盘或目录，或把它暴露到网络。",
        )
    if entry.get("driver") not in (None, "", "local" if kind == "volumes" else "bridge"):
        raise WrongKeyError(
            f"the driver `{entry['driver']}` is not carried out here.",
            f"这里不支持驱动 `{entry['driver']}`。",
        )
    known = {"name", "external", "driver", "driver_opts", "labels"}
    forms.known_keys(entry, known | ({"internal", "attachable"} if kind == "networks" else set()), "")
    external = entry.get("external", False)
    named = entry.get("name")
    if isinstance(external, dict):  # the older form, `external: {name: …}`
        named, external = external.get("name", key), True
    external = forms.switch(external)
    name = forms.text(named) if named is not None else key if external else f"{project}_{key}"
    if not _NAME.fullmatch(name) or (kind == "networks" and (name in _TAKEN or ":" in name)):
        raise WrongKeyError(f"`{name}` is no name it can have.", f"不能使用名称 `{name}`。")
    return ComposeObject(key, name, external, forms.switch(entry.get("internal", False)))


def _files(value: Any, kind: str, places: Places, problems: Problems) -> dict[str, str]:
    found: dict[str, str] = {}
    with problems.of(FILE, kind):
        for key, entry in forms.mapping(value).items():
            with problems.of(top(kind), key):
                found[key] = listed_file(entry, places)
    return found


# ---- which services, in which order


def in_order(project: Project, named: Sequence[str], profiles: Iterable[str]) -> list[Service]:
    """The services that take part, each after those it waits for.

    Args:
        project: the file.
        named: services named on the line; empty for all whose profiles fit.
        profiles: the profiles that are on.

    Raises:
        ComposeError: one is not there, or they wait for each other.
    """
    problems = Problems()
    on = set(profiles)
    chosen = list(named) or [
        name
        for name, item in project.services.items()
        if not item.profiles or "*" in on or on & set(item.profiles)
    ]
    ordered: dict[str, Service] = {}
    with problems.of(FILE, "depends_on" if not named else "services"):
        for name in chosen:
            _add(project, name, ordered, ())
    problems.check()
    return list(ordered.values())


def _add(project: Project, name: str, ordered: dict[str, Service], above: tuple[str, ...]) -> None:
    if name in ordered:
        return
    if name in above:
        circle = " → ".join([*above[above.index(name) :], name])
        raise WrongKeyError(f"services wait for each other: {circle}.", f"服务之间互相等待：{circle}。")
    if name not in project.services:
        near = difflib.get_close_matches(name, list(project.services), n=1)
        hint = (f" Did you mean `{near[0]}`?", f"是否想写 `{near[0]}`？") if near else ("", "")
        raise WrongKeyError(
            f"there is no service `{name}` in the file.{hint[0]}", f"文件中没有服务 `{name}`。{hint[1]}"
        )
    service = project.services[name]
    for other, (_, required) in service.needs.items():
        if required or other in project.services:
            _add(project, other, ordered, (*above, name))
    ordered[name] = service
