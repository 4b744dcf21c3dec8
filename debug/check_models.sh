#!/usr/bin/env bash
# Fails when inference/models or ui/src/models are not what schemas/ says.
set -euo pipefail
cd "$(dirname "$0")/.."
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
cp -r inference/models "$kept/python"
cp -r ui/src/models "$kept/typescript"
./regenerate_models.sh
diff -r -x __pycache__ "$kept/python" inference/models && diff -r "$kept/typescript" ui/src/models && exit 0
echo "The generated models had drifted from schemas/. They have been made anew: commit them." >&2
exit 1
