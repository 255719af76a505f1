"""A Dockerfile read as the Engine's builder reads it, and written anew so that one reading is left.

Where builders differ (escaped escapes, here-documents, white space that only looks like it) it is refused;
what is sent to the Engine is the text made here of what was understood.

Source: Dockerfile reference, and the grammar of BuildKit's ``frontend/dockerfile/parser``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from assistant.errors import CommandSyntaxError
from knowledge.language import Text

MOST_BYTES = 256 * 1024
_INSTRUCTIONS = frozenset(
    """
    ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL
    USER VOLUME WORKDIR
    """.split()  # noqa: SIM905 - a list of quoted words would be twice as long
)
_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)[ \t]*")
_HEREDOC = re.compile(r"(?:^|[\s;&|(])[0-9]*<<-?\s*['\"]?[A-Za-z_]")
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=([^\s'\"\\]*))?(?:[ \t]+|$)")
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^${}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))")
_IMAGE_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]*")
_STAGE = re.compile(r"[a-z][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its name in capitals, its flags, the rest, and the line it begins on (from 1)."""

    name: str
    flags: tuple[tuple[str, str], ...]
    rest: str
    line: int

    def text(self) -> str:
        """The instruction on one line."""
        flags = [f"--{name}={value}" if value else f"--{name}" for name, value in self.flags]
        return " ".join([self.name, *flags, self.rest])


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A whole Dockerfile. ``images`` are those it takes from outside, in full, each once, in order.

    ``places`` says which image each instruction takes (its index to the image), so that the image can be
    named by its id.
    """

    instructions: tuple[Instruction, ...]
    syntax: str = ""
    images: tuple[str, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)

    def pinned(self, ids: Mapping[str, str]) -> str:
        """The text that is sent: one line an instruction, each image from outside by its id."""
        lines = []
        for number, instruction in enumerate(self.instructions):
            image = self.places.get(number)
            lines.append((instruction if image is None else _with_image(instruction, ids[image])).text())
        return "".join(f"{line}\n" for line in lines)


def read(data: bytes, arguments: Mapping[str, str], name_image: Callable[[str], str]) -> Dockerfile:
    """A Dockerfile with the images it takes from outside.

    Args:
        data: the file.
        arguments: ``--build-arg`` values by name.
        name_image: the full name of an image; raises CommandSyntaxError where it is none.

    Raises:
        CommandSyntaxError: it is no Dockerfile, or one that could be read in two ways.
    """
    syntax, lines = _lines(data)
    instructions = tuple(_instruction(text, line) for line, text in lines)
    if not instructions or all(instruction.name == "ARG" for instruction in instructions):
        raise fault(1, "there is no FROM in it", "其中没有 FROM")
    found = _Images(dict(arguments), name_image)
    for number, instruction in enumerate(instructions):
        found.look(number, instruction)
    return Dockerfile(instructions, syntax, tuple(dict.fromkeys(found.places.values())), found.places)


def nested(instruction: Instruction) -> Instruction:
    """What an ONBUILD holds.

    Raises:
        CommandSyntaxError: it holds what no ONBUILD may hold.
    """
    inner = _instruction(instruction.rest, instruction.line)
    if inner.name in {"ONBUILD", "FROM", "MAINTAINER"}:
        raise fault(instruction.line, f"ONBUILD {inner.name} is not allowed", f"不允许 ONBUILD {inner.name}")
    return inner


def trigger(text: str) -> Instruction:
    """An ONBUILD of an image that is built on, as the Engine keeps it.

    Raises:
        CommandSyntaxError: it is none.
    """
    return _instruction(text, 0)


def fault(line: int, en: str, zh: str) -> CommandSyntaxError:
    """What is wrong with a line of a Dockerfile."""
    return CommandSyntaxError(Text(f"Dockerfile, line {line}: {en}.", f"Dockerfile 第 {line} 行：{zh}。"))


# ---- lines


def _lines(data: bytes) -> tuple[str, list[tuple[int, str]]]:
    """The syntax directive, and the logical lines with the line each begins on."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault(1, "it is no text in UTF-8", "不是 UTF-8 文本") from error
    if len(data) > MOST_BYTES:
        raise fault(1, f"it is larger than {MOST_BYTES // 1024} KiB", f"超过 {MOST_BYTES // 1024} KiB")
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        strange = any(
            (char.isspace() and char not in " \t") or (char < " " and char != "\t") for char in line
        )
        if strange and not line.lstrip(" \t").startswith("#"):
            raise fault(number, "a control character or unusual white space", "含有控制字符或特殊空白")
    syntax, first = _directives(lines)
    return syntax, list(_logical(lines, first))


def _directives(lines: Sequence[str]) -> tuple[str, int]:
    """The value of ``# syntax=``, and how many lines at the top are directives."""
    found: dict[str, str] = {}
    while len(found) < len(lines):
        match = _DIRECTIVE.fullmatch(lines[len(found)].strip(" \t"))
        if match is None or match[1].lower() not in {"syntax", "escape", "check"} - found.keys():
            break
        found[match[1].lower()] = match[2]
    if found.get("escape", "\\") != "\\":
        raise fault(1, "another escape character than `\\` is not read here", "不支持 `\\` 以外的转义字符")
    return found.get("syntax", ""), len(found)


