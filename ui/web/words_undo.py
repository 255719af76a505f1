"""Words of taking runs back and of several commands in order, in both languages."""

from __future__ import annotations

from knowledge.language import Text

UNDO = Text("Take it back…", "撤销……")
UNDO_NOW = Text("Take it back", "确认撤销")
UNDO_NOT = Text("Leave it", "保留")
UNDO_WHAT = Text("Taking this run back removes: {what}.", "撤销这次运行会删除：{what}。")
UNDO_STAYS = Text("This does not come back:", "以下内容无法撤销：")
UNDONE = Text("Taken back.", "已撤销。")
UNDONE_REMOVED = Text("Removed: {what}.", "已删除：{what}。")
UNDONE_GONE = Text("Gone already: {what}.", "之前就已不在：{what}。")
UNDONE_LEFT = Text("Still there: {what}. {why}", "仍然存在：{what}。{why}")

IN_ORDER = Text(
    "These {n} commands stand below each other in the note.", "这 {n} 条命令在笔记里是连在一起的。"
)
RUN_ALL = Text("Run them in order", "依次运行")
STOPS = Text("It stops at the first that fails.", "遇到第一条失败的命令就停止。")
