"""A card whose run went on in the background: how its container is, and its log."""

from __future__ import annotations

from assistant.errors import AssistantError
from assistant.values import Ended, Output
from ui.web.facade import AssistantView
from ui.web.session import Card, Session

LOG_LINES = 200
BY = "web"


def press(do: str, card: Card, assistant: AssistantView, session: Session) -> None:
    """``look`` looks at the container again, ``log`` reads the end of its log too."""
    if do == "log":
        show_log(card, assistant, session)
    else:
        look(card, assistant)


def look(card: Card, assistant: AssistantView) -> None:
    """Looks how the container is now; where no Engine can say, the card says why."""
    if card.ended is None or card.ended.outcome != "detached":
        return
    try:
        card.background = assistant.background(card.ended)
    except AssistantError as error:
        card.message = error.text


def show_log(card: Card, assistant: AssistantView, session: Session) -> None:
    """Reads the end of the container's log, by a run of its own that is recorded like any other."""
    look(card, assistant)
    if card.background is None or card.background.state == "gone":
        return
    verdict = assistant.review(f"docker logs --tail {LOG_LINES} {card.background.container}")
    pieces = []
    for event in assistant.run(verdict, by=BY, conversation=session.conversation):
        if isinstance(event, Output):
            pieces.append(event.text)
        elif isinstance(event, Ended) and event.run.error is not None:
            card.message = event.run.error
    card.log = "".join(pieces)
