"""Conversations as the command line and the page use them, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.execution.ledger import Ledger
from assistant.keeping.export import as_markdown
from assistant.keeping.kept import delete, kept
from assistant.keeping.talks import KeptTurn, Talk, Talks
from assistant.values import AnswerPart, Run, Turn, Verdict
from knowledge.language import Language

Ask = Callable[[str, Sequence[Turn]], Iterator[AnswerPart]]
"""Gives the parts of an answer."""


class Keeping:
    """Questions asked within conversations that are kept, and what became of their runs.

    All methods raise KeepingError where the conversations cannot be used, and LedgerError where the runs
    cannot.
    """

    def __init__(self, talks: Talks, ledger: Ledger, review: Callable[[str], Verdict]) -> None:
        self.talks = talks
        self.ledger = ledger
        self._review = review

    def ask(
        self, ask: Ask, talk: str, question: str, transcript: Sequence[Turn] | None = None
    ) -> Iterator[AnswerPart]:
        """The parts of an answer as ``ask`` gives them, kept in a conversation as they come.

        ``transcript`` None takes the turns of the conversation that are kept.
        """
        if transcript is None:
            transcript = [turn for one in self.turns(talk) if (turn := one.turn)]
        return kept(self.talks, talk, question, ask(question, transcript))

    def turns(self, talk: str) -> list[KeptTurn]:
        """The turns of a conversation, their commands judged as of now."""
        return self.talks.turns(talk, self._review)

    def runs(self, talk: str) -> list[Run]:
        """The runs of a conversation, newest first."""
        return self.ledger.of_conversation(talk)

    def export(self, talk: Talk, language: Language) -> str:
        """The conversation as Markdown, with citations, commands and how they ended."""
        return as_markdown(talk, self.turns(talk.id), self.runs(talk.id), language)

    def delete(self, talk: str) -> int:
        """Deletes a conversation for good; gives how many of its runs stay in the ledger."""
        return delete(self.talks, self.ledger, talk)
