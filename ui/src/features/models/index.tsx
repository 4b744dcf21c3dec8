import { Button, Center, Loader } from "@mantine/core";
import { Link } from "react-router";
import { useMemory, useModels } from "@/api/models";
import { useSession } from "@/api/session";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconModels } from "@/components/icons";
import { Page } from "@/components/Page";
import { LoadHistory } from "./LoadHistory";
import { MemoryBar } from "./MemoryBar";
import { ModelCard } from "./ModelCard";
import "@/components/tones.css";
import classes from "./Models.module.css";

export default function ModelsPage() {
  const models = useModels();
  const memory = useMemory();
  const administrator = useSession((state) => state.session?.user.is_admin ?? false);
  return (
    <Page
      title="Models"
      summary="What answers and embeds. A model loads when it is first needed; its process ends when it is unloaded."
      actions={
        <Button component={Link} to="/models/gateway" variant="default">
          Usage, providers, limits
        </Button>
      }
    >
      <section className={classes.section} aria-labelledby="memory">
        <h2 id="memory" className={classes.heading}>
          Memory
        </h2>
        {memory.error ? <Failure fault={memory.error} onRetry={() => void memory.refetch()} /> : null}
        {memory.data?.devices.map((device) => (
          <MemoryBar key={device.id} device={device} />
        ))}
      </section>
      <section className={classes.section} aria-labelledby="models">
        <h2 id="models" className={classes.heading}>
          Models
        </h2>
        {models.error ? <Failure fault={models.error} onRetry={() => void models.refetch()} /> : null}
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
              <ModelCard model={model} mayMove={administrator} />
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
    </Page>
  );
}
