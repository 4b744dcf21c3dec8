/** A day as it is picked, `2026-11-28`: from one midnight to the next, where the person is who picks it. */
const DAY = /^\d{4}-\d\d-\d\d$/;
/** What the server and the browser take for the same moment; without a zone they differ. */
const MOMENT = /^\d{4}-\d\d-\d\d([T ].+(Z|[+-]\d\d:?\d\d))?$/;

/** A day's first moment, or its last to the microsecond, as the server keeps times. */
export type DayEnd = "begin" | "end";

/** The moment in ISO 8601; undefined when the text is no day. */
export function momentOf(day: string, end: DayEnd): string | undefined {
  const begin = new Date(`${day}T00:00`);
  if (!DAY.test(day) || Number.isNaN(begin.getTime())) return undefined;
  return end === "begin" ? begin.toISOString() : lastOf(begin).toISOString().replace("Z", "999Z");
}

/** The day that begins or ends with a moment; undefined when none does here. */
export function dayOf(moment: string, end: DayEnd): string | undefined {
  if (!MOMENT.test(moment)) return undefined;
  const time = new Date(moment);
  const begin = midnightOf(time);
  if (time.getTime() !== (end === "begin" ? begin : lastOf(begin)).getTime()) return undefined;
  const two = (figure: number) => String(figure).padStart(2, "0");
  return `${String(time.getFullYear()).padStart(4, "0")}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function midnightOf(time: Date): Date {
  const midnight = new Date(time);
  midnight.setHours(0, 0, 0, 0);
  return midnight;
}

/** A day with a clock change has 23 or 25 hours. */
function lastOf(begin: Date): Date {
  const next = new Date(begin);
  next.setDate(next.getDate() + 1);
  return new Date(midnightOf(next).getTime() - 1);
}
