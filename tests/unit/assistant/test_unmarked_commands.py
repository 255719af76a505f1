"""Commands as people jot them down: without marks of code, with a remark behind them."""

from __future__ import annotations

import re

import pytest

from knowledge.library import Library
from tests.library import asked, library_of

NOTE = """\
# Docker 备忘

## 容器

docker ps -a    列出所有容器
docker logs -f web    实时看日志
docker stop $(docker ps -q)   # 全部停掉

常用的几条：

    docker exec -it web bash      # 进容器
    docker cp web:/etc/x.conf .   # 拷出来

## 镜像

```bash
docker images           # 看本地镜像
# 清理没用的
docker image prune -a
docker info | grep -A 3 Mirrors   # 看镜像加速
```
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_of(tmp_path_factory.mktemp("notes"), {"memo.md": NOTE})


@pytest.mark.parametrize(
    ("question", "line", "remark"),
    [
        ("怎么列出所有容器", "docker ps -a", "列出所有容器"),
        ("怎么实时看容器日志", "docker logs -f web", "实时看日志"),
        ("怎么把容器全部停掉", "docker stop $(docker ps -q)", "全部停掉"),
        ("怎么看本地镜像", "docker images", "看本地镜像"),
        ("怎么清理没用的镜像", "docker image prune -a", "清理没用的"),
    ],
)
def test_a_remark_finds_its_command_and_is_said_above_it(
    library: Library, question: str, line: str, remark: str
) -> None:
    answer = asked(library, question)

    before, _, _ = answer.text.partition(f"```bash\n{line}\n```")
    assert answer.commands[0].command.text == line
    assert re.sub(r" \[\d+\]\s*$", "", before).endswith(remark)


def test_unmarked_commands_are_not_said_as_sentences(library: Library) -> None:
    answer = asked(library, "怎么列出所有容器")

    assert "docker logs -f web" not in answer.text.partition("```bash")[0]


def test_a_pipe_to_a_filter_is_no_slip_of_the_note(library: Library) -> None:
    answer = asked(library, "怎么看镜像加速 mirrors")

    assert answer.commands[0].command.text == "docker info"
    assert "docker info | grep -A 3 Mirrors" in answer.text
    assert "不接受" not in answer.text


def test_a_remark_explains_its_line(library: Library) -> None:
    answer = asked(library, "docker logs -f web 是什么意思")

    assert "实时看日志 [1]" in answer.text
