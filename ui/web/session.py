"""What the server keeps for one browser; the page's own word on any of it counts for nothing."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from assistant.diagnosis.values import Diagnosis
from assistant.execution.background import Background
from assistant.execution.console import Console
from assistant.hosting.values import Effects
from assistant.values import (
    Answer,
    AnswerStep,
    Command,
    EngineInfo,
    GpuReport,
    Origin,
    PlaceholderKind,
    Progress,
    Run,
    Rung,
    SuggestedCommand,
    Touched,
    Turn,
    Verdict,
)
from assistant.verifying.values import Stamp
from knowledge.language import Language, Text
from knowledge.values import Hit
from ui.web.saving import Saving
from ui.web.talk_list import TalkList
from ui.web.undoing import Undoing
from ui.web.work import Changes, Work

CardState = Literal["ready", "running", "ended"]
MOST_SESSIONS = 64
SHOWN_OUTPUT_CHARACTERS = 40_000


def _token() -> str:
    return secrets.token_urlsafe(9)


@dataclass(slots=True)
class Card:
    """One command on the page, and where it stands.

    ``stamp`` changes whenever what the person would agree to changes; a click that carries an
    older one agrees to nothing.
    """

    command: Command
    verdict: Verdict
    citation: int | None
    language: Language
    question: str
    proposal: str | None = None
    id: str = field(default_factory=_token)
    stamp: str = field(default_factory=_token)
    explained: Text | None = None
    effects: Effects | None = None
    verified: Stamp | None = None
    touched: tuple[Touched, ...] = ()
    filled: dict[str, str] = field(default_factory=dict)
    template: Verdict | None = None
    state: CardState = "ready"
    run_id: str | None = None
    cancelling: bool = False
    output: str = ""
    output_dropped: int = 0
    progress: dict[str, Progress] = field(default_factory=dict)
    ended: Run | None = None
    diagnosis: Diagnosis | None = None
    message: Text | None = None
    console: Console | None = None
    typed: int = 0
    waiting: int | None = None
    notices: list[Text] = field(default_factory=list)
    background: Background | None = None
    log: str | None = None
    candidates: dict[PlaceholderKind, tuple[str, ...]] = field(default_factory=dict)
    undoing: Undoing | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_corrected(self) -> bool:
        """Whether the command stands in a note with a slip that is mended here."""
        return self.command.origin is Origin.CORRECTED and self.command.written != self.command.text

    def renew(self) -> None:
        """Makes every click on what was shown so far void."""
        self.stamp = _token()

    def begin(self) -> None:
        """Clears what an earlier run left and marks the card as running."""
        self.state = "running"
        self.run_id, self.ended, self.message, self.diagnosis = None, None, None, None
        self.output, self.output_dropped, self.cancelling = "", 0, False
        self.progress = {}
        self.console, self.typed, self.waiting = None, 0, None
        self.background, self.log = None, None
        self.notices = []
        self.undoing = None
        self.renew()

    def write(self, text: str) -> None:
        """Appends output; the page keeps its end, the ledger keeps more."""
        self.output += text
        surplus = len(self.output) - SHOWN_OUTPUT_CHARACTERS
        if surplus > SHOWN_OUTPUT_CHARACTERS // 4:
            cut = self.output.find("\n", surplus) + 1 or surplus
            self.output, self.output_dropped = self.output[cut:], self.output_dropped + cut


@dataclass(slots=True)
class Exchange:
    """One question on the page and what became of it."""

    question: str
    language: Language
    id: str = field(default_factory=_token)
    text: str = ""
    steps: list[AnswerStep] = field(default_factory=list)
    answer: Answer | None = None
    cards: list[Card] = field(default_factory=list)
    open_citation: int | None = None
    stopped: bool = False
    error: Text | None = None
    work: Work | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes: it was answered, it failed, or the person stopped it."""
        return self.answer is not None or self.error is not None or self.stopped

    @property
    def turn(self) -> Turn | None:
        """The finished turn, for the next question's transcript."""
        return Turn(self.question, self.answer) if self.answer is not None else None


