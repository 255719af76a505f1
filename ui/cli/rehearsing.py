"""``docknotes rehearse``: lines for a shell, tried out in a throwaway container."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.commands.find import find_commands
from assistant.commands.host_lines import is_host_line
from assistant.errors import AssistantError, ImageUnavailableError
from assistant.execution.clean import clean, visible
from assistant.execution.engine import DockerEngine
from assistant.execution.ledger import Ledger
from assistant.execution.making import make_sandbox
from assistant.execution.sandbox import Sandbox
from assistant.rehearsal.lines import lines_of, sorted_out
from assistant.rehearsal.rehearse import Prepared, image_for, prepare, rehearse
from assistant.rehearsal.values import FileChange, LeftOut, LineBegun, LineEnded, Rehearsal
from assistant.values import Decision, Output, Progress, Started
from knowledge.errors import NoteError
from knowledge.language import Language, Text
from knowledge.notes import find_notes, read_note
from ui.build import make_workspace
from ui.cli.contract import Json
from ui.cli.doing import BY, NOT_RUN, on_interrupt
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings
from ui.web.words import OUTCOMES

SHOWN_CHANGES = 60
"""So many changed files are listed on a terminal; JSON has them all."""
_NOTES = frozenset({".md", ".markdown", ".mdx", ".rst"})
_SIGNS = {"added": "A", "changed": "C", "removed": "D"}
_ASK = Text(en="Go on? [y/N] ", zh="是否继续？[y/N] ")
_NOT_RUN = Text(en="Nothing was run. Add --yes to do it.", zh="尚未执行。加上 --yes 即可执行。")
_NONE = Text(en="There is no line to rehearse.", zh="没有可以演练的命令。")


def run(
    settings: Settings,
    screen: Screen,
    sources: Sequence[str],
    *,
    image: str | None,
    offline: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Shows the lines, asks, and runs them in their container.

    Returns 0 where every line ended with 0, 1 where one did not, ``NOT_RUN`` where nothing ran.
    """
    config = settings.assistant
    lines, left = sorted_out(lines_of("\n".join(_text_of(source) for source in sources)))
    if not lines:
        _say_nothing(screen, left, _NONE, as_json=as_json)
        return NOT_RUN
    make_workspace(config)
    ledger = Ledger(config.ledger)
    sandbox = make_sandbox(config, DockerEngine(config.engine), ledger)
    chosen = image or config.rehearsal_image or image_for(lines)
    prepared = prepare(sandbox, lines, image=chosen, workspace=config.workspace, offline=offline)
    if prepared.verdict.decision is Decision.REFUSE:
        _say_nothing(screen, left, prepared.verdict.reasons[0].text, as_json=as_json)
        return NOT_RUN
    if not as_json:
        _show(screen, sandbox, prepared, left, offline=offline)
    if not yes and (as_json or not screen.asks(_ASK)):
        _say_nothing(screen, left, _NOT_RUN, as_json=as_json)
        return NOT_RUN
    done = _carried_out(sandbox, ledger, prepared, None if as_json else screen)
    if as_json:
        print_json(rehearsal_json(done, left, screen.language))
    else:
        _say_end(screen, done)
    return 0 if done.went_well else 1


def _text_of(source: str) -> str:
    """The lines of one argument: standard input, a file, a note's lines for a shell, or itself."""
    if source == "-":
        return sys.stdin.read()
    path = Path(source).expanduser()
    try:
        if not path.is_file():
            return source
        if path.suffix.lower() in _NOTES:
            return "\n".join(_host_lines(path))
        return path.read_text(encoding="utf-8")
    except (ValueError, OSError) as error:
        if "\n" in source or not path.name:
            return source
        raise NoteError(
            Text(f"{source} cannot be read: {error}.", f"无法读取 {source}：{error}。"), path=source
        ) from error


def _host_lines(path: Path) -> list[str]:
    found = []
    for file, name in find_notes([path]):
        note = read_note(file, name)
        found += [command.text for command in find_commands(note, 1, len(note.lines))]
    return [line for line in found if is_host_line(line)]


