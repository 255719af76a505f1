"""Rules about commands: slips, placeholders, sudo, loose image tags, what is never allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.commands.find import Piece, find_commands, is_mention, pieces_of
from assistant.commands.flags import COMMANDS, NEVER, OTHER
from assistant.commands.plan import plan_line
from assistant.commands.shell_syntax import before_filter
from assistant.errors import CommandError, UnsupportedCommandError
from assistant.linting.values import Edit, Finding, Rule
from assistant.values import Command, Origin, Verdict
from knowledge.language import Text
from knowledge.values import Note

SLIP = Rule(
    "invalid-command",
    "error",
    Text("A command that docker does not take as it is written.", "命令的写法 docker 无法识别。"),
)
INCOMPLETE = Rule(
    "incomplete-command",
    "error",
    Text("A command to be run that lacks something docker needs.", "要执行的命令缺少 docker 必需的内容。"),
)
WRONG_OBJECT = Rule(
    "container-expected",
    "error",
    Text("An image's name where docker takes a container.", "应写容器的位置写了镜像名。"),
)
UNSAFE = Rule(
    "unsafe-command",
    "warning",
    Text("A command the policy refuses.", "策略拒绝执行的命令。"),
)
PLACEHOLDER = Rule("placeholder", "hint", Text("A part still to be filled in.", "命令中有待填写的部分。"))
SUDO = Rule("sudo", "hint", Text("A docker command with sudo.", "带 sudo 的 docker 命令。"))
TAG = Rule(
    "image-tag", "hint", Text("An image without a tag, or at latest.", "镜像没有标签，或使用 latest。")
)

_ANYWHERE = Path("/workspace")  # lines are looked at, never run
_NOT_SLIPS = ("placeholder", "unsupported", "host", "syntax")
_PROSE_ASKS = re.compile(
    r"(?:\b(?:run|use|type|enter|execute|call|with)|使用|运行|执行|输入|敲入?|键入|用)\s*[`:：]?\s*$",
    re.IGNORECASE,
)
_IMAGE_NAMED = re.compile(r"image|镜像", re.IGNORECASE)
_ON_CONTAINERS = frozenset(
    """stop start restart kill pause unpause wait rm logs exec attach top stats port diff rename update
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


def catalogue(note: Note) -> list[Command]:
    """Every docker and host line of a note in order, those that docker would not take among them."""
    found = find_commands(note, 1, len(note.lines))
    for piece in _unknown_pieces(note, found):
        if next(_broken(note, piece), None) is not None:
            text = " ".join(piece.text.split())
            found.append(
                Command(text, Origin.VERBATIM, piece.text, note.path, piece.first_line, piece.last_line)
            )
    return sorted(found, key=lambda command: command.first_line)


def line_findings(note: Note, review: Callable[[str], Verdict]) -> Iterator[Finding]:
    """What is wrong with the commands of one note."""
    found = find_commands(note, 1, len(note.lines))
    for command in found:
        verdict = review(command.text)
        if verdict.kind == "host":
            continue
        yield from _slips(note, command)
        yield from _objects(note, command, verdict)
        yield from _policy(note, command, verdict)
        yield from _habits(note, command, verdict)
    for piece in _unknown_pieces(note, found):
        yield from _broken(note, piece)


def _unknown_pieces(note: Note, found: Sequence[Command]) -> Iterator[Piece]:
    """Code that begins with docker and is none of the commands that were found."""
    known = {(command.first_line, command.written) for command in found}
    for piece in pieces_of(note):
        if (piece.first_line, piece.text) not in known and is_mention(piece.text):
            yield piece


def _slips(note: Note, command: Command) -> Iterator[Finding]:
    if command.origin is not Origin.CORRECTED or _is_filtered(command.written):
        return
    written = " ".join(command.written.split())
    yield Finding(
        SLIP,
        note.path,
        command.first_line,
        Text(f"docker does not take `{written}`.", f"docker 无法识别 `{written}`。"),
        Text(f"Write `{command.text}`.", f"改为 `{command.text}`。"),
        certain_edit(note, command),
    )


def _is_filtered(written: str) -> bool:
    """Whether a line is a whole docker line piped into a filter: right in a shell, nothing to mend."""
    try:
        plan_line(written, workspace=_ANYWHERE)
    except CommandError as error:
        first = before_filter(written, error.word)
    else:
        return False
    try:
        return first is not None and bool(plan_line(first, workspace=_ANYWHERE))
    except CommandError as error:
        return isinstance(error, UnsupportedCommandError)


def certain_edit(note: Note, command: Command) -> Edit | None:
    """The edit that makes the line as written what was meant; None where more than a slip differs."""
    if command.first_line != command.last_line or command.last_line > len(note.lines):
        return None
    line = note.lines[command.first_line - 1]
    written = command.written
    if line.count(written) != 1:
        return None
    new = written
    for pattern, put in _SLIPS:
        new = pattern.sub(put, new)
    words = set(command.text.split())
    for word in written.split():
        if f"-{word}" in words and word not in words:
            new = re.sub(rf"(?<!\S){re.escape(word)}(?!\S)", f"-{word}", new)
    try:
        plan = plan_line(new, workspace=_ANYWHERE)
    except CommandError:
        return None
    return Edit(command.first_line, written, new) if plan.line == command.text else None


_KNOWN = frozenset({name[0] for name in COMMANDS} | set(OTHER) | NEVER)
_FILES = re.compile(r"\s--(?:env|label)-file[=\s]\S+")
_NO_CONTEXT = Text(
    "`docker build` needs its build context, the folder it builds from.",
    "`docker build` 需要构建上下文，即构建所用的文件夹。",
)
_SLIPS = (
    (re.compile(r"\\[ \t]+(?=\S)"), " "),  # a continuation that is none, in the middle of a line
    (re.compile(r"(?<=\s)[–—―](?=[a-z]{2})"), "--"),
    (re.compile(r"(?<=\s)[–—―](?=[a-zA-Z]\b)"), "-"),
    (re.compile("[“”]"), '"'),
    (re.compile("[‘’]"), "'"),
)


