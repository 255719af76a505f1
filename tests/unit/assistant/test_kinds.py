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
can I remove all stopped containers at once?
能不能一次删除所有停止的容器
有没有办法看到容器的日志
can I see the logs of a container
is there a command to list images
is there a way to rename a container
is there an option for running in the background
is it possible to copy a file out of a container
could you show me how to build
can you remove all containers?
is docker running?
is my container running
are there any dangling images
do I have unused volumes
can I limit the memory of a container?
can i run a container in background
can an image be renamed?
can a stopped container be restarted
could I get a shell inside a running container?
check if docker is installed
see whether the gpu is visible
does docker have a command for disk usage
can we push an image to a private registry
is nginx up right now
can I copy files into a container
may i use a different name for the container
可以看到容器日志吗
能把容器里的文件拷出来吗
镜像能改名吗
能一次停掉所有容器吗
可不可以限制容器内存
有没有清理磁盘的命令
有查看端口的命令吗
检查容器是否在运行
看看 docker 是否安装成功
查看端口是否被占用
判断 GPU 是否可用
能不能帮我停掉容器
容器在运行吗
docker 装好了没有
有没有正在运行的容器
本地有没有 nginx 镜像
可以进到容器里面吗
容器可以重命名吗
docker run 有后台运行的选项吗
能否把镜像导出到另一台机器
我能在容器里执行一条命令吗
能不能让容器在后台跑
可以给镜像打标签吗
有办法不用 sudo 吗
运行中的容器能改重启策略吗
能不能不停机更新容器的内存限制
能查看容器占了多少内存吗
帮我删掉这个镜像可以吗
没有标签的镜像能删除吗
could i also stop every container in one go
can I see which ports a container uses
can i get the ip of my container
can I save my container as an image
is there some command that shows disk usage?
any way to follow the logs?
is it possible to run a command in a running container
would it be possible to list just the stopped containers
Is the gpu visible in the container
did my container start
was the image pulled
are my containers up
is there an nginx container
has the build finished
verify that docker works
can I build without cache
can we restart a container automatically
can I mount a folder read-only
can you give me the command to list volumes
can containers be paused
could you please list all images
Can I filter docker ps by status?
can I make docker start on boot?
is there a flag for removing the container automatically
test if gpu works in docker
can I inspect a network
can I copy a volume to another machine
does docker have something to clean up (any command)?
能不能直接把本地文件夹挂到容器里
可以把容器保存成镜像么
能在后台运行吗
能看一下容器的 IP 吗
可以同时删除多个容器吗
有什么办法备份数据卷吗
docker 能不能开机自启
能不能只看最后 100 行日志
镜像可以导出成文件吗
有没有命令能看磁盘占用
nginx 起来了吗
我的 GPU 在容器里能用吗
镜像拉下来了没
端口被占用了吗
现在有容器在跑吗
测试一下 GPU 能不能用
想确认 docker 是否安装好
可以不用缓存构建吗
能实时看日志吗
可以给容器起名字吗
能不能给我看看怎么进容器
能改容器的端口吗
是否可以一次性清理所有悬空镜像
可以批量删除镜像吗
卷能备份吗
can I stop docker from starting at boot
can I give a container more memory later
is there anything that lists only ids
is my image there?
could I have the command for networks please
can I try a dockerfile without installing things
can I attach a terminal to it
am I able to change the restart policy
are there stopped containers on my machine
is the nvidia runtime installed?
do you have a command for cleaning up?
can I put a container into a network after it was started
can I run nginx on another port
can I pass environment variables
能不能换个端口启动 nginx
可以用 compose 启动多个服务吗
我可以把环境变量传进容器吗
能在一条命令里启动并删除容器吗
可以查看镜像的历史吗
能不能加入一个已有的网络
有没有可以一键清理的命令
docker 服务启动了吗
想看看镜像有没有打包成功
容器可以暂停吗
能不能跟踪日志输出
does docker see my gpu
can the container see the GPU?
容器能看到显卡吗
docker 识别到 GPU 了吗
判断内核支不支持 overlay
am I in the docker group
was my container killed by the oom killer
has the pull finished yet
does my image contain bash
have a container start on boot
镜像推送了没有
are there pods in the default namespace
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
    "whether": """
is the data still there after the container is removed?
do I need to rebuild after changing the Dockerfile?
can two containers share a port?
does docker stop delete the container
will I lose my files if i run docker rm
is it safe to run docker system prune
are volumes removed together with the container?
does EXPOSE publish the port
do containers restart after a reboot
does a container keep its ip after restart?
must the tag be latest?
should I put secrets into the image
is a Dockerfile required
can a container be on two networks?
can I run two containers on the same port
if I stop a container, are my files gone?
after removing the container is my data gone
when the host reboots, do containers come back?
so volumes survive docker rm, right?
i wonder whether the image changes when I edit files in the container
the data will be lost after restart?
do bind mounts work on windows
is sudo needed for docker commands
does docker support gpus on mac
is latest always the newest version?
are environment variables visible in docker inspect
has the image to be rebuilt when requirements.txt changes
do I have to stop a container before removing it
does docker pull update running containers
can volumes be shared between containers
can containers talk to each other by name
does compose create a network by itself
is it ok to store a database in a container
doesnt docker run always make a new container?
do named volumes get deleted by down
are images read-only?
would deleting an image break its containers?
could a container see the processes of the host?
can a container run without a command
容器删除后数据还在吗
会不会丢数据
是否支持 GPU
需要重启吗
改了 Dockerfile 要重新构建吗
两个容器能用同一个端口吗
停止容器会删除数据吗
删容器会把卷一起删掉么
容器重启后 ip 会变吗
镜像是只读的吗
一个容器可以同时加入两个网络吗
docker 必须用 root 吗
EXPOSE 会真的发布端口吗
用不用先停掉容器再删
宿主机重启后容器会自动起来吗
退出容器之后它还在运行吗
latest 一定是最新版吗
Docker 只能在 Linux 上用吗
容器里改的文件会影响镜像吗
数据卷会随着容器一起删除吗
要不要写 tag
可以不写标签吗
不加 -d 行吗
同一个镜像能跑多个容器吗
容器之间可以通过名字互相访问吗
匿名卷会不会一直占空间
数据不会丢吧
环境变量在 docker inspect 里看得到吗
windows 上的 docker 能用显卡吗
compose down 会删除卷吗
装 toolkit 之前要先装驱动吗
容器停了数据还在不
请问镜像删除后容器还能用吗
用 root 跑容器安全吗
修改代码以后是不是需要重启容器
docker 和宿主机共享内核吗
删掉的容器还能恢复吗
Does stopping a container free its port?
is docker run the same command every time or does it create a new one
is it necessary to restart docker after editing daemon.json
are layers shared by images
will docker compose up rebuild my image automatically?
do i need nvidia driver on the host
is cuda needed on the host?
does --rm also delete the volume
Are my changes kept when I exit the container
can docker containers access the internet?
could two services use one volume
can one container have several ports
is docker desktop free
is the docker group as powerful as root?
hi, does -d keep the logs?
does the CMD get overriden when i pass args
must I log in to pull public images
can I skip the tag
can I lose data with docker system prune
would a crash remove my data?
is alpine always smaller
does the order of instructions matter
is COPY preferred over ADD
should containers run as root?
may a Dockerfile have two FROM lines?
does it cost disk space to keep stopped containers
is swap included in the memory limit
the container keeps its data when stopped, correct?
not sure if I have to install the toolkit in the container too
Is --gpus supported before docker 19.03
has a container its own ip
if the daemon restarts do my containers stop?
deleting a container also deletes its logs?
do tags change the image id
are ENV values secret
镜像之间会共享层吗
我需要在宿主机上装 CUDA 吗
宿主机要不要装 cuda toolkit
docker stop 之后容器还占内存吗
停止的容器还占用端口吗
停止的容器占磁盘空间吗
--rm 会把数据卷也删了吗
容器的日志会一直增长吗
提交镜像会包含卷里的数据吗
compose 会自动建网络吗
docker 组的权限是不是等于 root
换了机器数据还能用么
普通用户可以直接用 docker 吗
镜像删了容器还在吗
默认网络能用容器名解析吗
这样数据会不会丢失
更新镜像后容器会自动更新吗
是不是每次都要 docker build
不重启 docker 能生效吗
绑定挂载会不会覆盖容器里的文件
只读容器还能写日志吗
容器能看到宿主机的所有进程吗
Mac 上支持 --gpus 吗
有必要用多阶段构建吗
RUN 里的 cd 对下一条 RUN 有效吗
密码放在 ENV 里安全吗
一个 Dockerfile 可以有两个 FROM 吗
拉公共镜像需要登录吗
docker run 每次都会新建容器吗
退出后修改会丢失么？
修改会保留吗
does the volume vanish when its last container is gone
is there any loss of data if I kill a container
do I get a new ip each time
can the docker daemon run without root
does restarting the daemon kill containers?
can you lose a volume by docker compose down
do dangling images take space
is it bad to use latest
are bind mounts faster than volumes
will "docker image prune" delete images in use
is WORKDIR created if it doesn't exist
do I need to expose a port to let containers talk
whats the point, does ENV survive in child images?
can a container start without network
are two tags of one image two images
wil my container restart if it crashs
dose docker need internet
does a failing healthcheck restart the container
do I have to remove the container before the image
网络删了容器会断网吗
容器挂了会自己重启吗
健康检查失败会重启容器吗
多阶段构建的最终镜像包含编译器吗
用 latest 有问题吗
.dockerignore 是必须的吗
容器名可以重复吗
镜像层能被修改吗
ENTRYPOINT 可以被覆盖吗
卷可以被两个容器同时写吗
容器没有网络也能启动吗
重新打标签会改变镜像 ID 吗
swarm 需要额外安装吗
docker pull 会覆盖本地镜像吗
ARG 在运行时还有效吗
容器 root 等于宿主机 root 么
are my files kept
does my data survive a restart
is my data gone when I remove the container
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
容器一启动就退出是为什么
容器老重启是什么原因
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
