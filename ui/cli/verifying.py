"""``docknotes verify-notes``: the docker commands of notes tried in the sandbox, stamped, and taken back."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import AssistantError
from assistant.execution.clean import clean
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_sandbox
from assistant.verifying.stamps import Stamps
from assistant.verifying.texts import stamp_text
from assistant.verifying.values import Item, NotTried, Tried, Trying, Verified
from assistant.verifying.verify import Verification, item_of
from knowledge.language import Language, Text
from ui.build import make_workspace
from ui.cli.contract import Json, stamp_json
from ui.cli.doing import BY, NOT_RUN, on_interrupt
from ui.cli.linting import commands_of_notes
from ui.cli.reading import print_json
from ui.cli.record import undone_json
from ui.cli.show import Screen
from ui.settings import Settings

_ASK = Text(en="Go on? [y/N] ", zh="是否继续？[y/N] ")
_NOT_RUN = Text(en="Nothing was run. Add --yes to do it.", zh="尚未执行。加上 --yes 即可执行。")
_NONE = Text(en="There is no docker command here that could be tried.", zh="这里没有可以验证的 docker 命令。")
_NOTHING_LEFT = Text(en="What they made is removed again.", zh="它们创建的对象已全部删除。")


def run(
    settings: Settings, screen: Screen, section: str | None, *, seconds: float, yes: bool, as_json: bool
) -> int:
    """Lists what would be tried and what not, asks once, and tries it in order.

    Returns 0 where all that was tried worked, 1 where something did not or is still there, ``NOT_RUN``
    where nothing was tried.
    """
    config = settings.assistant
    make_workspace(config)
    limits = replace(config.limits, time_seconds=min(seconds, config.limits.time_seconds))
    ledger = Ledger(config.ledger)
    sandbox = make_sandbox(replace(config, limits=limits), DockerEngine(config.engine), ledger)
    found = commands_of_notes(settings.knowledge.sources, screen, section)
    items = [item_of(command, headings, sandbox.review) for command, headings in found]
    chosen = [item for item in items if item.why_not is None]
    if not as_json:
        _show(screen, items)
    if not chosen or not (yes or (not as_json and screen.asks(_ASK))):
        return _nothing(screen, items, _NOT_RUN if chosen else _NONE, as_json=as_json)
    verification = Verification(
        sandbox, ledger, Stamps(config.stamps), by=BY, conversation=f"verify-notes {time.strftime('%F %T')}"
    )
    tried, not_tried, end = _carried_out(verification, items, None if as_json else screen)
    if as_json:
        print_json(_verified_json(tried, not_tried, end, screen.language))
    else:
        _say_end(screen, tried, end)
    left = end.undone is not None and bool(end.undone.left)
    return NOT_RUN if not tried else int(left or not all(one.stamp.worked for one in tried))


def _carried_out(
    verification: Verification, items: Sequence[Item], screen: Screen | None
) -> tuple[list[Tried], list[NotTried], Verified]:
    tried: list[Tried] = []
    not_tried: list[NotTried] = []
    with on_interrupt(verification.cancel):
        for event in verification.verify(items):
            if screen is not None:
                _say(screen, event)
            match event:
                case Tried():
                    tried.append(event)
                case NotTried():
                    not_tried.append(event)
                case Verified():
                    return tried, not_tried, event
                case _:
                    pass
    raise AssistantError(Text("The verification did not reach its end.", "验证没有执行完。"))


def _show(screen: Screen, items: Sequence[Item]) -> None:
    """What would be tried, and what not and why; said before the person is asked."""
    chosen = [item for item in items if item.why_not is None]
    left = [item for item in items if item.why_not is not None]
    screen.say(Text(f"To be tried in the sandbox: {len(chosen)}", f"将在沙箱中验证：{len(chosen)} 条"))
    for item in chosen:
        screen.say(clean(f"  {_place(item)}  {item.command.text}"))
    if left:
        screen.say(Text(f"Not run: {len(left)}", f"不执行：{len(left)} 条"))
    for item in left:
        why = item.why_not.said_in(screen.language) if item.why_not else ""
        screen.say(clean(f"  {_place(item)}  {item.command.text}  ({why})"))
    if chosen:
        screen.say(Text("What they make is removed at the end.", "它们创建的对象会在最后全部删除。"))


def _place(item: Item) -> str:
    return f"{item.command.note}:{item.command.first_line}"


def _say(screen: Screen, event: object) -> None:
    match event:
        case Trying(item=item):
            screen.say(clean(f"\n$ {item.command.text}"))
        case Tried(run=run, stamp=stamp):
            if not stamp.worked and run.output:
                screen.say("\n".join(f"    {line}" for line in clean(run.output).strip().splitlines()[-5:]))
            if run.error is not None:
                screen.warn(f"  {run.error.said_in(screen.language)}")
            screen.say(f"  {stamp_text(stamp).said_in(screen.language)}")
        case NotTried(item=item) if item.why_not and item.command.note:
            screen.warn(f"\n$ {item.command.text}\n  {item.why_not.said_in(screen.language)}")
        case _:
            pass


def _say_end(screen: Screen, tried: Sequence[Tried], end: Verified) -> None:
    worked = sum(one.stamp.worked for one in tried)
    screen.say(Text(f"\n{worked} of {len(tried)} worked.", f"\n{len(tried)} 条中有 {worked} 条可用。"))
    undone = end.undone
    for created, why in undone.left if undone else ():
        name = created.name or created.id[:12]
        screen.warn(f"! {created.kind} {name}: {why.said_in(screen.language)}")
    if undone is not None and not undone.left:
        screen.say(_NOTHING_LEFT)
    for text in undone.stays if undone else ():
        screen.say(text)


def _nothing(screen: Screen, items: Sequence[Item], why: Text, *, as_json: bool) -> int:
    if as_json:
        listed = [_item_json(item, screen.language) for item in items]
        print_json({"tried": [], "not_run": listed, "undone": None, "error": why.said_in(screen.language)})
    else:
        screen.warn(why)
    return NOT_RUN


def _verified_json(
    tried: Sequence[Tried], not_tried: Sequence[NotTried], end: Verified, language: Language
) -> Json:
    return {
        "tried": [
            {**_item_json(one.item, language), "run": one.run.id, "stamp": stamp_json(one.stamp, language)}
            for one in tried
        ],
        "not_run": [_item_json(one.item, language) for one in not_tried],
        "undone": undone_json(end.undone, language) if end.undone else None,
    }


def _item_json(item: Item, language: Language) -> Json:
    command = item.command
    return {
        "text": command.text,
        "note": command.note,
        "headings": list(item.headings),
        "lines": [command.first_line, command.last_line],
        "why_not": item.why_not.said_in(language) if item.why_not else None,
    }