@dataclass(slots=True)
class GpuCheck:
    """The GPU page: the ladder so far, and what waits for the person."""

    running: bool = False
    rungs: list[Rung] = field(default_factory=list)
    report: GpuReport | None = None
    passages: dict[int, Hit] = field(default_factory=dict)
    waiting: Verdict | None = None
    explained: Text | None = None
    stamp: str = ""
    answered: threading.Event = field(default_factory=threading.Event)
    yes: bool = False
    error: Text | None = None


@dataclass(slots=True)
class Session:
    """Everything one browser's page has on the server."""

    language: Language
    conversation: str = field(default_factory=_token)
    exchanges: list[Exchange] = field(default_factory=list)
    answering: Work | None = None
    chat_changes: Changes = field(default_factory=Changes)
    gpu_changes: Changes = field(default_factory=Changes)
    hint: Text | None = None
    engine: EngineInfo | Text | None = None
    page: str = ""  # a digest of the browser's cookie: what its page showed last is kept under it
    talks: TalkList = field(default_factory=TalkList)
    savings: dict[str, Saving] = field(default_factory=dict)  # what is being saved to the notes
    is_restored: bool = False  # whether what waited from an earlier start was looked up
    examples: list[str] = field(default_factory=list)  # as shown: notes may change before one is pressed
    query: str = ""
    section: tuple[str, int] | None = None
    highlight: tuple[int, int] | None = None
    gpu: GpuCheck = field(default_factory=GpuCheck)
    presses: deque[str] = field(default_factory=lambda: deque(maxlen=16))
    drawings: int = 0

    def next_drawing(self) -> int:
        """The number of a drawing that begins now; higher than any before, also after a restart."""
        self.drawings = max(self.drawings + 1, time.time_ns() // 1_000_000)
        return self.drawings

    def is_new(self, press: str) -> bool:
        """Whether a press came for the first time; the page sends one again that got no answer."""
        if press and press in self.presses:
            return False
        self.presses.append(press[:40])
        return True

    @property
    def is_busy(self) -> bool:
        """Whether an answer or a run of the conversation is under way."""
        cards = (card for exchange in list(self.exchanges) for card in list(exchange.cards))
        writing = any(not exchange.is_over for exchange in list(self.exchanges))
        return writing or self.answering is not None or any(card.state == "running" for card in cards)

    def exchange(self, id: str) -> Exchange | None:
        """The exchange with this id, None for an unknown one."""
        return next((exchange for exchange in self.exchanges if exchange.id == id), None)

    def card(self, id: str) -> Card | None:
        """The card with this id, None for an unknown one."""
        cards = (card for exchange in self.exchanges for card in exchange.cards)
        return next((card for card in cards if card.id == id), None)

    def cards_beside(self, card: Card) -> list[Card]:
        """All cards of the answer a card belongs to, itself among them."""
        return next((e.cards for e in self.exchanges if any(one is card for one in e.cards)), [])


def card_for(suggested: SuggestedCommand, exchange: Exchange) -> Card:
    """A card for a command an answer recommends."""
    verdict = suggested.verdict
    return Card(
        command=suggested.command,
        verdict=verdict,
        citation=suggested.citation,
        language=exchange.language,
        question=exchange.question,
        template=verdict if verdict.placeholders else None,
        proposal=suggested.proposal,
    )


class Sessions:
    """Sessions by browser; the oldest make room.

    A page that lost its connection or is loaded again comes back to its session, see `ui.web.work`.
    """

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, id: str | None, language: Language) -> Session:
        """The session with this id, made where there is none."""
        with self._lock:
            page = sha256(id.encode()).hexdigest() if id else ""
            session = self._sessions.setdefault(id or "", Session(language, page=page))
            self._sessions.move_to_end(id or "")
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return session
