"""What the shapes of answers say themselves, around the notes' own words."""

from __future__ import annotations

from knowledge.language import Text

UNMENTIONED = Text(en="Your notes do not mention {names}.", zh="你的笔记没有提到{names}。")
NO_MORE = Text(en="Your notes say nothing more on {names}.", zh="关于{names}，笔记里没有更多说明。")
UNTOLD = Text(
    en="Your notes mention {names}, but do not say what it is.",
    zh="笔记里提到了{names}，但没有说明它是什么。",
)
UNSAID = Text(en="Your notes do not say what {flags} means.", zh="你的笔记没有说明 {flags} 的含义。")
STANDS = Text(en="It stands in these lines of your notes:", zh="笔记里这些命令用到了它：")
PARTS = Text(en="`{line}`, part by part:", zh="`{line}` 逐项来看：")
ORDER = Text(en="By docker's order of words, {parts}.", zh="按 docker 命令的顺序，{parts}。")
IMAGE = Text(en="`{word}` is the image", zh="`{word}` 是镜像")
CONTAINER = Text(en="`{word}` is the container", zh="`{word}` 是容器")
INSIDE = Text(en="`{word}` is the command that runs in it", zh="`{word}` 是在其中运行的命令")
PORTS = Text(
    en="in `{word}`, {host} is the host's port and {container} the container's",
    zh="`{word}` 里 {host} 是宿主机端口，{container} 是容器端口",
)
WHERE = Text(en="Your notes speak of it here:", zh="你的笔记在这些地方写到它：")
REST = Text(en="The list goes on: {count} more in {place}.", zh="后面还有 {count} 项，见：{place}。")
HEADED = Text(en="Your notes have a section on each:", zh="笔记里各有一节：")

FRAMES = (UNMENTIONED, NO_MORE, UNTOLD, UNSAID, STANDS, PARTS, ORDER, WHERE, REST, HEADED)
"""Those that stand as a paragraph of their own."""
