import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { requestOf, type SearchForm } from "@/lib/searchForm";
import { call } from "./client";

/** What a search finds; nothing is asked while the query is empty. The last hits stay until the next are there. */
export function useSearch(form: SearchForm) {
  const { fn, body } = requestOf(form);
  return useQuery({
    queryKey: ["search", fn, body],
    queryFn: ({ signal }) => call(fn, body, signal),
    enabled: body.query.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
