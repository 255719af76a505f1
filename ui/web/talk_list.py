"""Where the page's list of conversations stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.keeping.talks import Talk
from knowledge.language import Text


@dataclass(slots=True)
class TalkList:
    """The conversations as last looked up, and what the person is doing to one of them.

    ``listed`` are those that hold the ``words`` looked for, of ``total``, and ``lines`` says where, by their
    ids; ``asked_at`` is when, by the page's clock, since words typed earlier may arrive later.
    ``exported`` is the id of the one that was exported, the file's name and its text.
    """

    listed: list[Talk] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)
    total: int = 0
    words: str = ""
    asked_at: int = 0
    renaming: str = ""
    deleting: str = ""
    exported: tuple[str, str, str] | None = None
    message: Text | None = None

    def settle(self) -> None:
        """Ends whatever was begun with one of them."""
        self.renaming, self.deleting, self.exported, self.message = "", "", None, None
