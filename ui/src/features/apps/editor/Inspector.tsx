import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  NumberInput,
  Select,
  Switch,
  TagsInput,
  TextInput,
} from "@mantine/core";
import { IconClose, IconCopy, IconTrash } from "@/components/icons";
import { nameInWords } from "@/lib/format";
import { isObject } from "@/lib/json";
import { referencesOf, targetsOf } from "@/lib/pageBindings";
import { titleOfKind } from "@/lib/pageElements";
import { fieldsOfKind, type PageField, withField } from "@/lib/pageFields";
import { asText } from "@/lib/pageValues";
import type { PageAction, PageColumn, PageDefinition, PageElement, PageTab, Toolchain } from "@/models";
import { ActionsField } from "./ActionsField";
import classes from "./Inspector.module.css";
import { JsonField } from "./JsonField";
import { ValueField } from "./ValueField";

interface InspectorProps {
  element: PageElement;
  toolchain: Toolchain;
  page: PageDefinition;
  onChange: (element: PageElement, field: string) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** Everything that can be set of the element that is chosen. */
export function Inspector({ element, toolchain, page, onChange, onDuplicate, onRemove }: InspectorProps) {
  return (
    <div className={classes.fields}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          {titleOfKind(element.kind)} <code>{element.id}</code>
        </h2>
        <Group gap={4} wrap="nowrap">
          <ActionIcon variant="subtle" color="gray" aria-label="Duplicate the element" onClick={onDuplicate}>
            <IconCopy size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label="Remove the element" onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </div>
      {fieldsOfKind(element.kind).map((field) => (
        <OneField
          key={field.name}
          field={field}
          held={(element as unknown as Record<string, unknown>)[field.name]}
          toolchain={toolchain}
          page={page}
          onChange={(value) => onChange(withField(element, field.name, value), field.name)}
        />
      ))}
    </div>
  );
}

interface OneFieldProps {
  field: PageField;
  held: unknown;
  toolchain: Toolchain;
  page: PageDefinition;
  onChange: (value: unknown) => void;
}

function OneField({ field, held, toolchain, page, onChange }: OneFieldProps) {
  const { title, about, options, event } = field;
  const common = { label: title, description: about || undefined, size: "sm" as const };
  switch (field.type) {
    case "text":
      return (
        <TextInput
          {...common}
          value={asText(held)}
          onChange={(change) => onChange(change.currentTarget.value || undefined)}
        />
      );
    case "value":
      return (
        <ValueField
          label={title}
          about={about}
          value={held}
          references={referencesOf({ toolchain, page }, [])}
          onChange={onChange}
        />
      );
    case "target":
      return (
        <Autocomplete
          {...common}
          data={targetsOf({ toolchain, page })}
          value={asText(held)}
          onChange={(target) => onChange(target === "" ? undefined : target)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={options.map((option) => ({ value: option, label: nameInWords(option) }))}
          value={asText(held) || (options[0] ?? null)}
          allowDeselect={false}
          onChange={(choice) => onChange(choice ?? undefined)}
        />
      );
    case "switch":
      return (
        <Switch label={title} checked={held !== false} onChange={(change) => onChange(change.currentTarget.checked)} />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          min={1}
          max={40}
          value={typeof held === "number" ? held : 1}
          onChange={(number) => onChange(typeof number === "number" ? number : undefined)}
        />
      );
    case "numbers":
      return (
        <TagsInput
          {...common}
          placeholder="2, 1"
          value={listOf(held).map(String)}
          splitChars={[",", " "]}
          allowDuplicates
          onChange={(numbers) => onChange(numbers.map(Number).filter((number) => number > 0))}
        />
      );
    case "texts":
      return <TagsInput {...common} value={listOf(held).map(asText)} onChange={onChange} />;
    case "json":
      return <JsonField label={title} about={about} value={held ?? null} onChange={onChange} />;
    case "columns":
      return <ColumnsField title={title} about={about} columns={listOf(held) as PageColumn[]} onChange={onChange} />;
    case "tabs":
      return <TabsField tabs={listOf(held) as PageTab[]} onChange={onChange} />;
    case "actions":
      return (
        <ActionsField
          title={title}
          actions={listOf(held) as PageAction[]}
          event={event}
          toolchain={toolchain}
          page={page}
          onChange={onChange}
        />
      );
  }
}

function listOf(held: unknown): unknown[] {
  return Array.isArray(held) ? held : [];
}

interface ColumnsFieldProps {
  title: string;
  about: string;
  columns: PageColumn[];
  onChange: (columns: PageColumn[]) => void;
}

function ColumnsField({ title, about, columns, onChange }: ColumnsFieldProps) {
  const change = (index: number, fields: Partial<PageColumn>) =>
    onChange(columns.map((column, other) => (other === index ? { ...column, ...fields } : column)));
  return (
    <section aria-label={title}>
      <div className={classes.head}>
        <span className={classes.name}>{title}</span>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange([...columns, { field: "name", title: "" }])}
        >
          Add
        </Button>
      </div>
      <p className={classes.about}>{about}</p>
      {columns.map((column, index) => (
        <Group key={index} gap={6} wrap="nowrap" mb={6}>
          <TextInput
            size="sm"
            aria-label={`Field of column ${index + 1}`}
            value={column.field}
            onChange={(event) => change(index, { field: event.currentTarget.value })}
          />
          <TextInput
            size="sm"
            aria-label={`Title of column ${index + 1}`}
            placeholder="Title"
            value={column.title ?? ""}
            onChange={(event) => change(index, { title: event.currentTarget.value })}
          />
          <Remove
            label={`Remove column ${index + 1}`}
            onClick={() => onChange(columns.filter((_, i) => i !== index))}
          />
        </Group>
      ))}
    </section>
  );
}

function TabsField({ tabs, onChange }: { tabs: PageTab[]; onChange: (tabs: PageTab[]) => void }) {
  return (
    <section aria-label="Tabs">
      <div className={classes.head}>
        <span className={classes.name}>Tabs</span>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => onChange([...tabs, { title: `Tab ${tabs.length + 1}`, children: [] }])}
        >
          Add
        </Button>
      </div>
      {tabs.map((tab, index) => (
        <Group key={index} gap={6} wrap="nowrap" mb={6}>
          <TextInput
            size="sm"
            flex={1}
            aria-label={`Title of tab ${index + 1}`}
            value={tab.title}
            onChange={({ currentTarget: { value: title } }) =>
              onChange(tabs.map((one, other) => (other === index && isObject(one) ? { ...one, title } : one)))
            }
          />
          {tabs.length > 1 ? (
            <Remove label={`Remove tab ${index + 1}`} onClick={() => onChange(tabs.filter((_, i) => i !== index))} />
          ) : null}
        </Group>
      ))}
    </section>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick}>
      <IconClose size={15} />
    </ActionIcon>
  );
}
