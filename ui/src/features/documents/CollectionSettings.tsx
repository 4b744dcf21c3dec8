import { Button, Group, Text, Textarea, TextInput, Title } from "@mantine/core";
import { type SyntheticEvent, useState } from "react";
import { Link } from "react-router";
import { useModifyCollection } from "@/api/collections";
import { Failure } from "@/components/Failure";
import { IconChevronLeft } from "@/components/icons";
import { Section } from "@/components/Section";
import { toast } from "@/components/toast";
import type { Collection } from "@/models";
import classes from "./CollectionSettings.module.css";
import view from "./CollectionView.module.css";
import { IndexSettings } from "./IndexSettings";
import { ReindexingBar } from "./ReindexingBar";

/** What a collection is called, and how its documents are cut and embedded. */
export function CollectionSettings({ collection }: { collection: Collection }) {
  return (
    <section className={view.view} aria-labelledby="settings-title">
      <header className={classes.head}>
        <Text component={Link} to={`/documents/${collection.id}`} className={classes.back ?? ""}>
          <IconChevronLeft size={14} strokeWidth={2} />
          <span>{collection.name}</span>
        </Text>
        <Title order={1} size="h2" id="settings-title">
          Collection settings
        </Title>
      </header>
      {collection.reindexing ? <ReindexingBar reindexing={collection.reindexing} /> : null}
      <Section title="Name" about="What people see, and what agents are told of it.">
        <NameForm collection={collection} />
      </Section>
      <IndexSettings key={keyOf(collection)} collection={collection} />
    </section>
  );
}

/** The form begins anew when the collection has become another. */
function keyOf({ chunking, embedder, language }: Collection): string {
  return JSON.stringify([chunking, embedder, language]);
}

function NameForm({ collection }: { collection: Collection }) {
  const [name, setName] = useState(collection.name);
  const [description, setDescription] = useState(collection.description);
  const modify = useModifyCollection();
  const changed = name.trim() !== collection.name || description !== collection.description;

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    modify.mutate(
      { collection_id: collection.id, name: name.trim(), description },
      { onSuccess: () => toast("done", "Saved.") },
    );
  }

  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput label="Name" required maxLength={200} value={name} onChange={(e) => setName(e.currentTarget.value)} />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {modify.error ? <Failure fault={modify.error} /> : null}
      <Group>
        <Button type="submit" disabled={!changed || name.trim() === ""} loading={modify.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
