// usage: node generate-models.mjs BUILD_DIR OUT_DIR
// Bundles BUILD_DIR/<name>.json, each {"$defs": {...}}, into OUT_DIR/index.ts: one exported type per definition. The schema of
// toolchains is there as it is, too: the editor makes its palette and its forms of it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "json-schema-to-typescript";

const HEADER = "// Generated from schemas/ by regenerate_models.sh: do not edit.\n";
const ROOT = "PenstockModels";
const TYPED = ["type", "$ref", "enum", "const", "oneOf", "anyOf", "allOf", "properties", "additionalProperties"];

function fail(message) {
  console.error(`generate-models: ${message}`);
  process.exit(1);
}

/** @returns the schema as json-schema-to-typescript understands it best; see the comments. */
function prepare(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  const result = { ...schema };
  if (typeof result.$ref === "string") {
    const target = result.$ref.replace(/^[^#]*#/, "#");
    const rest = Object.keys(result).filter((key) => key !== "$ref");
    // Words beside a $ref would make an anonymous copy of the type: the reference is wrapped instead.
    return rest.length > 0 ? { description: result.description, allOf: [{ $ref: target }] } : { $ref: target };
  }
  // A schema that says nothing of the type holds any JSON; the generator would make an object of it.
  if (!TYPED.some((key) => key in result)) result.tsType = "unknown";
  for (const key of ["properties", "$defs"]) {
    if (result[key]) {
      result[key] = Object.fromEntries(Object.entries(result[key]).map(([name, value]) => [name, prepare(value)]));
    }
  }
  for (const key of ["oneOf", "anyOf", "allOf"]) if (result[key]) result[key] = result[key].map(prepare);
  for (const key of ["items", "additionalProperties"]) if (key in result) result[key] = prepare(result[key]);
  return result;
}

function bundle(folder) {
  const definitions = {};
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  if (files.length === 0) fail(`${folder} holds no schema`);
  for (const file of files.sort()) {
    for (const [name, schema] of Object.entries(JSON.parse(readFileSync(join(folder, file), "utf8")).$defs ?? {})) {
      if (name in definitions) fail(`${file}: ${name} is defined in another file too; each name is one type`);
      definitions[name] = prepare(schema);
    }
  }
  return definitions;
}

const [build, out] = process.argv.slice(2);
if (!build || !out) fail("usage: generate-models.mjs BUILD_DIR OUT_DIR");
const definitions = bundle(build);
const source = await compile({ title: ROOT, type: "object", additionalProperties: false, $defs: definitions }, ROOT, {
  bannerComment: "",
  unreachableDefinitions: true,
  ignoreMinAndMaxItems: true,
  additionalProperties: false,
  style: { printWidth: 120 },
});
// The generator needs a root and says of each type how the root refers to it; neither tells a reader anything.
const text = source
  .replace(new RegExp(`export interface ${ROOT} \\{\\}\\n`), "")
  .replace(/\/\*\*\n \* This interface was referenced by[^\n]*\n \* via the `definition` "[^"]*"\.\n \*\/\n/g, "")
  .replace(/ \*\n \* This interface was referenced by[^\n]*\n \* via the `definition` "[^"]*"\.\n/g, "");
if (text.includes(ROOT)) fail(`${ROOT} is left in the output: the generator's wording has changed`);
const exported = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]).sort();
const expected = Object.keys(definitions).sort();
if (exported.join() !== expected.join()) {
  const odd = [
    ...exported.filter((name) => !expected.includes(name)),
    ...expected.filter((n) => !exported.includes(n)),
  ];
  fail(`the types do not match the definitions: ${odd.join(", ")}`);
}
writeFileSync(join(out, "index.ts"), `${HEADER}\n${text.trim()}\n`);
const toolchain = JSON.parse(readFileSync(join(build, "toolchain.json"), "utf8"));
writeFileSync(
  join(out, "toolchain.schema.json"),
  `${JSON.stringify({ $comment: HEADER.slice(3).trim(), ...toolchain }, null, 2)}\n`,
);
