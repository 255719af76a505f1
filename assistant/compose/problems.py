"""What is wrong with a compose file: everything is collected, so that a person sees all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import CommandError, UnsupportedCommandError
from assistant.values import Reason
from knowledge.language import Text

MOST = 20
"""More reasons than these help nobody."""


class ComposeError(UnsupportedCommandError):
    """A compose file that is not carried out; ``reasons`` are all the reasons that were found."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(reasons[0].text)
        self.reasons = reasons


class WrongKeyError(Exception):
    """One key of a file is not as it must be, or not carried out; ``text`` says why, without naming it."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


FORM = Text("its value has no form that is known.", "它的值不是已知的形式。")
"""What is refused rather than guessed at, as the policy does with bodies."""


class Problems:
    """The reasons found so far."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []

    def add(self, reason: Reason) -> None:
        """Notes a reason, each once."""
        if reason not in self.reasons and len(self.reasons) < MOST:
            self.reasons.append(reason)

    def say(self, where: Text, key: str, why: Text) -> None:
        """Notes what is wrong with a key of a part of the file."""
        name = f"`{key}`" if key else ""
        en = " ".join(filter(None, (where.en, f"{name}:" if name else "", why.en)))
        zh = f"{where.zh}{name + '：' if name else ''}{why.zh}"
        self.add(Reason(f"compose.{key or 'file'}", Text(en, zh)))

    @contextmanager
    def of(self, where: Text, key: str) -> Iterator[None]:
        """Goes on after an error in a key, with the error noted."""
        try:
            yield
        except WrongKeyError as error:
            self.say(where, key, error.text)
        except CommandError as error:
            self.say(where, key, error.text)
        except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
            self.say(where, key, FORM)

    def check(self) -> None:
        """Passes where nothing was found.

        Raises:
            ComposeError: something was.
        """
        if self.reasons:
            raise ComposeError(tuple(self.reasons))


def service(name: str) -> Text:
    """Where a problem is: in a service."""
    return Text(f"Service `{name}`,", f"服务 `{name}` 的")


def top(key: str) -> Text:
    """Where a problem is: in one of the lists at the top of the file."""
    return Text(f"Under `{key}`,", f"`{key}` 下的")


FILE = Text("The compose file:", "compose 文件：")
