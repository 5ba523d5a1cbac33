import type { Being, History, Incident, Stretch } from "../bindings";

const DAY_MS = 86_400_000;

/** An eventful stretch of time that ends at `until`. */
export function eventful(until: number, days: number, incidents: Incident[]): History {
  const since = until - days * DAY_MS;
  const at = (share: number) => new Date(since + share * (until - since)).toISOString();
  const turns: [Being, number][] = [
    ["unknown", 0],
    ["up", 0.1],
    ["down", 0.45],
    ["up", 0.452],
    ["stopped", 0.6],
    ["up", 0.7],
    ["down", 0.97],
    ["up", 0.98],
  ];
  const stretches = turns.map(([being, from], index): Stretch => ({ from: at(from), until: at(turns[index + 1]?.[1] ?? 1), being }));
  return {
    summary: {
      since: at(0),
      until: at(1),
      uptime_percent: 98.509,
      crashes: 3,
      longest_outage: stretches[6] ?? null,
      reasons: [],
      stretches,
    },
    reasons: [
      { text: "Its port is taken by another program", count: 2 },
      { text: "killed by signal 9 (SIGKILL)", count: 1 },
    ],
    incidents,
    backgrounds: incidents.map(() => ({ cause: null, command: null, changed: null })),
    notices: [
      { at: at(0.98), kind: "recovered", title: "Gateway is ready again", body: "It answers that it is ready.", fate: "shown" },
      { at: at(0.45), kind: "crash", title: "Gateway crashed", body: "It will be started again by itself.", fate: "quiet" },
    ],
  };
}
