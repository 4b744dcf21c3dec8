import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import { useEffect, useMemo, useState } from "react";
import { type Location, NavigationType, useLocation, useNavigationType, useSearchParams } from "react-router";
import { ApiError } from "@/api/client";
import { useCollections } from "@/api/collections";
import { useSearch } from "@/api/search";
import { SidePanel } from "@/components/SidePanel";
import { OPENED, useOpened } from "@/components/useOpened";
import { DocumentViewer } from "@/components/viewer/DocumentViewer";
import { pickedOf } from "@/lib/picked";
import { readSearch, searchIn, type SearchForm, writeSearch } from "@/lib/searchForm";
import type { SearchHit } from "@/models";
import "@/components/tones.css";
import { FilterPanel } from "./FilterPanel";
import { MissingCollections } from "./MissingCollections";
import { Results } from "./Results";
import { SearchBar } from "./SearchBar";
import classes from "./SearchPage.module.css";
import { SearchOptions } from "./SearchOptions";

const SETTLE_MS = 400;
/** The state of an address that was written here. */
const OWN = "own";

/** Search by words, meaning and both. The address holds the whole search, so that it can be kept and sent. */
export default function SearchPage() {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation() as Location<unknown>;
  const way = useNavigationType();
  const [opened, open] = useOpened();
  const address = addressOf(params);
  const searched = useMemo(() => readSearch(new URLSearchParams(address)), [address]);
  const [form, setForm] = useState(searched);
  const [known, setKnown] = useState(address);
  const [filters, filterPanel] = useDisclosure(searched.where !== null);
  const [options, optionPanel] = useDisclosure(false);
  const [remembered, setRemembered] = useState<SearchHit | null>(null);
  const collections = useCollections();
  const picked = pickedOf(searched.collections, collections.data);
  const unsure = searched.collections.length > 0 && collections.isPending;
  const asked = searchIn(searched, picked);
  const search = useSearch(unsure ? null : asked);
  const found = search.data?.hits.find((hit) => hit.chunk_id === opened) ?? null;
  // It stays as it was opened, whatever is searched for meanwhile.
  const shown = remembered && remembered.chunk_id === opened ? remembered : found;
  if (shown !== remembered) setRemembered(shown);
  const passage = useMemo(() => shown && { ...shown, snippet: shown.text, claim: null }, [shown]);

  // An address from elsewhere, as from the button that goes back, is another search; the form may be ahead of its own.
  if (known !== address) {
    setKnown(address);
    if (way === NavigationType.Pop || state !== OWN) setForm(searched);
  }

  // One that was there when the list was read is deleted by now.
  const missed = search.error instanceof ApiError && search.error.field === "collection_ids";
  const { refetch: listAnew } = collections;
  useEffect(() => {
    if (missed) void listAnew();
  }, [missed, listAnew]);

  const settle = useDebouncedCallback((next: SearchForm) => write(next, true), SETTLE_MS);

  function write(next: SearchForm, replace: boolean) {
    const written = writeSearch(next);
    if (opened !== null) written.set(OPENED, opened);
    setParams(written, { replace, state: OWN });
  }

  function change(fields: Partial<SearchForm>) {
    const next = { ...form, ...fields };
    setForm(next);
    if (!("query" in fields)) settle(next);
  }

  function changeAtOnce(fields: Partial<SearchForm>) {
    change(fields);
    settle.flush();
  }

  function submit() {
    settle.cancel();
    if (writeSearch(form).toString() === address) void search.refetch();
    else write(form, false);
  }

  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <div className={classes.column}>
          <h1 className={classes.title}>Search</h1>
          <SearchBar
            form={form}
            fault={search.error}
            filtersOpen={filters}
            optionsOpen={options}
            onChange={change}
            onSubmit={submit}
            onFilters={filterPanel.toggle}
            onOptions={optionPanel.toggle}
          />
          {filters ? <FilterPanel where={form.where} onWhere={(where) => change({ where })} /> : null}
          {options ? <SearchOptions form={form} onChange={change} /> : null}
          {picked.gone.length > 0 ? (
            <MissingCollections picked={picked} onTakeOut={() => change({ collections: picked.there })} />
          ) : null}
          {asked ? (
            <Results
              form={asked}
              search={search}
              shown={shown?.chunk_id ?? null}
              onShow={(hit) => open(hit.chunk_id)}
              onChange={changeAtOnce}
            />
          ) : null}
        </div>
      </div>
      <SidePanel label="Passage" shown={shown?.chunk_id ?? null} onClose={() => open(null)}>
        {shown ? (
          <DocumentViewer
            key={shown.document_id}
            documentId={shown.document_id}
            name={shown.document_name}
            passage={passage}
            onClose={() => open(null)}
          />
        ) : null}
      </SidePanel>
    </div>
  );
}

/** The search in an address, without what is open beside it. */
function addressOf(params: URLSearchParams): string {
  const search = new URLSearchParams(params);
  search.delete(OPENED);
  return search.toString();
}
