"""What a docker line or a flag means, part by part, as far as the notes say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.commands.grammar import Parsed, parse
from assistant.commands.lexer import lex
from assistant.commands.plan import without_sudo
from assistant.composing import Draft, within
from assistant.errors import CommandError
from assistant.flag_meanings import Meaning, Part, is_of_flag, meanings_of, parts_of
from assistant.shapes.definitions import GLOSS, IS, Definition, definitions_of
from assistant.shapes.found import Found, Place, in_one_language, introduces, places_near
from assistant.shapes.frames import CONTAINER, IMAGE, INSIDE, ORDER, PARTS, PORTS, STANDS, UNSAID
from assistant.shapes.glosses import Gloss, flag_gloss, gloss_of, glosses_with, whole_gloss
from assistant.shapes.subjects import subject_of
from assistant.statements import Statement
from knowledge.language import Language

_ANYWHERE = Path("/workspace")
"""Parsing needs no workspace."""

_BESIDE = 2  # sentences beside what the parts mean
_FEW = 2  # flags of a line so short that what it is for tells them
_LINES = 2  # lines with a flag that are shown where nothing tells what it means
_EARLY = 60  # characters in which a sentence on a flag names it
_NEAR = 8  # hits looked up for a subcommand
_PORTS = re.compile(r"(?<![\d.:])(\d{1,5}):(\d{1,5})(?:/(?:tcp|udp))?(?![\d:])")
_JOINED = re.compile(r"-[A-Za-z]{2,3}")
_VALUE = re.compile(r"[A-Za-z][A-Za-z-]{2,}")  # a value that may be explained by itself
_ORDER_TOLD = re.compile(
    r"(?:image name|镜像名).*(?:command|命令)|(?:options|选项).*(?:before|之前|前面).*(?:image|镜像)",
    re.IGNORECASE,
)
_DOT = re.compile(r"\bdots?\b|\bperiod\b|full stop|[点點]|句号", re.IGNORECASE)
_DOT_TOLD = re.compile(r"`\.`|`[^`]*\s\.`|\bdot\b|点", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the notes say of a part: a line on the flag itself, or the entry of its value."""

    part: Part
    meanings: Sequence[Meaning]
    value: Definition | None


def write_explanation(draft: Draft, found: Found) -> bool:
    """Writes what a line or flags mean; whether the notes say something of any part."""
    line = found.asking.line
    if _is_of_dot(found):
        return _write_dot(draft, found)
    if line and len(line.split()) > 1:
        return _write_line(draft, found, line)
    return _write_flags(draft, found)


def _write_line(draft: Draft, found: Found, line: str) -> bool:
    places = _places(found, line)
    subcommand, parts = parts_of(line)
    if not parts:  # no whole line yet: "docker commit -a"
        subcommand = subcommand or line.removeprefix("sudo ").split()[1]
        parts = [_part(name, line) for name in found.asking.flags if name in line.split()]
    known = [_known(part, subcommand, found, places) for part in parts]
    whole = whole_gloss(line, places, found.language)
    own = _of_subcommand(line, subcommand, found, places, whole)
    if not (whole or own or any(one.meanings or one.value for one in known)):
        return False
    if parts or whole or own:
        draft.note(PARTS.said_in(found.language).format(line=line))
        draft.told([])
    if whole is not None:
        draft.glossed(
            whole.note, whole.headings, whole.line, whole.text, None if whole.is_whole else whole.written
        )
    if isinstance(own, Gloss):
        draft.glossed(own.note, own.headings, own.line, own.text, own.written)
    else:
        draft.told([(d.statement, d.header) for d in own or ()])
    _write_parts(draft, known)
    known = _shown_by_lines(draft, found, known, places, whole)
    _write_order(draft, found, line, places)
    _unsaid(draft, found, known)
    said = () if whole else [s for s in found.chosen if _adds(s, own)]
    draft.told([(s, ()) for s in within(said[:_BESIDE])] if said else [])
    draft.commands(found.recommended)
    return True


