import type { ComponentChildren } from "preact";

interface EmptyProps {
  title: string;
  why?: string;
  /** The failing part's own words. */
  detail?: string | undefined;
  busy?: boolean;
  urgent?: boolean;
  children?: ComponentChildren;
}

/** What stands where there is nothing to show: says so, and what would be here. */
export function Empty({ title, why, detail, busy = false, urgent = false, children }: EmptyProps) {
  return (
    <div class="empty" role={urgent ? "alert" : undefined} aria-busy={busy}>
      {busy && <span class="spinner" aria-hidden="true" />}
      <p class="empty-title">{title}</p>
      {why && <p>{why}</p>}
      {detail && <pre>{detail}</pre>}
      {children}
    </div>
  );
}
