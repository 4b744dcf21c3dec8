import { ActionIcon, Button, Group, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { IconClose, IconPlus } from "@/components/icons";
import { nameInWords } from "@/lib/format";
import { withKey } from "@/lib/pageValues";
import type { PageDefinition, SessionKey } from "@/models";
import classes from "./Inspector.module.css";
import { ValueField } from "./ValueField";

interface PageSettingsProps {
  page: PageDefinition;
  /** The toolchain's title, which the page has where it has none of its own. */
  title: string;
  onChange: (page: PageDefinition, field: string) => void;
}

const TYPES: SessionKey["type"][] = ["string", "integer", "number", "boolean", "object", "array", "any"];
const WIDTHS: NonNullable<PageDefinition["width"]>[] = ["narrow", "normal", "wide"];

/** What is set of the page itself: its title, its width, and the values of its own. */
export function PageSettings({ page, title, onChange }: PageSettingsProps) {
  const session = page.session ?? {};
  const [name, setName] = useState("");
  const fresh = /^[A-Za-z][A-Za-z0-9_]{0,99}$/.test(name) && !Object.hasOwn(session, name);

  function setKey(key: string, held: SessionKey | undefined) {
    onChange({ ...page, session: withKey(session, key, held) as Record<string, SessionKey> }, `session.${key}`);
  }

  return (
    <div className={classes.fields}>
      <h2 className={classes.title}>The page</h2>
      <TextInput
        size="sm"
        label="Title"
        placeholder={title}
        maxLength={200}
        value={page.title ?? ""}
        onChange={(event) => onChange({ ...page, title: event.currentTarget.value }, "title")}
      />
      <Select
        size="sm"
        label="Width"
        data={WIDTHS.map((width) => ({ value: width, label: nameInWords(width) }))}
        value={page.width ?? "normal"}
        allowDeselect={false}
        onChange={(width) => onChange({ ...page, width: WIDTHS.find((one) => one === width) ?? "normal" }, "width")}
      />
      <section aria-label="Values of its own">
        <span className={classes.name}>Values of its own</span>
        <p className={classes.about}>They live as long as the page is open: `session.…`.</p>
        {Object.entries(session).map(([key, held]) => (
          <div key={key} className={classes.card}>
            <div className={classes.head}>
              <code>{key}</code>
              <ActionIcon
                size="sm"
                variant="subtle"
                color="gray"
                aria-label={`Remove the value ${key}`}
                onClick={() => setKey(key, undefined)}
              >
                <IconClose size={14} />
              </ActionIcon>
            </div>
            <Select
              size="sm"
              aria-label={`Type of ${key}`}
              data={TYPES}
              value={held.type}
              allowDeselect={false}
              onChange={(type) => setKey(key, { type: TYPES.find((one) => one === type) ?? "any" })}
            />
            <ValueField
              label="At first"
              value={held.default ?? ""}
              references={[]}
              onChange={(value) => setKey(key, { type: held.type, ...(value === undefined ? {} : { default: value }) })}
            />
          </div>
        ))}
        <Group gap={6} mt={8} wrap="nowrap">
          <TextInput
            size="sm"
            flex={1}
            aria-label="Name of a new value"
            placeholder="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            disabled={!fresh}
            onClick={() => {
              setKey(name, { type: "string" });
              setName("");
            }}
          >
            Add
          </Button>
        </Group>
      </section>
    </div>
  );
}
