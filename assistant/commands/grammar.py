"""Words to a subcommand with its flags and arguments, by the docker CLI's grammar.

Source: the flag library of the docker CLI (spf13/pflag): no abbreviations, ``--name value`` or
``--name=value``, short flags joined, booleans without a following value, ``--`` ends the flags.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.commands import flags as table
from assistant.commands.flag_forms import Flag, Grammar
from assistant.commands.lexer import Word
from assistant.commands.missing import check_count
from assistant.commands.more_flags import BUILDKIT
from assistant.commands.quantities import parse_bool
from assistant.commands.subcommands import replaced, skip_global_flags, subcommand
from assistant.errors import CommandSyntaxError, UnsupportedCommandError
from knowledge.language import Text


@dataclass(frozen=True, slots=True)
class Parsed:
    """A subcommand, its flags (canonical name to values, in order) and its arguments."""

    grammar: Grammar
    name: tuple[str, ...]
    flags: dict[str, list[str]] = field(default_factory=dict)
    args: tuple[str, ...] = ()

    def last(self, flag: str) -> str | None:
        """The value of a flag; the last one counts."""
        values = self.flags.get(flag)
        return values[-1] if values else None

    def all(self, flag: str) -> list[str]:
        """Every value of a flag, in order."""
        return self.flags.get(flag, [])

    def is_on(self, flag: str) -> bool:
        """Whether a boolean flag is set."""
        value = self.last(flag)
        return value is not None and parse_bool(value) is True


def parse(words: Sequence[Word]) -> Parsed:
    """The parsed line; ``words`` begin with ``docker``.

    Raises:
        CommandSyntaxError: the docker CLI would not take it; a suggestion comes along where near.
        UnsupportedCommandError: the docker CLI would take it, the sandbox does not carry it out.
    """
    start = skip_global_flags(words)
    if start >= len(words):
        raise CommandSyntaxError(
            Text(
                en="`docker` alone does nothing; a subcommand such as `ps` or `run` is missing.",
                zh="只有 `docker` 什么也不会做；缺少子命令，例如 `ps` 或 `run`。",
            ),
            word="docker",
        )
    if words[start].text == "compose":
        from assistant.compose.flags import read_line

        grammar, found, services = read_line(words, start + 1, _read)
        return Parsed(grammar, tuple(grammar.name.split()), found, services)
    name, after = subcommand(words, start)
    reader = _FlagReader(table.COMMANDS[name], words, after)
    reader.read()
    parsed = Parsed(reader.grammar, name, reader.flags, tuple(reader.args))
    check_count(parsed.grammar, parsed.args, words)
    return parsed


# ---- flags


def _read(grammar: Grammar, words: Sequence[Word], at: int) -> tuple[dict[str, list[str]], list[str], int]:
    """The flags and arguments from a place on, and where the arguments begin if they end the flags."""
    reader = _FlagReader(grammar, words, at)
    reader.read()
    return reader.flags, reader.args, len(words) - len(reader.args)


class _FlagReader:
    """Reads flags and arguments after the subcommand, as pflag does."""

    def __init__(self, grammar: Grammar, words: Sequence[Word], at: int) -> None:
        self.grammar = grammar
        self.words = words
        self.at = at
        self.flags: dict[str, list[str]] = {}
        self.args: list[str] = []

    def read(self) -> None:
        while self.at < len(self.words):
            text = self.words[self.at].text
            if text == "--":
                self.args += [word.text for word in self.words[self.at + 1 :]]
                return
            if text.startswith("--"):
                self._long(text[2:])
            elif text.startswith("-") and len(text) > 1:
                self._short(text[1:])
            elif self.grammar.options_first:
                self.args += [word.text for word in self.words[self.at :]]
                return
            else:
                self.args.append(text)
            self.at += 1

    def _long(self, text: str) -> None:
        name, equals, value = text.partition("=")
        flag = self.grammar.flags.get(name)
        if flag is None:
            self._refuse_buildkit(name)
            raise self._unknown(f"--{name}", name, value if equals else None)
        if equals:
            self._set(flag, value)
        else:
            self._set(flag, "true" if flag.kind == "bool" else self._next(f"--{name}"))

    def _short(self, text: str) -> None:
        if len(text) > 2 and text.partition("=")[0] in self.grammar.flags:
            # docker would read `-env` as `-e nv`; nobody means that.
            raise self._unknown_short(text[0])
        while text:
            letter, text = text[0], text[1:]
            flag = self.grammar.short(letter)
            if flag is None:
                self._refuse_buildkit(letter)
                raise self._unknown_short(letter)
            if text.startswith("=") and len(text) > 1:
                self._set(flag, text[1:])
                return
            if flag.kind == "bool":
                self._set(flag, "true")
            elif text:
                self._set(flag, text)
                return
            else:
                self._set(flag, self._next(f"-{letter}"))

    def _next(self, flag: str) -> str:
        self.at += 1
        if self.at >= len(self.words):
            raise CommandSyntaxError(
                Text(en=f"`{flag}` needs a value after it.", zh=f"`{flag}` 后面需要一个值。"), word=flag
            )
        return self.words[self.at].text

    def _set(self, flag: Flag, value: str) -> None:
        if flag.name == "help":
            raise UnsupportedCommandError(
                Text(
                    en="Help is not run here; ask about the option instead, the notes may explain it.",
                    zh="这里不执行帮助命令；可以直接提问该选项，笔记中可能有说明。",
                ),
                word="--help",
            )
        if flag.kind == "bool" and parse_bool(value) is None:
            raise CommandSyntaxError(
                Text(
                    en=f"`--{flag.name}` is on or off: `true` or `false`, not `{value}`.",
                    zh=f"`--{flag.name}` 只有开或关：应为 `true` 或 `false`，而不是 `{value}`。",
                ),
                word=value,
            )
        self.flags.setdefault(flag.name, []).append(value)

    def _refuse_buildkit(self, name: str) -> None:
        if self.grammar.name == "build" and name in BUILDKIT:
            shown = f"-{name}" if len(name) == 1 else f"--{name}"
            raise UnsupportedCommandError(
                Text(
                    f"`{shown}` is an option of BuildKit, and images are built here without it. Leave it "
                    "out, or copy the line to a terminal of your own.",
                    f"`{shown}` 是 BuildKit 的选项，而这里构建镜像时不使用 BuildKit。请去掉它，"
                    "或把这一行复制到自己的终端运行。",
                ),
                word=shown,
            )

    # ---- mends

    def _unknown(self, shown: str, name: str, value: str | None) -> CommandSyntaxError:
        near = difflib.get_close_matches(name.lower(), sorted(self.grammar.flags), n=1, cutoff=0.7)
        mend = f"--{near[0]}" if near else ""
        if len(name) == 1 and self.grammar.short(name):
            mend = f"-{name}"
        return self._error(shown, mend, value)

    def _unknown_short(self, letter: str) -> CommandSyntaxError:
        """A letter docker does not know; with one dash for two (``-gpus``) the mend is certain."""
        name, equals, value = self.words[self.at].text.lstrip("-").partition("=")
        mend = f"--{name}" if len(name) > 1 and name in self.grammar.flags else ""
        if not mend and len(name) > 3:
            near = difflib.get_close_matches(name.lower(), sorted(self.grammar.flags), n=1, cutoff=0.8)
            mend = f"--{near[0]}" if near else ""
        if mend:
            return self._error(f"-{name}", mend, value if equals else None)
        whole = self.words[self.at].text
        return self._error(f"-{letter}" if whole == f"-{letter}" else f"-{letter} ({whole})", "", None)

    def _error(self, shown: str, mend: str, value: str | None) -> CommandSyntaxError:
        raw = mend if value is None else f"{mend}={self.words[self.at].raw.partition('=')[2]}"
        return CommandSyntaxError(
            Text(
                en=f"`docker {self.grammar.name}` has no option `{shown}`."
                + (f" Did you mean `{mend}`?" if mend else ""),
                zh=f"`docker {self.grammar.name}` 没有选项 `{shown}`。"
                + (f"是否想写 `{mend}`？" if mend else ""),
            ),
            word=self.words[self.at].text,
            suggestion=replaced(self.words, self.at, raw) if mend else None,
        )
