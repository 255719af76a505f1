"""Everything the page itself says, in both languages side by side."""

from __future__ import annotations

import time

from assistant.execution.background import Background
from knowledge.language import Text

# ---- the frame -------------------------------------------------------------------------------
TAGLINE = Text(en="Docker, from your own notes", zh="用你自己的笔记学 Docker")
NO_MODEL = Text(
    en="No chat model: answers come straight from your notes",
    zh="未配置聊天模型：回答直接取自你的笔记",
)
MODEL_READS = Text(en="{model} reads your notes", zh="由 {model} 阅读你的笔记")
ENGINE_READY = Text(en="Docker Engine {version}", zh="Docker Engine {version}")
ENGINE_MISSING = Text(en="No Docker Engine: commands cannot run", zh="没有 Docker Engine：命令无法运行")
SWITCH_LANGUAGE = Text(en="中文", zh="English")
TAB_CHAT = Text(en="Chat", zh="对话")
TAB_NOTES = Text(en="Notes", zh="笔记")
TAB_GPU = Text(en="GPU", zh="GPU")
TAB_RUNS = Text(en="Runs", zh="运行记录")
REFUSED_PAGE_TITLE = Text(en="Open the printed address", zh="请打开终端里的网址")
REFUSED_PAGE = Text(
    en="This page opens only with the address docknotes printed in your terminal. "
    "Copy it from there, including the part after “token=”.",
    zh="这个页面只能通过 docknotes 在终端里打印的网址打开。请从终端复制完整的网址，包括“token=”后面的部分。",
)
OPENING = Text(en="Opening docknotes …", zh="正在打开 docknotes …")
HALF_LOADED = Text(
    en="The page could not be loaded whole. Is docknotes still running in your terminal?",
    zh="页面没有完整加载。终端里的 docknotes 还在运行吗？",
)
LOAD_AGAIN = Text(en="Load it again", zh="重新加载")
SOMETHING_BROKE = Text(
    en="Something went wrong that should not have ({what}). What you asked is still here; please try again.",
    zh="出了本不该出的错误（{what}）。你的问题还在，请再试一次。",
)

# ---- chat ------------------------------------------------------------------------------------
ASK = Text(en="Ask", zh="提问")
STOP = Text(en="Stop", zh="停止")
NEW = Text(en="New conversation", zh="新对话")
ASK_PLACEHOLDER = Text(en="Ask your notes about Docker …", zh="向你的笔记提一个 Docker 问题……")
WELCOME = Text(en="What would you like to know?", zh="想了解什么？")
WELCOME_MORE = Text(
    en="The answer comes from your notes, with the place it stands. Commands run only when you press Run.",
    zh="回答来自你的笔记，并标明出处。命令只有在你按下“运行”后才会运行。",
)
TRY = Text(en="For example", zh="例如")
EXAMPLE = Text(en="What do my notes say about “{heading}”?", zh="笔记里关于“{heading}”是怎么说的？")
EMPTY_QUESTION = Text(
    en="Type a question first, or pick one of the examples.", zh="请先输入问题，或者选一个示例。"
)
READING = Text(en="Reading your notes …", zh="正在查阅笔记……")
STOPPED = Text(en="You stopped this answer here.", zh="你在这里停止了回答。")
NOT_IN_NOTES = Text(en="Not in your notes", zh="笔记里没有")
SOURCES = Text(en="Where it stands", zh="出处")
LINES = Text(en="lines {first}–{last}", zh="第 {first}–{last} 行")
LINE = Text(en="line {first}", zh="第 {first} 行")
OPEN_SOURCE = Text(en="Open source {n}", zh="打开出处 {n}")
OPEN_IN_NOTES = Text(en="Open in Notes", zh="在笔记中打开")
CLOSE = Text(en="Close", zh="关闭")
IMAGE = Text(en="image, not shown", zh="图片未显示")
IMAGE_OF = Text(en="image, not shown: {alt}", zh="图片未显示：{alt}")
STILL_ANSWERING = Text(
    en="Still answering the question before. Press Stop to ask another.",
    zh="上一个问题还在回答。按“停止”后可以再问。",
)
WRITTEN_BY = Text(en="Written by {model} from your notes", zh="由 {model} 根据你的笔记写出")
STEPS = Text(en="What the model did", zh="模型做了什么")
FLAGS = Text(en="Check against your notes", zh="请对照笔记核实")
RAN = Text(en="I ran {command}", zh="我运行了 {command}")
DECLINED = Text(en="I will not run {command}", zh="我不运行 {command}")
NOTE_CHANGED = Text(en="The note has changed since. It said:", zh="这篇笔记后来改过。当时写的是：")
NOTE_GONE = Text(en="This note is no longer among the indexed notes.", zh="这篇笔记已不在索引的笔记中。")

