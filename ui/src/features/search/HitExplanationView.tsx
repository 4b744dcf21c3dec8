import { scoreInWords, termsOf } from "@/lib/hits";
import type { HitExplanation, SearchHit } from "@/models";
import classes from "./Explanation.module.css";

const rankInWords = (rank: number | null | undefined) => (typeof rank === "number" ? `#${rank}` : "not found");

/** What every lane and stage made of a hit. */
export function HitExplanationView({ hit, explanation }: { hit: SearchHit; explanation: HitExplanation }) {
  const { bm25_rank, bm25_normalised, dense_rank, dense_normalised, fused, reranked } = explanation;
  const terms = termsOf(explanation);
  return (
    <div className={classes.scores}>
      <table className={`${classes.table ?? ""} tabular`}>
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">Place</th>
            <th scope="col">Score</th>
            <th scope="col">From 0 to 1</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Words</th>
            <td>{rankInWords(bm25_rank)}</td>
            <td>{scoreInWords(hit.bm25_score)}</td>
            <td>{scoreInWords(bm25_normalised)}</td>
          </tr>
          <tr>
            <th scope="row">Meaning</th>
            <td>{rankInWords(dense_rank)}</td>
            <td>{scoreInWords(hit.dense_score)}</td>
            <td>{scoreInWords(dense_normalised)}</td>
          </tr>
          {typeof fused === "number" ? (
            <tr>
              <th scope="row">Together</th>
              <td />
              <td>{scoreInWords(fused)}</td>
              <td />
            </tr>
          ) : null}
          {typeof reranked === "number" ? (
            <tr>
              <th scope="row">Reranked</th>
              <td />
              <td>{scoreInWords(reranked)}</td>
              <td />
            </tr>
          ) : null}
        </tbody>
      </table>
      {terms.length > 0 ? (
        <dl className={`${classes.terms ?? ""} tabular`} aria-label="What each word gave">
          {terms.map(({ term, score, share }) => (
            <div key={term}>
              <dt title={term}>{term}</dt>
              <dd>
                <span className={classes.bar} style={{ width: `${share * 100}%` }} aria-hidden />
              </dd>
              <dd>{scoreInWords(score)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}
