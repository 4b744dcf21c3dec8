import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

/** A call that changes what the queries of these keys show: they are asked anew before it is done. */
export function useChange<Body, Result>(change: (body: Body) => Promise<Result>, ...keys: QueryKey[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