def _write_flags(draft: Draft, found: Found) -> bool:
    """What flags mean that stand in a question without a line."""
    written = list(found.asking.flags)
    ports = _PORTS.search(found.question)
    if not written and ports:
        written = ["-p"]
    places = places_near(found.hits, found.library)
    known = [one for name in written for one in _known_flag(name, found, places)]
    if not any(one.meanings or one.value for one in known):
        return _write_lines(draft, found, known, places)
    draft.head()
    _write_parts(draft, known)
    if ports:
        _say_order(draft, found, [_told_ports(ports[0], found.language)])
    _unsaid(draft, found, known)
    said = [s for s in found.chosen if _adds(s, None) and any(name in s.text[:_EARLY] for name in written)]
    draft.told([(s, ()) for s in within(said[:_BESIDE])] if said else [])
    return True


def _known_flag(name: str, found: Found, places: Sequence[Place]) -> list[_Known]:
    """What the notes say of a flag, or of each letter where several are joined (``-it``)."""
    whole = _known(_part(name, found.question), "", found, places)
    if whole.meanings or whole.value or not _JOINED.fullmatch(name):
        return [whole]
    letters = [_known(Part(f"-{c}", frozenset({f"-{c}"})), "", found, places) for c in name[1:]]
    told = [_Known(one.part, one.meanings[:1], None) for one in letters]
    return told if any(one.meanings for one in told) else [whole]


def _write_lines(draft: Draft, found: Found, known: Sequence[_Known], places: Sequence[Place]) -> bool:
    """Says that nothing tells what a flag means, and shows the lines it stands in; whether there are some."""
    names = {one.part.written.split(" ")[0] for one in known}
    lines = glosses_with(names, places, found.language)[:_LINES]
    if lines:
        _unsaid(draft, found, known)
        draft.note(STANDS.said_in(found.language))
        for gloss in lines:
            draft.glossed(gloss.note, gloss.headings, gloss.line, gloss.text, gloss.written)
    return bool(lines)


def _part(name: str, question: str) -> Part:
    """A flag of a question, with its value where one follows."""
    after = re.search(rf"(?<![\w-]){re.escape(name)}[= ]([\x21-\x7e]+)", question)
    value = after[1].strip("`?,.") if after else ""
    is_value = bool(value) and not value.startswith("-") and (value == "all" or re.search(r"[\d:/]|-", value))
    if name == "-p" and not is_value and (ports := _PORTS.search(question)):
        value, is_value = ports[0], True
    return Part(f"{name} {value}" if is_value else name, frozenset({name}))


def _known(part: Part, subcommand: str, found: Found, places: Sequence[Place]) -> _Known:
    meanings = meanings_of(part, subcommand, found.hits, found.library, found.language)
    _, _, value = part.written.partition(" ")
    told = None
    if _VALUE.fullmatch(value) and value != "all":
        rated = definitions_of(subject_of(value, found.library), places)
        rows = [d for d in rated if d.header]
        language = in_one_language([(d.worth, d.statement.note) for d in rows], found.library, found.language)
        told = next((d for d in rows if found.library.notes[d.statement.note].language == language), None)
    return _Known(part, meanings, told)


def _shown_by_lines(
    draft: Draft, found: Found, known: Sequence[_Known], places: Sequence[Place], whole: Gloss | None
) -> list[_Known]:
    """Shows lines with one flag that no entry tells of, and what introduces them; the parts without these."""
    left = [one for one in known if one.meanings or one.value is not None]
    silent = []
    subcommand, _ = parts_of(found.asking.line)
    for one in (one for one in known if one not in left):
        gloss = flag_gloss(one.part, subcommand, places, found.language)
        if gloss is None:
            silent.append(one)
        elif whole is None or gloss.line != whole.line:
            draft.glossed(gloss.note, gloss.headings, gloss.line, gloss.text, gloss.written)
    is_told = whole is not None and whole.is_whole and len(known) <= _FEW and len(silent) == 1
    return left if is_told else left + silent  # what a short line is for tells its flag


def _write_parts(draft: Draft, known: Sequence[_Known]) -> None:
    for one in known:
        for meaning in one.meanings:
            draft.meaning(meaning)
    for one in known:
        if one.value is not None:
            draft.told([(one.value.statement, one.value.header)])


def _unsaid(draft: Draft, found: Found, known: Sequence[_Known]) -> None:
    unsaid = [f"`{one.part.written}`" for one in known if not one.meanings and one.value is None]
    if unsaid:
        joint = "、" if found.language == "zh" else ", "
        draft.note(UNSAID.said_in(found.language).format(flags=joint.join(unsaid)))


