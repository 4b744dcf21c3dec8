import { SegmentedControl, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { conditionOf, faultOfCondition, groupOf, type RuleGroup } from "@/lib/conditions";
import { readJson } from "@/lib/json";
import type { Condition } from "@/models";
import { ConditionBuilder } from "./ConditionBuilder";
import classes from "./FilterPanel.module.css";
import page from "./SearchPage.module.css";

interface FilterPanelProps {
  where: Condition | null;
  onWhere: (where: Condition | null) => void;
}

type View = "builder" | "json";

const write = (condition: Condition | null) => (condition === null ? "" : JSON.stringify(condition, null, 2));

/** What a hit must fulfil, as rows to fill in or as JSON. */
export function FilterPanel({ where, onWhere }: FilterPanelProps) {
  const [group, setGroup] = useState(() => groupOf(where));
  const [text, setText] = useState(() => write(where));
  const [fault, setFault] = useState<string | null>(null);
  const [chosen, setView] = useState<View>("builder");
  const [told, setTold] = useState(where);
  const view = group === null ? "json" : chosen;

  // A condition that was not made here, as from an address.
  if (JSON.stringify(told) !== JSON.stringify(where)) {
    setTold(where);
    setGroup(groupOf(where));
    setText(write(where));
    setFault(null);
  }

  function tell(condition: Condition | null) {
    setTold(condition);
    onWhere(condition);
  }

  function build(next: RuleGroup) {
    const condition = conditionOf(next);
    setGroup(next);
    setText(write(condition));
    setFault(null);
    if (JSON.stringify(condition) !== JSON.stringify(told)) tell(condition);
  }

  function type(next: string) {
    setText(next);
    if (next.trim() === "") {
      setFault(null);
      setGroup(groupOf(null));
      tell(null);
      return;
    }
    const { value, fault: unread } = readJson(next);
    const wrong = unread ?? faultOfCondition(value);
    setFault(wrong);
    if (wrong !== null) return;
    setGroup(groupOf(value as Condition));
    tell(value as Condition);
  }

  return (
    <section className={page.panel} aria-label="Filters">
      <div className={classes.head}>
        <h2 className={classes.heading}>Only passages where</h2>
        <SegmentedControl
          size="xs"
          aria-label="Filters as"
          data={[
            { value: "builder", label: "Rows", disabled: group === null },
            { value: "json", label: "JSON" },
          ]}
          value={view}
          onChange={setView}
        />
      </div>
      {view === "builder" && group ? (
        <ConditionBuilder group={group} onGroup={build} />
      ) : (
        <>
          <Textarea
            aria-label="Condition as JSON"
            classNames={{ input: classes.code ?? "" }}
            placeholder={'{"field": "metadata.year", "op": "gte", "value": 2020}'}
            autosize
            minRows={4}
            maxRows={16}
            spellCheck={false}
            value={text}
            error={fault}
            onChange={(event) => type(event.currentTarget.value)}
          />
          {group === null && fault === null ? (
            <Text size="xs" c="dimmed" mt={4}>
              The rows have no form for this condition; it is searched with all the same.
            </Text>
          ) : null}
        </>
      )}
    </section>
  );
}
