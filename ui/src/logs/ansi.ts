// ECMA-48: CSI sequences, OSC strings ended by BEL or ST, and two-character escapes.
// oxlint-disable-next-line no-control-regex
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]?|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~]?)/g;
// The rest of C0, DEL and C1, and the marks that turn the reading direction around, but not the tab.
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** The text without terminal sequences and control characters; tabs become spaces. */
export function plain(text: string): string {
  return text.replace(SEQUENCES, "").replace(CONTROLS, "").replaceAll("\t", "    ");
}
