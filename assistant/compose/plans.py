"""The plans of ``docker compose config``, ``up``, ``down``, ``ps`` and ``logs``.

Source: Compose specification; requests and labels of docker compose, Engine API v1.41 and later.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.commands.grammar import Parsed
from assistant.commands.plan_parts import Parts, filters_query
from assistant.commands.quantities import parse_int, parse_moment
from assistant.compose import labels
from assistant.compose.containers import containers_of, scales_of, up_requests, used_volumes
from assistant.compose.normal import normal_text
from assistant.compose.problems import FILE, Problems
from assistant.compose.project import (
    Project,
    Source,
    Wanted,
    in_order,
    project_name,
    read_project,
    read_source,
)
from assistant.errors import UnsupportedCommandError
from assistant.values import (
    ComposeCommand,
    Operation,
)
from knowledge.language import Text


def up(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker compose up``.

    Raises:
        ComposeError: with everything in the file that is wrong or not carried out.
        UnsupportedCommandError: an option that is not carried out.
    """
    _refuse(parsed, _UP_REFUSED)
    _only(parsed, _UP_FLAGS)
    source = read_source(workspace, _wanted(parsed))
    project = read_project(source)
    services = in_order(project, parsed.args, source.profiles)
    if parsed.is_on("build") and (lines := [item.build for item in services if item.build]):
        raise _build_first(lines)
    if parsed.is_on("no-deps"):
        services = [item for item in services if item.name in parsed.args]
    containers = containers_of(project, services, scales_of(parsed, project))
    used = {name for item in containers for name in item.networks}
    action = ComposeCommand(
        parsed.grammar.name,
        parsed.args,
        {name: tuple(values) for name, values in parsed.flags.items()},
        project=project.name,
        containers=containers,
        networks=tuple(item for item in project.networks.values() if item.name in used),
        volumes=used_volumes(project, services),
    )
    return Parts(action, tuple(up_requests(action)), (), _notes(project))


def _build_first(lines: Sequence[str]) -> UnsupportedCommandError:
    shown = "; ".join(lines)
    return UnsupportedCommandError(
        Text(
            f"`--build` is not carried out: images are built by lines of their own. Run first: {shown}. Then "
            "`up` without `--build`.",
            f"不支持 `--build`：镜像需要单独构建。请先运行：{shown}。然后运行不带 `--build` 的 `up`。",
        ),
        word="--build",
    )


_OWN = {"file", "profile", "env-file", "project-name", "ansi", "progress"}
_OWN |= {"verbose", "compatibility", "parallel"}
"""Options between `compose` and its subcommand that are carried out, or change nothing here."""
_UP_FLAGS = {
    "abort-on-container-exit", "build", "detach", "force-recreate", "no-build", "no-color", "no-deps",
    "no-log-prefix", "quiet-pull", "scale", "wait", "yes",
}  # fmt: skip
_UP_REFUSED = {
    "watch": Text("files are not watched here.", "这里不监视文件。"),
    "no-start": Text("containers are started here as they are made.", "这里创建容器后会立即启动。"),
}


def _refuse(parsed: Parsed, refused: dict[str, Text]) -> None:
    for flag, why in refused.items():
        if parsed.is_on(flag):
            raise UnsupportedCommandError(
                Text(f"`--{flag}` is not carried out: {why.en}", f"不支持 `--{flag}`：{why.zh}"),
                word=f"--{flag}",
            )


def _only(parsed: Parsed, flags: set[str]) -> None:
    """Passes where every option of the line is carried out, or changes nothing here."""
    for flag in parsed.flags:
        name = flag.removeprefix("compose ")
        if name not in (_OWN if name != flag else flags):
            raise UnsupportedCommandError(
                Text(f"`--{name}` is not carried out here.", f"这里不支持 `--{name}`。"), word=f"--{name}"
            )


def _wanted(parsed: Parsed) -> Wanted:
    files, env_files = parsed.all("compose file"), parsed.all("compose env-file")
    if len(files) > 1 or len(env_files) > 1:
        raise UnsupportedCommandError(
            Text(
                "Several files laid over each other are not carried out here; name one.",
                "这里不支持多个文件叠加；请只指定一个。",
            ),
            word="-f",
        )
    return Wanted(
        file=parsed.last("compose file"),
        project=parsed.last("compose project-name"),
        env_file=parsed.last("compose env-file"),
        profiles=tuple(parsed.all("compose profile")),
    )


