"""Nouns of the assistant side, each a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from knowledge.language import Language, Text

JsonObject: TypeAlias = Mapping[str, Any]
"""A body as it goes to the Engine or came from it; typed values end here."""


# ---- commands -------------------------------------------------------------------------------


class Origin(StrEnum):
    """Where a command comes from."""

    VERBATIM = "verbatim"  # stands in the notes
    CORRECTED = "corrected"  # the notes' line with a slip mended
    ADAPTED = "adapted"  # the notes' line with values filled in
    MODEL = "model"  # a chat model's, not in the notes
    PERSON = "person"  # typed by the person


PlaceholderKind = Literal["image", "container", "port", "path", "text"]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A part of a command the person must fill in: the text as it stands, and what goes there."""

    text: str
    kind: PlaceholderKind


@dataclass(frozen=True, slots=True)
class Command:
    """One line to run: ``text`` as it would be run, ``written`` as the note has it.

    ``note`` and the lines (from 1, inclusive) are where it stands; None and 0 where it stands in
    no note.
    """

    text: str
    origin: Origin
    written: str
    note: str | None = None
    first_line: int = 0
    last_line: int = 0


# ---- plans ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Operation:
    """One Engine API request: what the docker CLI would send, and what the sandbox sends.

    ``method`` and ``path`` are the Engine API's, without the version prefix (``POST``,
    ``/containers/create``); ``{container}`` in a path stands for the id the create step returns.
    ``query`` holds the URL query as text. ``as_written`` is the body the real docker CLI would
    send for the line, ``as_run`` the body after the sandbox's limits; None where there is none.
    ``sent`` says who sends it: both (``always``), only the real CLI, only the sandbox (``here``), or
    both where the image is not on the Engine yet (``if missing``).

    Source: Engine API reference, v1.41 and later.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    as_written: JsonObject | None = None
    as_run: JsonObject | None = None
    sent: Literal["always", "by docker", "here", "if missing"] = "always"

    @property
    def takes_input(self) -> bool:
        """Whether it connects somebody's keyboard to a program, and is sent here."""
        if self.sent == "by docker":
            return False
        if self.path.endswith("/exec"):
            return bool((self.as_run or {}).get("AttachStdin"))
        return self.path.endswith("/attach") and self.query.get("stdin") == "1"


@dataclass(frozen=True, slots=True)
class RunContainer:
    """``docker run``: create and start one container from ``body`` (as written).

    ``start`` is False for ``docker create``, which ends where the container is there.
    """

    image: str
    body: JsonObject
    name: str | None = None
    platform: str | None = None
    detach: bool = False
    interactive: bool = False
    tty: bool = False
    remove: bool = False
    pull: Literal["always", "missing", "never"] = "missing"
    start: bool = True


@dataclass(frozen=True, slots=True)
class ListContainers:
    """``docker ps``; ``filters`` as the Engine takes them (name to values)."""

    all: bool = False
    last: int | None = None
    size: bool = False
    quiet: bool = False
    no_trunc: bool = False
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListImages:
    """``docker images``; ``reference`` narrows to one repository."""

    all: bool = False
    quiet: bool = False
    no_trunc: bool = False
    digests: bool = False
    reference: str | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StopContainers:
    """``docker stop``; ``timeout_seconds`` before the Engine kills, None for its default."""

    containers: tuple[str, ...]
    timeout_seconds: int | None = None
    signal: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveContainers:
    """``docker rm``."""

    containers: tuple[str, ...]
    force: bool = False
    volumes: bool = False


@dataclass(frozen=True, slots=True)
class ReadLogs:
    """``docker logs``; times as the Engine takes them, ``tail`` a count or ``all``."""

    container: str
    follow: bool = False
    tail: str = "all"
    since: str | None = None
    until: str | None = None
    timestamps: bool = False


@dataclass(frozen=True, slots=True)
class PullImage:
    """``docker pull`` of one reference (repository with tag or digest)."""

    reference: str
    platform: str | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ShowVersion:
    """``docker version``."""


@dataclass(frozen=True, slots=True)
class ShowInfo:
    """``docker info``."""


InspectKind = Literal["container", "image", "volume", "network"]


@dataclass(frozen=True, slots=True)
class Inspect:
    """``docker inspect`` and its management forms; ``kind`` None means: find out, as docker does."""

    names: tuple[str, ...]
    kind: InspectKind | None = None
    size: bool = False


@dataclass(frozen=True, slots=True)
class OtherCommand:
    """Any other docker command, understood request by request.

    ``name`` is its canonical name (``network create``), ``flags`` what was set (canonical name to
    values, in order), ``args`` what stands after the flags.
    """

    name: str
    args: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def last(self, flag: str) -> str | None:
        """The value of a flag, the last one where it was set several times."""
        return (self.flags.get(flag) or (None,))[-1]

    def is_on(self, flag: str) -> bool:
        """Whether a switch was set and not unset again (``--force=false``)."""
        return (self.last(flag) or "false").lower() in {"1", "t", "true"}


