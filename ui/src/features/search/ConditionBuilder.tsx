import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { IconClose, IconPlus } from "@/components/icons";
import { newGroup, newRule, type Rule, type RuleGroup, withMember } from "@/lib/conditions";
import { ConditionRow } from "./ConditionRow";
import classes from "./FilterPanel.module.css";

interface ConditionBuilderProps {
  group: RuleGroup;
  onGroup: (group: RuleGroup) => void;
}

const MATCHES: { value: RuleGroup["match"]; label: string }[] = [
  { value: "all", label: "all of these hold" },
  { value: "any", label: "any of these holds" },
  { value: "none", label: "none of these holds" },
];

/** More would be hard to see through; JSON goes deeper. */
const DEEPEST = 3;

/** Conditions as rows, in groups of which all, any or none must hold. */
export function ConditionBuilder({ group, onGroup }: ConditionBuilderProps) {
  const put = (id: number, member: Rule | RuleGroup | null) => onGroup(withMember(group, id, member));
  return <Group group={group} depth={0} onMember={put} />;
}

interface GroupProps {
  group: RuleGroup;
  depth: number;
  /** Puts a member into the place of the one with its id; null takes that out. */
  onMember: (id: number, member: Rule | RuleGroup | null) => void;
}

function Group({ group, depth, onMember }: GroupProps) {
  const { id, match, rules } = group;
  const add = (member: Rule | RuleGroup) => onMember(id, { ...group, rules: [...rules, member] });
  return (
    <div className={classes.group} role="group" aria-label="Conditions" data-nested={depth > 0 || undefined}>
      {rules.length > 1 || depth > 0 || match !== "all" ? (
        <NativeSelect
          size="xs"
          w={180}
          aria-label="How the conditions count"
          data={MATCHES}
          value={match}
          onChange={(event) => onMember(id, { ...group, match: event.currentTarget.value as RuleGroup["match"] })}
        />
      ) : null}
      {rules.map((rule) => (
        <div key={rule.id} className={classes.row}>
          {rule.kind === "group" ? (
            <Group group={rule} depth={depth + 1} onMember={onMember} />
          ) : (
            <ConditionRow rule={rule} onRule={(next) => onMember(rule.id, next)} />
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            aria-label={rule.kind === "group" ? "Remove these conditions" : "Remove this condition"}
            onClick={() => onMember(rule.id, null)}
          >
            <IconClose size={16} />
          </ActionIcon>
        </div>
      ))}
      <div className={classes.add}>
        <Button
          size="compact-xs"
          fw={500}
          variant="default"
          leftSection={<IconPlus size={12} />}
          onClick={() => add(newRule())}
        >
          Condition
        </Button>
        {rules.length > 0 && depth < DEEPEST ? (
          <Button
            size="compact-xs"
            fw={500}
            variant="default"
            leftSection={<IconPlus size={12} />}
            onClick={() => add(newGroup(match === "any" ? "all" : "any", [newRule()]))}
          >
            Group
          </Button>
        ) : null}
      </div>
    </div>
  );
}
