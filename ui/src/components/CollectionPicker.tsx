import { Menu, UnstyledButton } from "@mantine/core";
import { useCollections } from "@/api/collections";
import { plural } from "@/lib/format";
import { pickedInWords, pickedOf } from "@/lib/picked";
import { IconAlert, IconFolder } from "./icons";
import classes from "./Picker.module.css";

interface CollectionPickerProps {
  /** What the choice is for, such as "Answer from". */
  label: string;
  /** Where its menu opens. */
  position?: "top-start" | "bottom-start";
  /** None: all. */
  selected: string[];
  onSelect: (collectionIds: string[]) => void;
}

/** Which collections something draws on. One that has been deleted since it was chosen stays in sight until it is taken out. */
export function CollectionPicker({ label, position = "top-start", selected, onSelect }: CollectionPickerProps) {
  const collections = useCollections().data;
  const { there, gone } = pickedOf(selected, collections);
  const names = pickedInWords(selected, collections);
  return (
    <Menu position={position} width={280}>
      <Menu.Target>
        <UnstyledButton
          className={classes.picker}
          aria-label={`Collections: ${names}`}
          data-missing={gone.length > 0 || undefined}
        >
          {gone.length > 0 ? <IconAlert size={16} /> : <IconFolder size={16} />}
          <span>{names}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflow: "auto" }}>
        <Menu.Label>{label}</Menu.Label>
        <Menu.CheckboxItem checked={selected.length === 0} onChange={() => onSelect([])}>
          <span className={classes.option}>All collections</span>
        </Menu.CheckboxItem>
        {gone.length > 0 ? (
          <Menu.CheckboxItem checked onChange={() => onSelect(there)}>
            <span className={classes.option}>{plural(gone.length, "missing collection")}</span>
            <span className={classes.about}>Deleted, or never there</span>
          </Menu.CheckboxItem>
        ) : null}
        {(collections ?? []).map(({ id, name, document_count }) => (
          <Menu.CheckboxItem
            key={id}
            checked={there.includes(id)}
            onChange={(checked) => onSelect(checked ? [...there, id] : there.filter((other) => other !== id))}
          >
            <span className={classes.option} dir="auto">
              {name}
            </span>
            <span className={classes.about}>{plural(document_count, "document")}</span>
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