ComposeCondition = Literal["service_started", "service_healthy", "service_completed_successfully"]


@dataclass(frozen=True, slots=True)
class ComposeContainer:
    """One container that a compose file asks for.

    ``run`` is what ``docker run -d`` would do for it (``run.name`` is never None), ``needs`` the services
    it waits for, with the condition. ``networks`` are the Engine's names of its networks, each with the
    names it has there; none where it has no network. ``build`` is the line that builds its image; None
    where the image is pulled.
    """

    service: str
    number: int
    run: RunContainer
    needs: tuple[tuple[str, ComposeCondition], ...] = ()
    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    build: str | None = None
    attach: bool = True


@dataclass(frozen=True, slots=True)
class ComposeObject:
    """A network or volume of a compose file: its name there, and the Engine's.

    ``external`` is True where it must be there already and is never removed.
    """

    key: str
    name: str
    external: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class ComposeCommand(OtherCommand):
    """``docker compose …``: ``name`` is ``compose up`` and so on, ``args`` are the services named.

    ``containers`` stand in the order they are started in. ``text`` is the whole file as understood, as
    YAML, for ``compose config``; empty for the others.
    """

    project: str = ""
    containers: tuple[ComposeContainer, ...] = ()
    networks: tuple[ComposeObject, ...] = ()
    volumes: tuple[ComposeObject, ...] = ()
    text: str = ""


