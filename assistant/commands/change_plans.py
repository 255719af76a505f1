"""Plans of the commands that change what is there: stop, rm, pull."""

from __future__ import annotations

from pathlib import Path

from assistant.commands import placeholders
from assistant.commands.grammar import Parsed
from assistant.commands.plan_parts import Parts, named_objects
from assistant.commands.quantities import parse_int
from assistant.commands.references import Reference, parse_reference
from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from assistant.values import Operation, PullImage, RemoveContainers, StopContainers
from knowledge.language import Text


def stop(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker stop``."""
    timeout, signal = parsed.last("timeout"), parsed.last("signal")
    seconds = parse_int("--timeout", timeout) if timeout is not None else None
    found = named_objects(parsed.args, "container")
    query = {"t": str(seconds)} if seconds is not None else {}
    query |= {"signal": signal} if signal else {}
    names = tuple(dict.fromkeys(name.removeprefix("/") for name in parsed.args))
    operations = tuple(Operation("POST", f"/containers/{name}/stop", query) for name in names)
    return Parts(StopContainers(names, seconds, signal or None), operations, found)


def rm(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker rm``."""
    if parsed.is_on("link"):
        raise UnsupportedCommandError(
            Text(
                en="`--link` removes a link of the legacy kind; docknotes does not deal with those.",
                zh="`--link` 删除的是旧式链接；docknotes 不处理这种链接。",
            ),
            word="--link",
        )
    found = named_objects(parsed.args, "container")
    query = {"force": "1"} if parsed.is_on("force") else {}
    query |= {"v": "1"} if parsed.is_on("volumes") else {}
    names = tuple(dict.fromkeys(name.removeprefix("/") for name in parsed.args))
    operations = tuple(Operation("DELETE", f"/containers/{name}", query) for name in names)
    action = RemoveContainers(names, parsed.is_on("force"), parsed.is_on("volumes"))
    return Parts(action, operations, found)


def pull(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker pull``."""
    (name,) = parsed.args
    platform = parsed.last("platform") or None
    if parsed.is_on("all-tags"):
        raise UnsupportedCommandError(
            Text(
                en="`--all-tags` downloads every tag of a repository, often hundreds of gigabytes; "
                "pull one tag.",
                zh="`--all-tags` 会下载仓库的所有标签，常常有数百 GB；请只拉取一个标签。",
            ),
            word="--all-tags",
        )
    found = placeholders.find_in(name, "image")
    quiet = parsed.is_on("quiet")
    if found:
        operation = Operation("POST", "/images/create", {"fromImage": name})
        return Parts(PullImage(name, platform, quiet), (operation,), found)
    reference = pulled(name)
    return Parts(
        PullImage(spelt_out(reference), platform, quiet), (pull_operation(reference, platform),), found
    )


def pulled(name: str) -> Reference:
    """The reference a pull of ``name`` fetches.

    Raises:
        CommandSyntaxError: it is no image name, or an id, which no registry knows.
    """
    if len(name) == 64 and set(name) <= set("0123456789abcdef"):
        raise CommandSyntaxError(
            Text(en="An image id cannot be pulled; name the image.", zh="不能按镜像 ID 拉取；请写镜像名。"),
            word=name,
        )
    return parse_reference(name)


def spelt_out(reference: Reference) -> str:
    """A reference with registry and tag or digest, as it is pulled."""
    if reference.digest:
        return f"{reference.repository}@{reference.digest}"
    return f"{reference.repository}:{reference.tag or 'latest'}"


def pull_operation(reference: Reference, platform: str | None) -> Operation:
    """The request of a pull."""
    query = {"fromImage": reference.repository, "tag": reference.digest or reference.tag or "latest"}
    query |= {"platform": platform} if platform else {}
    return Operation("POST", "/images/create", query)
