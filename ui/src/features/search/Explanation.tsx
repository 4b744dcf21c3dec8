import { JsonTree } from "@/components/JsonTree";
import { lanesOf, queryFacts, stageInWords, stagesOf } from "@/lib/hits";
import type { SearchExplanation } from "@/models";
import classes from "./Explanation.module.css";

/** How a search went: what was understood, which way each lane took, and where the time went. */
export function Explanation({ explanation }: { explanation: SearchExplanation }) {
  const { total, stages } = stagesOf(explanation);
  const facts = queryFacts(explanation);
  return (
    <section className={classes.explanation} aria-label="How it was searched">
      {facts.length > 0 ? (
        <dl className={classes.facts}>
          {facts.map(({ name, values }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {values.map((value, index) => (
                  <code key={index}>{value}</code>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <Lanes explanation={explanation} />
      <div>
        <h3 className={classes.heading}>
          Time <span className="tabular">{stageInWords(total)}</span>
        </h3>
        <div className={classes.stages} aria-hidden>
          {stages.map(({ stage, share }, index) => (
            <span key={stage} data-shade={index % 6} style={{ flexGrow: share }} />
          ))}
        </div>
        <ul className={`${classes.legend ?? ""} tabular`}>
          {stages.map(({ stage, ms }, index) => (
            <li key={stage}>
              <i data-shade={index % 6} aria-hidden />
              {stage.replaceAll("_", " ")} {stageInWords(ms)}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Lanes({ explanation }: { explanation: SearchExplanation }) {
  const rows = lanesOf(explanation);
  if (rows.length === 0) return null;
  return (
    <table className={`${classes.table ?? ""} tabular`}>
      <thead>
        <tr>
          <th scope="col">Lane</th>
          <th scope="col">Way</th>
          <th scope="col">Candidates</th>
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, lane: { path, candidates, ms, details = {} } }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              {path}
              {Object.keys(details).length > 0 ? (
                <details className={classes.details}>
                  <summary>Details</summary>
                  <JsonTree value={details} label={`Details of ${name}`} open={1} />
                </details>
              ) : null}
            </td>
            <td>{candidates.toLocaleString("en")}</td>
            <td>{stageInWords(ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
