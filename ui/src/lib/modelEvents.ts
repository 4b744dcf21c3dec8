import type { ModelEvent, ModelList } from "@/models";

/** The list after an event. Models of providers are not told of by events: they stay as they were listed. */
export function applyModelEvent(list: ModelList | undefined, event: Partial<ModelEvent>): ModelList | undefined {
  const before = list?.models ?? [];
  if (event.models) {
    const told = new Set(event.models.models.map(({ id }) => id));
    const providers = before.filter(({ id, engine }) => engine === "remote" && !told.has(id));
    return { ...event.models, models: [...event.models.models, ...providers] };
  }
  if (!list) return list;
  if (event.removed) return { ...list, models: before.filter(({ id }) => id !== event.removed) };
  const model = event.model;
  if (!model) return list;
  const known = before.some(({ id }) => id === model.id);
  return { ...list, models: known ? before.map((m) => (m.id === model.id ? model : m)) : [...before, model] };
}
