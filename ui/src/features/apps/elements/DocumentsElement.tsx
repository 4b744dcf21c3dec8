import { MultiSelect, Select } from "@mantine/core";
import { useState } from "react";
import { useCollections } from "@/api/collections";
import { useDocuments } from "@/api/documents";
import { idsFor, typesOfTarget } from "@/lib/pageElements";
import { asText, lookUp, valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Elements.module.css";

type Props = { element: Extract<PageElement, { kind: "documents" }> };

/** Picks among the collections that the person has, or the documents of one of them. */
export function DocumentsElement({ element }: Props) {
  const { scope } = useOpenPage();
  const collections = useCollections().data ?? [];
  const [own, setOwn] = useState<string | null>(null);
  const given = asText(valueOf(element.collection ?? null, scope));
  if (element.pick !== "documents") {
    return <Picker element={element} options={collections.map(({ id, name }) => ({ value: id, label: name }))} />;
  }
  const collection = given || own;
  return (
    <div className={classes.labelled}>
      {given ? null : (
        <Select
          label="Collection"
          data={collections.map(({ id, name }) => ({ value: id, label: name }))}
          value={own}
          onChange={setOwn}
        />
      )}
      {collection ? <OfCollection key={collection} element={element} collection={collection} /> : null}
    </div>
  );
}

function OfCollection({ element, collection }: Props & { collection: string }) {
  const documents = useDocuments(collection).data ?? [];
  return <Picker element={element} options={documents.map(({ id, name }) => ({ value: id, label: name }))} />;
}

function Picker({ element, options }: Props & { options: { value: string; label: string }[] }) {
  const { act, scope, write, toolchain, page } = useOpenPage();
  const types = typesOfTarget(element.to, { toolchain, page });
  const held = lookUp(element.to, scope);
  const known = (value: unknown) => options.some((option) => option.value === value);
  const common = {
    label: element.label || undefined,
    "aria-label": element.label ? undefined : element.pick === "documents" ? "Documents" : "Collections",
    data: options,
    searchable: true,
    clearable: true,
    nothingFoundMessage: "Nothing to choose",
  };
  function choose(ids: readonly string[]) {
    const value = idsFor(types, ids);
    write(element.to, value);
    void act(element.on_change ?? [], { value });
  }
  if (types.length > 0 && !types.includes("array")) {
    return (
      <Select
        {...common}
        value={known(held) ? asText(held) : null}
        onChange={(id) => choose(id === null ? [] : [id])}
      />
    );
  }
  const chosen = Array.isArray(held) ? held.filter((id) => typeof id === "string" && known(id)) : [];
  return (
    <MultiSelect
      {...common}
      placeholder={chosen.length === 0 && element.pick !== "documents" ? "All" : ""}
      value={chosen as string[]}
      onChange={choose}
    />
  );
}
