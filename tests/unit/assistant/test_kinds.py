"""What kind of answer a question asks for: a table of questions as people write them, in both languages."""

from __future__ import annotations

import pytest

from assistant.kinds import kind_of, topic_of
from assistant.question_lines import line_in

QUESTIONS = {
    "what": """
what is an image
what's a dangling image?
whats a volume
waht is a registry
what are layers
what is the docker daemon
what exactly is a build context
what does OCI mean
what does a registry do
what does WORKDIR do
define bind mount
explain layers
tell me about namespaces
what is a healthcheck for
what is the default restart policy
镜像是什么
什么是数据卷
Dockerfile是啥
仓库是个什么东西
compose 是干嘛用的
overlay网络是什么意思
介绍一下命名空间
什么叫悬空镜像
docker engine 有什么用
请问 pod 的概念
EXPOSE 是做什么用的
""",
    "difference": """
CMD vs ENTRYPOINT
bind mount vs. volume
what is the difference between stop and kill
differences of COPY and ADD
run, start and exec difference
how does a container differ from a virtual machine
is a container different from a VM?
compare volumes with bind mounts
named volumes compared to anonymous ones
should I use a volume or a bind mount
when should I use CMD and when ENTRYPOINT
docker compose or kubernetes
COPY and ADD
images and containers
which is better, alpine or slim
what's different between rm and rmi
image versus container
-v 和 --mount 有啥区别
stop 和 kill
卷和绑定挂载有什么不同
镜像跟容器差在哪
RUN与CMD对比
容器和虚拟机
命名卷和匿名卷有什么不一样
用卷还是绑定挂载
start 和 run 是一回事吗
docker pause 跟 stop 分不清
镜像和容器一样吗
bridge 和 host 网络的差别
pv和pvc是什么关系
什么时候用 k8s 而不是 compose
""",
    "how": """
what changed in this container compared to its image
how do I list containers
how to remove an image
list all containers
run nginx on a different port
use a different name for the container
what command should I use to see the logs
what's the command for removing a volume
what is the best way to copy a file out of a container
explain how to build an image
tell me how to stop everything
which command removes an image
what should I type to get a shell in a container
what do I run to free disk space
can't remember how to see logs
show only error logs
stop a container
logs of the last ten minutes
get into a running container
compose in VS Code
what's running right now
what is using port 8080
what is my container's ip
i want to see the ports of web
docker run -d -p 8080:80 nginx
-v
delete stopped containers pls
bulid an image with a tag
怎么停止容器
如何看日志
列出所有镜像
进入容器
用哪个命令删除镜像
后台运行 nginx
换一个不同的端口运行
删除镜像的命令是什么
查看错误日志
容器里怎么装 vim
清理磁盘
我想给镜像打标签
咋看容器的 ip
docker 镜像怎么导出
where do i start looking
where are images stored
没起名字的容器为什么叫relaxed_bartik
看看网络里有哪些容器
本地都有哪些镜像
想知道容器里改了哪些文件
""",
    "explain": """
what does --rm do
what does -it mean
what is -p for
what's --restart unless-stopped
what is 8080:80
explain docker exec -it web bash
what does docker run -d --name web nginx do?
docker run --rm alpine env meaning
docker compose up -d --build what does this mean
what does docker commit do
what is docker system prune
what does the dot in docker build . mean
what do -i and -t stand for
docker ps -a 是干什么的
-it 是什么意思
docker run -d -p 8080:80 --name web nginx 是什么意思
--gpus all是什么
-v是什么
解释一下 docker run -it --rm ubuntu bash
docker system prune 有什么用
-p 8080:80 分别代表什么
docker exec 是做什么的
sudo docker run --gpus all ubuntu nvidia-smi 看不懂
`docker rm -f web` 什么意思
""",
    "fail": """
Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
Bind for 0.0.0.0:8080 failed: port is already allocated
docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].
unknown shorthand flag: 'g' in -gpus
what does "permission denied" on docker.sock mean
exec: "bash": executable file not found in $PATH
no space left on device
exited with code 137
container exits immediately
why does my container stop right away
why is the build so slow
my container won't start
the page doesn't open in the browser
docker pull isn't working
data gone after restart, why
how do I fix permission denied
ImagePullBackOff
requires 1 argument
nginx keeps restarting
curl: connection refused
what's wrong with my container
容器启动失败
容器一启动就退出了
为什么浏览器打不开网页
docker 命令报错了
连不上守护进程
端口被占用，起不来
镜像拉不下来
退出码 137 是什么意思
数据怎么没了，丢了
找不到 GPU 怎么回事
怎么解决端口冲突的错误
公司代理后面拉不到镜像，代理写在哪
""",
    "list": """
what networks are there
which restart policies are there
what kinds of volumes are there
what types of services exist in kubernetes
list the options of docker commit
which exit codes are there
what flags does docker run have
which ways of publishing a port exist
what are all the dockerfile instructions
which network drivers can I use
common errors
有哪些网络驱动
有哪几种挂载方式
docker run 有哪些常用选项
Dockerfile 都有什么指令
重启策略有几种
列举一下 docker commit 的选项
k8s 的 service 有哪几类
常见的报错有哪些
有哪些卷
""",
    "where": """
where did I write about .dockerignore
where do my notes mention healthcheck
which section is about backing up volumes
which chapter covers compose
where is the part on secrets
where's my note about GPU
in which note did I describe the proxy
which of my notes talks about registries
我在哪里写过清理
我的笔记哪里提到了日志轮转
哪一章讲了 compose
数据卷写在哪一节
关于 GPU 的内容记在哪了
我在哪一章写过数据卷
备份卷是在哪一节讲的
""",
}


@pytest.mark.parametrize(
    ("kind", "question"), [(kind, q) for kind, all_ in QUESTIONS.items() for q in all_.strip().split("\n")]
)
def test_the_kind_is_told_in_both_languages_and_colloquially(kind: str, question: str) -> None:
    assert kind_of(question).kind == kind


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("what does docker run -d nginx do?", "docker run -d nginx"),
        ("explain docker exec -it web bash", "docker exec -it web bash"),
        ("docker compose up -d --build what does this mean", "docker compose up -d --build"),
        ("docker run --rm alpine env meaning", "docker run --rm alpine env"),
        ("what does the dot in docker build . mean", "docker build ."),
        ("sudo docker ps -a 是什么意思", "sudo docker ps -a"),
        ("`docker rm -f web` 什么意思", "docker rm -f web"),
        (
            'what does docker run alpine sh -c "echo what is it" do',
            'docker run alpine sh -c "echo what is it"',
        ),
        ("docker run and docker start", "docker run"),
        ("is docker faster than podman", ""),
        ("what are docker containers", ""),
        ("docker hub 是什么", ""),
    ],
)
def test_the_line_is_found_without_the_words_around_it(question: str, line: str) -> None:
    assert line_in(question) == line


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("where did I write about .dockerignore", ".dockerignore"),
        ("which section is about backing up volumes?", "backing up volumes"),
        ("where is the part on secrets", "secrets"),
        ("我在哪里写过清理", "清理"),
        ("哪一章讲了 compose", "compose"),
        ("备份卷是在哪一节讲的", "备份卷"),
        ("how do I list images", "how do I list images"),
    ],
)
def test_what_is_looked_for_is_left_where_a_place_is_asked_for(question: str, topic: str) -> None:
    assert topic_of(question) == topic
