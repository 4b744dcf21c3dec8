# The only door. `make help` lists what is behind it.
.DEFAULT_GOAL := help
.PHONY: help start test test-vllm test-transformers check models bench

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 25

start: ## set everything up and run the platform at http://127.0.0.1:8000
	@./bootstrap.sh start
	@.venv/bin/penstock start

test: ## set everything up and run every test: Python, UI, end to end in a browser
	@./bootstrap.sh test
	@./bootstrap.sh run npm --prefix ui test
	@.venv/bin/pytest

test-vllm: ## the real vLLM, in an environment of its own (made once: 3 minutes, 3 GB)
	@./bootstrap.sh test
	@./debug/engine_environment.sh vllm .cache/vllm
	@PENSTOCK_TEST_ENGINES=vllm PENSTOCK_VLLM=$${PENSTOCK_VLLM:-$(CURDIR)/.cache/vllm} .venv/bin/pytest tests/engines

test-transformers: ## the engines on torch, in an environment of their own (made once)
	@./bootstrap.sh test
	@./debug/engine_environment.sh torch .cache/torch
	@PENSTOCK_TEST_ENGINES="transformers colpali" PENSTOCK_TORCH=$${PENSTOCK_TORCH:-$(CURDIR)/.cache/torch} .venv/bin/pytest tests/engines

check: ## lint, types, import contracts, drift of generated code
	@./bootstrap.sh test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/pyright
	@.venv/bin/lint-imports
	@./bootstrap.sh run ./debug/check_models.sh
	@./bootstrap.sh run npm --prefix ui run check

models: ## schemas/*.yaml -> inference/models/ and ui/src/models/
	@./bootstrap.sh test
	@./bootstrap.sh run ./regenerate_models.sh

bench: ## measure against the peers, on this machine, in one run
	@./bootstrap.sh start
	@.venv/bin/python -m inference.evaluation
