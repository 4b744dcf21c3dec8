import { Badge, Button, SegmentedControl, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type ReactNode, type SyntheticEvent } from "react";
import { ApiError } from "@/api/client";
import { CollectionPicker } from "@/components/CollectionPicker";
import { IconFilter, IconSearch, IconSettings } from "@/components/icons";
import { countOf } from "@/lib/conditions";
import { changedOptions, type Lanes, type SearchForm } from "@/lib/searchForm";
import { inWords } from "@/lib/words";
import classes from "./SearchBar.module.css";
import { SyntaxHelp } from "./SyntaxHelp";

interface SearchBarProps {
  form: SearchForm;
  /** What went wrong with the last search. */
  fault: Error | null;
  filtersOpen: boolean;
  optionsOpen: boolean;
  onChange: (fields: Partial<SearchForm>) => void;
  onSubmit: () => void;
  onFilters: () => void;
  onOptions: () => void;
}

const LANES: { value: Lanes; label: string }[] = [
  { value: "hybrid", label: "Both" },
  { value: "bm25", label: "Words" },
  { value: "dense", label: "Meaning" },
];

/** The query, and what is changed most: where to search, and by what. */
export function SearchBar(props: SearchBarProps) {
  const { form, fault, onChange, onSubmit } = props;

  function submitted(event: SyntheticEvent) {
    event.preventDefault();
    if (form.query.trim() !== "") onSubmit();
  }

  return (
    <form onSubmit={submitted} role="search" aria-label="Search documents">
      <div className={classes.bar}>
        <TextInput
          type="search"
          className={classes.input ?? ""}
          size="md"
          radius="lg"
          aria-label="Query"
          dir="auto"
          placeholder='Words, "phrases" or a question'
          leftSection={<IconSearch size={18} />}
          rightSection={<SyntaxHelp />}
          maxLength={16_384}
          value={form.query}
          autoFocus={form.query === ""}
          error={ofQuery(fault) ? inWords(fault) : null}
          onChange={(event) => onChange({ query: event.currentTarget.value })}
        />
        <Button type="submit" size="md" radius="lg" disabled={form.query.trim() === ""}>
          Search
        </Button>
      </div>
      <div className={classes.controls}>
        <SegmentedControl
          size="sm"
          aria-label="Search by"
          data={LANES}
          value={form.lanes}
          onChange={(lanes) => onChange({ lanes })}
        />
        <CollectionPicker
          label="Search in"
          position="bottom-start"
          selected={form.collections}
          onSelect={(collections) => onChange({ collections })}
        />
        <span className={classes.space} />
        <Fold
          icon={<IconFilter size={16} />}
          label="Filters"
          count={countOf(form.where)}
          open={props.filtersOpen}
          onToggle={props.onFilters}
        />
        <Fold
          icon={<IconSettings size={16} />}
          label="Options"
          count={changedOptions(form)}
          open={props.optionsOpen}
          onToggle={props.onOptions}
        />
      </div>
    </form>
  );
}

/** True when the query itself is what the server did not understand. */
export function ofQuery(fault: Error | null): boolean {
  return fault instanceof ApiError && fault.field === "query";
}

interface FoldProps {
  icon: ReactNode;
  label: string;
  /** How much of it is in use. */
  count: number;
  open: boolean;
  onToggle: () => void;
}

function Fold({ icon, label, count, open, onToggle }: FoldProps) {
  return (
    <UnstyledButton className={classes.fold} aria-expanded={open} onClick={onToggle}>
      {icon}
      <Text span inherit>
        {label}
      </Text>
      {count > 0 ? (
        <Badge size="sm" circle={count < 10} aria-label={`${count} in use`}>
          {count}
        </Badge>
      ) : null}
    </UnstyledButton>
  );
}
