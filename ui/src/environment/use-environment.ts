import { useEffect, useRef, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Edit, EnvironmentView, Preview, Problem, Registration, Shown } from "../bindings";
import { asProblem } from "../store";

/** What the service is given, and what a person is about to change about it. */
export interface EnvironmentDesk {
  view: EnvironmentView | null;
  failed: Problem | null;
  forget(): void;
  edits: Edit[];
  /** Takes the place of an edit of the same thing. */
  note(edit: Edit): void;
  drop(edit: Edit): void;
  discard(): void;
  /** Of the edits as they are; `null` until it was asked for. */
  preview: Preview | null;
  look(): Promise<void>;
  apply(): Promise<void>;
  undo(change: number): Promise<void>;
}

export function useEnvironment(backend: Backend, shown: Shown, registration: Registration): EnvironmentDesk {
  const [view, hold] = useState<EnvironmentView | null>(null);
  const [failed, fail] = useState<Problem | null>(null);
  const [edits, keep] = useState<Edit[]>([]);
  const [preview, show] = useState<Preview | null>(null);
  const busy = shown.state.busy?.action.act ?? "";
  const written = JSON.stringify(registration);
  const refuse = (reason: unknown) => fail(asProblem(reason));
  useEffect(() => {
    let wanted = true;
    backend.environment().then(
      (answer) => wanted && hold(answer),
      (reason: unknown) => wanted && refuse(reason),
    );
    return () => {
      wanted = false;
    };
  }, [backend, written, busy]);
  const change = (next: Edit[]) => {
    keep(next);
    show(null);
    fail(null);
  };
  // What was typed is kept until it is written down: neither a failure nor somebody else's change may take it along.
  const asked = useRef(false);
  const act = async (request: Parameters<Backend["ask"]>[0]) => {
    asked.current = true;
    try {
      await backend.ask(request);
      fail(null);
    } catch (reason) {
      asked.current = false;
      refuse(reason);
    }
  };
  const before = useRef({ busy, written });
  useEffect(() => {
    const last = before.current;
    before.current = { busy, written };
    const ended = asked.current && busy === "" && (last.busy !== "" || last.written !== written);
    if (!ended) return;
    asked.current = false;
    if (!shown.state.problem) change([]);
  }, [busy, written]);
  return {
    view,
    failed,
    forget: () => fail(null),
    edits,
    note: (edit) => change([...edits.filter((it) => subject(it) !== subject(edit)), edit]),
    drop: (edit) => change(edits.filter((it) => it !== edit)),
    discard: () => change([]),
    preview,
    look: () => backend.preview(edits).then(show, refuse),
    apply: () => act({ ask: "act", action: { act: "alter", edits } }),
    undo: (number) => act({ ask: "act", action: { act: "take-back", change: number } }),
  };
}

/** What an edit is about: of two edits of the same thing the later one counts. */
export function subject(edit: Edit): string {
  return "name" in edit ? `variable ${edit.name}` : edit.edit;
}
