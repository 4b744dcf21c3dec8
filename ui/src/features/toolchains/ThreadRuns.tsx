import { Button, Group, Text, UnstyledButton } from "@mantine/core";
import { useRuns } from "@/api/runs";
import { Section } from "@/components/graph/NodeDetails";
import { RunStatusDot } from "@/components/RunStatusDot";
import { formatAgo } from "@/lib/format";
import classes from "./RunPanel.module.css";

interface ThreadRunsProps {
  toolchainId: string;
  thread: string | null;
  /** The run that the graph shows. */
  shown: string | null;
  onShow: (runId: string) => void;
  onNew: () => void;
}

/** A thread as its runs, oldest first: what one leaves in the thread's state the next goes on with. */
export function ThreadRuns({ toolchainId, thread, shown, onShow, onNew }: ThreadRunsProps) {
  const {
    data: runs = [],
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
  } = useRuns({ toolchain_id: toolchainId, thread_id: thread, status: null });
  if (thread === null) {
    return (
      <Text size="sm" c="dimmed" mb="lg">
        The next run begins a thread; those after it go on with what it keeps.
      </Text>
    );
  }
  const own = runs.toReversed();
  return (
    <Section title="Thread">
      <ol className={classes.thread} aria-label="Runs of the thread">
        {own.map((run, index) => (
          <li key={run.run_id}>
            <UnstyledButton
              className={classes.turn}
              aria-current={run.run_id === shown || undefined}
              onClick={() => onShow(run.run_id)}
            >
              <span>Run {index + 1}</span>
              <RunStatusDot status={run.status} />
              <span className={classes.ago}>{formatAgo(run.created_at)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ol>
      <Group gap="xs" mt="xs" mb="lg">
        <Button size="compact-sm" variant="default" onClick={onNew}>
          New thread
        </Button>
        {hasNextPage ? (
          <Button size="compact-sm" variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Look for earlier ones
          </Button>
        ) : null}
      </Group>
    </Section>
  );
}
