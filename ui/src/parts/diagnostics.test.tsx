import { render, screen, waitFor, within } from "@testing-library/preact";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { cannedDiagnostics } from "../demo/diagnostics";
import { faults } from "../testing/axe";
import { Scripted } from "../testing/scripted";
import { Diagnostics } from "./diagnostics";

function draw() {
  const backend = new Scripted();
  document.title = "Gateward";
  render(<Diagnostics backend={backend} />);
  return backend;
}

const look = async () => userEvent.click(screen.getByRole("button", { name: "Look through diagnostics…" }));

test("nothing is collected and nothing can be saved before somebody looks", () => {
  expect(draw().helped).toEqual([]);
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
});

test("a look lists every text with what it tells, its size, and where all of it would go", async () => {
  draw();
  await look();
  const list = await screen.findByRole("list", { name: "What would be saved" });
  const items = within(list).getAllByRole("listitem");
  expect(items).toHaveLength(cannedDiagnostics.entries.length);
  cannedDiagnostics.entries.forEach((entry, at) => {
    for (const word of [entry.name, entry.what, entry.size]) expect(items[at]?.textContent).toContain(word);
  });
  screen.getByText(`${cannedDiagnostics.total}, as ${cannedDiagnostics.path}`);
  expect(await faults()).toEqual([]);
});

test("a text is read by opening it, and let go by closing it", async () => {
  const backend = draw();
  await look();
  const name = await screen.findByText("default/doctor.json");
  await userEvent.click(name);
  expect((await screen.findByRole("region", { name: "default/doctor.json" })).textContent).toBe(
    "the text of default/doctor.json",
  );
  await userEvent.click(name);
  await waitFor(() => expect(screen.queryByRole("region", { name: "default/doctor.json" })).toBeNull());
  expect(backend.helped).toEqual(["look", "default/doctor.json"]);
});

test("the keyboard alone looks, reads and saves", async () => {
  const backend = draw();
  await userEvent.tab();
  await userEvent.keyboard("{Enter}");
  await screen.findByText("about.txt");
  await userEvent.tab();
  expect(document.activeElement?.textContent).toBe("Save");
  await userEvent.tab();
  expect(document.activeElement?.textContent).toContain("about.txt");
  await userEvent.tab({ shift: true });
  await userEvent.keyboard("{Enter}");
  await screen.findByText("Saved, for you only (40 KiB): /home/anna/gateward.zip");
  expect(backend.helped).toEqual(["look", "save"]);
});

test("what cannot be collected, read or saved says why", async () => {
  const backend = draw();
  const problem = { code: "write-failed" as const, values: { path: "/x.zip" }, cause: "No space left on device", hints: [] };
  backend.refusal = problem;
  await look();
  await screen.findByText("No space left on device");
  backend.refusal = null;
  await look();
  await screen.findByText("about.txt");
  expect(screen.queryByText("No space left on device")).toBeNull();
  backend.refusal = problem;
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByText("No space left on device");
});
