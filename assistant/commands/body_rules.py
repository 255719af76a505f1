"""Judges a container-create body key by key, by the tables; what no rule passes is refused by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import body_tables as tables
from assistant.commands import closing_rules, mount_rules, value_rules
from assistant.commands.required_bounds import missing_bounds
from assistant.commands.rule_context import Context, Rule
from assistant.config import Limits
from assistant.values import JsonObject, Reason
from knowledge.language import Text

if TYPE_CHECKING:
    from assistant.commands.policy import Policy

_RULES: dict[str, Rule] = {**value_rules.RULES, **closing_rules.RULES, **mount_rules.RULES}


def refusals_as_written(body: JsonObject, policy: Policy, workspace: Path) -> tuple[Reason, ...]:
    """What the policy refuses in a body as the CLI would send it."""
    return _refusals(body, Context(policy, workspace, final=False))


def refusals_as_run(
    body: JsonObject,
    policy: Policy,
    workspace: Path,
    limits: Limits | None,
    networks: Collection[str] = (),
) -> tuple[Reason, ...]:
    """What the policy refuses in a body that is about to be sent, its bounds included."""
    context = Context(policy, workspace, final=True, networks=frozenset(networks))
    reasons = _refusals(body, context)
    host = body.get("HostConfig") if isinstance(body, Mapping) else None
    if not isinstance(host, Mapping):
        return (
            *reasons,
            Reason("bounds", Text(en="The body holds no HostConfig.", zh="请求体中没有 HostConfig。")),
        )
    return (*reasons, *missing_bounds(body, host, context, limits))


def _refusals(body: Any, context: Context) -> tuple[Reason, ...]:
    if not isinstance(body, Mapping):
        return (Reason("body", Text(en="The body is no JSON object.", zh="请求体不是 JSON 对象。")),)
    reasons = list(_judge_keys(body, tables.CONFIG_RULES, context))
    host = body.get("HostConfig")
    if isinstance(host, Mapping):
        reasons += _judge_keys(host, tables.HOST_RULES, context)
        reasons += mount_rules.judge_together(host, context)
    elif host is not None:
        reasons.append(_reason("HostConfig", Text(en="it is no JSON object", zh="它不是 JSON 对象")))
    return tuple(reasons)


def _judge_keys(values: Mapping[str, Any], rules: Mapping[str, str], context: Context) -> list[Reason]:
    reasons = []
    for key, value in values.items():
        if not isinstance(key, str) or key not in rules:
            reasons.append(_unknown_key(str(key), rules))
            continue
        why = _judge_value(key, rules[key], value, context)
        if why is not None:
            reasons.append(_reason(key, why))
    return reasons


def _judge_value(key: str, rule: str, value: Any, context: Context) -> Text | None:
    if rule == "host":
        return None
    if rule == "empty":
        return tables.WHY_EMPTY.get(key, tables.OTHERWISE_EMPTY) if value else None
    if rule == "unset":
        return value_rules.UNMASKED if value is not None else None
    try:
        return _RULES[rule](value, context)
    except (TypeError, ValueError, AttributeError, LookupError, OverflowError):
        return Text(en="its value has no form that is known", zh="它的值不是已知的形式")


def _unknown_key(key: str, rules: Mapping[str, str]) -> Reason:
    known = next((name for name in rules if name.casefold() == key.casefold()), None)
    if known:
        why = Text(
            en=f"the Engine would read it as `{known}`; keys count only in their exact spelling here",
            zh=f"引擎会把它当作 `{known}`；这里只接受完全一致的写法",
        )
    else:
        why = Text(en="the policy does not list it", zh="策略中没有列出它")
    return _reason(key, why, rule="body.unknown-key")


def _reason(key: str, why: Text, *, rule: str = "") -> Reason:
    flag = tables.FLAG_OF.get(key)
    name = f"`{flag}` ({key})" if flag else f"`{key}`"
    name_zh = f"`{flag}`（{key}）" if flag else f"`{key}`"
    return Reason(
        rule or f"body.{key}",
        Text(en=f"{name} is refused: {why.en}.", zh=f"拒绝 {name_zh}：{why.zh}。"),
    )
