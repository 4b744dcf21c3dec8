import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { EMPTY_SEARCH, requestOf, type SearchForm } from "@/lib/searchForm";
import { call } from "./client";

/** What a search finds; nothing is asked of null or an empty query. The last hits stay until the next are there. */
export function useSearch(asked: SearchForm | null) {
  const form = asked ?? EMPTY_SEARCH;
  const { fn, body } = requestOf(form);
  return useQuery({
    queryKey: ["search", fn, body],
    queryFn: ({ signal }) => call(fn, body, signal),
    enabled: body.query.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
