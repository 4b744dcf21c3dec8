import { useToolchain } from "@/api/toolchains";
import { ANY, resolved, typeOfSchema } from "@/lib/editor/jsonTypes";
import { fieldOf } from "@/lib/editor/nodeSchemas";
import { withValueAt } from "@/lib/editor/values";
import { nameInWords } from "@/lib/format";
import { isObject, type JsonObject } from "@/lib/json";
import type { Node } from "@/models";
import classes from "../fields/Fields.module.css";
import { SchemaField } from "../fields/SchemaField";
import { ValueField } from "../fields/ValueField";
import { useEditor } from "../store";

interface CallInputsProps {
  node: Node;
  onChange: (value: unknown) => void;
}

/** What a node gives to the function or the toolchain that it calls: a field for each that this takes. */
export function CallInputs({ node, onChange }: CallInputsProps) {
  const request = useEditor((state) => (node.kind === "function" ? state.help.get(node.function)?.request : undefined));
  const subchain = useToolchain(node.kind === "subchain" && node.toolchain !== "" ? node.toolchain : null);
  const schema: JsonObject | undefined = request ?? subchain.data?.toolchain.input;
  const value = "input" in node && isObject(node.input) ? node.input : {};
  const field = fieldOf(node.kind, "input");
  if (!schema || !isObject(schema["properties"])) {
    return field ? <SchemaField field={field} path="input" value={value} onChange={onChange} /> : null;
  }
  const properties = schema["properties"];
  const required: unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const names = Object.keys(properties).sort((a, b) => Number(required.includes(b)) - Number(required.includes(a)));
  // What is given though nothing takes it is shown, too, to be taken away.
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  return (
    <div className={classes.form} data-path="input">
      {[...names, ...unknown].map((name) => {
        const property = Object.hasOwn(properties, name) ? plain(resolved(properties[name], schema), schema) : null;
        const words = property?.["description"] ?? property?.["title"];
        return (
          <ValueField
            key={name}
            path={`input.${name}`}
            label={nameInWords(name)}
            description={
              typeof words === "string" && words.toLowerCase() !== nameInWords(name).toLowerCase() ? words : ""
            }
            required={required.includes(name)}
            type={property ? typeOfSchema(resolved(properties[name], schema), schema) : ANY}
            schema={property}
            value={value[name]}
            onChange={(next) => onChange(withValueAt(value, name, next))}
          />
        );
      })}
    </div>
  );
}

/** Of a schema that allows null beside something, the something with the words of the whole. */
function plain(schema: JsonObject, whole: JsonObject): JsonObject {
  if (!Array.isArray(schema["anyOf"])) return schema;
  const options = schema["anyOf"].map((option) => resolved(option, whole)).filter(({ type }) => type !== "null");
  return options.length === 1 ? { ...options[0], ...schema } : schema;
}
