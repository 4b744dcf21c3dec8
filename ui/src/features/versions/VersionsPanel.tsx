import { Badge, Button, Group, Loader, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useRollBackToolchain, useToolchainUse, useToolchainVersions } from "@/api/toolchains";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { toast } from "@/components/toast";
import { formatAgo, plural } from "@/lib/format";
import type { ToolchainVersion, VersionUse } from "@/models";
import { CompareDialog, type Compared } from "./CompareDialog";
import { DifferenceList } from "./DifferenceList";
import { PublishDialog } from "./PublishDialog";
import { UseOfVersions } from "./UseOfVersions";
import classes from "./Versions.module.css";

interface VersionsPanelProps {
  id: string;
  shipped: boolean;
  /** The version that is shown beside. */
  shown: number | null;
  /** Takes a version to go on with, where one can. */
  onTake?: ((version: number) => void) | undefined;
}

/** A toolchain's versions: which one runs take, what each changed, and ways to publish one or go back to it. */
export function VersionsPanel({ id, shipped, shown, onTake }: VersionsPanelProps) {
  const versions = useToolchainVersions(id);
  const use = useToolchainUse(id).data;
  const [compared, setCompared] = useState<number | null>(null);
  const [drawn, draw] = useState<Compared | null>(null);
  const [goingBack, setGoingBack] = useState<ToolchainVersion | null>(null);
  const [publishing, setPublishing] = useState<number | null>(null);
  const back = useRollBackToolchain(id);
  if (versions.error) return <Failure fault={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <Loader size="sm" aria-label="Loading the versions" />;
  if (shipped)
    return <Text size="sm">It comes with the product and has one version. A copy of it can be changed.</Text>;
  const published = versions.data.some((version) => version.published);
  const newest = versions.data[0]?.version;
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        {published
          ? "Runs that name no version take the published one; what is saved since is a draft."
          : "Nothing is published: runs that name no version take the latest."}
      </Text>
      {use ? <UseOfVersions use={use} /> : null}
      <ol className={classes.versions} aria-label="Versions">
        {versions.data.map((entry, index) => (
          <li key={entry.version}>
            <Version
              id={id}
              entry={entry}
              use={use?.versions.find(({ version }) => version === entry.version) ?? null}
              current={entry.version === shown}
              draft={published && entry.version === newest && !entry.published}
              before={versions.data[index + 1]?.version ?? null}
              compared={compared === entry.version}
              onCompare={() => setCompared(compared === entry.version ? null : entry.version)}
              onPublish={() => setPublishing(entry.version)}
              onDraw={(from) => draw({ from, to: entry.version })}
              onGoBack={index === 0 ? null : () => setGoingBack(entry)}
              onTake={onTake}
            />
          </li>
        ))}
      </ol>
      {versions.hasNextPage ? (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={versions.isFetchingNextPage}
          onClick={() => void versions.fetchNextPage()}
        >
          Show earlier ones
        </Button>
      ) : null}
      {drawn ? (
        <CompareDialog id={id} compared={drawn} versions={versions.data} draft={null} onClose={() => draw(null)} />
      ) : null}
      {publishing === null ? null : <PublishDialog id={id} version={publishing} onClose={() => setPublishing(null)} />}
      <ConfirmDialog
        opened={goingBack !== null}
        title={`Roll back to version ${goingBack?.version ?? ""}?`}
        action="Roll back"
        pending={back.isPending}
        fault={back.error}
        onClose={() => setGoingBack(null)}
        onConfirm={() =>
          goingBack &&
          back.mutate(goingBack.version, {
            onSuccess: ({ version }) => {
              setGoingBack(null);
              toast("done", `Version ${version} is as it was then, and published.`);
            },
          })
        }
      >
        It becomes the newest version and is published. What was saved since stays among the versions.
      </ConfirmDialog>
    </>
  );
}

interface VersionProps {
  id: string;
  entry: ToolchainVersion;
  use: VersionUse | null;
  /** Whether the graph shows it. */
  current: boolean;
  draft: boolean;
  before: number | null;
  compared: boolean;
  onCompare: () => void;
  onPublish: () => void;
  onDraw: (from: number) => void;
  onGoBack: (() => void) | null;
  onTake: ((version: number) => void) | undefined;
}

function Version(props: VersionProps) {
  const { id, entry, use, current, draft, before, compared, onCompare, onPublish, onDraw, onGoBack, onTake } = props;
  const { version, title, note, published, created_at } = entry;
  return (
    <article className={classes.version} aria-label={`Version ${version}`}>
      <Group gap="xs">
        <Link to={`/toolchains/${id}?version=${version}`} className={classes.name} aria-current={current || undefined}>
          Version {version}
        </Link>
        {published ? (
          <Badge size="sm" variant="light" color="teal" tt="none" fw={560}>
            Published
          </Badge>
        ) : null}
        {draft ? (
          <Badge size="sm" variant="light" color="gray" tt="none" fw={560}>
            Draft
          </Badge>
        ) : null}
        <Text size="xs" c="dimmed" className={classes.title ?? ""}>
          {title}
          {created_at ? `, ${formatAgo(created_at)}` : ""}
          {use ? `, ${plural(use.runs, "run")}` : ""}
        </Text>
      </Group>
      {note === "" ? null : <p className={classes.note}>{note}</p>}
      <Group gap={6}>
        {published ? null : (
          <Button size="compact-xs" variant="default" onClick={onPublish}>
            Publish
          </Button>
        )}
        {onTake ? (
          <Button size="compact-xs" variant="default" onClick={() => onTake(version)}>
            Go on with it
          </Button>
        ) : null}
        {onGoBack ? (
          <Button size="compact-xs" variant="default" onClick={onGoBack}>
            Roll back to it
          </Button>
        ) : null}
        {before === null ? null : (
          <>
            <Button size="compact-xs" variant="subtle" aria-expanded={compared} onClick={onCompare}>
              {compared ? "Hide changes" : "What changed"}
            </Button>
            <Button size="compact-xs" variant="subtle" onClick={() => onDraw(before)}>
              On the graph
            </Button>
          </>
        )}
      </Group>
      {compared && before !== null ? <DifferenceList id={id} from={before} to={version} /> : null}
    </article>
  );
}
