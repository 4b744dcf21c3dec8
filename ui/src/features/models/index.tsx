import { Alert, Button, Center, Loader } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useMemory, useModelEvents, useModelFaults, useModels } from "@/api/models";
import { useSession } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconDownload, IconModels, IconPlus } from "@/components/icons";
import { Page } from "@/components/Page";
import type { ModelEntry } from "@/models";
import { AddModelDialog } from "./AddModelDialog";
import { LoadHistory } from "./LoadHistory";
import { MemoryBar } from "./MemoryBar";
import { ModelCard } from "./ModelCard";
import { PullDialog } from "./PullDialog";
import { PullList } from "./PullList";
import "@/components/tones.css";
import classes from "./Models.module.css";

const NOTHING_KNOWN: Partial<ModelEntry> = {};

export default function ModelsPage() {
  const models = useModels();
  const faults = useModelFaults();
  const memory = useMemory();
  const administrator = useSession((state) => state.session?.user.is_admin ?? false);
  const [opened, setOpened] = useState<"pull" | Partial<ModelEntry> | null>(null);
  useModelEvents();
  return (
    <Page
      title="Models"
      summary="What answers and embeds. A model loads when it is first needed, and gives its memory back when others need it more."
      actions={
        <>
          <Button component={Link} to="/models/gateway" variant="default">
            Usage, providers, limits
          </Button>
          {administrator ? (
            <>
              <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => setOpened("pull")}>
                Pull
              </Button>
              <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setOpened(NOTHING_KNOWN)}>
                Add a model
              </Button>
            </>
          ) : null}
        </>
      }
    >
      <section className={classes.section} aria-labelledby="memory">
        <h2 id="memory" className={classes.heading}>
          Memory
        </h2>
        {memory.error ? <Failure fault={memory.error} onRetry={() => void memory.refetch()} /> : null}
        {memory.data?.devices.map((device) => (
          <MemoryBar key={device.id} device={device} history={memory.data.history ?? []} />
        ))}
      </section>
      {administrator ? <PullList onAdd={setOpened} /> : null}
      <section className={classes.section} aria-labelledby="models">
        <h2 id="models" className={classes.heading}>
          Models
        </h2>
        {models.error ? <Failure fault={models.error} onRetry={() => void models.refetch()} /> : null}
        {faults.data && faults.data.length > 0 ? (
          <Alert color="orange" mb="md" title="models.yaml has faults: what they concern is left out">
            <ul className={classes.faults}>
              {faults.data.map(({ path, message }) => (
                <li key={`${path} ${message}`}>
                  <code>{path}</code> {message}
                </li>
              ))}
            </ul>
          </Alert>
        ) : null}
        {models.isPending ? (
          <Center py="xl">
            <Loader size="sm" aria-label="Loading models" />
          </Center>
        ) : null}
        {models.data?.length === 0 ? (
          <EmptyState icon={<IconModels size={26} />} title="No models">
            The runner knows no model. It may still be starting.
          </EmptyState>
        ) : null}
        <ul className={classes.grid}>
          {models.data?.map((model) => (
            <li key={model.id}>
              <ModelCard model={model} mayChange={administrator} />
            </li>
          ))}
        </ul>
      </section>
      {memory.data && memory.data.loads.length > 0 ? (
        <section className={classes.section} aria-labelledby="loads">
          <h2 id="loads" className={classes.heading}>
            Last loads
          </h2>
          <LoadHistory loads={memory.data.loads} />
        </section>
      ) : null}
      {opened === "pull" ? <PullDialog onClose={() => setOpened(null)} /> : null}
      {opened !== null && opened !== "pull" ? <AddModelDialog begin={opened} onClose={() => setOpened(null)} /> : null}
    </Page>
  );
}