def _objects(note: Note, command: Command, verdict: Verdict) -> Iterator[Finding]:
    """A part to fill in that is named after images; a real container may bear any name."""
    words = [word for word in command.text.split() if word != "container"]
    if len(words) < 3 or words[1] not in _ON_CONTAINERS:
        return
    for word in (placeholder.text for placeholder in verdict.placeholders):
        if _IMAGE_NAMED.search(word):
            yield Finding(
                WRONG_OBJECT,
                note.path,
                command.first_line,
                Text(
                    f"`docker {words[1]}` takes a container; `{word}` names an image.",
                    f"`docker {words[1]}` 需要容器，而 `{word}` 是镜像名。",
                ),
                Text(
                    "Give the container's name or ID, as `docker ps` shows it.",
                    "请写容器的名称或 ID（可用 `docker ps` 查看）。",
                ),
            )


def _policy(note: Note, command: Command, verdict: Verdict) -> Iterator[Finding]:
    refusals = [r for r in verdict.reasons if r.rule not in _NOT_SLIPS]
    if verdict.decision == "refuse" and refusals:
        yield Finding(
            UNSAFE,
            note.path,
            command.first_line,
            Text(
                f"`{command.text}` is refused: {refusals[0].text.en}",
                f"`{command.text}` 会被拒绝：{refusals[0].text.zh}",
            ),
            Text("Do it without that, or only where you know why.", "换一种做法，或确认自己清楚其风险。"),
        )


def _habits(note: Note, command: Command, verdict: Verdict) -> Iterator[Finding]:
    if verdict.placeholders:
        parts = "、".join(f"`{p.text}`" for p in verdict.placeholders)
        yield Finding(
            PLACEHOLDER,
            note.path,
            command.first_line,
            Text(f"To be filled in: {parts.replace('、', ', ')}.", f"有待填写：{parts}。"),
            Text("docknotes asks for it before it runs the line.", "执行前 docknotes 会请你填写。"),
        )
    if re.match(r"(?:[$#]\s+)?sudo\s", command.written):
        yield Finding(
            SUDO,
            note.path,
            command.first_line,
            Text("`sudo` runs docker as root.", "`sudo` 会以 root 身份运行 docker。"),
            Text("Join the group docker, and leave sudo out.", "把用户加入 docker 组后，就不必再写 sudo。"),
        )
    for image in _images(verdict):
        if not any(p.text in image for p in verdict.placeholders):
            yield from _tag(note, command, image)


_CREATE = "/containers/create"


def _images(verdict: Verdict) -> Iterator[str]:
    operations = verdict.plan.operations if verdict.plan else ()
    made = [op.as_written.get("Image", "") for op in operations if op.as_written and op.path == _CREATE]
    yield from map(str, made)
    for operation in operations if not made else ():  # a run's own pull is of the image it names
        if operation.path == "/images/create":
            tag = operation.query.get("tag", "")
            yield f"{operation.query.get('fromImage', '')}{':' if tag else ''}{tag}"


def _tag(note: Note, command: Command, image: str) -> Iterator[Finding]:
    image = image.removeprefix("docker.io/").removeprefix("library/")
    name, _, tag = image.rpartition(":") if ":" in image.rpartition("/")[2] else (image, "", "")
    if not name or "@" in image or re.fullmatch(r"[0-9a-f]{12,64}", image) or (tag and "latest" not in tag):
        return
    yield Finding(
        TAG,
        note.path,
        command.first_line,
        Text(
            f"`{image}` is whatever is newest on the day it is pulled.",
            f"`{image}` 拉取到的是当天的最新版本。",
        ),
        Text("Name a version, as in `ubuntu:22.04`.", "写明版本，例如 `ubuntu:22.04`。"),
    )


def _broken(note: Note, piece: Piece) -> Iterator[Finding]:
    """A docker line that was not taken for a command: one in code, or in a sentence that asks to run it."""
    words = piece.text.removeprefix("$ ").removeprefix("sudo ").split()
    if "[" in piece.text or "..." in piece.text or {"--help", "-h"} & set(words[1:3]):
        return  # a usage line, or a question for one
    line = note.lines[piece.first_line - 1]
    before = line[: max(line.find(piece.text), 0)]
    asked = len(words) > 2 and bool(_PROSE_ASKS.search(before))
    if not (piece.fenced or asked or "sudo " in piece.text):
        return  # a name in prose
    try:
        # Which files there are where the line will run is not known here.
        plan_line(_FILES.sub("", piece.text), workspace=_ANYWHERE)
    except CommandError as error:
        what, whole = error.text, error.suggestion
        if whole is None and words[1] not in _KNOWN and not words[1].startswith("-"):
            return  # a plugin's command, or output that begins with the word docker
        if words[1:2] == ["build"] and len(words) > 2 and whole is None:
            return  # BuildKit's plugin has options of its own
        if words[1:] == ["build"]:
            what, whole = _NO_CONTEXT, "docker build ."
        elif isinstance(error, UnsupportedCommandError):
            what = Text(f"`{' '.join(words)}` is not complete.", f"`{' '.join(words)}` 不完整。")
        mend = (
            Text(f"Write `{whole}`.", f"改为 `{whole}`。")
            if whole
            else Text("Complete the command.", "请补全这条命令。")
        )
        yield Finding(INCOMPLETE, note.path, piece.first_line, what, mend)