Action: TypeAlias = (
    RunContainer
    | ListContainers
    | ListImages
    | StopContainers
    | RemoveContainers
    | ReadLogs
    | PullImage
    | ShowVersion
    | ShowInfo
    | Inspect
    | OtherCommand
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one docker line means to the Engine: the typed action, and its requests in order.

    ``line`` is the line as understood (one line, no prompt sign, no sudo), ``argv`` its words
    after ``docker``. ``client_notes`` say what docker's client would do by itself (``--format``,
    a terminal) and how it is done here.
    """

    line: str
    argv: tuple[str, ...]
    action: Action
    operations: tuple[Operation, ...]
    placeholders: tuple[Placeholder, ...] = ()
    client_notes: tuple[Text, ...] = ()


# ---- verdicts -------------------------------------------------------------------------------


class Decision(StrEnum):
    """What the policy says to a plan."""

    ALLOW = "allow"  # reads only
    ASK = "ask"  # creates, changes or removes: waits for the person
    REFUSE = "refuse"  # never, also if approved


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is; ``rule`` names the policy's rule for programs."""

    rule: str
    text: Text


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the sandbox changed in a request: the key, both values, and why."""

    key: str
    written: str
    run: str
    why: Text


CommandKind = Literal["docker", "host", "invalid"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The policy's word on one line. Runs are made from verdicts only.

    ``plan`` is None for host lines and lines that are no docker command; those are always
    refused. The plan's operations carry the bodies as run. ``digest`` is the SHA-256 of the plan
    as run (hexadecimal); an approval is bound to it. ``suggestion`` is a mended line, where one is
    near.
    """

    line: str
    kind: CommandKind
    decision: Decision
    reasons: tuple[Reason, ...]
    plan: Plan | None = None
    changes: tuple[Change, ...] = ()
    suggestion: str | None = None
    digest: str = ""
    placeholders: tuple[Placeholder, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Several commands that are one plan: run in order, stopped at the first that fails.

    ``steps`` holds one verdict a command, never empty; ``decision`` is the strictest of them.
    """

    text: str
    steps: tuple[Verdict, ...]

    @property
    def decision(self) -> Decision:
        """Refuse where one step is refused, else ask where one asks."""
        found = {verdict.decision for verdict in self.steps}
        return next(d for d in (Decision.REFUSE, Decision.ASK, Decision.ALLOW) if d in found)

    @property
    def kind(self) -> CommandKind:
        """``docker`` where every step is; else that of the first step that is not."""
        return next((verdict.kind for verdict in self.steps if verdict.kind != "docker"), "docker")

    @property
    def suggestion(self) -> str | None:
        """All the lines with the mended ones in their place; None where nothing is mended."""
        if all(verdict.suggestion is None for verdict in self.steps):
            return None
        return "\n".join(verdict.suggestion or verdict.line for verdict in self.steps)


@dataclass(frozen=True, slots=True)
class Touched:
    """An object on the Engine a plan would change, as resolved when the person was asked.

    ``owned`` is True where docknotes made it (our label); others need to be named again.
    """

    kind: Literal["container", "image", "volume", "network"]
    id: str
    name: str
    owned: bool


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's yes to exactly one verdict: single use, and it expires.

    ``digest`` is the verdict's; ``touched`` the objects frozen at that moment, and nothing else is
    changed. ``expires_at`` is in seconds since the epoch.
    """

    token: str
    digest: str
    by: str
    expires_at: float
    touched: tuple[Touched, ...] = ()


# ---- runs -----------------------------------------------------------------------------------

OutcomeKind = Literal[
    "succeeded",  # exit code 0, or the Engine did it
    "failed",  # exit code other than 0, or the Engine said no
    "timed_out",
    "out_of_memory",
    "output_limit",
    "disk_limit",
    "cancelled",
    "detached",  # started and left running, as asked
    "lost",  # Engine or container went away; nothing is known of the end
]


@dataclass(frozen=True, slots=True)
class Created:
    """An object a run made on the Engine."""

    kind: Literal["container", "image", "volume", "network"]
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A run began; the ledger has it under this id."""

    run: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run waits for its turn; so many others wait before it."""

    before: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something docknotes itself says of a run."""

    text: Text


@dataclass(frozen=True, slots=True)
class Output:
    """Text a run wrote, as it came: already decoded, terminal escapes taken out."""

    text: str
    stream: Literal["stdout", "stderr"] = "stdout"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a pull, push, build or archive stands: bytes done and in all (None where nobody says)."""

    item: str
    status: str
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One execution, as the ledger keeps it. Times are seconds since the epoch (UTC).

    ``exit_code`` None means unknown or none; it is never guessed. ``conversation`` is what runs that
    belong together share: a chat of the page, or the name given on the command line.
    """

    id: str
    command: str
    question: str
    decision: Decision
    approved_by: str
    engine: str
    started_at: float
    ended_at: float | None
    outcome: OutcomeKind | None
    exit_code: int | None
    output: str
    output_cut: bool
    error: Text | None
    operations: tuple[Operation, ...]
    created: tuple[Created, ...]
    conversation: str = ""

    @property
    def interactive(self) -> bool:
        """Whether a person could type to it; what they typed is not kept."""
        return any(operation.takes_input for operation in self.operations)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over; ``run`` is its record."""

    run: Run


RunEvent: TypeAlias = Started | Waiting | Notice | Output | Progress | Ended


# ---- the Engine's own facts -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What the Engine says of itself."""

    address: str
    version: str
    api_version: str
    operating_system: str
    architecture: str
    runtimes: tuple[str, ...] = ()
    cdi_devices: tuple[str, ...] = ()
    memory_bytes: int | None = None
    cpus: int | None = None


# ---- answers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence of an answer stands. ``quote`` is an exact substring of the cited lines."""

    n: int
    note: str
    headings: tuple[str, ...]
    first_line: int
    last_line: int
    quote: str


@dataclass(frozen=True, slots=True)
class SuggestedCommand:
    """A command an answer recommends, with the verdict it has now and its citation's number.

    ``proposal`` names the chat model's work that waits for what the person does with it; None where
    nothing waits.
    """

    command: Command
    verdict: Verdict
    citation: int | None = None
    proposal: str | None = None


FlagKind = Literal["unsupported", "differs"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A sentence of a chat model's answer that the notes do not bear out, and why.

    ``unsupported``: no excerpt it was given says so. ``differs``: a number, version or flag in it is
    not what stands at the place it cites.
    """

    kind: FlagKind
    sentence: str
    why: Text


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question.

    ``text`` is Markdown with citation marks ``[1]``; ``answered`` is False where the notes hold
    nothing on the question: then there are no commands. ``notice`` says what the person should
    know about how the answer came about (the model failed, so the notes speak for themselves).
    ``flags`` are what a chat model wrote and the notes do not bear out.
    """

    question: str
    language: Language
    answered: bool
    text: str
    citations: tuple[Citation, ...] = ()
    commands: tuple[SuggestedCommand, ...] = ()
    model: str | None = None
    notice: Text | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A piece of the answer's text, in order.

    From the notes' own words all pieces together are ``Answer.text``; a chat model's pieces are shown
    as they come, and ``Answer.text`` is what stands after they were checked.
    """

    text: str


@dataclass(frozen=True, slots=True)
class AnswerStep:
    """What a chat model does on the way to its answer, in one line: it searches, it looks at the Engine."""

    tool: str
    text: Text


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """The answer is complete."""

    answer: Answer


AnswerPart: TypeAlias = AnswerText | AnswerStep | AnswerDone


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation and the answer it got."""

    question: str
    answer: Answer


# ---- GPU ------------------------------------------------------------------------------------

RungState = Literal["pass", "fail", "skipped", "unknown"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the GPU ladder: what was looked at, what was seen, and what helps.

    ``evidence`` is text as it came (output, error), data only. ``run`` is the ledger's id where
    the rung ran a container.
    """

    number: int
    name: Text
    state: RungState
    evidence: str = ""
    cause: Text | None = None
    advice: Text | None = None
    query: str = ""  # what to ask the notes for the passage that helps
    run: str | None = None


@dataclass(frozen=True, slots=True)
class GpuDevice:
    """One GPU as nvidia-smi lists it."""

    index: int
    name: str
    memory_mib: int | None = None


@dataclass(frozen=True, slots=True)
class GpuReport:
    """The ladder, and what was read on the way."""

    rungs: tuple[Rung, ...]
    driver: str | None = None
    cuda: str | None = None
    devices: tuple[GpuDevice, ...] = ()
    computed_on: str | None = None

    @property
    def works(self) -> bool:
        """Whether a device was proved to compute, not just listed."""
        return self.computed_on is not None
