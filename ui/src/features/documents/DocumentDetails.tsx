import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { JsonTree } from "@/components/JsonTree";
import { searchableInWords, workOf } from "@/lib/ingestion";
import type { Document } from "@/models";
import classes from "./DocumentDetails.module.css";

/** All that is known of a document. */
export function DocumentDetails({ document }: { document: Document }) {
  const { content_type, sha256, source, version = 1, warnings = [], metadata, created_at, indexed_at } = document;
  const run = workOf(document)?.runId ?? document.run_id;
  return (
    <div className={classes.details}>
      {warnings.length > 0 ? (
        <ul className={classes.warnings} aria-label="Warnings">
          {warnings.map((warning, index) => (
            <li key={index}>{warning}</li>
          ))}
        </ul>
      ) : null}
      <dl className={classes.facts}>
        <Fact name="Search">{searchableInWords(document)}</Fact>
        <Fact name="Version">{version}</Fact>
        {source ? <Fact name="Source">{source}</Fact> : null}
        <Fact name="Type">{content_type}</Fact>
        <Fact name="Added">{new Date(created_at).toLocaleString()}</Fact>
        {indexed_at ? <Fact name="Complete since">{new Date(indexed_at).toLocaleString()}</Fact> : null}
        <Fact name="SHA-256">
          <code>{sha256}</code>
        </Fact>
        {run ? (
          <Fact name="Ingestion">
            <Anchor component={Link} to={`/runs/${run}`} size="sm">
              See the run
            </Anchor>
          </Fact>
        ) : null}
      </dl>
      {Object.keys(metadata).length > 0 ? <JsonTree value={metadata} label="Metadata" open={1} /> : null}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