def _of_subcommand(
    line: str, subcommand: str, found: Found, places: Sequence[Place], whole: Gloss | None
) -> Gloss | list[Definition] | None:
    """What the notes say of the subcommand: a sentence that tells, or what introduces its simplest line."""
    name = subcommand or (line.split()[1] if len(line.split()) > 1 else "")
    subject = subject_of(f"docker {name}", found.library)
    told = [d for d in definitions_of(subject, places) if d.worth >= GLOSS and not d.header]
    language = in_one_language([(d.worth, d.statement.note) for d in told], found.library, found.language)
    told = [d for d in told if found.library.notes[d.statement.note].language == language]
    gloss = gloss_of(f"docker {name}", places, found.language)
    if whole is not None and gloss is not None and gloss.line == whole.line:
        gloss = None
    if told and (told[0].worth >= IS or gloss is None):
        return told[:1]
    return gloss


def _write_order(draft: Draft, found: Found, line: str, places: Sequence[Place]) -> None:
    """Which words of a line are its ports, image and command, and what the notes say of their order."""
    parsed = _parsed(line)
    if parsed is None or not parsed.args or parsed.name not in {("run",), ("create",), ("exec",)}:
        return
    first = CONTAINER if parsed.name == ("exec",) else IMAGE
    ports = _PORTS.search(line)
    told = [_told_ports(ports[0], found.language)] if ports and parsed.name != ("exec",) else []
    told.append(first.said_in(found.language).format(word=parsed.args[0]))
    if parsed.args[1:]:
        told.append(INSIDE.said_in(found.language).format(word=" ".join(parsed.args[1:])))
    _say_order(draft, found, told)
    said = [
        s
        for place in places
        if "docker run" in place.heading and place.note.language == found.language
        for s in place.says(found.asked)
        if s.kind == "paragraph" and _ORDER_TOLD.search(s.text) and not introduces(s.text)
    ]
    if first is IMAGE:
        draft.told([(s, ()) for s in said[:1]])


def _say_order(draft: Draft, found: Found, told: Sequence[str]) -> None:
    joint = "，" if found.language == "zh" else ", "
    last = joint if found.language == "zh" else " and "
    said = joint.join(told[:-1]) + last + told[-1] if len(told) > 1 else told[0]
    draft.note(ORDER.said_in(found.language).format(parts=said))


def _told_ports(written: str, language: Language) -> str:
    host, container = written.split("/", maxsplit=1)[0].split(":")
    return PORTS.said_in(language).format(word=written, host=host, container=container)


def _parsed(line: str) -> Parsed | None:
    try:
        return parse(without_sudo(lex(line, workspace=_ANYWHERE).words)[0])
    except CommandError:
        return None


def _adds(statement: Statement, own: Gloss | list[Definition] | None) -> bool:
    """Whether a sentence says something that the parts do not."""
    said = {d.statement.text for d in own} if isinstance(own, list) else set()
    return (
        statement.kind in {"paragraph", "item"}
        and statement.text not in said
        and not is_of_flag(statement.text)
        and not introduces(statement.text)
    )


def _places(found: Found, line: str) -> list[Place]:
    """The sections near the question and near the subcommand."""
    name = " ".join(word for word in line.split()[:3] if re.fullmatch(r"[a-z-]+", word))
    hits = [*found.hits, *found.library.matches(name.removeprefix("sudo "), limit=_NEAR)]
    return places_near(hits, found.library, most=len(hits))


def _is_of_dot(found: Found) -> bool:
    return (
        bool(_DOT.search(found.question)) and re.search(r"\s\.(?:\s|$)", found.asking.line + " ") is not None
    )


def _write_dot(draft: Draft, found: Found) -> bool:
    """What the notes say of the dot at a line's end."""
    said = list(_of_dot(places_near(found.hits, found.library), found))[:_BESIDE]
    if not said:
        return False
    draft.head()
    draft.told([(s, ()) for s in within(said)])
    return True


def _of_dot(places: Sequence[Place], found: Found) -> Iterator[Statement]:
    words = [word for word in found.asking.line.split()[1:2] if word.isalpha()]
    near = [p for p in places if p.note.language == found.language]
    told = [s for p in near for s in p.says(found.asked) if s.kind != "table" and not introduces(s.text)]
    dotted = [s for s in told if _DOT_TOLD.search(s.text)]
    yield from sorted(
        dotted,
        key=lambda s: (
            "`.`" not in s.text,
            -sum(word in " ".join((*s.headings[-1:], s.text)).lower() for word in words),
        ),
    )
