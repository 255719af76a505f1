"""`docknotes gaps`: what was asked and stands in no note, with where it would belong."""

from __future__ import annotations

import time

from assistant.execution.clean import clean
from assistant.keeping.gaps import Gap, Gaps, Place, still_open
from knowledge.language import Text
from ui.build import build_live
from ui.cli.contract import Json
from ui.cli.reading import print_json
from ui.cli.show import Screen
from ui.settings import Settings

_NONE = Text(
    "Everything that was asked stands in your notes, or nothing was asked yet.",
    "问过的内容笔记里都有，或者还没有提过问题。",
)


def gaps(settings: Settings, screen: Screen, *, as_json: bool) -> None:
    """The questions the notes do not answer, the most asked first; those they answer by now are forgotten."""
    kept = Gaps(settings.assistant.gaps)
    found = []
    if kept.all():
        with screen.progress() as watch:
            live, _ = build_live(settings.knowledge, watch)
        found = still_open(kept, live.now())
    if as_json:
        print_json({"gaps": [_json(gap, places) for gap, places in found]})
        return
    for gap, places in found:
        when = time.strftime("%Y-%m-%d", time.localtime(gap.last_asked))
        screen.say(clean(f"{gap.count:3}×  {when}  {gap.question}"))
        for place in places:
            screen.say(
                clean(f"        {place.note}:{place.line}  {' > '.join(place.headings)}{_empty(place)}")
            )
    if not found:
        screen.say(_NONE)


def forget(settings: Settings, screen: Screen, question: str, *, as_json: bool) -> int:
    """Forgets a question, or ``all``; 1 where there was none."""
    gone = Gaps(settings.assistant.gaps).forget(None if question == "all" else question)
    if as_json:
        print_json({"forgotten": gone})
    else:
        screen.say(Text(f"{gone} questions forgotten.", f"已忘掉 {gone} 个问题。"))
    return 0 if gone else 1


def _empty(place: Place) -> str:
    return "  (empty / 空)" if place.is_empty else ""


def _json(gap: Gap, places: list[Place]) -> Json:
    return {
        "question": gap.question,
        "count": gap.count,
        "last_asked": gap.last_asked,
        "places": [
            {"note": p.note, "headings": list(p.headings), "line": p.line, "empty": p.is_empty}
            for p in places
        ],
    }
