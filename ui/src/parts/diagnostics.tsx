import { useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { DiagnosticsEntry, DiagnosticsPreview, DiagnosticsSaved, Problem } from "../bindings";
import { asProblem } from "../store";
import { say } from "../words";
import { ProblemCard } from "./problem-card";

/** The archive for whoever helps: looked through, text by text, and saved only then. */
export function Diagnostics({ backend }: { backend: Backend }) {
  const desk = useDiagnostics(backend);
  return (
    <section class="diagnostics" aria-labelledby="diagnostics">
      <h2 id="diagnostics">{say("diagnostics-title")}</h2>
      <p class="muted">{say("diagnostics-offer")}</p>
      <div class="buttons">
        <button type="button" data-diagnostics="look" aria-disabled={desk.collects} onClick={desk.look}>
          {desk.collects && <span class="spinner" aria-hidden="true" />}
          {say(desk.preview ? "diagnostics-look-again" : "diagnostics-look")}
        </button>
        {desk.preview && (
          <button type="button" data-diagnostics="save" data-primary aria-disabled={desk.collects} onClick={desk.save}>
            {say("diagnostics-save")}
          </button>
        )}
      </div>
      <p class="saved" role="status">
        {standing(desk)}
      </p>
      {desk.failed && <ProblemCard problem={desk.failed} dismiss={desk.forget} />}
      {desk.preview && !desk.saved && (
        <p class="place">{say("diagnostics-place", { total: desk.preview.total, path: desk.preview.path })}</p>
      )}
      {desk.preview && <Texts backend={backend} preview={desk.preview} />}
    </section>
  );
}

interface DiagnosticsDesk {
  preview: DiagnosticsPreview | null;
  saved: DiagnosticsSaved | null;
  failed: Problem | null;
  collects: boolean;
  look(): void;
  save(): void;
  forget(): void;
}

function useDiagnostics(backend: Backend): DiagnosticsDesk {
  const [preview, setPreview] = useState<DiagnosticsPreview | null>(null);
  const [saved, setSaved] = useState<DiagnosticsSaved | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [collects, setCollects] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    if (collects) return;
    setCollects(true);
    setFailed(null);
    setSaved(null);
    await work().catch((reason: unknown) => setFailed(asProblem(reason)));
    setCollects(false);
  };
  return {
    preview,
    saved,
    failed,
    collects,
    look: () => void attempt(async () => setPreview(await backend.previewDiagnostics())),
    save: () => void attempt(async () => setSaved(await backend.saveDiagnostics())),
    forget: () => setFailed(null),
  };
}

function standing({ collects, saved, preview }: DiagnosticsDesk): string {
  if (collects) return say("diagnostics-collecting");
  if (saved) return say("done-diagnostics-saved", { path: saved.path, size: saved.size });
  return preview ? say("diagnostics-heading") : "";
}

function Texts({ backend, preview }: { backend: Backend; preview: DiagnosticsPreview }) {
  return (
    <ul class="texts" aria-label={say("diagnostics-texts")}>
      {preview.entries.map((entry) => (
        <Text key={entry.name} backend={backend} entry={entry} />
      ))}
    </ul>
  );
}

/** One text: only its name and size until it is opened. */
function Text({ backend, entry }: { backend: Backend; entry: DiagnosticsEntry }) {
  const [text, setText] = useState<string | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const turn = (open: boolean) => {
    setText(null);
    setFailed(null);
    if (open) backend.diagnosticsText(entry.name).then(setText, (reason) => setFailed(asProblem(reason)));
  };
  return (
    <li>
      <details onToggle={(event) => turn(event.currentTarget.open)}>
        <summary>
          <code>{entry.name}</code>
          <span class="muted">{entry.what}</span>
          <span class="size">{entry.size}</span>
        </summary>
        {text !== null && (
          <pre class="said" tabIndex={0} role="region" aria-label={entry.name}>
            {text}
          </pre>
        )}
        {failed && <ProblemCard problem={failed} dismiss={null} />}
      </details>
    </li>
  );
}
