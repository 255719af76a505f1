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
GAPS = Text(en="Gaps in your notes ({n})", zh="笔记里的空白（{n}）")
GAPS_ARE = Text(
    en="Asked, and answered by no note. What you write about it drops out of this list by itself.",
    zh="问过、但笔记里没有答案的问题。补写之后会自动从这里消失。",
)
ASKED_TIMES = Text(en="asked {n} times", zh="问过 {n} 次")
GAP_UNDER = Text(en="It would belong under", zh="可以写在这里")
GAP_NOWHERE = Text(en="No heading of your notes is near to it.", zh="笔记里没有相近的标题。")
MORE_GAPS = Text(
    en="{n} more are listed by `docknotes gaps` in the terminal.",
    zh="另有 {n} 个，可在终端用 `docknotes gaps` 查看。",
)
FORGET = Text(en="Forget", zh="忘掉")
FORGET_IT = Text(en="Forget “{question}”", zh="忘掉“{question}”")

SAVE_WHAT = {
    "answer": Text(en="Save the answer to your notes", zh="把回答存入笔记"),
    "run": Text(en="Save this run to your notes", zh="把这次运行存入笔记"),
    "correction": Text(en="Save the correction to your notes", zh="把改正存入笔记"),
}
SAVE_TITLE = (Text(en="Heading", zh="标题"), Text(en="what it is about", zh="内容的主题"))
SAVE_FILE = (
    Text(en="File in your notes", zh="笔记里的文件"),
    Text(en="for example docker.md", zh="例如 docker.md"),
)
SAVE_UNDER = (
    Text(en="Below the heading", zh="放在这个标题下"),
    Text(en="empty: at the end", zh="留空则放在末尾"),
)
NAME_A_FILE = Text(
    en="Name a file of your notes, for example docker.md. One that is not there yet is made.",
    zh="请填写笔记里的文件，例如 docker.md；还没有的文件会新建。",
)
SHOW_DIFFERENCE = Text(en="Show the difference", zh="显示差异")
WRITE_IT = Text(en="Write it", zh="写入")
CHANGE_PLACE = Text(en="Another place", zh="换个位置")
AS_A_SECTION = Text(en="As a section of its own instead", zh="改为另存成一节")
WOULD_CHANGE = Text(en="This would change {file}:", zh="将这样修改 {file}：")
WOULD_MEND = Text(en="This would mend the line in {file}:", zh="将这样改正 {file} 里的这一行：")
SAVED = Text(en="Saved to {file}; your next question finds it.", zh="已保存到 {file}，下次提问就能找到。")
SAVED_UNREAD = Text(
    en="Saved to {file}. It is not among the notes this docknotes was started with; started without --notes "
    "it reads that folder.",
    zh="已保存到 {file}。它不在这次启动所读的笔记里；不带 --notes 启动时会读取那个文件夹。",
)
SAVED_NOT_INDEXED = Text(
    en="Saved to {file}, but the index could not be brought up to date:",
    zh="已保存到 {file}，但索引未能更新：",
)
BACKUP = Text(en="What stood there before is in {file}.", zh="原来的内容在 {file}。")
