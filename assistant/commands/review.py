"""Any line to a verdict: docker lines planned, judged and bounded, the rest refused with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from assistant.commands.bounds import bound
from assistant.commands.host_lines import is_host_line
from assistant.commands.plan import plan_line
from assistant.commands.policy import Policy, check_body, judge, networks_of
from assistant.compose.problems import ComposeError
from assistant.config import Limits
from assistant.errors import CommandError, UnsupportedCommandError
from assistant.values import CommandKind, Decision, Plan, Reason, Verdict
from knowledge.language import Text

_HOST = Text(
    en="This line is for a shell of this machine. docknotes never runs such lines; copy it to a terminal, "
    "or try it in a container with `docknotes rehearse`.",
    zh="这一行要在本机的 shell 中运行。docknotes 从不执行这类命令；请复制到终端运行，"
    "或用 `docknotes rehearse` 在容器中演练。",
)
_FILL_IN = Text(
    en="Something is still to be filled in: {parts}.",
    zh="还有内容需要填写：{parts}。",
)


def review(
    line: str, *, policy: Policy, limits: Limits, workspace: Path, now: float | None = None
) -> Verdict:
    """The verdict on one line; never raises, whatever the text is."""
    if is_host_line(line):
        return Verdict(_shown(line), "host", Decision.REFUSE, (Reason("host", _HOST),))
    try:
        plan = plan_line(line, workspace=workspace, now=now)
    except ComposeError as error:
        return replace(_refused(line, "docker", "compose", error), reasons=error.reasons)
    except UnsupportedCommandError as error:
        return _refused(line, "docker", "unsupported", error)
    except CommandError as error:
        return _refused(line, "invalid", "syntax", error)
    return review_plan(plan, policy=policy, limits=limits, workspace=workspace)


def review_plan(plan: Plan, *, policy: Policy, limits: Limits, workspace: Path) -> Verdict:
    """The verdict on a plan: judged as written, bounded, and the bounded bodies judged once more."""
    decision, reasons = judge(plan, policy, workspace)
    if decision is Decision.REFUSE:
        return _verdict(plan, decision, reasons)
    bounded, changes = bound(plan, limits=limits, workspace=workspace, policy=policy)
    for operation in bounded.operations:
        if operation.path == "/containers/create" and operation.as_run is not None:
            found = check_body(operation.as_run, policy, workspace, limits, networks_of(bounded))
            if plan.placeholders:  # its image may wait to be filled in, and it cannot run before that
                found = tuple(reason for reason in found if reason.rule != "body.Image")
            if found:
                return _verdict(plan, Decision.REFUSE, found)
    if plan.placeholders:
        parts = ", ".join(placeholder.text for placeholder in plan.placeholders)
        text = Text(en=_FILL_IN.en.format(parts=parts), zh=_FILL_IN.zh.format(parts=parts))
        reasons = (Reason("placeholder", text), *reasons)
    return replace(_verdict(bounded, decision, reasons), changes=changes)


def digest_of(plan: Plan) -> str:
    """The SHA-256 of a plan as run, hexadecimal: equal for equal requests, and for those only."""
    operations = [
        [operation.method, operation.path, dict(operation.query), operation.as_run]
        for operation in plan.operations
    ]
    action = {key: value for key, value in asdict(plan.action).items() if key != "body"}
    content = [type(plan.action).__name__, action, operations]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else list(value)


def _verdict(plan: Plan, decision: Decision, reasons: tuple[Reason, ...]) -> Verdict:
    return Verdict(
        line=plan.line,
        kind="docker",
        decision=decision,
        reasons=reasons,
        plan=plan,
        digest=digest_of(plan),
        placeholders=plan.placeholders,
    )


def _refused(line: str, kind: CommandKind, rule: str, error: CommandError) -> Verdict:
    return Verdict(
        line=_shown(line),
        kind=kind,
        decision=Decision.REFUSE,
        reasons=(Reason(rule, error.text),),
        suggestion=error.suggestion,
    )


def _shown(line: str) -> str:
    """A line that was not understood, safe to show: no characters that cannot be seen, not without end."""
    text = "".join(
        char if char.isprintable() else "�" for char in line[:2000].replace("\n", " ").replace("\t", " ")
    )
    return text.strip() + ("…" if len(line) > 2000 else "")
