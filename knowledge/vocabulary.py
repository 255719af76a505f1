"""Words of the field in both languages, and words of questions that name nothing.

Each row of `ROWS` is one thing: its English names, its Chinese names and, where docker has a word or
flag for it, that, parted by ``|``.

Source: Docker's CLI reference and glossary (docs.docker.com), Kubernetes' glossary and its Chinese
localisation (kubernetes.io/zh-cn) for the Chinese names.
"""

from __future__ import annotations

# fmt: off
ROWS: tuple[str, ...] = (
    "image images|镜像 映像|docker images",
    "container containers|容器",
    "volume volumes|数据卷 卷|-v --volume",
    "mount mounting bind|挂载 绑定挂载|-v --mount",
    "persist persistent persistence keep save|持久 持久化 保存 保留 存成",
    "background detached detach daemonize|后台|-d --detach",
    "foreground|前台",
    "interactive interactively|交互 交互式|-i -it --interactive",
    "terminal tty shell console|终端 伪终端 命令行 控制台|-t -it --tty bash sh",
    "port ports|端口|-p --publish",
    "publish map mapping forward expose exposed|映射 发布 暴露 公开|-p --publish expose",
    "host|宿主机 主机",
    "name named rename|名称 名字 命名 取名|--name",
    "environment env variable variables|环境变量 变量|-e --env",
    "remove delete clean cleanup prune|删除 清理 移除 清除 删掉 清掉|rm rmi prune",
    "automatically automatic auto|自动",
    "stop stopped halt shutdown exit exited|停止 终止 关闭 停掉 退出 关掉|stop",
    "kill force forcibly|强制 杀掉|kill -f",
    "start launch|启动 开启 运行|start",
    "restart reboot|重启 重新启动|restart",
    "run running execute|运行 执行 正在运行|run",
    "list show display see|列出 显示 查看 看 列表|ls ps get",
    "all every|所有 全部|-a --all",
    "log logs|日志|logs",
    "follow tail live|跟踪 实时|-f --follow --tail",
    "download pull fetch|下载 拉取|pull",
    "upload push|上传 推送|push",
    "registry hub repository|仓库 镜像仓库 镜像库|registry",
    "build building create|构建 创建 制作|build",
    "dockerfile|dockerfile",
    "base|基础",
    "layer layers|层",
    "tag tags version|标签 版本|tag -t",
    "commit|提交|commit",
    "author|作者|-a --author",
    "message|描述 信息|-m --message",
    "copy|复制 拷贝|cp copy",
    "directory folder path workdir|目录 文件夹 路径|workdir -w",
    "file files|文件",
    "network networking|网络|network",
    "communicate talk connect connection|通信 连接 互通",
    "isolated isolation separate|隔离 独立",
    "memory ram|内存|-m --memory",
    "cpu processor|处理器|--cpus",
    "limit limits|限制|--memory --cpus --pids-limit",
    "resource resources|资源",
    "group|用户组 组|usermod groupadd",
    "user|用户",
    "permission denied privilege|权限",
    "root sudo|root sudo 管理员",
    "install installation setup|安装",
    "system os|系统 操作系统",
    "service daemon|服务 守护进程|systemctl",
    "enable boot|开机 自启 自动启动|enable",
    "driver drivers|驱动 驱动程序|nvidia-smi",
    "gpu gpus|显卡 gpu|--gpus",
    "toolkit|工具包|nvidia-container-toolkit",
    "compatible compatibility|兼容",
    "notebook jupyter|jupyter notebook",
    "editor vscode|编辑器 vscode",
    "extension plugin|扩展 插件",
    "development develop developer|开发",
    "virtual machine vm|虚拟机",
    "lightweight light|轻量 轻量级",
    "performance fast faster|性能 更快",
    "difference differ different differences versus vs compare comparison|区别 不同 差异 差别 对比 比较",
    "mean means meaning|意思 含义 表示 代表",
    "add|添加 增加 加入 加到",
    "change changes modify modified edit|修改 更改 改动 变更",
    "store stored location|存储 存放 储存",
    "explain explanation|解释 说明 介绍",
    "example examples|例子 示例 例如",
    "benefit benefits advantage advantages good|好处 优点 优势",
    "need require required requires requirement|需要 要求 必须",
    "template blueprint|模板 蓝图",
    "instance|实例",
    "command commands|命令 指令",
    "instruction instructions|指令 命令",
    "option options flag flags parameter|选项 参数",
    "default|默认",
    "override overwritten replace|覆盖 替换",
    "build-time buildtime|构建时",
    "run-time runtime|运行时",
    "compose|compose 编排|compose",
    "multi multiple several|多个 多容器",
    "deploy deployment deploying|部署",
    "cluster|集群",
    "node nodes|节点",
    "pod pods|pod",
    "scale replicas replica|扩容 副本 伸缩|scale",
    "ingress|ingress 入口",
    "utility|实用工具 工具",
    "backup|备份",
    "temporary|临时|tmpfs",
    "error problem trouble issue wrong fail fails failure|错误 问题 报错 失败 无法 不能 解决",
    "why reason|为什么 原因",
    "inspect detail details|详情 详细信息 检查|inspect",
    "health healthcheck|健康 健康检查",
    "secret password|密码 密钥 secret",
    "key gpg|密钥 gpg",
    "source repository apt|软件源 源",
    "update upgrade|更新 升级",
    "free space disk|磁盘 空间|df",
    "unused dangling|未使用 无用 悬空",
    "enter inside into attach|进入 里面|exec attach",
    "web website server|网站 服务器 web",
    "test verify check|测试 验证 检查 判定 确认",
    "cloud remote|云 远程 云端",
    "id identifier|标识",
    "license|许可",
    "recommend recommended recommends|推荐 建议",
)
# fmt: on

