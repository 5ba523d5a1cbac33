import type { DiagnosticsPreview } from "../bindings";

export const cannedDiagnostics: DiagnosticsPreview = {
  entries: [
    { name: "about.txt", what: "what this is", size: "641 B", bytes: 641 },
    { name: "verdicts.json", what: "what each gateway is found to be", size: "112 B", bytes: 112 },
    { name: "default/state.json", what: "what manager, port and gateway say", size: "9.8 KiB", bytes: 10_035 },
    { name: "default/doctor.json", what: "what the doctor found", size: "2.1 KiB", bytes: 2150 },
    { name: "default/logs/openclaw-2026-11-22.log", what: "the end of a log", size: "512.0 KiB", bytes: 524_288 },
  ],
  total: "5 texts, 524.7 KiB",
  path: "/home/anna/gateward-diagnostics-2026-11-22T12-00-00Z.zip",
};
