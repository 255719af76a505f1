"""Commands standing in a note: in code, in its prose, and as lines of their own without any mark."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.commands import host_lines, placeholders
from assistant.commands.bare_lines import bare_line
from assistant.commands.flags import COMMANDS, NEVER, OTHER
from assistant.commands.lexer import lex
from assistant.commands.plan import is_docker, plan_line, without_sudo
from assistant.commands.remarks import parted
from assistant.commands.shell_syntax import FILTERS, PROMPT
from assistant.errors import CommandError, UnreadableFileError, UnsupportedCommandError
from assistant.values import Command, Origin
from knowledge.dialects import as_commonmark
from knowledge.values import Note

_ANYWHERE = Path("/workspace")
"""Finding needs no workspace; a plan made here is looked at and dropped."""

_FENCE = re.compile(r"^(?P<front>[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*)(?P<fence>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
_INLINE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_SHELLS = frozenset(
    {"", "bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "text", "cmd", "ps1"}
)
_CONTINUED = re.compile(r"(?:\\|&&|\|\||\||(?<=[ \t])[`^])\s*$")
_FIRST = re.compile(r"(?:[$#]\s+)?(?:sudo\s+)?(?P<program>[a-z]+)(?:-compose)?\s+(?P<name>[a-z]\S*|-\S+)")
_SHELL_ONLY = re.compile(r"\$\(|\$\{?[A-Za-z_]|\s(?:&&|2>&1)(?:\s|$)|\s2?>>?\s?[\w./]")
_PIPED_TO = re.compile(r"\s\|\s*(?:sudo\s+)?([\w.-]+)")
_OPTION_OR_PLACE = re.compile(r"\s(?:-{1,2}[A-Za-z]|[a-z]+://|[~.]?/\w|\S+/\S)")
_CELL_PIPE = re.compile(r"(?<=\s)\\\|(?=\s)")  # in a table's cell


def find_commands(note: Note, first_line: int, last_line: int) -> list[Command]:
    """The docker and host lines that begin in these lines of a note (from 1, inclusive), in order."""
    found: list[Command] = []
    for piece in _pieces(note.lines, note.path):
        if first_line <= piece.first_line <= last_line:
            command = _command(piece, note.path)
            if command is not None and command not in found:
                found.append(command)
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of code: one whole line of a block (continuations joined by line ends), or inline code.

    A ``bare`` one is a line of its own without any mark of code.
    """

    text: str
    first_line: int
    last_line: int
    fenced: bool
    bare: bool = False


def is_mention(code: str) -> bool:
    """Whether code begins with docker (or docker-compose), or a slip of that name, and a word after it."""
    first = _FIRST.match(code)
    if first is None or not is_docker(first["program"]):
        return False
    return first["program"] == "docker" or first["name"] in _NAMES


# ---- where code stands


def pieces_of(note: Note) -> Sequence[Piece]:
    """All code of a note that may hold commands, in order."""
    return [piece for piece in _pieces(note.lines, note.path) if not piece.bare]


@lru_cache(maxsize=32)
def _pieces(lines: tuple[str, ...], name: str) -> tuple[Piece, ...]:
    """Kept for the last notes: an answer looks block by block into a few of them."""
    # A dialect's own marks of code are made fences.
    return tuple(_cut(tuple(as_commonmark(lines, name))))


def _cut(lines: tuple[str, ...]) -> Iterator[Piece]:
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            for match in _INLINE.finditer(lines[at]):
                yield Piece(match.group(2).strip(), at + 1, at + 1, fenced=False)
            last = at
            if (bare := bare_line(lines, at)) is not None:
                while _CONTINUED.search(lines[last]) and last + 1 < len(lines):
                    last += 1
                text = "\n".join((bare, *(line.strip(" \t>") for line in lines[at + 1 : last + 1])))
                yield Piece(text, at + 1, last + 1, fenced=False, bare=True)
            at = last + 1
            continue
        end = _fence_end(lines, at, opening["fence"])
        info = opening["info"].strip().lower().strip("{}.").split(" ")[0]
        if info in _SHELLS:
            yield from _fenced(lines, at + 1, end, quoted=">" in opening["front"])
        at = end + 1


def _fence_end(lines: tuple[str, ...], at: int, fence: str) -> int:
    for end in range(at + 1, len(lines)):
        text = _QUOTE.sub("", lines[end]).strip()
        if text.startswith(fence) and not text.strip(fence[0]):
            return end
    return len(lines)


def _fenced(lines: tuple[str, ...], start: int, end: int, *, quoted: bool) -> Iterator[Piece]:
    """The command lines of one block; where some bear a prompt sign, the others are output."""
    content = [_QUOTE.sub("", line) if quoted else line for line in lines[start:end]]
    prompted = any(re.match(r"\s*\$\s", line) for line in content)
    at = 0
    while at < len(content):
        first = at
        while _CONTINUED.search(content[at]) and at + 1 < len(content):
            at += 1
        text = "\n".join(line.strip() for line in content[first : at + 1])
        at += 1
        if text and not text.startswith("#") and (not prompted or PROMPT.match(text)):
            yield Piece(text, start + first + 1, start + at, fenced=True)


