import { Button, Center, Loader, Switch } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { EmptyState } from "@/components/EmptyState";
import { Failure } from "@/components/Failure";
import { IconSearch } from "@/components/icons";
import { plural } from "@/lib/format";
import { onlyExcludes } from "@/lib/exclusions";
import { byDocument } from "@/lib/hits";
import { type SearchForm } from "@/lib/searchForm";
import type { SearchHit, SearchResult } from "@/models";
import { Explanation } from "./Explanation";
import { HitCard } from "./HitCard";
import classes from "./Results.module.css";
import { ofQuery } from "./SearchBar";
import { SyntaxTable } from "./SyntaxHelp";

interface ResultsProps {
  form: SearchForm;
  search: UseQueryResult<SearchResult>;
  /** The chunk that is open beside. */
  shown: string | null;
  onShow: (hit: SearchHit) => void;
  onChange: (fields: Partial<SearchForm>) => void;
}

const MOST = 100;
const STEP = 20;

export function Results({ form, search, shown, onShow, onChange }: ResultsProps) {
  const { data, error, isFetching, isPlaceholderData, refetch } = search;
  if (form.query.trim() === "") return <Beginning />;
  if (error) return ofQuery(error) ? null : <div className={classes.notice}>{failure()}</div>;
  if (!data) {
    return (
      <Center py={64}>
        <Loader size="sm" aria-label="Searching" />
      </Center>
    );
  }
  const { hits, explanation } = data;
  const more = hits.length >= form.limit && form.limit < MOST;
  return (
    <section
      aria-label="Hits"
      aria-busy={isFetching}
      className={classes.results}
      data-old={isPlaceholderData || undefined}
    >
      <div className={classes.head}>
        <p className={classes.count} role="status">
          {plural(hits.length, "passage")}
        </p>
        <Toggles form={form} onChange={onChange} />
      </div>
      {form.explain && explanation ? <Explanation explanation={explanation} /> : null}
      {hits.length === 0 ? (
        <EmptyState icon={<IconSearch size={26} />} title="Nothing found">
          {nothingFound(form)}
        </EmptyState>
      ) : null}
      {form.grouped ? (
        <Grouped hits={hits} shown={shown} onShow={onShow} />
      ) : (
        <ol className={classes.list}>
          {hits.map((hit, index) => (
            <li key={hit.chunk_id}>
              <HitCard rank={index + 1} hit={hit} active={hit.chunk_id === shown} onShow={() => onShow(hit)} />
            </li>
          ))}
        </ol>
      )}
      {more ? (
        <Center mt="lg">
          <Button
            variant="default"
            loading={isFetching}
            onClick={() => onChange({ limit: Math.min(MOST, form.limit + STEP) })}
          >
            Show more
          </Button>
        </Center>
      ) : null}
    </section>
  );

  function failure() {
    return <Failure fault={error} onRetry={() => void refetch()} />;
  }
}

function nothingFound({ query, where }: SearchForm): string {
  if (onlyExcludes(query))
    return "The query only says what to leave out. A search needs something to look for beside that, as in “pump -draft”.";
  return where
    ? "No passage fits both the query and the filters."
    : "No passage fits. Other words may do, or a search by meaning.";
}

/** How hits are shown; they change nothing of what is found. */
function Toggles({ form, onChange }: Pick<ResultsProps, "form" | "onChange">) {
  return (
    <div className={classes.toggles}>
      <Switch
        size="xs"
        label="Group by document"
        checked={form.grouped}
        onChange={(event) => onChange({ grouped: event.currentTarget.checked })}
      />
      <Switch
        size="xs"
        label="Explain"
        checked={form.explain}
        onChange={(event) => onChange({ explain: event.currentTarget.checked })}
      />
    </div>
  );
}

interface GroupedProps {
  hits: SearchHit[];
  shown: string | null;
  onShow: (hit: SearchHit) => void;
}

function Grouped({ hits, shown, onShow }: GroupedProps) {
  return byDocument(hits).map(({ documentId, name, hits: ranked }) => (
    <section key={documentId} className={classes.group} aria-label={name}>
      <h2 className={classes.document}>
        <span className={classes.name} dir="auto" title={name}>
          {name}
        </span>
        <span className={classes.of}>{plural(ranked.length, "passage")}</span>
      </h2>
      <ol className={classes.list}>
        {ranked.map(({ rank, hit }) => (
          <li key={hit.chunk_id}>
            <HitCard rank={rank} hit={hit} active={hit.chunk_id === shown} within onShow={() => onShow(hit)} />
          </li>
        ))}
      </ol>
    </section>
  ));
}

/** The page before the first search. */
function Beginning() {
  return (
    <div className={classes.beginning}>
      <h2 className={classes.hint}>What a query may hold</h2>
      <SyntaxTable />
    </div>
  );
}