# ---- a command's card ------------------------------------------------------------------------
COMMAND = Text(en="Command", zh="命令")
COPY = Text(en="Copy", zh="复制")
COPIED = Text(en="Copied", zh="已复制")
RUN = Text(en="Run", zh="运行")
RUN_AGAIN = Text(en="Run again", zh="再次运行")
DECLINE = Text(en="No, thanks", zh="不运行")
PROPOSED = Text(
    en="Proposed by the chat model, which goes on when you have run it or said no.",
    zh="由聊天模型建议；你运行或拒绝之后，它会接着往下说。",
)
CANCEL = Text(en="Cancel", zh="取消")
CANCELLING = Text(en="Cancelling …", zh="正在取消……")
ORIGINS = {
    "verbatim": Text(en="Stands in your notes", zh="笔记原文"),
    "corrected": Text(en="Your notes, with a slip mended", zh="笔记原文，已改正笔误"),
    "adapted": Text(en="From your notes, with values filled in", zh="取自笔记，已填入具体值"),
    "model": Text(en="Not in your notes: written by the chat model", zh="不在你的笔记里：由聊天模型写出"),
    "person": Text(en="Typed by you", zh="由你输入"),
}
NOTE_WRITES = Text(en="The note writes:", zh="笔记里写的是：")
VERDICTS = {
    "allow": Text(en="Only reads", zh="只读取"),
    "ask": Text(en="Needs your approval", zh="需要你批准"),
    "refuse": Text(en="Will not run", zh="不会运行"),
}
HOST_ONLY = Text(en="For your own terminal", zh="请在你自己的终端里运行")
ALREADY = Text(en="What it is for, and whether that holds already", zh="想要的结果，以及是否已满足")
EFFECTS = {
    "holds": Text(en="Holds already.", zh="已满足。"),
    "missing": Text(en="Does not hold yet.", zh="尚未满足。"),
    "unknown": Text(en="Cannot be told.", zh="无法判断。"),
}
TEMPLATE = Text(en="Fill in first", zh="请先填写")
WHAT_HAPPENS = Text(en="What happens", zh="会发生什么")
WHY = Text(en="Why", zh="原因")
MEND = Text(en="Perhaps you mean:", zh="也许你想写的是：")
CHANGES = Text(en="What the sandbox changes ({n})", zh="沙箱改动了什么（{n} 处）")
CHANGE_KEY = Text(en="Setting", zh="设置")
CHANGE_WRITTEN = Text(en="As written", zh="原来")
CHANGE_RUN = Text(en="As run", zh="实际运行")
CHANGE_WHY = Text(en="Why", zh="原因")
NOT_SET = Text(en="not set", zh="未设置")
TOUCHES = Text(en="It changes", zh="会改动")
OWNED = Text(en="made by docknotes", zh="由 docknotes 创建")
FOREIGN = Text(en="not made by docknotes", zh="不是 docknotes 创建的")
CONFIRM_FOREIGN = Text(
    en="Yes, change the {kind} “{name}”, which docknotes did not make",
    zh="是的，改动不是由 docknotes 创建的{kind}“{name}”",
)
CONFIRM_FIRST = Text(
    en="Tick what may be changed, then press Run.", zh="请先勾选允许改动的对象，再按“运行”。"
)
LOOK_AGAIN = Text(
    en="What this command would change is no longer what was shown. Look again, then press Run.",
    zh="这条命令会改动的对象与刚才显示的不同了。请重新确认，再按“运行”。",
)
KINDS = {
    "container": Text(en="container", zh="容器"),
    "image": Text(en="image", zh="镜像"),
    "volume": Text(en="volume", zh="数据卷"),
    "network": Text(en="network", zh="网络"),
}
FIELD_KINDS = {
    "image": Text(en="an image, for example nginx:latest", zh="镜像，例如 nginx:latest"),
    "container": Text(en="a container's name or id", zh="容器的名称或 ID"),
    "port": Text(en="a port, or host:container", zh="端口，或 主机端口：容器端口"),
    "path": Text(en="a path", zh="路径"),
    "text": Text(en="your value", zh="你的值"),
}
FILL = Text(en="Use these values", zh="使用这些值")
FILL_ALL = Text(en="Fill in every field first.", zh="请先填写每一项。")
EDIT_VALUES = Text(en="Change the values", zh="修改填写的值")
NEEDS_ENGINE = Text(en="This needs a Docker Engine", zh="这需要 Docker Engine")
LOOK_FOR_ENGINE = Text(en="Look again", zh="重新检查")
STARTING = Text(en="Starting …", zh="正在启动……")
RUNNING = Text(en="Running", zh="正在运行")
TYPE_HERE = Text(en="Type a line for the program", zh="输入一行内容给程序")
SEND_LINE = Text(en="Send", zh="发送")
CLOSE_INPUT = Text(en="Close input", zh="结束输入")
TYPED_IS_NOT_KEPT = Text(
    en="What you type goes to the program only; docknotes keeps no copy, but the program may print it again.",
    zh="输入的内容只送给程序；docknotes 不保存，但程序可能会把它再打印出来。",
)
NOT_READ = Text(
    en="The program does not read its input, so this line was not sent. Try again later, or press Cancel.",
    zh="程序没有读取输入，这一行没有送出。请稍后再试，或按“取消”。",
)
PULLING = Text(en="Fetching the image: {done} of {total} layers", zh="正在拉取镜像：已完成 {done}/{total} 层")
OUTPUT = Text(en="Output", zh="输出")
NO_OUTPUT = Text(en="It wrote nothing.", zh="没有输出。")
CUT_TOP = Text(en="… {n} earlier characters are not shown here.", zh="……前面还有 {n} 个字符，未在此显示。")
CUT_RUN = Text(
    en="The output was longer than the limit; what is kept ends here.", zh="输出超过上限，只保留到这里。"
)
OUTCOMES = {
    "succeeded": Text(en="Done", zh="完成"),
    "failed": Text(en="Failed", zh="失败"),
    "timed_out": Text(en="Stopped: it took longer than allowed", zh="已停止：超过允许的时间"),
    "out_of_memory": Text(en="Stopped: it ran out of memory", zh="已停止：内存用尽"),
    "disk_limit": Text(en="Stopped: it filled the disk it may use", zh="已停止：占用的磁盘超过上限"),
    "output_limit": Text(en="Stopped: it wrote more than allowed", zh="已停止：输出超过上限"),
    "cancelled": Text(en="Cancelled", zh="已取消"),
    "detached": Text(en="Started, and left running", zh="已启动，在后台运行"),
    "lost": Text(en="Contact was lost; how it ended is not known", zh="失去联系，不知道结果如何"),
    "running": Text(en="Still running", zh="仍在运行"),
}
EXIT_CODE = Text(en="exit code {code}", zh="退出码 {code}")
SECONDS = Text(en="{seconds} s", zh="{seconds} 秒")
MADE = Text(en="It made {what}", zh="创建了{what}")
FAILED_WHY = Text(en="Why it failed", zh="失败原因")
WHAT_HELPS = Text(en="What helps", zh="怎么办")
SAID = Text(en="It said:", zh="原话：")
NEXT = Text(en="To try next", zh="接下来可以试试")
IN_TERMINAL = Text(en="in your own terminal", zh="在你自己的终端里运行")

