import { ActionIcon, Popover, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelp } from "@/components/icons";
import { useEscape } from "@/components/useEscape";
import classes from "./SyntaxHelp.module.css";

const FORMS: [example: string, about: string][] = [
  ["surge tank", "Both words count; passages with both come first."],
  ['"water hammer"', "The words in this order."],
  ['"valve closes"~3', "Up to 3 words away from this order; two words swapped count as 2."],
  ["pump^2", "This word counts twice."],
  ["-draft", "Nothing that holds this word."],
  ["document_name:manual", "Only where this field holds the word."],
  ["md.author:smith", "Only where the document’s metadata does."],
];

/** What a query may hold, as rows of examples. */
export function SyntaxTable() {
  return (
    <dl className={classes.table}>
      {FORMS.map(([example, about]) => (
        <div key={example}>
          <dt>
            <code>{example}</code>
          </dt>
          <dd>{about}</dd>
        </div>
      ))}
    </dl>
  );
}

export function SyntaxHelp() {
  const [opened, help] = useDisclosure(false);
  useEscape(opened, help.close);
  return (
    <Popover
      opened={opened}
      onChange={help.set}
      closeOnEscape={false}
      position="bottom-end"
      width="min(420px, calc(100vw - 32px))"
      withinPortal
      trapFocus
    >
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="What a query may hold" onClick={help.toggle}>
          <IconHelp size={18} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="What a query may hold">
        <SyntaxTable />
        <Text size="xs" c="dimmed" mt="sm">
          By meaning, the query is taken as a whole: a question or a description works best.
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
