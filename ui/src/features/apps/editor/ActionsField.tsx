import { ActionIcon, Autocomplete, Button, Menu, Select } from "@mantine/core";
import { IconClose, IconPlus } from "@/components/icons";
import { answerableNodes, referencesOf, targetsOf } from "@/lib/pageBindings";
import { inputsOf } from "@/lib/pageElements";
import { withKey } from "@/lib/pageValues";
import type { PageAction, PageDefinition, Toolchain } from "@/models";
import classes from "./Inspector.module.css";
import { ValueField } from "./ValueField";

interface ActionsFieldProps {
  title: string;
  actions: readonly PageAction[];
  /** What the event tells. */
  event: readonly string[];
  toolchain: Toolchain;
  page: PageDefinition;
  onChange: (actions: PageAction[]) => void;
}

const WORDS: Record<PageAction["do"], string> = {
  run: "Run the toolchain",
  answer: "Answer a waiting node",
  set: "Set a value",
  cancel: "Stop the run",
  restart: "Begin anew",
  notify: "Tell the person",
};

/** What happens at an event, one after the other. */
export function ActionsField({ title, actions, event, toolchain, page, onChange }: ActionsFieldProps) {
  const nodes = answerableNodes(toolchain);
  const made = (does: PageAction["do"]): PageAction => {
    switch (does) {
      case "answer":
        return { do: does, node: nodes[0] ?? "", value: { approved: true } };
      case "set":
        return { do: does, to: targetsOf({ toolchain, page })[0] ?? "session.value", value: "" };
      case "notify":
        return { do: does, message: "Done." };
      case "run":
      case "cancel":
      case "restart":
        return { do: does };
    }
  };
  return (
    <section aria-label={title}>
      <div className={classes.head}>
        <span className={classes.name}>{title}</span>
        <Menu>
          <Menu.Target>
            <Button size="compact-xs" variant="default" leftSection={<IconPlus size={13} />}>
              Add
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(WORDS) as PageAction["do"][])
              .filter((does) => does !== "answer" || nodes.length > 0)
              .map((does) => (
                <Menu.Item key={does} onClick={() => onChange([...actions, made(does)])}>
                  {WORDS[does]}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {actions.map((action, index) => (
        <div key={`${index} ${action.do}`} className={classes.card}>
          <div className={classes.head}>
            <span>{WORDS[action.do]}</span>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={`Remove: ${WORDS[action.do]}`}
              onClick={() => onChange(actions.filter((_, other) => other !== index))}
            >
              <IconClose size={14} />
            </ActionIcon>
          </div>
          <ActionFields
            action={action}
            event={event}
            toolchain={toolchain}
            page={page}
            onChange={(next) => onChange(actions.map((one, other) => (other === index ? next : one)))}
          />
        </div>
      ))}
    </section>
  );
}

interface ActionFieldsProps {
  action: PageAction;
  event: readonly string[];
  toolchain: Toolchain;
  page: PageDefinition;
  onChange: (action: PageAction) => void;
}

function ActionFields({ action, event, toolchain, page, onChange }: ActionFieldsProps) {
  const references = referencesOf({ toolchain, page }, event);
  switch (action.do) {
    case "run": {
      const input = action.input ?? {};
      const free = inputsOf(toolchain).filter(({ name }) => !Object.hasOwn(input, name));
      return (
        <>
          {Object.entries(input).map(([name, value]) => (
            <div key={name} className={classes.pair}>
              <ValueField
                label={name}
                value={value}
                references={references}
                onChange={(next) => onChange({ ...action, input: { ...input, [name]: next ?? null } })}
              />
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => onChange({ ...action, input: withKey(input, name, undefined) })}
              >
                Leave out {name}
              </Button>
            </div>
          ))}
          {free.length > 0 ? (
            <Select
              size="xs"
              placeholder="Give an input"
              aria-label="Give an input"
              data={free.map(({ name }) => name)}
              value={null}
              onChange={(name) =>
                name === null
                  ? undefined
                  : onChange({ ...action, input: { ...input, [name]: { ref: references[0] ?? "" } } })
              }
            />
          ) : null}
        </>
      );
    }
    case "answer":
      return (
        <>
          <Select
            size="sm"
            label="Node"
            data={answerableNodes(toolchain)}
            value={action.node}
            onChange={(node) => onChange({ ...action, node: node ?? "" })}
          />
          <ValueField
            label="Answer"
            value={action.value}
            references={references}
            onChange={(value) => onChange({ ...action, value: value ?? null })}
          />
        </>
      );
    case "set":
      return (
        <>
          <Autocomplete
            size="sm"
            label="Writes"
            data={targetsOf({ toolchain, page })}
            value={action.to}
            onChange={(to) => onChange({ ...action, to })}
          />
          <ValueField
            label="Value"
            value={action.value}
            references={references}
            onChange={(value) => onChange({ ...action, value: value ?? null })}
          />
        </>
      );
    case "notify":
      return (
        <ValueField
          label="Words"
          value={action.message}
          references={references}
          onChange={(message) => onChange({ ...action, message: message ?? "" })}
        />
      );
    case "cancel":
    case "restart":
      return null;
  }
}
