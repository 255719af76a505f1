"""What the page says of conversations that are kept and of gaps in the notes, in both languages."""

from __future__ import annotations

from knowledge.language import Text

TALKS = Text(en="Conversations ({n})", zh="对话（{n}）")
FIND_TALKS = Text(en="Search your conversations …", zh="搜索对话……")
FOUND_TALKS = Text(en="{n} of {total} with “{words}”", zh="{total} 个对话中有 {n} 个包含“{words}”")
FOUND_NO_TALK = Text(
    en="None of your {total} conversations has “{words}”, neither in its title nor in what was said. "
    "Try fewer or other words.",
    zh="你的 {total} 个对话里，标题和内容都没有“{words}”。换个词或少用几个词试试。",
)
NOT_THE_ONE_TALK = Text(
    en="Your one conversation does not have “{words}”. Try fewer or other words.",
    zh="你唯一的对话里没有“{words}”。换个词或少用几个词试试。",
)
LAST_TALKS = Text(
    en="The last {n} are listed; searching finds earlier ones too.",
    zh="这里列出最近的 {n} 个；搜索也能找到更早的。",
)
OPEN = Text(en="Open", zh="打开")
SHOWN = Text(en="shown", zh="正在显示")
RENAME = Text(en="Rename", zh="重命名")
SAVE = Text(en="Save", zh="保存")
EXPORT = Text(en="Export", zh="导出")
DELETE = Text(en="Delete", zh="删除")
CANCEL = Text(en="Cancel", zh="取消")
TITLE = Text(en="Title", zh="标题")
DOWNLOAD = Text(en="Download {name}", zh="下载 {name}")
SURE = Text(en="Delete “{title}” for good?", zh="永久删除“{title}”？")
DELETE_IT = Text(en="Delete for good", zh="永久删除")
QUESTIONS = Text(en="{n} questions", zh="{n} 个问题")
ONE_QUESTION = Text(en="1 question", zh="1 个问题")
BUSY = Text(
    en="Something is still under way here. Wait for it, or stop it first.",
    zh="这里还有内容在进行。请等它结束，或先停止。",
)
RUNS_STAY = Text(
    en="It is deleted. Its {n} runs stay in the record of runs, with command and outcome.",
    zh="已删除。其中 {n} 次运行仍留在运行记录里，只有命令和结果。",
)
GAPS = Text(en="Asked, but not in your notes", zh="问过但笔记里没有的")
GAP_UNDER = Text(en="would stand under {heading}", zh="可以写在“{heading}”下")
FORGET = Text(en="Forget", zh="忘掉")

SAVE_TO_NOTES = Text(en="Save to notes", zh="存入笔记")
SAVE_FILE = Text(en="File in your notes, for example docker.md", zh="笔记里的文件，例如 docker.md")
SAVE_UNDER = Text(en="Below this heading (empty: at the end)", zh="放在这个标题下（留空则放在末尾）")
SHOW_DIFFERENCE = Text(en="Show the difference", zh="显示差异")
WRITE_IT = Text(en="Write it", zh="写入")
WOULD_CHANGE = Text(en="This would change {file}", zh="将这样修改 {file}")
SAVED = Text(en="Saved to {file}.", zh="已保存到 {file}。")
SAVED_OWN = Text(
    en="Saved to {file}. docknotes reads this folder from its next start on.",
    zh="已保存到 {file}。docknotes 下次启动后会读取这个文件夹。",
)
