# make run serves the web chat, make test checks everything; both set up .venv by themselves.

VENV := .venv
BIN := $(VENV)/bin
SETUP := pyproject.toml .constraints.txt
PYTEST_FLAGS ?=

# The first Python that will do; 3.11 first, since the pinned versions are tested with it.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	"$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$python" && break; done)

# On a terminal pip shows what it does; in a log it shows errors only.
PIP_INSTALL = quiet=-qq; test -t 1 && quiet=; PIP_DISABLE_PIP_VERSION_CHECK=1 \
	$(BIN)/python -m pip install $$quiet -c .constraints.txt

ifeq ($(REQUIRE),1)
PYTEST_FLAGS += --require-engine --require-browser
endif

.PHONY: help run index test clean

help:
	@echo 'make run    install, index the notes, serve the web chat    安装、索引笔记并启动网页聊天'
	@echo 'make index  bring the index of the notes up to date         更新笔记索引'
	@echo 'make test   install what tests need, check everything       安装测试所需并运行全部检查'
	@echo 'make clean  remove .venv and caches; your data stays        删除 .venv 和缓存，保留你的数据'

run: $(VENV)/.run
	@$(BIN)/docknotes serve

index: $(VENV)/.run
	@$(BIN)/docknotes index

# REQUIRE=1: what cannot be tested for want of an Engine or a browser fails instead of being skipped.
test: $(VENV)/.test
	@sh tests/prepare.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Each stamp is written when its step is done, so an interrupted step is done again.

$(VENV)/.python:
	@test -n '$(PYTHON)' || { \
	echo 'docknotes needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv).' >&2; \
	echo 'docknotes 需要带 venv 模块的 Python 3.11 或更新版本（Debian：apt-get install python3-venv）。' >&2; \
	exit 1; }
	@echo 'Making $(VENV) with $(PYTHON) / 正在用 $(PYTHON) 创建 $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python $(SETUP)
	@echo 'Installing docknotes: some minutes, 2 GB / 正在安装 docknotes：需要几分钟，占用 2 GB'
	@$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.python $(SETUP)
	@echo 'Installing docknotes and what its tests need / 正在安装 docknotes 及测试所需'
	@$(PIP_INSTALL) -e '.[test,openai]'
	@touch $(VENV)/.run $@
