"""Causes of builds and of Compose."""
# ruff: noqa: E501 (one sentence a line, in both languages)

from __future__ import annotations

from assistant.diagnosis.values import Rule
from knowledge.language import Text

_BUILD = Text("build an image docker build", "构建镜像 docker build")

BUILDING_RULES: tuple[Rule, ...] = (
    Rule(
        "build-no-context",
        ("client",),
        (
            r"\"?docker (?:buildx )?build\"? requires (?:exactly )?1 argument",
            r"unable to prepare context: path \"[^\"]*\" not found",
        ),
        "docker/cli: cli/required.go, cli/command/image/build.go",
        Text(
            "The folder to build from is missing: the `.` at the end of `docker build`.",
            "缺少构建上下文：`docker build` 末尾的 `.`。",
        ),
        Text(
            "Name the folder that holds the Dockerfile: `docker build -t name .`",
            "请写上 Dockerfile 所在的目录：`docker build -t 名称 .`",
        ),
        _BUILD,
        ("docker build",),
        ("docker build -t myapp .",),
    ),
    Rule(
        "dockerfile-missing",
        ("engine", "client"),
        (
            r"failed to read dockerfile",
            r"unable to evaluate symlinks in dockerfile path",
            r"cannot locate (?:the )?(?:specified )?dockerfile",
            r"the dockerfile \(\S+\) must be within",
        ),
        "moby: builder/remotecontext/detect.go; docker/cli: cli/command/image/build/context.go; buildkit: frontend/dockerfile/builder",
        Text("There is no Dockerfile in the folder that is built from.", "构建目录里没有 Dockerfile。"),
        Text(
            "Change into the right folder, or name the file with `-f`; the name is `Dockerfile`, with a capital D.",
            "请进入正确的目录，或用 `-f` 指定文件；文件名是 `Dockerfile`，首字母大写。",
        ),
        Text("Write a Dockerfile: from Dockerfile to container", "写一个 Dockerfile：从 Dockerfile 到容器"),
        ("Dockerfile",),
        ("ls",),
    ),
    Rule(
        "copy-source-missing",
        ("engine", "client"),
        (
            r"(?:COPY|ADD) failed: (?:file not found|stat|no source files)",
            r"failed to (?:compute cache key|calculate checksum)",
            r"\"/[^\"]*\": not found",
            r"forbidden path outside the build context",
        ),
        "moby: builder/dockerfile/copy.go; buildkit: cache/contenthash/checksum.go",
        Text(
            "COPY or ADD names a file that is not in the build context: it is elsewhere, or .dockerignore leaves it out.",
            "COPY 或 ADD 指定的文件不在构建上下文里：它在别处，或被 .dockerignore 排除了。",
        ),
        Text(
            "Write the path as seen from the folder at the end of `docker build`, and look into .dockerignore.",
            "路径要从 `docker build` 末尾的目录算起；并检查 .dockerignore。",
        ),
        Text("what WORKDIR and COPY . . mean", "WORKDIR 与 COPY . . 的含义"),
        ("COPY",),
        ("ls -a",),
    ),
    Rule(
        "dockerfile-syntax",
        ("engine", "client"),
        (
            r"dockerfile parse error",
            r"unknown instruction:",
            r"no build stage in current context",
            r"file with no instructions",
            r"the dockerfile \(\S+\) cannot be empty",
            r"\b[a-z]+ requires (?:at least|exactly) \w+ argument",
        ),
        "buildkit: frontend/dockerfile/parser/parser.go, frontend/dockerfile/instructions/parse.go",
        Text(
            "The Dockerfile holds a line Docker does not understand; the error names it.",
            "Dockerfile 里有 Docker 看不懂的行；报错里写明了是哪一行。",
        ),
        Text(
            "Each line begins with an instruction (FROM first), and a long line is continued with `\\`.",
            "每行以指令开头（第一条是 FROM），过长的行用 `\\` 续行。",
        ),
        Text("FROM: choose the base image", "FROM：指定基础镜像"),
        ("FROM", "Dockerfile"),
    ),
    Rule(
        "build-step-failed",
        ("engine", "client"),
        (r"returned a non-zero code: \d+", r"did not complete successfully: exit code: \d+"),
        "moby: builder/dockerfile/dispatchers.go; buildkit: executor/runcexecutor",
        Text(
            "A RUN line of the Dockerfile failed; what it wrote stands above the error.",
            "Dockerfile 中的某条 RUN 失败了；它的输出就在报错上方。",
        ),
        Text(
            "Read the last lines of that step. Run the same command in a container of the image to try it.",
            "请看该步骤最后几行输出；也可以用同一镜像启动容器，手动执行该命令试试。",
        ),
        Text("RUN: execute commands while building", "RUN：构建时执行命令"),
        ("RUN",),
    ),
    Rule(
        "compose-file-missing",
        ("client",),
        (r"no configuration file provided: not found", r"can't find a suitable configuration file"),
        "docker/compose: its words for a missing file",
        Text("There is no compose.yaml in this folder.", "当前目录里没有 compose.yaml。"),
        Text(
            "Change into the folder of the project, or name the file with `-f`.",
            "请进入项目所在的目录，或用 `-f` 指定文件。",
        ),
        Text("a first compose.yaml", "第一个 compose.yaml"),
        ("compose.yaml", "compose.yml"),
        ("ls",),
    ),
    Rule(
        "unhealthy",
        ("engine", "client", "program"),
        (
            r"dependency failed to start: container (?P<name>[\w.-]+) is unhealthy",
            r"container (?P<name>[\w.-]+) is unhealthy",
            r"\(unhealthy\)",
            r"\"Status\": \"unhealthy\"",
        ),
        "docker/compose: pkg/compose/convergence.go; moby: container/health.go",
        Text(
            "The container runs, but its health check fails again and again.",
            "容器在运行，但健康检查一再失败。",
        ),
        Text(
            "See what the check printed, and whether the program needs more time to start.",
            "请查看检查命令的输出，并确认程序是否需要更长的启动时间。",
        ),
        Text("health checks", "健康检查"),
        ("health", "健康检查"),
        ("docker inspect {name}", "docker logs {name}"),
    ),
)