# ---- notes -----------------------------------------------------------------------------------
SEARCH = Text(en="Search", zh="搜索")
SEARCH_PLACEHOLDER = Text(en="Search your notes …", zh="搜索笔记……")
HITS = Text(en="{n} places for “{query}”", zh="“{query}”：{n} 处")
ONE_HIT = Text(en="One place for “{query}”", zh="“{query}”：1 处")
NO_HITS = Text(
    en="Nothing in your notes matches “{query}”. Try fewer or other words.",
    zh="笔记里没有与“{query}”相符的内容。换个词或少用几个词试试。",
)
CHAPTERS = Text(en="Chapters", zh="目录")
EMPTY_HEADING = Text(en="empty", zh="空")
SECTION_EMPTY = Text(
    en="There is a heading here, but nothing under it yet.", zh="这里只有标题，下面还没有内容。"
)
PICK_SECTION = Text(en="Pick a heading to read it here.", zh="选择一个标题，在这里阅读。")
NO_NOTES = Text(en="No notes are indexed yet.", zh="还没有索引任何笔记。")
SKIPPED = Text(en="Not read:", zh="未读取：")

# ---- GPU -------------------------------------------------------------------------------------
GPU_TITLE = Text(en="Can Docker use your GPU?", zh="Docker 能用你的 GPU 吗？")
GPU_INTRO = Text(
    en="Checked step by step, from the driver to a computation. The first steps only look; "
    "steps that start a container ask you first.",
    zh="从驱动到实际计算，一步步检查。前几步只查看；需要启动容器的步骤会先问你。",
)
CHECK_GPU = Text(en="Check my GPU", zh="检查我的 GPU")
CHECK_AGAIN = Text(en="Check again", zh="再检查一次")
CHECKING = Text(en="Checking …", zh="正在检查……")
WITH_CONTAINERS = Text(en="Check with containers", zh="用容器检查")
WITHOUT_CONTAINERS = Text(en="Skip this", zh="跳过")
GPU_ASKS = Text(en="The next step starts a container", zh="下一步要启动一个容器")
RUNG_STATES = {
    "pass": Text(en="Passed", zh="通过"),
    "fail": Text(en="Failed", zh="未通过"),
    "skipped": Text(en="Skipped", zh="已跳过"),
    "unknown": Text(en="Not known", zh="无法判断"),
}
EVIDENCE = Text(en="What was seen", zh="看到的内容")
CAUSE = Text(en="Cause", zh="原因")
ADVICE = Text(en="What helps", zh="怎么办")
FROM_NOTES = Text(en="From your notes", zh="笔记里的相关内容")
GPU_WORKS = Text(en="Yes: {device} computed inside a container.", zh="可以：{device} 在容器里完成了计算。")
GPU_NOT = Text(
    en="Not shown to work yet; see the first step that failed.", zh="尚未证明可用；请看第一个未通过的步骤。"
)
GPU_LISTED = Text(
    en="Containers can see it; a computation was not tried.", zh="容器能看到它；尚未尝试实际计算。"
)
GPU_DRIVER = Text(en="Driver", zh="驱动")

