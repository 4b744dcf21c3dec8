/** What nodes and runs have cost, as far as their models' prices are known. Pure. */
import { isObject } from "@/lib/json";
import { nodeAt } from "@/lib/places";
import type { NodeTrace, RunTrace } from "@/lib/trace";
import type { Model, Price, Toolchain } from "@/models";

export interface Cost {
  /** By currency. */
  sums: ReadonlyMap<string, number>;
  /** Whether some of it is not known: models without a price were asked, too. */
  partial: boolean;
}

export type Prices = ReadonlyMap<string, Price>;

export function pricesOf(models: readonly Pick<Model, "id" | "price">[]): Prices {
  return new Map(models.flatMap(({ id, price }) => (price ? [[id, price] as const] : [])));
}

/** What these have cost together; null where no price of any is known. */
export function costOf(nodes: readonly NodeTrace[], prices: Prices): Cost | null {
  const sums = new Map<string, number>();
  let partial = false;
  for (const { input, output } of nodes) {
    const usage = isObject(output) ? output["usage"] : null;
    const model = isObject(input) ? input["model"] : null;
    if (!isObject(usage) || typeof model !== "string") continue;
    const price = prices.get(model);
    if (!price) partial = true;
    else {
      const tokens = (key: string) => (typeof usage[key] === "number" ? usage[key] : 0);
      const cost = (tokens("prompt_tokens") * price.input + tokens("completion_tokens") * price.output) / 1_000_000;
      sums.set(price.currency, (sums.get(price.currency) ?? 0) + cost);
    }
  }
  return sums.size > 0 ? { sums, partial } : null;
}

/** Of a whole run: of its own nodes and those within them, where they count by themselves. */
export function costOfRun(trace: RunTrace, toolchain: Pick<Toolchain, "nodes">, prices: Prices): Cost | null {
  return costOf(
    [...trace.nodes.values()].filter(({ id }) => nodeAt(toolchain, id)?.exact),
    prices,
  );
}

/** `€0.0012`, `at least €0.0012 + $3.40`. */
export function costInWords({ sums, partial }: Cost): string {
  const words = [...sums].map(([currency, amount]) =>
    new Intl.NumberFormat("en", {
      ...{ style: "currency", currency },
      ...(amount > 0 && amount < 0.1 ? { maximumSignificantDigits: 2 } : {}),
    }).format(amount),
  );
  return `${partial ? "at least " : ""}${words.join(" + ")}`;
}