STOP_WORDS = frozenset(
    """a an and any are as at be been but by can could did do does for from get got had has have how i if
    in into is it its just let like make me my need now of on one only or our out please should so some tell
    than that the their them then there these they this to too up us use used using want was we were what
    between both each within via way ways work works working thing things kind possible someone whether while
    when where which who will with without would you your also about after before still here am him her hit
    author note notes said say ca wo much many happen happens
    的 了 吗 呢 啊 吧 我 你 他 它 们 这 那 哪 个 是 在 有 和 与 或 把 被 给 到 从 对 为 会 能 要 想 请 可以
    怎么办
    怎么 怎样 如何 什么 哪个 哪些 一个 需要 应该 使用 用 里 中 上 下 并 及 让 使 时 后 前 才 都 也 就 还 不
    没 没有 多少 几 作者 笔记 已经 包括 包含 所以 因为 但是 如果 然后 还是 而且 以及 关于 通过 进行 出来
    起来 成 过 么 嘛 啥 咋 谁 哪里 哪儿 地方 请问 帮我 告诉 知道 办法 方法 方式 时候 情况 东西 问
    """.split()  # noqa: SIM905 - a list of words reads better as words
)

# Words that say what is to be told of a thing, and name none themselves; a text that answers need not
# hold them.
TASK_WORDS = frozenset(
    """docker difference differ different versus vs compare comparison mean meaning explain explanation
    example check verify test benefit advantage good best better recommend store location need require reason
    problem
    区别 不同 差异 差别 对比 比较 意思 含义 表示 代表 解释 说明 介绍 例子 示例 好处 优点 优势 需要 要求 必须
    验证 检查 确认 原因 问题 为什么 存储 存放 储存 位置 推荐 建议 作用 用途 干什么 做什么
    """.split()  # noqa: SIM905 - a list of words reads better as words
)

# One Han character that is a word by itself in a question; others of the stop words are often part of a
# longer word, so a run is not cut at them.
PARTING = frozenset("的了吗呢啊吧把被给让和与或在是我你他它们这那哪个及并也就还都")
