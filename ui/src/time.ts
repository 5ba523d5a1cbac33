import { say } from "./words";

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
const JUST_NOW_S = 3;

/** `3 hr. ago` in the locale's words; a moment in the future, as after a clock jump, is `just now`. */
export function ago(at: string, now: number, locale: string): string {
  const seconds = Math.floor((now - Date.parse(at)) / 1000);
  const unit = UNITS.find(([, size]) => seconds >= size);
  if (!unit || seconds < JUST_NOW_S) return say("window-ago-now");
  const [name, size] = unit;
  return ages(locale).format(-Math.floor(seconds / size), name);
}

/** Date and time to the second. */
export function moment(at: string, locale: string): string {
  return moments(locale).format(Date.parse(at));
}

/** Making a format takes a hundred times as long as using it; a log has one in each row, and an age is told anew each second. */
function kept<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

const ages = kept((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "always", style: "short" }));

const amounts = kept((locale) =>
  kept((unit) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" })),
);

const moments = kept((locale) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }));

/** `2 h 23 min` in the locale's words, two units at most. */
export function span(seconds: number, locale: string): string {
  const parts = UNITS.reduce<{ left: number; texts: string[] }>(
    ({ left, texts }, [unit, size]) => {
      const count = Math.floor(left / size);
      const text = count > 0 && amounts(locale)(unit).format(count);
      return { left: left % size, texts: text ? [...texts, text] : texts };
    },
    { left: seconds, texts: [] },
  );
  return parts.texts.slice(0, 2).join(" ") || amounts(locale)("second").format(0);
}

/** Makes the clock time of log rows, to the millisecond. Making a format is slow, so that a list makes one. */
export function clockTime(locale: string): (at: string) => string {
  const format = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  });
  return (at) => format.format(Date.parse(at));
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** `1.2 MB` in the locale's words. */
export function bytes(count: number, locale: string): string {
  const step = Math.min(SIZES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const style = { style: "unit", unit: SIZES[step] ?? "byte", unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, style).format(count / 1000 ** step);
}
