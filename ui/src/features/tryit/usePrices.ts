import { useMemo } from "react";
import { useModels } from "@/api/models";
import { type Prices, pricesOf } from "@/lib/tryit/cost";

/** What models cost, as far as somebody has told. */
export function usePrices(): Prices {
  const { data } = useModels();
  return useMemo(() => pricesOf(data ?? []), [data]);
}
