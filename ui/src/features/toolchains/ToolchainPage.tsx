import { Badge, Button, Center, Loader, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useRunTrace } from "@/api/runTrace";
import { useDeleteToolchain, useToolchain, useToolchains } from "@/api/toolchains";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Failure } from "@/components/Failure";
import { ToolchainGraph } from "@/components/graph";
import { NodeDetails } from "@/components/graph/NodeDetails";
import { IconChat, IconPages, IconTrash } from "@/components/icons";
import { Page } from "@/components/Page";
import { toast } from "@/components/toast";
import { Workspace } from "@/components/Workspace";
import { preferToolchain } from "@/features/chat/settings";
import { Sharing } from "@/features/sharing";
import { TestCases } from "@/features/testcases";
import type { StoredToolchain } from "@/models";
import { findNode } from "@/lib/flow";
import { pageEditorOf } from "@/lib/pageAddress";
import { Definition } from "./Definition";
import { Overview } from "./Overview";
import { RunPanel } from "./RunPanel";
import { VersionsPanel } from "@/features/versions/VersionsPanel";
import classes from "./ToolchainPage.module.css";

export function ToolchainPage() {
  const { toolchainId = "" } = useParams();
  const [params] = useSearchParams();
  const asked = params.get("version") ?? "";
  const version = /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : null;
  const { data, error, refetch } = useToolchain(toolchainId, version);
  if (data) return <Loaded key={data.id} stored={data} asked={version} />;
  return error ? (
    <Page title="Toolchain">
      <Failure fault={error} onRetry={() => void refetch()} />
    </Page>
  ) : (
    <Center h="100%">
      <Loader size="sm" aria-label="Loading the toolchain" />
    </Center>
  );
}

type Tab = "details" | "run" | "tests" | "versions" | "sharing" | "json";

interface LoadedProps {
  stored: StoredToolchain;
  /** The version that the address names; null: the latest. */
  asked: number | null;
}

function Loaded({ stored, asked }: LoadedProps) {
  const { toolchain, shipped, version } = stored;
  const [params, setParams] = useSearchParams();
  const thread = params.get("thread");
  const [tab, setTab] = useState<Tab>(thread !== null ? "run" : asked !== null ? "versions" : "details");
  const [selected, setSelected] = useState<string | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const run = useRunTrace(runId);
  const node = selected === null ? null : findNode(toolchain, selected);

  function setThread(next: string | null) {
    const changed = new URLSearchParams(params);
    if (next === null) changed.delete("thread");
    else changed.set("thread", next);
    setParams(changed, { replace: true });
  }

  function select(id: string | null) {
    setSelected(id);
    if (id !== null) setTab("details");
  }

  return (
    <Workspace
      back={{ to: "/toolchains", label: "Toolchains" }}
      title={toolchain.title}
      facts={
        <>
          <code className={classes.id}>{toolchain.id}</code>
          {shipped ? (
            <Badge variant="light" size="sm" tt="none" fw={560}>
              Shipped
            </Badge>
          ) : (
            <span>Version {version}</span>
          )}
          <Link to={`/runs?toolchain=${toolchain.id}`} className={classes.quiet}>
            Its runs
          </Link>
        </>
      }
      actions={<Actions stored={stored} />}
      asideLabel="About the toolchain"
      aside={
        <Tabs value={tab} onChange={(next) => setTab((next ?? "details") as Tab)} keepMounted>
          <Tabs.List className={classes.tabs ?? ""}>
            <Tabs.Tab value="details">Details</Tabs.Tab>
            <Tabs.Tab value="run">Run</Tabs.Tab>
            <Tabs.Tab value="tests">Tests</Tabs.Tab>
            <Tabs.Tab value="versions">Versions</Tabs.Tab>
            <Tabs.Tab value="sharing">Share</Tabs.Tab>
            <Tabs.Tab value="json">JSON</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="details" className={classes.panel ?? ""}>
            {node ? (
              <NodeDetails
                key={node.id}
                node={node}
                // What is within others is done in rounds: the run's own page shows each.
                trace={run.trace && toolchain.nodes.includes(node) ? (run.trace.nodes.get(node.id) ?? null) : undefined}
                onClose={() => setSelected(null)}
              />
            ) : (
              <Overview toolchain={toolchain} />
            )}
          </Tabs.Panel>
          <Tabs.Panel value="run" className={classes.panel ?? ""}>
            <RunPanel
              // Another version may take another input.
              key={version}
              stored={stored}
              version={asked}
              run={run}
              runId={runId}
              thread={thread}
              onThread={setThread}
              onShow={setRunId}
            />
          </Tabs.Panel>
          <Tabs.Panel value="tests" className={classes.panel ?? ""} keepMounted={false}>
            <TestCases toolchain={toolchain} version={version} onChange={null} />
          </Tabs.Panel>
          <Tabs.Panel value="sharing" className={classes.panel ?? ""} keepMounted={false}>
            <Sharing toolchain={toolchain} version={asked} />
          </Tabs.Panel>
          <Tabs.Panel value="versions" className={classes.panel ?? ""} keepMounted={false}>
            <VersionsPanel id={toolchain.id} shipped={shipped} shown={version} />
          </Tabs.Panel>
          <Tabs.Panel value="json" className={classes.panel ?? ""} keepMounted={false}>
            <Definition toolchain={toolchain} />
          </Tabs.Panel>
        </Tabs>
      }
    >
      <div className={classes.graph}>
        <ToolchainGraph toolchain={toolchain} trace={run.trace} selected={selected} onSelect={select} />
      </div>
    </Workspace>
  );
}

function Actions({ stored: { toolchain, shipped } }: { stored: StoredToolchain }) {
  const navigate = useNavigate();
  const remove = useDeleteToolchain();
  const listed = useToolchains().data?.find(({ id }) => id === toolchain.id);
  const paged = (toolchain.page ?? null) !== null;
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      {listed?.chat ? (
        <Button
          component={Link}
          to="/chat"
          size="sm"
          variant="light"
          leftSection={<IconChat size={15} />}
          onClick={() => preferToolchain(toolchain.id)}
        >
          Talk to it
        </Button>
      ) : null}
      {listed?.page ? (
        <Button
          component={Link}
          to={`/apps/${toolchain.id}`}
          size="sm"
          variant="light"
          leftSection={<IconPages size={15} />}
        >
          Open its page
        </Button>
      ) : null}
      {shipped ? null : (
        <Button component={Link} to={pageEditorOf(toolchain.id)} size="sm" variant="default">
          {paged ? "Edit its page" : "Make a page"}
        </Button>
      )}
      {shipped ? null : (
        <Button component={Link} to={`/toolchains/${toolchain.id}/edit`} size="sm" variant="default">
          Edit
        </Button>
      )}
      <Button component={Link} to={`/toolchains/${toolchain.id}/copy`} size="sm" variant="default">
        Duplicate
      </Button>
      {shipped ? null : (
        <Button size="sm" variant="default" leftSection={<IconTrash size={15} />} onClick={ask.open}>
          Delete
        </Button>
      )}
      <ConfirmDialog
        opened={asking}
        title={`Delete “${toolchain.title}”?`}
        action="Delete"
        pending={remove.isPending}
        fault={remove.error}
        onClose={ask.close}
        onConfirm={() =>
          remove.mutate(toolchain.id, {
            onSuccess: () => {
              toast("done", `“${toolchain.title}” is deleted.`);
              void navigate("/toolchains");
            },
          })
        }
      >
        The toolchain and its versions go. Its runs stay.
      </ConfirmDialog>
    </>
  );
}
