import { Loader, Text } from "@mantine/core";
import { Link } from "react-router";
import { useToolchainInterface } from "@/api/triggers";
import { CodeTabs } from "@/components/CodeTabs";
import { Failure } from "@/components/Failure";
import { curlSnippet, modelName, pythonSnippet, reachedAt, typescriptSnippet } from "@/lib/snippets";
import { isTalkable } from "@/lib/talkable";
import type { Toolchain } from "@/models";
import { Part } from "./Part";
import { Schedules } from "./Schedules";
import { Webhooks } from "./Webhooks";
import classes from "./Sharing.module.css";

const { origin } = window.location;

interface SharingProps {
  /** As it is saved. */
  toolchain: Toolchain;
  /** The version that programs are to name; null: the one that runs take. */
  version: number | null;
}

/** How others reach a toolchain: programs as a model or with a typed client, the clock, other systems. */
export function Sharing({ toolchain, version }: SharingProps) {
  return (
    <div className={classes.parts}>
      <Text size="sm" c="dimmed">
        Programs need an API key:{" "}
        <Link to="/settings" className={classes.link}>
          make one in the settings
        </Link>
        . They take the version that runs take{version === null ? "" : `; these name version ${version}`}.
      </Text>
      <AsModel toolchain={toolchain} version={version} />
      <AsFunction id={toolchain.id} version={version} />
      <Schedules toolchain={toolchain} />
      <Webhooks id={toolchain.id} />
    </div>
  );
}

function AsModel({ toolchain, version }: SharingProps) {
  const model = modelName(toolchain.id, version);
  const tabs = [
    { value: "curl", label: "curl", code: curlSnippet(origin, model) },
    { value: "python", label: "Python", code: pythonSnippet(origin, model) },
    { value: "typescript", label: "TypeScript", code: typescriptSnippet(origin, model) },
  ];
  return (
    <Part title="As a model" about={isTalkable(toolchain) ? "For every OpenAI client." : null}>
      {isTalkable(toolchain) ? (
        <CodeTabs tabs={tabs} />
      ) : (
        <Text size="sm" c="dimmed">
          It cannot be talked to. It becomes a model when it takes an input <code>question</code> and streams an answer.
        </Text>
      )}
    </Part>
  );
}

function AsFunction({ id, version }: { id: string; version: number | null }) {
  const { data, error, refetch } = useToolchainInterface(id, version);
  const name = id.replaceAll("-", "_");
  return (
    <Part title="With its own input and output" about="Clients that are typed by its schemas, and a plain call.">
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" aria-label="Making the clients" /> : null}
      {data ? (
        <CodeTabs
          tabs={[
            { value: "curl", label: "curl", code: reachedAt(origin, data.curl) },
            { value: "python", label: "Python", code: reachedAt(origin, data.python), file: `${name}.py` },
            { value: "typescript", label: "TypeScript", code: reachedAt(origin, data.typescript), file: `${name}.ts` },
          ]}
        />
      ) : null}
      <Text size="xs" c="dimmed" mt={6}>
        In a shell: <code>penstock client {id} --python</code>
      </Text>
    </Part>
  );
}