def _notes(project: Project) -> tuple[Text, ...]:
    if not project.missing:
        return ()
    names = ", ".join(f"`{name}`" for name in project.missing[:10])
    return (
        Text(
            f"These variables stand in no `.env` file and count as empty: {names}. Variables of this "
            "machine's environment are never put into a compose file.",
            f"以下变量不在 `.env` 文件中，按空值处理：{names}。这里从不把本机环境变量代入 compose 文件。",
        ),
    )


# ---- the others


def _named_project(parsed: Parsed, workspace: Path) -> tuple[str, Source | None]:
    """The project a line means; its file is looked at for the name only."""
    wanted = _wanted(parsed)
    if wanted.project and wanted.file is None:
        problems = Problems()
        with problems.of(FILE, "name"):
            return project_name(wanted.project), None
        problems.check()
    source = read_source(workspace, wanted)
    return source.project, source


def _listing(project: str, *, every: bool) -> Operation:
    query = filters_query({"label": (f"{labels.PROJECT}={project}",)}) | ({"all": "1"} if every else {})
    return Operation("GET", "/containers/json", query)


def _reading(parsed: Parsed, project: str, operations: Sequence[Operation], **more: Any) -> Parts:
    flags = {name: tuple(values) for name, values in parsed.flags.items()}
    action = ComposeCommand(parsed.grammar.name, parsed.args, flags, project=project, **more)
    return Parts(action, tuple(operations))


def down(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker compose down``: which objects that means is looked up when the person is asked."""
    _refuse(parsed, {"remove-orphans": _ORPHANS})
    if parsed.last("rmi") is not None:
        raise UnsupportedCommandError(
            Text(
                "`--rmi` is not carried out: images stay; remove them with `docker rmi`.",
                "不支持 `--rmi`：镜像会保留；请用 `docker rmi` 删除。",
            ),
            word="--rmi",
        )
    _only(parsed, {"volumes", "timeout"})
    project, _ = _named_project(parsed, workspace)
    query = {"t": str(parse_int("--timeout", parsed.last("timeout") or ""))} if parsed.last("timeout") else {}
    operations = [
        _listing(project, every=True),
        Operation("POST", "/containers/{each}/stop", query),
        Operation("DELETE", "/containers/{each}", {"v": "1"}),
    ]
    if not parsed.args:
        operations.append(Operation("DELETE", "/networks/{each}"))
    if parsed.is_on("volumes"):
        operations.append(Operation("DELETE", "/volumes/{each}"))
    return _reading(parsed, project, operations)


_ORPHANS = Text(
    "all containers of the project that docknotes made go with `down` anyway.",
    "`down` 本来就会删除 docknotes 为该项目创建的所有容器。",
)


def ps(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker compose ps``."""
    _only(parsed, {"all", "quiet", "services", "no-trunc"})
    project, _ = _named_project(parsed, workspace)
    return _reading(parsed, project, [_listing(project, every=parsed.is_on("all"))])


def logs(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker compose logs``."""
    _only(parsed, {"follow", "tail", "timestamps", "since", "until", "no-color", "no-log-prefix"})
    project, _ = _named_project(parsed, workspace)
    query = {"stdout": "1", "stderr": "1", "tail": parsed.last("tail") or "all"}
    query |= {flag: "1" for flag in ("follow", "timestamps") if parsed.is_on(flag)}
    for flag in ("since", "until"):
        if value := parsed.last(flag):
            query[flag] = parse_moment(f"--{flag}", value, now=now)
    return _reading(
        parsed, project, [_listing(project, every=True), Operation("GET", "/containers/{each}/logs", query)]
    )


def config(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker compose config``: the file as understood; nothing is asked of the Engine."""
    _only(parsed, {"quiet", "services", "images", "volumes", "networks", "profiles"})
    source = read_source(workspace, _wanted(parsed))
    project = read_project(source)
    services = in_order(project, parsed.args, source.profiles)
    problems, text = Problems(), ""
    with problems.of(FILE, ""):
        text = normal_text(project, services, parsed)
    problems.check()
    parts = _reading(parsed, project.name, (), text=text)
    return Parts(parts.action, (), (), _notes(project))


BUILDERS = {
    "compose up": up,
    "compose down": down,
    "compose ps": ps,
    "compose logs": logs,
    "compose config": config,
}
"""Canonical name to builder."""