# ---- what is a command


def _command(piece: Piece, note: str) -> Command | None:
    """The command of a piece, without the remark behind it; that may have been a part of it all the same."""
    text, remark = parted(piece.text if piece.fenced else _CELL_PIPE.sub("|", piece.text))
    found = _read(text, piece, note)
    return _read(piece.text, piece, note) if found is None and remark else found


def _read(text: str, piece: Piece, note: str) -> Command | None:
    if host_lines.is_host_line(text) and not is_mention(text):
        program, with_sudo = host_lines.first_program(text)
        is_whole = program in host_lines.HOST_PROGRAMS and _OPTION_OR_PLACE.search(text)
        if not piece.fenced and not with_sudo and not is_whole:
            return None  # a program's name in prose
        return _made(_joined(PROMPT.sub("", text, count=1)), Origin.VERBATIM, piece, note)
    return _docker(text, piece, note) if is_mention(text) else None


def _docker(text: str, piece: Piece, note: str) -> Command | None:
    try:
        plan = plan_line(text, workspace=_ANYWHERE)
    except UnsupportedCommandError:
        return _unsupported(text, piece, note)
    except UnreadableFileError:  # the file is the reader's to make; the line is a command all the same
        return _made(_joined(text), Origin.VERBATIM, piece, note)
    except CommandError as error:
        return _mended(text, piece, note, error)
    if any(placeholders.is_usage(word) for word in plan.argv):
        return None
    mended = len(plan.client_notes) > 0 and _is_mended(text)
    return _made(plan.line, Origin.CORRECTED if mended else Origin.VERBATIM, piece, note)


def _is_mended(text: str) -> bool:
    return bool(lex(text, workspace=_ANYWHERE).mends)


def _mended(line: str, piece: Piece, note: str, error: CommandError) -> Command | None:
    """The line with its slip mended, until nothing is left to mend; as it stands where it needs a shell."""
    text, tried = None if piece.bare else error.suggestion, 0
    while text is not None and tried < 5:
        try:
            plan = plan_line(text, workspace=_ANYWHERE)
        except UnsupportedCommandError:
            return _made(text, Origin.CORRECTED, piece, note)
        except CommandError as next_error:
            text, tried = next_error.suggestion, tried + 1
            continue
        return _made(plan.line, Origin.CORRECTED, piece, note)
    needs_shell = _needs_shell(line) and (piece.fenced or _is_for_shell(line))
    if tried == 0 and (needs_shell or _lacks_file(line, error.word)):
        return _made(_joined(line), Origin.VERBATIM, piece, note)
    return None


_PROGRAMS = (
    host_lines.HOST_PROGRAMS | FILTERS | {"docker", "gzip", "gunzip", "zcat", "jq", "base64", "psql", "mysql"}
)
_NAMES = frozenset({name[0] for name in COMMANDS} | set(OTHER) | NEVER | {"compose"})


def _needs_shell(text: str) -> bool:
    """Whether a docker line is fine in a shell, and only there: pipes, variables, substitutions."""
    known = re.match(r"(?:[$#]\s+)?(?:sudo\s+)?docker(?:\s+([a-z]+)|-compose)(?:\s+\S)", text)
    is_known = known is not None and (known.group(1) is None or known.group(1) in _NAMES)
    return is_known and re.search(r"[|&;<>$`]", text) is not None


def _is_for_shell(code: str) -> bool:
    """Whether code in prose is plainly for a shell: ``docker run | stop`` names two commands."""
    piped = _PIPED_TO.findall(code)
    return _SHELL_ONLY.search(code) is not None or (bool(piped) and _PROGRAMS.issuperset(piped))


def _lacks_file(text: str, word: str) -> bool:
    """Whether a line is fine but for a file it reads (``--env-file``), which is not there to be read yet."""
    return bool(word) and re.search(rf"--(?:env|label)-file[=\s]+{re.escape(word)}(?:\s|$)", text) is not None


def _unsupported(text: str, piece: Piece, note: str) -> Command | None:
    """A docker line that is not run here, unless it is a mere mention of one."""
    words, _ = without_sudo(lex(text, workspace=_ANYWHERE).words)
    argv = [word.text for word in words[1:]]
    if words[0].text == "docker-compose":
        argv.insert(0, "compose")
    if any(placeholders.is_usage(word) for word in argv):
        return None
    if argv in (["--version"], ["-v"]):
        return _made(f"docker {argv[0]}", Origin.VERBATIM, piece, note)
    name, given = argv[0], len([word for word in argv[1:] if not word.startswith("-")])
    bare = 0 if name in {"login", "logout"} else 1  # whole by themselves, though not run here
    least = OTHER.get(name, bare)
    if given < least:
        return None
    line = " ".join(word.raw for word in words)
    return _made(line, Origin.CORRECTED if _is_mended(text) else Origin.VERBATIM, piece, note)


def _joined(text: str) -> str:
    return re.sub(r"\s*\\?\n\s*", " ", text)


def _made(text: str, origin: Origin, piece: Piece, note: str) -> Command:
    return Command(text, origin, piece.text, note, piece.first_line, piece.last_line)
