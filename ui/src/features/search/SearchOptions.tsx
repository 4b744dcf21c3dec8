import { NumberInput, Select, Slider } from "@mantine/core";
import { useModels } from "@/api/models";
import { type SearchForm } from "@/lib/searchForm";
import classes from "./SearchOptions.module.css";
import page from "./SearchPage.module.css";

interface SearchOptionsProps {
  form: SearchForm;
  onChange: (fields: Partial<SearchForm>) => void;
}

/** How scores are made and what comes with a hit. */
export function SearchOptions({ form, onChange }: SearchOptionsProps) {
  const rerankers = (useModels().data ?? []).filter(({ kind }) => kind === "rerank").map(({ id }) => id);
  const known = form.rerank === null ? rerankers : [...new Set([...rerankers, form.rerank])];
  return (
    <section className={page.panel} aria-label="Options">
      {form.lanes === "hybrid" ? <Fusing form={form} onChange={onChange} /> : null}
      <div className={classes.grid}>
        <Figure label="Hits" least={1} most={100} value={form.limit} onValue={(limit) => onChange({ limit })} />
        <NumberInput
          label="Most of one document"
          placeholder="Any number"
          min={1}
          max={100}
          allowDecimal={false}
          value={form.perDocument ?? ""}
          onChange={(value) => onChange({ perDocument: typeof value === "number" ? value : null })}
        />
        <Figure
          label="Neighbours"
          least={0}
          most={5}
          value={form.neighbours}
          onValue={(neighbours) => onChange({ neighbours })}
        />
        <Figure
          label="Candidates a lane"
          least={1}
          most={1000}
          value={form.candidates}
          onValue={(candidates) => onChange({ candidates })}
        />
        {known.length > 0 ? (
          <Select
            label="Rerank with"
            placeholder="Nothing"
            clearable
            data={known}
            value={form.rerank}
            onChange={(rerank) => onChange({ rerank })}
          />
        ) : null}
        {form.rerank !== null ? (
          <Figure
            label="Reranked"
            least={1}
            most={200}
            value={form.rerankCandidates}
            onValue={(rerankCandidates) => onChange({ rerankCandidates })}
          />
        ) : null}
      </div>
    </section>
  );
}

/** How the scores of both lanes become one. */
function Fusing({ form, onChange }: SearchOptionsProps) {
  const words = Math.round((1 - form.denseWeight) * 100);
  return (
    <div className={classes.fusing}>
      <Select
        label="Scores are brought together by"
        data={[
          { value: "convex", label: "Weighted sum of scores" },
          { value: "rrf", label: "Reciprocal ranks (RRF)" },
        ]}
        value={form.fusion}
        allowDeselect={false}
        onChange={(fusion) => fusion && onChange({ fusion })}
      />
      <div>
        <div className={classes.weights}>
          <span>Words {words} %</span>
          <span>Meaning {100 - words} %</span>
        </div>
        <Slider
          thumbLabel="Weight of meaning"
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={form.denseWeight}
          onChange={(value) => onChange({ denseWeight: Math.round(value * 100) / 100 })}
        />
      </div>
      {form.fusion === "rrf" ? (
        <Figure
          label="Rank constant k"
          least={1}
          most={1000}
          value={form.rrfK}
          onValue={(rrfK) => onChange({ rrfK })}
        />
      ) : null}
    </div>
  );
}

interface FigureProps {
  label: string;
  least: number;
  most: number;
  value: number;
  onValue: (value: number) => void;
}

/** A whole number; what is not one while it is typed changes nothing. */
function Figure({ label, least, most, value, onValue }: FigureProps) {
  return (
    <NumberInput
      label={label}
      min={least}
      max={most}
      allowDecimal={false}
      clampBehavior="strict"
      value={value}
      onChange={(next) => typeof next === "number" && next >= least && onValue(next)}
    />
  );
}
