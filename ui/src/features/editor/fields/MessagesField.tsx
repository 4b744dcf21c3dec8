import { ActionIcon, Button, Group, Select } from "@mantine/core";
import { IconPlus, IconTrash } from "@/components/icons";
import { ANY, typeNamed } from "@/lib/editor/jsonTypes";
import { isObject, type JsonObject } from "@/lib/json";
import classes from "./Fields.module.css";
import { ValueField } from "./ValueField";

const ROLES = ["system", "user", "assistant"];
const TEXT = typeNamed("string");

const isMessage = (item: unknown): item is JsonObject => isObject(item) && "role" in item && "content" in item;

/** What a model is asked: messages one below the other, and lists that are spliced in between, such as earlier turns. */
export function MessagesField({
  path,
  value,
  onChange,
}: {
  path: string;
  value: unknown[];
  onChange: (value: unknown) => void;
}) {
  const change = (index: number, item: unknown) => onChange(value.with(index, item));
  return (
    <div className={classes.items}>
      {value.map((item, index) => (
        <div key={index} className={classes.item} role="group" aria-label={`Message ${index + 1}`}>
          <div className={classes.itemHead}>
            {isMessage(item) ? (
              <Select
                size="xs"
                aria-label={`Who says message ${index + 1}`}
                data={ROLES}
                value={typeof item["role"] === "string" ? item["role"] : null}
                allowDeselect={false}
                onChange={(role) => change(index, { ...item, role })}
              />
            ) : (
              <span>Messages from elsewhere</span>
            )}
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Take away message ${index + 1}`}
              onClick={() => onChange(value.length > 1 ? value.toSpliced(index, 1) : undefined)}
            >
              <IconTrash size={14} />
            </ActionIcon>
          </div>
          {isMessage(item) ? (
            <ValueField
              path={`${path}[${index}].content`}
              label={`Content ${index + 1}`}
              type={TEXT}
              schema={null}
              required
              preferred="template"
              value={item["content"]}
              onChange={(content) => change(index, { ...item, content: content ?? "" })}
            />
          ) : (
            <ValueField
              path={`${path}[${index}]`}
              label={`Messages ${index + 1}`}
              type={ANY}
              schema={null}
              required
              value={item}
              onChange={(next) => change(index, next ?? null)}
            />
          )}
        </div>
      ))}
      <Group gap={4}>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, { role: value.length === 0 ? "system" : "user", content: "" }])}
        >
          Add a message
        </Button>
        <Button size="compact-sm" variant="subtle" onClick={() => onChange([...value, { ref: "" }])}>
          Add messages from elsewhere
        </Button>
      </Group>
    </div>
  );
}
