import { ActionIcon, Select, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { NavLink, useNavigate } from "react-router";
import { useCreateCollection } from "@/api/collections";
import { IconFolder, IconPlus } from "@/components/icons";
import { PromptDialog } from "@/components/PromptDialog";
import type { Collection } from "@/models";
import classes from "./CollectionList.module.css";

interface CollectionListProps {
  collections: Collection[];
  current: Collection | null;
}

/** The collections: a column at the left, a select where there is no room for one. */
export function CollectionList({ collections, current }: CollectionListProps) {
  const navigate = useNavigate();
  const roomy = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const [naming, setNaming] = useState(false);
  const create = useCreateCollection();

  function close() {
    setNaming(false);
    create.reset();
  }

  function submit(name: string) {
    create.mutate(
      { name },
      {
        onSuccess: ({ id }) => {
          close();
          void navigate(`/documents/${id}`);
        },
      },
    );
  }

  const button = (
    <Tooltip label="New collection">
      <ActionIcon variant="subtle" color="gray" aria-label="New collection" onClick={() => setNaming(true)}>
        <IconPlus size={18} />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      {roomy ? (
        <aside className={classes.column} aria-label="Collections">
          <div className={classes.head}>
            <h2 className={classes.heading}>Collections</h2>
            {button}
          </div>
          <ul className={classes.list}>
            {collections.map(({ id, name, document_count }) => (
              <li key={id}>
                <NavLink to={`/documents/${id}`} className={classes.link ?? ""} title={name}>
                  <IconFolder size={17} />
                  <span className={classes.name}>
                    <bdi>{name}</bdi>
                  </span>
                  <span className={`${classes.count ?? ""} tabular`}>{document_count}</span>
                </NavLink>
              </li>
            ))}
          </ul>
        </aside>
      ) : (
        <div className={classes.strip}>
          <Select
            className={classes.select}
            aria-label="Collection"
            placeholder={collections.length > 0 ? "Choose a collection" : "No collection yet"}
            leftSection={<IconFolder size={17} />}
            data={collections.map(({ id, name }) => ({ value: id, label: name }))}
            value={current?.id ?? null}
            allowDeselect={false}
            onChange={(id) => id !== null && void navigate(`/documents/${id}`)}
          />
          {button}
        </div>
      )}
      <PromptDialog
        opened={naming}
        title="New collection"
        label="Name"
        placeholder="Contracts, papers, handbooks…"
        maxLength={200}
        action="Create"
        pending={create.isPending}
        fault={create.error}
        onSubmit={submit}
        onClose={close}
      />
    </>
  );
}
