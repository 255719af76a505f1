"""The plan of ``docker run``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from assistant.commands import placeholders
from assistant.commands.change_plans import pull_operation, pulled
from assistant.commands.create import create_body
from assistant.commands.grammar import Parsed
from assistant.commands.hints import hints
from assistant.commands.plan_parts import Parts
from assistant.commands.quantities import bad
from assistant.commands.references import is_image_id, parse_reference
from assistant.errors import UnsupportedCommandError
from assistant.values import Operation, Placeholder, PlaceholderKind, RunContainer
from knowledge.language import Text

_POSITIONS: tuple[tuple[str, PlaceholderKind], ...] = (
    ("publish", "port"),
    ("volume", "path"),
    ("mount", "path"),
    ("name", "text"),
    ("env", "text"),
    ("network", "text"),
    ("hostname", "text"),
    ("user", "text"),
    ("workdir", "path"),
    ("memory", "text"),
    ("cpus", "text"),
    ("gpus", "text"),
)
_NAMED = frozenset({"name", "network", "hostname"})
"""Flags whose values are ASCII where they are real."""

_TERMINAL_NOTE = Text(
    en="You can type to this container while it runs; in a script, where nobody types, its input ends "
    "at once.",
    zh="运行期间可以向这个容器输入内容。在脚本里没有人输入时，它的输入会立即结束。",
)


def run(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker run``.

    Raises:
        CommandSyntaxError: a value the docker CLI would not take.
        UnsupportedCommandError: a flag that needs what the sandbox never gives.
    """
    _refuse_client_side(parsed)
    image, name, platform = parsed.args[0], parsed.last("name") or None, parsed.last("platform") or None
    found = placeholders_of(parsed)
    if not placeholders.find_in(image, "image") and not is_image_id(image):
        parse_reference(image)
    body = create_body(parsed, workspace)
    action = RunContainer(
        image=image,
        body=body,
        name=name,
        platform=platform,
        detach=parsed.is_on("detach"),
        interactive=parsed.is_on("interactive"),
        tty=parsed.is_on("tty"),
        remove=parsed.is_on("rm"),
        pull=_pull(parsed),
    )
    return Parts(
        action, _operations(action, body, parsed.last("detach-keys") or ""), found, _client_notes(parsed)
    )


def create(parsed: Parsed, workspace: Path, now: float) -> Parts:
    """``docker create``: the first requests of ``docker run``, and no more."""
    parts = run(parsed, workspace, now)
    assert isinstance(parts.action, RunContainer)  # noqa: S101 (that is what run makes)
    operations = tuple(operation for operation in parts.operations if operation.path in _CREATES)
    return Parts(replace(parts.action, start=False), operations, parts.placeholders, hints(parsed))


_CREATES = frozenset({"/containers/create", "/images/create"})


def _pull(parsed: Parsed) -> Literal["always", "missing", "never"]:
    match parsed.last("pull") or "missing":
        case "always":
            return "always"
        case "missing":
            return "missing"
        case "never":
            return "never"
        case other:
            raise bad("--pull", other, "always, missing or never is needed", "应为 always、missing 或 never")


def _operations(action: RunContainer, body: dict[str, Any], detach_keys: str) -> tuple[Operation, ...]:
    query = {"name": action.name} if action.name else {}
    query |= {"platform": action.platform} if action.platform else {}
    operations = [Operation("POST", "/containers/create", query, as_written=body)]
    if action.pull == "always" and not placeholders.find_in(action.image, "image"):
        operations.insert(0, pull_operation(pulled(action.image), action.platform))
    streams = {name: "1" for name in ("stdin", "stdout", "stderr") if body[f"Attach{name.capitalize()}"]}
    if streams:
        query = {"stream": "1", **streams} | ({"detachKeys": detach_keys} if detach_keys else {})
        operations.append(Operation("POST", "/containers/{container}/attach", query))
    condition = "removed" if action.remove else "next-exit"
    operations.append(Operation("POST", "/containers/{container}/wait", {"condition": condition}))
    operations.append(Operation("POST", "/containers/{container}/start"))
    return tuple(operations)


def _refuse_client_side(parsed: Parsed) -> None:
    if parsed.is_on("use-api-socket"):
        raise UnsupportedCommandError(
            Text(
                en="`--use-api-socket` hands the Engine's socket to the container: it would rule "
                "this machine.",
                zh="`--use-api-socket` 会把引擎的套接字交给容器：容器就能控制本机。",
            ),
            word="--use-api-socket",
        )
    if parsed.last("cidfile"):
        raise UnsupportedCommandError(
            Text(
                en="`--cidfile` would write a file on this machine; leave it out, the container's "
                "id is shown anyway.",
                zh="`--cidfile` 会在本机写入文件；请去掉它，容器 ID 本来就会显示。",
            ),
            word="--cidfile",
        )


# ---- what the person should know


def placeholders_of(parsed: Parsed) -> tuple[Placeholder, ...]:
    """The parts of a line that are still to be filled in."""
    found: list[Placeholder] = []
    for flag, position in _POSITIONS:
        for value in parsed.all(flag):
            if flag == "env":
                value = value.partition("=")[2]  # noqa: PLW2901 (only the value can wait to be filled in)
            named = flag in _NAMED and not value.isascii()
            free = position == "text" and not named
            found += _marked(value) if free else placeholders.find_in(value, position)
    image, *command = parsed.args
    found += placeholders.find_in(image, "image")
    for word in command:
        found += _marked(word)
    return tuple(found)


def _marked(value: str) -> tuple[Placeholder, ...]:
    """Placeholders in free text: only unmistakable ones (``<name>``, ``--user=<name>``, ``YOUR_KEY``).

    Angle brackets within other text are HTML or code, not something to fill in.
    """
    if _WHOLE.search(value) or re.fullmatch(r"YOUR_\w+|[Yy]our[_-]\S+|X{3,}|" + _BRACKETED, value):
        return placeholders.find_in(value, "text")
    return ()


_BRACKETED = r"[\[{【][^\[\]{}【】]*[\u3400-\u9fff][^\[\]{}【】]*[\]}】]"
_WHOLE = re.compile(r"(?:^|[=:/@,])<[A-Za-z_\u3400-\u9fff][\w\u3400-\u9fff .-]*>(?=$|[=:/@,])")


def _client_notes(parsed: Parsed) -> tuple[Text, ...]:
    notes = (_TERMINAL_NOTE,) if parsed.is_on("interactive") and not parsed.is_on("detach") else ()
    return (*notes, *hints(parsed))