# ---- runs ------------------------------------------------------------------------------------
RUNS_TITLE = Text(en="What was run", zh="运行过的命令")
NO_RUNS = Text(en="Nothing has been run yet.", zh="还没有运行过命令。")
REFRESH = Text(en="Refresh", zh="刷新")
RUN_QUESTION = Text(en="Asked:", zh="提问：")

# ---- a run in the background -----------------------------------------------------------------
STATES = {
    "running": Text(en="running", zh="正在运行"),
    "exited": Text(en="ended", zh="已结束"),
    "paused": Text(en="paused", zh="已暂停"),
    "restarting": Text(en="starting again", zh="正在重启"),
    "created": Text(en="not started", zh="未启动"),
    "gone": Text(en="removed", zh="已删除"),
}
HEALTH = {
    "starting": Text(en="health not known yet", zh="健康状态未知"),
    "healthy": Text(en="healthy", zh="健康"),
    "unhealthy": Text(en="not healthy", zh="不健康"),
}
IN_BACKGROUND = Text(en="In the background", zh="后台")
LOOK_AT_IT = Text(en="Look again", zh="刷新状态")
SHOW_LOG = Text(en="Show its log", zh="查看日志")
LOG = Text(en="The end of its log", zh="日志末尾")


def background_parts(state: Background) -> list[Text]:
    """What is said of a container in the background: its state, health, addresses and end."""
    parts = [STATES.get(state.state, Text(en=state.state, zh=state.state))]
    if state.exit_code is not None:
        code = state.exit_code
        parts.append(Text(en=EXIT_CODE.en.format(code=code), zh=EXIT_CODE.zh.format(code=code)))
    if state.health in HEALTH:
        parts.append(HEALTH[state.health])
    parts += [Text(en=link, zh=link) for link in state.links]
    if state.ends_at is not None:
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(state.ends_at))
        parts.append(Text(en=f"docknotes ends it at {at}", zh=f"docknotes 将在 {at} 结束它"))
    return parts
