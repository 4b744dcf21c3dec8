import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { useMemo, useState } from "react";
import { fits, type JsonType, typeInWords } from "@/lib/editor/jsonTypes";
import { previewOf } from "@/lib/editor/previews";
import type { Referable } from "@/lib/editor/references";
import { useEditor } from "../store";
import classes from "./Fields.module.css";

interface ReferencePickerProps {
  label: string;
  value: string;
  wanted: JsonType;
  options: readonly Referable[];
  onChange: (path: string) => void;
}

// A list longer than this is narrowed by typing.
const MOST = 200;

/** Chooses what a value refers to; other paths may be typed. What fits the field comes first, and is all that can be chosen. */
export function ReferencePicker({ label, value, wanted, options, onChange }: ReferencePickerProps) {
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState<string | null>(null);
  const runs = useEditor((state) => state.nodeRuns);
  const groups = useMemo(() => grouped(options, typed ?? "", wanted), [options, typed, wanted]);
  const preview = previewOf(value, runs);
  const close = () => {
    if (typed !== null && typed !== value) onChange(typed);
    setTyped(null);
    combobox.closeDropdown();
  };
  return (
    <>
      <Combobox
        store={combobox}
        onOptionSubmit={(path) => {
          onChange(path);
          setTyped(null);
          combobox.closeDropdown();
        }}
      >
        <Combobox.Target>
          <InputBase
            size="sm"
            aria-label={label}
            placeholder="Choose or type a path"
            value={typed ?? value}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              combobox.openDropdown();
              combobox.updateSelectedOptionIndex();
            }}
            onFocus={() => combobox.openDropdown()}
            onClick={() => combobox.openDropdown()}
            onBlur={close}
            rightSection={<Combobox.Chevron />}
            rightSectionPointerEvents="none"
          />
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Options mah={280} style={{ overflowY: "auto" }}>
            {groups.map(([group, members]) => (
              <Combobox.Group key={group} label={group}>
                {members.map(({ path, type, description }) => (
                  <Combobox.Option key={path} value={path} disabled={!fits(type, wanted)} title={description}>
                    <div>{path}</div>
                    <div className={classes.note}>
                      {fits(type, wanted)
                        ? (previewOf(path, runs) ?? typeInWords(type))
                        : `${typeInWords(type)}; this takes ${typeInWords(wanted)}`}
                    </div>
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            ))}
            {groups.length === 0 ? <Combobox.Empty>Nothing here is called so.</Combobox.Empty> : null}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {preview === null ? null : (
        <p className={classes.preview} title={preview}>
          Last run: {preview}
        </p>
      )}
    </>
  );
}

function grouped(options: readonly Referable[], typed: string, wanted: JsonType): [string, Referable[]][] {
  const query = typed.toLowerCase();
  const groups = new Map<string, Referable[]>();
  const shown = options.filter(({ path, group }) => `${path} ${group}`.toLowerCase().includes(query)).slice(0, MOST);
  shown.sort((a, b) => Number(fits(b.type, wanted)) - Number(fits(a.type, wanted)));
  for (const option of shown) groups.set(option.group, [...(groups.get(option.group) ?? []), option]);
  return [...groups];
}