def _logical(lines: Sequence[str], first: int) -> Iterator[tuple[int, str]]:
    begun, held = 0, ""
    for number, line in enumerate(lines[first:], first + 1):
        text = line if begun else line.lstrip(" \t")
        if not text.strip(" \t") or text.lstrip(" \t").startswith("#"):
            continue  # also within a line that goes on
        begun = begun or number
        stripped = text.rstrip(" \t")
        if stripped.endswith("\\\\"):
            raise fault(number, "builders differ on `\\\\` at the end of a line", "行尾的 `\\\\` 有不同解释")
        if stripped.endswith("\\"):
            held += stripped[:-1]
            continue
        yield begun, (held + text).strip(" \t")
        begun, held = 0, ""
    if begun:
        raise fault(begun, "it ends in the middle of an instruction", "指令没有写完")


def _instruction(text: str, line: int) -> Instruction:
    word, *rest = re.split(r"[ \t]+", text, maxsplit=1)
    name = word.upper()
    if name not in _INSTRUCTIONS or not rest or not rest[0]:
        raise fault(line, f"`{word[:40]}` is no instruction with a value", f"`{word[:40]}` 不是完整的指令")
    if name in {"RUN", "COPY", "ADD"} and _HEREDOC.search(rest[0]):
        raise fault(line, "here-documents need BuildKit, not used here", "heredoc 需要 BuildKit，这里不用")
    flags = []
    left = rest[0]
    while left.startswith("--") and name != "CMD":
        match = _FLAG.match(left)
        if match is None:
            raise fault(line, f"`{left.split()[0][:40]}` is no flag", f"`{left.split()[0][:40]}` 不是选项")
        flags.append((match[1], match[2] or ""))
        left = left[match.end() :]
    if name == "HEALTHCHECK" and left.upper() == "NONE":
        return Instruction(name, tuple(flags), left, line)
    if not left:
        raise fault(line, f"{name} has no value", f"{name} 缺少内容")
    return Instruction(name, tuple(flags), left, line)


# ---- images


class _Images:
    """Goes through the instructions; ``places`` grows on the way."""

    def __init__(self, arguments: dict[str, str], name_image: Callable[[str], str]) -> None:
        self.places: dict[int, str] = {}
        self._given = arguments
        self._known: dict[str, str] = {}
        self._stages: list[str] = []
        self._name_image = name_image

    def look(self, number: int, instruction: Instruction) -> None:
        if instruction.name == "FROM":
            self._from(number, instruction)
        elif instruction.name == "ARG" and not self._stages:
            self._argument(instruction)
        elif not self._stages:
            raise fault(instruction.line, "only ARG may stand before FROM", "FROM 之前只能有 ARG")
        elif instruction.name == "COPY":
            self._copy(number, instruction)

    def _argument(self, instruction: Instruction) -> None:
        for word in instruction.rest.split():
            name, equals, value = word.partition("=")
            if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
                value = value[1:-1]
            if name in self._given:
                self._known[name] = self._given[name]
            elif equals:
                self._known[name] = self._filled(value, instruction.line)

    def _filled(self, text: str, line: int) -> str:
        def value(match: re.Match[str]) -> str:
            known = self._known.get(match[1] or match[3], "")
            return known or match[2] or ""

        filled = _VARIABLE.sub(value, text)
        if "$" in filled:
            raise fault(line, f"`{text}` is not filled in here", f"无法代入 `{text}`")
        return filled

    def _from(self, number: int, instruction: Instruction) -> None:
        words = instruction.rest.split()
        if len(words) not in {1, 3} or (len(words) == 3 and words[1].upper() != "AS"):
            raise fault(
                instruction.line, "FROM takes an image and, after AS, a name", "应为：FROM 镜像 AS 名称"
            )
        image = self._filled(words[0], instruction.line)
        if not _IMAGE_WORD.fullmatch(image):
            raise fault(instruction.line, f"`{words[0]}` is no image", f"`{words[0]}` 不是镜像名")
        if image.lower() not in self._stages and image != "scratch":
            self.places[number] = self._name_image(image)
        elif image != words[0]:
            raise fault(instruction.line, "a stage is named by its name", "请直接写阶段名")
        name = words[2].lower() if len(words) == 3 else ""
        if name and (not _STAGE.fullmatch(name) or name == "scratch"):
            raise fault(instruction.line, f"`{words[2]}` names no stage", f"`{words[2]}` 不能作为阶段名")
        self._stages.append(name)

    def _copy(self, number: int, instruction: Instruction) -> None:
        source = dict(instruction.flags).get("from")
        if source is None:
            return
        if source.lower() in self._stages[:-1] or (source.isascii() and source.isdigit()):
            if source.isdigit() and int(source) >= len(self._stages) - 1:
                raise fault(instruction.line, f"there is no stage {source} yet", f"还没有第 {source} 个阶段")
            return
        if not _IMAGE_WORD.fullmatch(source):
            raise fault(instruction.line, f"`--from={source}` is no image", f"`--from={source}` 不是镜像名")
        self.places[number] = self._name_image(source)


def _with_image(instruction: Instruction, image: str) -> Instruction:
    if instruction.name == "FROM":
        _, *rest = instruction.rest.split()
        return replace(instruction, rest=" ".join([image, *rest]))
    flags = tuple((name, image if name == "from" else value) for name, value in instruction.flags)
    return replace(instruction, flags=flags)
