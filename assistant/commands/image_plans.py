"""Plans of the commands on images.

Source: requests of docker CLI 28.2, as observed (build: its builder without BuildKit); Engine API v1.50.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from typing import Any

from assistant.commands import placeholders, specs
from assistant.commands.files import guarded_path
from assistant.commands.grammar import Parsed
from assistant.commands.host_config import extra_host
from assistant.commands.plan_parts import Parts, filters_query, format_notes, other, read_filters
from assistant.commands.quantities import parse_bytes, parse_int
from assistant.commands.read_plans import platform_query
from assistant.commands.references import is_image_id, parse_reference
from assistant.errors import UnsupportedCommandError
from assistant.values import Operation, Placeholder
from knowledge.language import Text

_BUILD_NOTE = Text(
    en="These are the requests of docker's own builder; with BuildKit the client talks to it in another way.",
    zh="这里列出的是 docker 自带构建器的请求；使用 BuildKit 时客户端会以另一种方式通信。",
)


def _named(*names: str) -> tuple[Placeholder, ...]:
    """The placeholders among names of images.

    Raises:
        CommandSyntaxError: a name that no image can have.
    """
    found: list[Placeholder] = []
    for name in names:
        here = placeholders.find_in(name, "image")
        if not here and not is_image_id(name.removeprefix("sha256:")):
            parse_reference(name)
        found += here
    return tuple(found)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def push(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker push``."""
    (name,) = parsed.args
    if found := _named(name):
        return other(parsed, [Operation("POST", f"/images/{name}/push")], found)
    reference = parse_reference(name)
    query = {} if parsed.is_on("all-tags") else {"tag": reference.tag or "latest"}
    operation = Operation("POST", f"/images/{reference.repository}/push", query | platform_query(parsed))
    return other(parsed, [operation])


