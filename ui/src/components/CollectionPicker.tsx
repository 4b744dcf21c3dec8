import { Menu, UnstyledButton } from "@mantine/core";
import { useCollections } from "@/api/collections";
import { plural } from "@/lib/format";
import { IconFolder } from "./icons";
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

/** Which collections something draws on. */
export function CollectionPicker({ label, position = "top-start", selected, onSelect }: CollectionPickerProps) {
  const collections = useCollections().data ?? [];
  // A collection may have been deleted since it was chosen.
  const chosen = collections.filter((collection) => selected.includes(collection.id));
  const names =
    chosen.length === 0
      ? "All collections"
      : chosen.length === 1
        ? (chosen[0]?.name ?? "")
        : plural(chosen.length, "collection");
  const ids = chosen.map((collection) => collection.id);
  return (
    <Menu position={position} width={280}>
      <Menu.Target>
        <UnstyledButton className={classes.picker} aria-label={`Collections: ${names}`}>
          <IconFolder size={16} />
          <span>{names}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflow: "auto" }}>
        <Menu.Label>{label}</Menu.Label>
        <Menu.CheckboxItem checked={chosen.length === 0} onChange={() => onSelect([])}>
          <span className={classes.option}>All collections</span>
        </Menu.CheckboxItem>
        {collections.map(({ id, name, document_count }) => (
          <Menu.CheckboxItem
            key={id}
            checked={ids.includes(id)}
            onChange={(checked) => onSelect(checked ? [...ids, id] : ids.filter((other) => other !== id))}
          >
            <span className={classes.option}>{name}</span>
            <span className={classes.about}>{plural(document_count, "document")}</span>
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
