/**
 * Clauses of a query as the server reads them: a word or a phrase, with a field before it and a minus before that. See
 * `db/bm25/query.py`.
 */
const CLAUSE = /(?<sign>-)?(?:[\p{L}\p{N}_][\p{L}\p{N}_.-]*:)?(?:"(?<phrase>[^"]*)"(?:[~^][\d.]+)*|(?<word>[^\s"]+))/gu;

const HAS_WORD = /[\p{L}\p{N}]/u;

/** True of a query that says what to leave out and nothing to look for: neither words nor meaning find anything then. */
export function onlyExcludes(query: string): boolean {
  const clauses = [...query.matchAll(CLAUSE)].filter(({ groups }) =>
    HAS_WORD.test(groups?.["phrase"] ?? groups?.["word"] ?? ""),
  );
  return clauses.length > 0 && clauses.every(({ groups }) => groups?.["sign"] !== undefined);
}
