"""What a question wants done, to what and how, and what a command does: both in the same words.

A question says "get rid of", 删掉 or "clean up"; a command says ``rm``, ``prune`` or ``down -v``. Each row
of the tables below is one act, one kind of object or one way of doing it under all these names.

Source: Docker's and kubectl's command references (docs.docker.com, kubernetes.io) for what a subcommand
and a flag do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.terms import HAN_RUN, terms_of

# Each row: what it is called here, English words, Chinese words, words of commands.
# fmt: off
_ACTS = (
    "list|list show display see which what look view have|列出 显示 查看 看 哪些 列表 都有 有几个|ps "
    "images ls list",
    "show|show see display details detail print inspect check find much look who where what whose|"
    "查 看 显示 详情 详细 多少 确认 检查|inspect info version diff history stats port df top status "
    "describe get id "
    "logs journalctl ss whoami config context",
    "remove|remove delete rid wipe throw uninstall drop tear get rid|删 移除 卸 去掉 不要 扔|rm rmi "
    "delete remove down reset",
    "clean|clean cleanup prune reclaim unused dangling leftover all every free|清 没用 不用的 没人用 "
    "悬空 批量 一键 "
    "所有 腾|prune",
    "stop|stop halt shut end terminate kill close quit|停 关 终止 结束 杀|stop kill down",
    "force|force forcibly kill hang hung stuck still although|强制 强行 直接 杀 卡死 卡住 还在|kill -f",
    "start|start launch boot run begin bring up open|启动 运行 跑 开 起 拉起|start run up minikube",
    "restart|restart reboot apply effect|重启 重新启动 生效|restart",
    "again|again existing old stopped halted|重新 旧 停掉的 再|start restart",
    "build|build make create turn compile rebuild|构建 创建 做 生成 打包 建|build buildx",
    "create|create make new set|新建 创建 建|create groupadd mkdir",
    "commit|commit save store keep snapshot freeze changed modified|提交 保存 存成 快照 固化 改|commit",
    "export|save export write other another|存成 导出 另一台 弄到|save",
    "import|load import|载入 导入 加载 装进|load",
    "backup|backup archive back pack|备份 打包|czf",
    "restore|restore unpack restoring restored|恢复 还原|xzf",
    "enter|enter inside into shell terminal bash prompt open|进入 进到 进 钻 里面 终端|exec bash sh "
    "psql -it --entrypoint",
    "execute|execute single one command inside call|执行 命令 里面|exec",
    "copy|copy put get out into|复制 拷 放进|cp",
    "download|download pull fetch get|下载 拉 取 先下|pull curl",
    "upload|push upload publish share|推 上传 发布 传到|push",
    "log|log logs output said printed tail|日志 输出 输出了 说了|logs journalctl",
    "follow|follow tail live continuously keep|跟踪 实时 一直|-f --tail",
    "install|install setup installing|安装 装|install",
    "update|update upgrade refresh|更新 升级 刷新|update set",
    "refresh|refresh list packages package index|更新 列表 软件包|apt-get apt",
    "change|change raise lower adjust existing modify turn|改 修改 调整 换|update set",
    "rename|rename|改名 重命名|rename",
    "tag|tag name|标签 打 名字|tag",
    "login|login log sign|登录|login",
    "connect|connect attach join add|接到 接入 加入 加到 接上|connect",
    "disconnect|disconnect take out leave detach|移出 断开 拿出来 拿出|disconnect",
    "add|add put member permission denied sudo|加 添加 加入 权限 sudo|usermod",
    "enable|boot automatically enable startup|开机 自启 自动|enable",
    "scale|scale replica copy more five|副本 扩 份|scale",
    "rollback|rollback roll back undo previous last|回滚 退回 上一版 上一个|undo",
    "wait|wait finish complete|等|rollout",
    "forward|forward reach local|转发|port-forward",
    "join|join worker|加入|token join",
    "verify|verify test check works working try validate whether right|验证 测试 确认 检查 试 判定 判断|"
    "hello-world nvidia-smi config pg_isready -t python",
    "use|use memory cpu take|占 用了 吃|stats df",
)
_OBJECTS = (
    "container|container|容器|ps stop kill start restart rm exec logs inspect cp rename diff stats "
    "port run "
    "container update commit",
    "image|image template|镜像 映像|images rmi pull push tag build history save load image commit",
    "volume|volume|卷|volume -v --mount",
    "network|network|网络|network --network",
    "compose|compose|compose 编排|compose",
    "cluster|kubernetes k8s kubectl cluster pod deployment node replica kubeadm|集群 节点 副本|"
    "kubectl kind minikube kubeadm kubelet",
    "gpu|gpu cuda nvidia graphics driver|显卡|--gpus nvidia-smi nvidia-ctk nvidia-container-toolkit",
    "daemon|daemon service engine|守护 服务|systemctl journalctl dockerd",
    "group|group user sudo account member|组 用户 sudo|usermod groupadd id whoami",
    "disk|disk space|磁盘 空间 占|df prune",
    "cache|cache|缓存|builder",
    "env|env environment variable|变量|-e --env --env-file",
    "port|port browser|端口 浏览器|-p --publish port publish",
    "file|file directory folder|文件 目录 文件夹|cp -v --mount -o",
    "toolkit|toolkit|工具包|nvidia-container-toolkit",
    "notebook|jupyter notebook|笔记本 notebook jupyter|jupyter -gpu-jupyter",
    "tensorflow|tensorflow tf|tensorflow|tensorflow/tensorflow",
    "database|database postgres psql|数据库|postgres psql pg_isready",
    "key|key gpg|密钥|gpg gpgkey",
    "package|package apt repository|软件包 软件源 包|apt-get apt",
    "limit|limit cap most|限制 上限 最多|-m --memory --cpus --pids-limit",
)
_WAYS = (
    "detached|background detached daemon|后台|-d --detach",
    "interactive|interactive interactively terminal shell bash|交互 终端|-it -i -t --interactive --tty",
    "cleaning|automatically temporary afterwards once throw|自动删除 自动清理 临时 用完|--rm",
    "publishing|port publish map browser reach|端口 映射 发布|-p --publish -P",
    "mounting|mount volume directory folder share|挂 目录 文件夹 卷|-v --volume --mount",
    "naming|name named call|名字 起名 取名 命名 叫|--name -t",
    "variables|env environment variable|环境变量 变量|-e --env",
    "gpus|gpu gpus cuda graphics|显卡 gpu|--gpus",
    "all|all every also stopped exited too existing|所有 全部 全 停掉的 停止的 退出|-a --all",
    "following|follow live continuously tail|实时 跟踪 一直|-f --follow",
    "last|last only recent|最后 最近|--tail -n",
    "forced|force forcibly running still|强制 强行 还在|-f --force",
    "limiting|limit cap most|限制 最多 上限|-m --memory --cpus --pids-limit",
    "restarting|restart reboot comes|重启 自动恢复 自动|--restart",
    "joining|network|网络|--network",
    "owning|user owner own|用户 身份|-u --user",
    "filtering|only exited which|只 仅|--filter -q",
    "reading|read-only readonly|只读|:ro readonly --read-only",
    "author|author|作者|-a --author",
    "message|message description|描述 信息 说明|-m --message",
    "volumes|volume data|卷 数据|-v --volumes",
    "watching|sync watch|同步|--watch",
    "rebuilding|rebuild build dockerfile|重新构建 构建|--build",
    "memory|tmpfs ram|内存|--tmpfs",
    "healthy|health|健康|--health-cmd",
    "logging|log size rotation|日志|--log-opt",
    "dangling|dangling unused|悬空 没用|prune",
    "digests|digest|摘要|--digests",
)
# fmt: on
_STATES = (
    "running|running active alive|正在 运行中 跑着 在跑 在运行 活着|",
    "stopped|stopped exited halted dead inactive finished|停掉的 停掉了的 停止的 已停 停了的 已退出 "
    "退出的 停止状态 "
    "已经停 不在运行|--filter -a --all",
    "all|all every|所有 全部 全都|-a --all",
    "unused|unused dangling leftover anonymous|没用 未使用 没人用 悬空 不用的 匿名|prune",
    "named|named|命名|",
    "existing|existing already|已有 现有 已经建好 已经存在|update start",
    "new|new|新|run create",
    "out|out from|往外 出来 拷到本机 拷出 导出 到本机|web:/",
    "in|into|进容器 放进 拷进 到容器|",
    "again|again back|重新 再 又|start restart",
)
_TABLES = {"act": _ACTS, "object": _OBJECTS, "way": _WAYS, "state": _STATES}
_STATED = re.compile(
    r"\b(?:stopped|exited|halted|running|existing|unused|named|mounted|published)\b"
    r"|停掉了?的|停止的|已停止?|停了的|已退出|退出的|停止状态|正在运行|运行中|正在跑|跑着|在跑|在运行|已有的?|启动后|运行时"
    r"|环境变量|运行的",
    re.IGNORECASE,
)
"""What a thing is, rather than what is to be done to it."""
_WORD = re.compile(r"[^\s\"'|&;<>]+")
_NOISE = frozenset({"docker", "sudo"})
_NOT = re.compile(
    r"\b(?:without|do not|don['’]t|not|no|instead of|rather than)\s+"
    r"(?:using\s+|having\s+to\s+|a\s+|the\s+)?[\w.-]+"
    r"|(?:不要|不用|不想|不必|无需|别|没有|不)(?:再|去|先)?(?:[A-Za-z][\w.-]*|[\u3400-\u9fff]{1,2})",
    re.IGNORECASE,
)
"""What is not wanted, with the word that says so."""


@lru_cache(maxsize=4)
def _rows(table: str) -> tuple[tuple[str, frozenset[str], tuple[str, ...], frozenset[str]], ...]:
    rows = []
    for row in _TABLES[table]:
        name, english, chinese, commands = row.split("|")
        words = english.split()
        terms = frozenset(words) if table == "state" else frozenset(t for w in words for t in terms_of(w))
        rows.append((name, terms, tuple(chinese.split()), frozenset(commands.split())))
    return tuple(rows)


@lru_cache(maxsize=4096)
def asked_for(table: str, text: str) -> frozenset[str]:
    """The names of a table's rows (``act``, ``object``, ``way``, ``state``) that a sentence speaks of.

    What a thing is (stopped, 正在运行) is no act, and what a sentence says is not wanted is left out.
    """
    if table in {"act", "way"}:
        text = _NOT.sub(" ", text)
    return _spoken_of(table, _STATED.sub(" ", text) if table == "act" else text)


@lru_cache(maxsize=1024)
def not_wanted(text: str) -> frozenset[str]:
    """The acts that a sentence says are not wanted (without running, 不运行)."""
    return _spoken_of("act", " ".join(match[0] for match in _NOT.finditer(text)))


def _spoken_of(table: str, text: str) -> frozenset[str]:
    terms = frozenset(_exact(text) if table == "state" else terms_of(text))
    han = " ".join(HAN_RUN.findall(text)) + " " + text.lower()
    return frozenset(
        name
        for name, english, chinese, _ in _rows(table)
        if english & terms or any(word in han for word in chinese)
    )


def _exact(text: str) -> list[str]:
    """English words as they are: a state is told by its ending."""
    return re.findall(r"[a-z]+", text.lower())


@lru_cache(maxsize=2048)
def done_by(table: str, line: str) -> frozenset[str]:
    """The names of a table's rows that a command line is about, by its words and flags."""
    words = frozenset(word for raw in _WORD.findall(line) for word in _forms(raw)) - _NOISE
    return frozenset(name for name, _, _, commands in _rows(table) if commands & words)


def _forms(raw: str) -> tuple[str, ...]:
    """A word of a line as it may stand in a table: a flag without its value, an image without its tag."""
    bare = raw.split("=", 1)[0]
    if not raw.startswith("-"):
        return raw, bare, raw.split(":", 1)[0]
    spread = tuple(f"-{letter}" for letter in bare[1:]) if re.fullmatch(r"-[a-zA-Z]{2,3}", bare) else ()
    return bare, *spread
