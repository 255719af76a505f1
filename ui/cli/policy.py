"""``docknotes policy``: the policy in force, and a look at a file of one's own."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from assistant.commands.policy_file import check_file
from assistant.commands.policy_schema import ALWAYS_EMPTY, KEYS, never_list
from assistant.commands.policy_values import Policy
from assistant.execution.making import make_policy
from knowledge.language import Language, Text
from ui.cli.contract import Json
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings


def show(settings: Settings, screen: Screen, *, as_json: bool) -> None:
    """The policy in force, as TOML that a file of one's own can begin with, or as JSON."""
    config = settings.assistant
    policy = make_policy(config)
    if as_json:
        values = _values(policy)
        print_json(
            {
                "profile": policy.profile,
                "file": str(config.policy_file) if config.policy_file else None,
                "policy": values,
                "never": list(never_list()),
            }
        )
        return
    screen.raw(as_toml(policy, screen.language))


def check(settings: Settings, screen: Screen, path: Path | None, *, as_json: bool) -> int:
    """The faults of a policy file, without one named those of the file in force; 1 where there are any."""
    chosen = path or settings.assistant.policy_file
    if chosen is None:
        if as_json:
            print_json({"file": None, "faults": []})
        else:
            screen.say(
                Text(
                    "There is no policy file of yours; the shipped policy is in force.",
                    "没有自定义的策略文件；正在使用自带的策略。",
                )
            )
        return 0
    faults = check_file(chosen)
    if as_json:
        shown = [
            {"key": fault.key or None, "line": fault.line, "problem": fault.text.said_in(screen.language)}
            for fault in faults
        ]
        print_json({"file": str(chosen), "faults": shown})
    elif not faults:
        screen.say(Text(f"{chosen}: nothing is wrong.", f"{chosen}：没有问题。"))
    for fault in () if as_json else faults:
        key = f"{fault.key}: " if fault.key else ""
        screen.warn(f"{chosen}:{fault.line}: {key}{fault.text.said_in(screen.language)}")
    return 1 if faults else 0


def as_toml(policy: Policy, language: Language) -> str:
    """A policy as a TOML file, each key with its meaning."""
    values = _values(policy)
    head = Text(
        f"Policy in force, profile {policy.profile}. Never allowed, whatever a file says: ",
        f"正在使用的策略，档位 {policy.profile}。无论文件怎么写都不允许：",
    )
    lines = [f"# {head.said_in(language)}{', '.join(never_list())}", ""]
    for key in sorted(values, key=lambda name: isinstance(values[name], dict)):
        value = values[key]
        lines.append(f"# {KEYS[key].meaning.said_in(language)}")
        if isinstance(value, dict):
            lines += [f"[{key}]", *(f"{name} = {_toml(item)}" for name, item in value.items()), ""]
        else:
            lines += [f"{key} = {_toml(value)}", ""]
    return "\n".join(lines)


def _values(policy: Policy) -> Json:
    found: Json = {}
    for field in fields(policy):
        if field.name not in KEYS:
            continue
        value = getattr(policy, field.name)
        if KEYS[field.name].form in {"words", "numbers"}:
            found[field.name] = dict(value)
        elif isinstance(value, tuple):
            found[field.name] = [item for item in value if item or field.name not in ALWAYS_EMPTY]
        else:
            found[field.name] = value
    return found


def _toml(value: Any) -> str:
    """A text, number, switch or list of these: there JSON and TOML are written alike."""
    return json.dumps(value, ensure_ascii=False)
