#!/usr/bin/env bash
# Turns every schemas/*.yaml into inference/models/ (pydantic) and ui/src/models/ (TypeScript), from empty folders.
# usage: ./regenerate_models.sh [python|typescript]      both without an argument; stops at the first error
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/.cache/node/bin:$PATH"
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# A schema file holds its types under $defs, or is one type itself: both become $defs here, so that each
# generator sees one form. A reference to something that is not there stops the run with its file and name.
.venv/bin/python - schemas "$build" <<'PYTHON'
import json, pathlib, re, sys
import yaml

source, build = map(pathlib.Path, sys.argv[1:])
files = {path.name: yaml.safe_load(path.read_text()) for path in sorted(source.glob("*.yaml"))}
roots = {}
for name, schema in files.items():
    if not isinstance(schema, dict):
        sys.exit(f"schemas/{name}: a schema is a mapping")
    if {"type", "properties", "enum", "oneOf", "anyOf", "allOf"} & schema.keys():
        title = re.sub(r"\W", "", schema.get("title", "")) or "".join(w.title() for w in name[:-5].split("_"))
        definitions = schema.pop("$defs", {})
        files[name] = {"$defs": {**definitions, title: schema}}
        roots[name] = title


def resolve(node, name):
    if isinstance(node, list):
        return [resolve(item, name) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        file, _, pointer = reference.partition("#")
        file = file or name
        pointer = pointer or f"/$defs/{roots.get(file)}"
        if file not in files or pointer.removeprefix("/$defs/") not in files[file].get("$defs", {}):
            sys.exit(f"schemas/{name}: nothing is at $ref {reference}")
        node = node | {"$ref": f"{file.removesuffix('.yaml')}.json#{pointer}" if file != name else f"#{pointer}"}
    return {key: resolve(value, name) for key, value in node.items()}


for name, schema in files.items():
    definitions = resolve(schema.get("$defs", {}), name)
    (build / f"{name[:-5]}.json").write_text(json.dumps({"$defs": definitions}))
PYTHON

python_models() {
  rm -rf inference/models
  .venv/bin/datamodel-codegen \
    --input "$build" --input-file-type jsonschema --output inference/models \
    --output-model-type pydantic_v2.BaseModel --target-python-version 3.11 \
    --use-annotated --use-standard-collections --use-union-operator --use-double-quotes --use-schema-description \
    --use-field-description --enum-field-as-literal all --field-constraints --snake-case-field \
    --skip-root-model --strict-nullable --use-type-alias --disable-timestamp --formatters ruff-format \
    --custom-file-header "# Generated from schemas/ by regenerate_models.sh: do not edit."
}

typescript_models() {
  rm -rf ui/src/models
  mkdir -p ui/src/models
  node ui/scripts/generate-models.mjs "$build" ui/src/models
}

case "${1:-both}" in
  python) python_models ;;
  typescript) typescript_models ;;
  both) python_models && typescript_models ;;
  *) echo "usage: $0 [python|typescript]" >&2; exit 2 ;;
esac