def tag(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker tag``."""
    source, target = parsed.args
    if found := _named(source, target):
        return other(parsed, [Operation("POST", f"/images/{source}/tag", {"repo": target})], found)
    reference = parse_reference(target)
    query = {"repo": reference.repository, "tag": reference.tag or "latest"}
    return other(parsed, [Operation("POST", f"/images/{source}/tag", query)])


def rmi(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker rmi``."""
    query = {"force": "1"} if parsed.is_on("force") else {}
    query |= {"noprune": "1"} if parsed.is_on("no-prune") else {}
    if parsed.all("platform"):
        query["platforms"] = platform_query(parsed)["platform"]
    operations = [Operation("DELETE", f"/images/{name}", query) for name in parsed.args]
    return other(parsed, operations, _named(*parsed.args))


def history(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker history``."""
    (name,) = parsed.args
    operation = Operation("GET", f"/images/{name}/history", platform_query(parsed))
    return other(parsed, [operation], _named(name), format_notes(parsed))


def save(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker save``; several names go into one query value, a comma between them."""
    if output := parsed.last("output"):
        guarded_path("--output", output, workspace)
    query = {"names": ",".join(parsed.args)} | platform_query(parsed)
    return other(parsed, [Operation("GET", "/images/get", query)], _named(*parsed.args))


def load(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker load``."""
    if source := parsed.last("input"):
        guarded_path("--input", source, workspace)
    query = {"quiet": "1" if parsed.is_on("quiet") else "0"} | platform_query(parsed)
    return other(parsed, [Operation("POST", "/images/load", query)])


def import_image(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker import`` of a file in the workspace."""
    source, *image = parsed.args
    _refuse_url("import", source)
    guarded_path("import", source, workspace)
    query = {"fromSrc": "-"} | ({"repo": image[0]} if image else {})
    query |= {"changes": ",".join(parsed.all("change"))} if parsed.all("change") else {}
    query |= {"message": parsed.last("message") or ""} if parsed.last("message") else {}
    query |= {"platform": parsed.last("platform") or ""} if parsed.last("platform") else {}
    return other(parsed, [Operation("POST", "/images/create", query)], _named(*image))


def _refuse_url(name: str, source: str) -> None:
    if re.match(r"(?:https?|git|ssh)://|git@|github\.com/", source) or source.endswith(".git"):
        raise UnsupportedCommandError(
            Text(
                en=f"`docker {name} {source}` would have the Engine fetch something from the network of "
                "this machine; download it first and name the file.",
                zh=f"`docker {name} {source}` 会让引擎用本机的网络去下载；请先自行下载，再写文件名。",
            ),
            word=source,
        )


def search(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker search``."""
    query = {"term": parsed.args[0]} | filters_query(read_filters(parsed.all("filter")))
    if (limit := parsed.last("limit")) is not None and parse_int("--limit", limit):
        query["limit"] = str(parse_int("--limit", limit))
    return other(parsed, [Operation("GET", "/images/search", query)], (), format_notes(parsed))


# ---- build

_TEXTS = {"networkmode": "network", "target": "target", "platform": "platform", "isolation": "isolation"} | {
    "cpusetcpus": "cpuset-cpus",
    "cpusetmems": "cpuset-mems",
    "cgroupparent": "cgroup-parent",
}
_SWITCHES = {"nocache": "no-cache", "pull": "pull", "q": "quiet", "forcerm": "force-rm", "squash": "squash"}
_COUNTS = {"cpushares": "cpu-shares", "cpuperiod": "cpu-period", "cpuquota": "cpu-quota"}
_SIZES = {"memory": "memory", "memswap": "memory-swap", "shmsize": "shm-size"}


def build(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker build`` of a folder in the workspace."""
    (context,) = parsed.args
    _refuse_url("build", context)
    if context == "-":
        raise UnsupportedCommandError(
            Text(
                en="`docker build -` reads from a pipe, and nothing is typed here; name a folder.",
                zh="`docker build -` 从管道读取，而这里没有输入；请写明目录。",
            ),
            word="-",
        )
    for flag in ("iidfile", "file"):
        if path := parsed.last(flag):
            guarded_path(f"--{flag}", path, workspace)
    if not (found := placeholders.find_in(context, "path")):
        guarded_path("build", context, workspace)
    for name in parsed.all("tag"):
        found += _named(name)
    return other(
        parsed, [Operation("POST", "/build", _build_query(parsed, workspace))], found, (_BUILD_NOTE,)
    )


def _build_query(parsed: Parsed, workspace: Path) -> dict[str, str]:
    query = {"version": "1", "dockerfile": _dockerfile(parsed, workspace)}
    query |= {key: value for key, flag in _TEXTS.items() if (value := parsed.last(flag))}
    query |= {key: "1" for key, flag in _SWITCHES.items() if parsed.is_on(flag)}
    numbers = {key: parse_int(f"--{flag}", parsed.last(flag) or "0") for key, flag in _COUNTS.items()}
    numbers |= {key: parse_bytes(f"--{flag}", parsed.last(flag) or "0") for key, flag in _SIZES.items()}
    query |= {key: str(number) for key, number in numbers.items() if number}
    if parsed.last("rm") is not None and not parsed.is_on("rm"):
        query["rm"] = "0"
    pairs = {"buildargs": _pairs(parsed.all("build-arg"), bare=None)} | {
        "labels": _pairs(parsed.all("label"), bare="")
    }
    query |= {key: _compact(value) for key, value in pairs.items() if value}
    sources = [
        field for value in parsed.all("cache-from") for field in specs.csv_fields("--cache-from", value)
    ]
    query |= {"cachefrom": _compact(sources)} if sources else {}
    limits = [specs.parse_ulimit(value) for value in parsed.all("ulimit")]
    query |= {"ulimits": _compact(limits)} if limits else {}
    lists = {"t": parsed.all("tag"), "extrahosts": [extra_host(host) for host in parsed.all("add-host")]}
    lists["securityopt"] = parsed.all("security-opt")
    return query | {key: ",".join(values) for key, values in lists.items() if values}


def _pairs(values: list[str], *, bare: str | None) -> dict[str, str | None]:
    """``NAME=value`` by name; ``bare`` is the value of a name alone."""
    parts = (value.partition("=") for value in values)
    return {name: value if equals else bare for name, equals, value in sorted(parts)}


def _dockerfile(parsed: Parsed, workspace: Path) -> str:
    """The Dockerfile's path as the Engine gets it: from the context."""
    written = parsed.last("file")
    if not written:
        return "Dockerfile"
    folder = str(workspace)
    return posixpath.relpath(posixpath.join(folder, written), posixpath.join(folder, parsed.args[0]))
