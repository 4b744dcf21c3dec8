/** Groups things by the day of their time: Today, Yesterday, Previous 7 days, then months. Keeps the order given. */
export function groupByPeriod<T>(
  things: readonly T[],
  timeOf: (thing: T) => string,
  now: Date = new Date(),
): { label: string; things: T[] }[] {
  const groups: { label: string; things: T[] }[] = [];
  for (const thing of things) {
    const label = periodOf(new Date(timeOf(thing)), now);
    const last = groups.at(-1);
    if (last?.label === label) last.things.push(thing);
    else groups.push({ label, things: [thing] });
  }
  return groups;
}

function periodOf(time: Date, now: Date): string {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  // Rounded, as a day with a clock change has 23 or 25 hours.
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days <= 7) return "Previous 7 days";
  const year = time.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return time.toLocaleDateString("en-GB", { month: "long", ...year });
}