def _show(
    screen: Screen, sandbox: Sandbox, prepared: Prepared, left: Sequence[LeftOut], *, offline: bool
) -> None:
    """What would run, and where; said before the person is asked."""
    network = Text("no network", "没有网络") if offline else Text("a network of its own", "独立的网络")
    screen.say(
        Text(
            f"In a throwaway container from {prepared.image}, as root there, with {network.en}, the usual "
            "bounds, and no folder of this machine:",
            f"将在由 {prepared.image} 创建的一次性容器中以 root 身份执行，{network.zh}，"
            "受常规限制，看不到本机的任何目录：",
        )
    )
    for line in prepared.lines:
        screen.say(clean(f"  $ {line}"))
    for item in left:
        screen.say(clean(f"  - {item.line}  ({item.why.said_in(screen.language)})"))
    try:
        sandbox.engine.inspect("image", prepared.image)
    except ImageUnavailableError:
        screen.say(
            Text(
                f"The image {prepared.image} is not on the Engine; it is pulled first. Another one: --image.",
                f"引擎上没有镜像 {prepared.image}，会先拉取。也可用 --image 指定其他镜像。",
            )
        )


def _carried_out(sandbox: Sandbox, ledger: Ledger, prepared: Prepared, screen: Screen | None) -> Rehearsal:
    approval = None
    if prepared.verdict.decision is Decision.ASK:
        approval = sandbox.approve(prepared.verdict, by=BY)
    run_id, done = "", None
    with on_interrupt(lambda: sandbox.cancel(run_id)):
        for event in rehearse(sandbox, ledger, prepared, approval, by=BY):
            match event:
                case Started(run=identity):
                    run_id = identity
                case Rehearsal():
                    done = event
                case _ if screen is not None:
                    _say_event(screen, prepared, event)
                case _:
                    pass
    if done is None:
        raise AssistantError(Text("The run left no record of its end.", "这次运行没有留下结束记录。"))
    return done


def _say_event(screen: Screen, prepared: Prepared, event: object) -> None:
    match event:
        case LineBegun(n=n):
            screen.say(clean(f"\n$ {prepared.lines[n]}"))
        case LineEnded(exit_code=code):
            screen.say(Text(f"  -> exit code {code}", f"  -> 退出码 {code}"))
        case Output(text=text):
            screen.raw(text)
        case Progress(item=item, status=status):
            screen.warn(f"{item}: {status}")
        case _:
            pass


def _say_end(screen: Screen, done: Rehearsal) -> None:
    outcome = OUTCOMES[done.run.outcome or "running"].said_in(screen.language)
    screen.say(f"\n{outcome}")
    if done.run.error is not None:
        screen.warn(done.run.error)
    unreached = [line.line for line in done.lines if line.exit_code is None]
    if unreached:
        screen.say(Text(f"Lines without an end: {len(unreached)}", f"没有执行完的行：{len(unreached)}"))
    if done.changes is not None:
        _say_changes(screen, done.changes)
    if done.removed:
        screen.say(Text("The container is removed again.", "容器已删除。"))
    else:
        screen.warn(
            Text(
                f"The container is still there; `docknotes undo {done.run.id}` removes it.",
                f"容器仍然存在；用 `docknotes undo {done.run.id}` 删除。",
            )
        )


def _say_changes(screen: Screen, changes: Sequence[FileChange]) -> None:
    screen.say(
        Text(
            f"Files that are not as in the image: {len(changes)} (A added, C changed, D removed)",
            f"与镜像不同的文件：{len(changes)} 个（A 新增，C 改动，D 删除）",
        )
    )
    for change in changes[:SHOWN_CHANGES]:
        screen.say(f"  {_SIGNS[change.kind]} {visible(change.path)}")
    if len(changes) > SHOWN_CHANGES:
        more = len(changes) - SHOWN_CHANGES
        screen.say(
            Text(f"  … and {more} more; --json lists all.", f"  …… 另有 {more} 个；--json 可列出全部。")
        )


def rehearsal_json(done: Rehearsal, left: Sequence[LeftOut], language: Language) -> Json:
    """``rehearse``: the lines with their exit codes, what changed, and how the run ended."""
    changes = done.changes
    return {
        "run": done.run.id,
        "image": done.image,
        "outcome": done.run.outcome,
        "error": done.run.error.said_in(language) if done.run.error else None,
        "lines": [{"line": one.line, "exit_code": one.exit_code, "output": one.output} for one in done.lines],
        "left_out": _left_json(left, language),
        "changes": None if changes is None else [{"kind": c.kind, "path": c.path} for c in changes],
        "removed": done.removed,
    }


def _left_json(left: Sequence[LeftOut], language: Language) -> list[Json]:
    return [{"line": item.line, "why": item.why.said_in(language)} for item in left]


def _say_nothing(screen: Screen, left: Sequence[LeftOut], why: Text, *, as_json: bool) -> None:
    if as_json:
        nothing: Json = {"run": None, "image": None, "outcome": None, "lines": [], "changes": None}
        said = why.said_in(screen.language)
        print_json({**nothing, "error": said, "left_out": _left_json(left, screen.language), "removed": True})
        return
    screen.warn(why)
