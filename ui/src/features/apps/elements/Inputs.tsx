import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { isObject } from "@/lib/json";
import { typesOfTarget } from "@/lib/pageElements";
import { asText, lookUp, valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";

type Of<K extends PageElement["kind"]> = Extract<PageElement, { kind: K }>;

/** What a target holds now. */
function useTarget(to: string) {
  const { scope, write, toolchain, page } = useOpenPage();
  return {
    held: lookUp(to, scope),
    types: typesOfTarget(to, { toolchain, page }),
    write: (value: unknown) => write(to, value),
  };
}

export function FieldElement({ element }: { element: Of<"field"> }) {
  const { act } = useOpenPage();
  const { held, types, write } = useTarget(element.to);
  const actions = element.on_change ?? [];
  const leave = () => void act(actions, { value: held ?? null });
  const common = {
    label: element.label || undefined,
    "aria-label": element.label ? undefined : (element.placeholder ?? "") || element.id,
    placeholder: element.placeholder ?? "",
    ...(actions.length > 0 ? { onBlur: leave } : {}),
  };
  if (types.length > 0 && types.every((type) => type === "number" || type === "integer")) {
    return (
      <NumberInput
        {...common}
        value={typeof held === "number" ? held : ""}
        allowDecimal={types.includes("number")}
        onChange={(value) => write(typeof value === "number" ? value : undefined)}
      />
    );
  }
  const text = asText(held);
  if ((element.lines ?? 1) > 1) {
    return (
      <Textarea
        {...common}
        value={text}
        autosize
        minRows={element.lines ?? 2}
        maxRows={40}
        onChange={(event) => write(event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...common}
      value={text}
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) event.currentTarget.blur();
      }}
    />
  );
}

export function SwitchElement({ element }: { element: Of<"switch"> }) {
  const { act } = useOpenPage();
  const { held, write } = useTarget(element.to);
  return (
    <Switch
      label={element.label || element.id}
      checked={held === true}
      onChange={(event) => {
        const value = event.currentTarget.checked;
        write(value);
        void act(element.on_change ?? [], { value });
      }}
    />
  );
}

interface Option {
  label: string;
  value: unknown;
}

const MOST_OPTIONS = 1_000;

/** Values, or `{label, value}`; no two options have the same words. */
function optionsOf(given: unknown): Option[] {
  const options = (Array.isArray(given) ? given : []).slice(0, MOST_OPTIONS).map((option: unknown): Option => {
    if (isObject(option) && "value" in option) {
      return { label: asText(option["label"]) || asText(option["value"]), value: option["value"] };
    }
    return { label: asText(option), value: option };
  });
  return options.filter(
    ({ label }, index) => label !== "" && options.findIndex((one) => one.label === label) === index,
  );
}

export function SelectElement({ element }: { element: Of<"select"> }) {
  const { act, scope } = useOpenPage();
  const { held, types, write } = useTarget(element.to);
  const options = optionsOf(valueOf(element.options, scope));
  const labelled = (value: unknown) => options.find((one) => asText(one.value) === asText(value))?.label;
  const valueFor = (label: string) => options.find((one) => one.label === label)?.value;
  const common = {
    label: element.label || undefined,
    "aria-label": element.label ? undefined : element.id,
    data: options.map(({ label }) => label),
    nothingFoundMessage: "Nothing to choose",
    searchable: options.length > 8,
    clearable: true,
  };
  function choose(value: unknown) {
    write(value);
    void act(element.on_change ?? [], { value: value ?? null });
  }
  if (types.includes("array")) {
    const chosen = Array.isArray(held) ? held.flatMap((value: unknown) => labelled(value) ?? []) : [];
    return <MultiSelect {...common} value={chosen} onChange={(labels) => choose(labels.map(valueFor))} />;
  }
  return (
    <Select
      {...common}
      value={labelled(held) ?? null}
      onChange={(label) => choose(label === null ? undefined : valueFor(label))}
    />
  );
}
