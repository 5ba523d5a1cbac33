import type { ProspectView } from "../bindings";

/** What will happen at logout, login and reboot, and how that is known. */
export function Prospects({ prospects }: { prospects: ProspectView[] }) {
  return (
    <dl class="prospects">
      {prospects.map((it) => (
        <div key={it.occasion}>
          <dt>{it.occasion}</dt>
          <dd>
            {it.becomes}
            <p class="muted">{it.because}</p>
          </dd>
        </div>
      ))}
    </dl>
  );
}
