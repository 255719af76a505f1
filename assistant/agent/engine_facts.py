"""What a chat model may know of the Engine: names, images, states and ports. Nothing is changed.

Environment variables, labels, commands and mounts are left out: they hold secrets more often than
anything a question needs, and the model may be on another machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.errors import ExecutionError
from assistant.execution.clean import visible
from assistant.execution.gpu import verify_gpu
from assistant.execution.sandbox import Sandbox
from assistant.protocols import Engine
from assistant.values import Decision, JsonObject, Rung, Verdict

MOST = 30
"""Containers and images named at most."""

_MOST_CHARACTERS = 120
_SECRET = re.compile(
    r"(?i)\b((?:pass(?:word|wd)?|token|secret|api[-_]?key|key|auth)[=:])\S+|(://)[^/\s@]+@|\b(?:sk|ghp|glpat|xox[bp])-[\w-]{8,}"
)


def engine_facts(engine: Engine) -> str:
    """The Engine's version, containers and images, one a line; what is wrong where it does not answer."""
    try:
        info = engine.info()
        containers = engine.list_containers(all=True)
        images = engine.list_images()
    except ExecutionError as error:
        return f"No Engine answers: {error.text.en}"
    lines = [f"Docker Engine {info.version}, {info.operating_system}, {info.architecture}"]
    lines += _listed("containers", [_container(one) for one in containers])
    tags = [str(tag) for image in images for tag in image.get("RepoTags") or () if tag != "<none>:<none>"]
    lines += _listed("images", [shown(tag) for tag in tags])
    return "\n".join(lines)


def gpu_facts(sandbox: Sandbox) -> str:
    """The rungs of the GPU ladder that need no container; none is ever started here."""

    def asks(line: str) -> Verdict:
        """A container of the ladder always asks, whatever the profile says; and nobody says yes."""
        verdict = sandbox.review(line)
        return Verdict(verdict.line, verdict.kind, Decision.ASK, verdict.reasons, verdict.plan)

    rungs = [r for r in verify_gpu(sandbox, approve=lambda _: None, review=asks) if isinstance(r, Rung)]
    return "\n".join(_rung(rung) for rung in rungs)


def shown(text: str) -> str:
    """Text of the Engine fit for a model: on one line, not long, without what looks like a secret."""
    flat = visible(text)[:_MOST_CHARACTERS]
    return _SECRET.sub(lambda found: f"{found[1] or found[2] or ''}***", flat)


def _listed(what: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"{what} ({len(lines)}):" if lines else f"{what}: none"
    yield from (f"- {line}" for line in lines[:MOST])
    if len(lines) > MOST:
        yield f"- … and {len(lines) - MOST} more"


def _container(one: JsonObject) -> str:
    names = [str(name).removeprefix("/") for name in one.get("Names") or ()]
    ports = [
        f"{port.get('PublicPort')}->{port.get('PrivatePort')}"
        for port in one.get("Ports") or ()
        if port.get("PublicPort")
    ]
    parts = [
        names[0] if names else str(one.get("Id", ""))[:12],
        str(one.get("Image", "")),
        str(one.get("State", "")),
    ]
    return ", ".join(shown(part) for part in (*parts, *dict.fromkeys(ports)))


def _rung(rung: Rung) -> str:
    said = " ".join(filter(None, (shown(rung.evidence), rung.cause.en if rung.cause else "")))
    return f"{rung.number}. {rung.name.en}: {rung.state}" + (f" ({said})" if said else "")
