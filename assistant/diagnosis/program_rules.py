"""Causes that programs in containers tell of, by their words or their exit code."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.outcome_rules import OUT_OF_MEMORY, OUT_OF_MEMORY_ABOUT
from assistant.diagnosis.values import Rule
from knowledge.language import Text

_EXITS = Text("exit codes 126 127 143", "退出码 126 127 143")
_NETWORK = Text("let two containers talk to each other", "让两个容器互相通信")
_LIMITS = Text("limit memory, CPU and processes", "限制内存、CPU 和进程数")

PROGRAM_RULES: tuple[Rule, ...] = (
    Rule(
        "process-limit",
        ("program", "engine", "client"),
        (
            r"(?:can't|cannot|unable to) fork",
            r"fork(?:: retry)?: (?:resource temporarily unavailable|retry)",
            r"pthread_create failed",
            r"can't start new thread",
            r"(?:clone|fork)[^\n]*resource temporarily unavailable",
            r"(?:failed to create new os thread)",
        ),
        "Linux: EAGAIN of fork and clone under a pids limit; busybox: shell/ash.c",
        Text(
            "The container may have no more processes: its limit is reached.",
            "容器的进程数已达到上限，无法再创建进程。",
        ),
        Text(
            "Start fewer processes or threads, or allow more with `--pids-limit`.",
            "请减少进程或线程数，或用 `--pids-limit` 放宽上限。",
        ),
        _LIMITS,
        ("--pids-limit", "pids"),
    ),
    Rule(
        "name-resolution",
        ("program",),
        (
            r"temporary failure in name resolution",
            r"temporary failure resolving",
            r"could not resolve host",
            r"bad address '",
            r"name or service not known",
            r"\b(?:EAI_AGAIN|ENOTFOUND)\b",
            r"name does not resolve",
            r"can't resolve '",
            r"server can't find",
        ),
        "glibc and musl: getaddrinfo; curl; busybox: libbb/xconnect.c",
        Text(
            "A program in the container could not turn a name into an address. Containers find each other by "
            "name only on a network you made; with `--network none` there is no network at all.",
            "容器里的程序无法把名称解析成地址。容器之间只有在自建网络上才能按名称访问；用 `--network none` 则完全没有网络。",
        ),
        Text(
            "Put both containers on one network, check the name, and the DNS servers of the host.",
            "请把两个容器放进同一个网络，检查名称，以及主机的 DNS 服务器。",
        ),
        Text("find faults in container networking", "排查容器网络"),
        ("DNS", "by name", "名称", "名字", "nslookup", "docker network"),
        ("docker network ls",),
    ),
    Rule(
        "privileged-port-in-container",
        ("program",),
        (
            r"bind\(\)[^\n]*\(13: permission denied\)",
            r"listen EACCES",
            r"(?:bind|listen)[^\n]*permission denied",
            r"could not bind to address[^\n]*permission denied",
        ),
        "nginx: ngx_connection.c; Node.js: net; httpd; busybox: libbb/xconnect.c",
        Text(
            "A program in the container wanted a port below 1024 without the right to it.",
            "容器里的程序想监听 1024 以下的端口，但没有这个权限。",
        ),
        Text(
            "Let it listen on a higher port, and publish that one: `-p 8080:8080`.",
            "请让它监听更高的端口，并发布那个端口：`-p 8080:8080`。",
        ),
        Text("ways to publish a port", "发布端口的几种写法"),
        ("-p ",),
    ),
    Rule(
        "jupyter-login",
        ("program", "client"),
        (
            r"token authentication is enabled",
            r"403 (?:get|post|put) /api",
            r"couldn't authenticate websocket connection",
            r"invalid credentials",
        ),
        "jupyter_server: auth/login.py, base/handlers.py",
        Text(
            "Jupyter wants the token it printed when it started.", "Jupyter 需要它启动时打印的令牌（token）。"
        ),
        Text(
            "Open the address with `?token=` from the container's log.",
            "请打开容器日志里带 `?token=` 的地址。",
        ),
        Text("start a TensorFlow container with Jupyter token", "启动带 Jupyter 的 TensorFlow 容器 token"),
        ("jupyter",),
        ("docker ps",),
    ),
    Rule(
        "page-not-reachable",
        ("client",),
        (
            r"ERR_CONNECTION_REFUSED",
            r"ERR_EMPTY_RESPONSE",
            r"ERR_CONNECTION_RESET",
            r"localhost refused to connect",
            r"empty reply from server",
            r"unable to connect to localhost",
        ),
        "Chromium: net/base/net_error_list.h; curl",
        Text(
            "The browser reached no program: the port is not published, or the program in the container listens "
            "on 127.0.0.1 only.",
            "浏览器没有连上任何程序：端口没有发布，或者容器里的程序只监听 127.0.0.1。",
        ),
        Text(
            "Publish the port with `-p`, and let the program listen on 0.0.0.0 (Jupyter: `--ip=0.0.0.0`).",
            "请用 `-p` 发布端口，并让程序监听 0.0.0.0（Jupyter：`--ip=0.0.0.0`）。",
        ),
        Text("reach the container from your machine EXPOSE and -p", "从本机访问容器 EXPOSE 与 -p"),
        ("-p ",),
        ("docker ps",),
    ),
    Rule(
        "connection-refused",
        ("program",),
        (
            r"connection refused",
            r"\bECONNREFUSED\b",
            r"can't connect to (?:remote host|mysql server)",
            r"could not connect to server",
            r"is the server running on",
        ),
        "Linux: ECONNREFUSED; busybox, curl, libpq",
        Text(
            "Nothing listens where the program connects to. `localhost` in a container is the container itself, "
            "and a database may still be starting.",
            "程序要连接的地方没有服务在监听。容器里的 `localhost` 指容器自己；数据库也可能还在启动。",
        ),
        Text(
            "Use the other container's name on a common network, and wait until it is ready.",
            "请在同一网络上用对方容器的名称访问，并等它就绪。",
        ),
        _NETWORK,
        ("network", "网络"),
        ("docker ps",),
    ),
    Rule(
        "package-lists",
        ("program",),
        (r"unable to locate package", r"has no installation candidate"),
        "apt: apt-private/private-cacheset.cc",
        Text(
            "apt has no list of packages yet: images come without it.", "apt 还没有软件包列表：镜像里不带它。"
        ),
        Text(
            "Run `apt-get update` before `apt-get install`, in the same RUN line of a Dockerfile.",
            "请先执行 `apt-get update`，再执行 `apt-get install`；在 Dockerfile 里写在同一条 RUN 中。",
        ),
        Text("RUN apt-get update install while building", "RUN 构建时 apt-get update install"),
        ("apt-get",),
    ),
    Rule(
        "program-not-found",
        ("program",),
        (r"(?:^|: )\S+: (?:command )?not found$", r"env: [^\n]*no such file or directory"),
        "POSIX shells: exit code 127",
        Text(
            "The shell in the container found no such program: it is misspelt, or not installed in the image.",
            "容器里的 shell 找不到这个程序：可能拼写有误，或者镜像里没有安装。",
        ),
        Text(
            "Install it while building the image, or take an image that has it.",
            "请在构建镜像时安装它，或换用自带它的镜像。",
        ),
        Text("exit code 127 command was not found", "退出码 127 找不到命令"),
        ("127",),
        exit_codes=(127,),
    ),
    Rule(
        "killed",
        ("client", "program"),
        (r"exited \(137\)", r"exit(?:ed)?(?: with)?(?: code| status)?:? 137\b", r"^killed$"),
        "Linux: 128 + SIGKILL",
        Text(
            "The program was ended by SIGKILL (137 is 128 + 9): for want of memory, by `docker kill` or `rm -f`, "
            "or by a stop that ran out of patience.",
            "程序被 SIGKILL 终止（137 = 128 + 9）：内存不足、`docker kill` 或 `rm -f`，或者停止时等待超时。",
        ),
        Text(
            "`docker inspect` tells with OOMKilled whether memory was the cause.",
            "`docker inspect` 中的 OOMKilled 会说明是否因为内存不足。",
        ),
        OUT_OF_MEMORY,
        OUT_OF_MEMORY_ABOUT,
        ("docker stats --no-stream",),
        exit_codes=(137,),
    ),
    Rule(
        "crashed",
        ("client", "program"),
        (r"segmentation fault", r"exited \(139\)", r"exit(?:ed)?(?: with)?(?: code| status)?:? 139\b"),
        "Linux: 128 + SIGSEGV",
        Text(
            "The program crashed (139 is 128 + 11, a segmentation fault).",
            "程序崩溃了（139 = 128 + 11，段错误）。",
        ),
        Text(
            "It is a fault of the program or its libraries; another tag of the image may be free of it.",
            "这是程序或其库的错误；换一个镜像标签也许就没有了。",
        ),
        _EXITS,
        ("exit code", "退出码"),
        exit_codes=(139,),
    ),
    Rule(
        "ended-by-signal",
        ("client",),
        (r"exited \((?:143|130)\)", r"exit(?:ed)?(?: with)?(?: code| status)?:? (?:143|130)\b"),
        "Linux: 128 + SIGTERM, 128 + SIGINT",
        Text(
            "The program was asked to end and did: by `docker stop` or Ctrl-C.",
            "程序收到结束请求后退出了：来自 `docker stop` 或 Ctrl-C。",
        ),
        Text(
            "That is no fault of its own; start it again where you need it.",
            "这不是程序自身的错误；需要的话重新启动即可。",
        ),
        _EXITS,
        ("143", "docker stop"),
        exit_codes=(130, 143),
    ),
    Rule(
        "file-permission",
        ("program",),
        (r"permission denied", r"operation not permitted", r"\b(?:EACCES|EPERM)\b"),
        "Linux: EACCES, EPERM",
        Text(
            "A program in the container may not do this: a file or mounted folder belongs to another user, or "
            "the sandbox took that right away.",
            "容器里的程序没有这个权限：文件或挂载的目录属于别的用户，或者沙箱取消了这项权限。",
        ),
        Text(
            "Compare the owner of the mounted folder (`ls -ln`) with the user of the container (`--user`).",
            "请对比挂载目录的属主（`ls -ln`）和容器的用户（`--user`）。",
        ),
        Text("permissions of mounted folders", "挂载目录的权限问题"),
        ("--user", "id -u", "chown"),
        ("ls -ln",),
    ),
)
