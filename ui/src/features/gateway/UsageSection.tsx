import { Group, SegmentedControl, Select, Switch } from "@mantine/core";
import { useState } from "react";
import { useUsage } from "@/api/gateway";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/Section";
import { type Period, barsOf, periodOf } from "@/lib/usage";
import { UsageChart } from "./UsageChart";
import { type Grouping, UsageTable } from "./UsageTable";

const PERIODS: { value: Period; label: string }[] = [
  { value: "day", label: "24 hours" },
  { value: "week", label: "7 days" },
  { value: "month", label: "30 days" },
];

/** What was used: over time, and by model, key or user. */
export function UsageSection({ mayOfAll }: { mayOfAll: boolean }) {
  const [period, setPeriod] = useState<Period>("day");
  const [grouping, setGrouping] = useState<Grouping>("model");
  const [all, setAll] = useState(mayOfAll);
  const [now, setNow] = useState(() => Date.now());
  const { from, by } = periodOf(period, now);
  const over = useUsage({ from, group_by: [by], all_users: all });
  const sums = useUsage({ from, group_by: [grouping], all_users: all });
  const fault = over.error ?? sums.error;
  const groupings: { value: Grouping; label: string }[] = [
    { value: "model", label: "By model" },
    { value: "api_key", label: "By API key" },
    ...(all ? [{ value: "user" as const, label: "By user" }] : []),
  ];
  return (
    <Section
      title="Usage"
      about="Tokens of every request to a model, streams too. A request is counted a second or so after its end."
    >
      <Group mb="md" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Period"
          data={PERIODS}
          value={period}
          onChange={(value) => {
            setNow(Date.now());
            setPeriod(value);
          }}
        />
        <Select
          size="xs"
          w={140}
          aria-label="Group by"
          data={groupings}
          value={grouping}
          allowDeselect={false}
          onChange={(value) => value && setGrouping(value)}
        />
        {mayOfAll ? (
          <Switch
            size="sm"
            label="Of all users"
            checked={all}
            onChange={(event) => {
              setAll(event.currentTarget.checked);
              if (!event.currentTarget.checked && grouping === "user") setGrouping("model");
            }}
          />
        ) : null}
      </Group>
      {fault ? <Failure fault={fault} /> : null}
      <UsageChart bars={barsOf(over.data ?? [], period, now)} by={by} />
      <UsageTable rows={sums.data ?? []} grouping={grouping} />
    </Section>
  );
}
