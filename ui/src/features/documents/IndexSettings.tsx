import { Button, Group, Loader, Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type SyntheticEvent, useState } from "react";
import { useReindex, useReindexCost } from "@/api/collections";
import { useModels } from "@/api/models";
import { Failure } from "@/components/Failure";
import { Section } from "@/components/Section";
import { toast } from "@/components/toast";
import {
  changeOf,
  costInWords,
  draftOf,
  embeddersOf,
  faultsOf,
  type IndexDraft,
  languageOptions,
  STRATEGIES,
} from "@/lib/reindex";
import type { Collection, ReindexRequest } from "@/models";
import classes from "./CollectionSettings.module.css";

const SETTLE_MS = 400;

/** How a collection's documents are cut, embedded and stemmed, and what a change would cost before it is made. */
export function IndexSettings({ collection }: { collection: Collection }) {
  const [draft, setDraft] = useState(() => draftOf(collection));
  const models = useModels().data ?? [];
  const faults = faultsOf(draft);
  const busy = Boolean(collection.reindexing);
  const put = (fields: Partial<IndexDraft>) => setDraft((now) => ({ ...now, ...fields }));
  const change = Object.keys(faults).length > 0 ? null : changeOf(collection, draft);

  return (
    <form onSubmit={(event: SyntheticEvent) => event.preventDefault()}>
      <Section title="Passages" about="How documents are cut into the passages that are found and cited.">
        <div className={classes.form}>
          <Radio.Group
            aria-label="How documents are cut"
            value={draft.strategy}
            onChange={(strategy) => put({ strategy })}
          >
            <Stack gap="xs">
              {Object.entries(STRATEGIES).map(([value, { label, about }]) => (
                <Radio key={value} value={value} label={label} description={about} disabled={busy} />
              ))}
            </Stack>
          </Radio.Group>
          <div className={classes.pair}>
            <TextInput
              label="Longest passage"
              description="Tokens; empty: what the embedder takes"
              inputMode="numeric"
              disabled={busy}
              value={draft.maxTokens}
              error={faults.maxTokens}
              onChange={(event) => put({ maxTokens: event.currentTarget.value })}
            />
            <TextInput
              label="Overlap"
              description="Tokens; empty: the way’s own"
              inputMode="numeric"
              disabled={busy}
              value={draft.overlap}
              error={faults.overlap}
              onChange={(event) => put({ overlap: event.currentTarget.value })}
            />
          </div>
        </div>
      </Section>
      <Section
        title="Meaning and words"
        about="The model that makes vectors, and the language whose stems and stop words count."
      >
        <div className={classes.form}>
          <Select
            label="Embedder"
            data={embeddersOf(models, collection.embedder)}
            value={draft.embedder}
            allowDeselect={false}
            disabled={busy}
            onChange={(embedder) => embedder !== null && put({ embedder })}
          />
          <Select
            label="Language"
            searchable
            data={languageOptions(collection.language)}
            value={draft.language}
            allowDeselect={false}
            disabled={busy}
            onChange={(language) => language !== null && put({ language })}
          />
        </div>
      </Section>
      <Section
        title="What a change costs"
        about="Documents are read anew only where that is needed; equal passages keep their vectors."
      >
        {busy ? (
          <Text size="sm" c="dimmed">
            A change is under way. The next one can be made when it is done.
          </Text>
        ) : (
          <Cost collection={collection} change={change} onReset={() => setDraft(draftOf(collection))} />
        )}
      </Section>
    </form>
  );
}

interface CostProps {
  collection: Collection;
  /** Null when nothing, or nothing that makes sense, was changed. */
  change: ReindexRequest | null;
  onReset: () => void;
}

function Cost({ collection, change, onReset }: CostProps) {
  const [settled] = useDebouncedValue(change, SETTLE_MS);
  const cost = useReindexCost(settled);
  const reindex = useReindex();
  const known = cost.data && JSON.stringify(settled) === JSON.stringify(change);

  function apply(request: ReindexRequest) {
    reindex.mutate(request, { onSuccess: () => toast("done", "The change is under way.") });
  }

  return (
    <div className={classes.cost} role="group" aria-label="Cost of the change">
      <div aria-live="polite">
        {change === null ? (
          <p className={classes.sentence}>Nothing is changed.</p>
        ) : cost.error ? (
          <Failure fault={cost.error} onRetry={() => void cost.refetch()} />
        ) : known ? (
          <p className={classes.sentence}>{costInWords(cost.data)}</p>
        ) : (
          <Loader size="xs" aria-label="Working out the cost" />
        )}
      </div>
      {reindex.error ? <Failure fault={reindex.error} /> : null}
      <Group gap="xs">
        {change === null ? (
          <Button
            variant="default"
            loading={reindex.isPending}
            disabled={collection.document_count === 0}
            onClick={() => apply({ collection_id: collection.id })}
          >
            Cut and embed anew as it is
          </Button>
        ) : (
          <>
            <Button loading={reindex.isPending} disabled={!known} onClick={() => apply(change)}>
              Make the change
            </Button>
            <Button variant="default" onClick={onReset}>
              Undo
            </Button>
          </>
        )}
      </Group>
    </div>
  );
}
