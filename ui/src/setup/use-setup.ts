import { useEffect, useRef, useState } from "preact/hooks";
import type { Backend } from "../backend/backend";
import type { Deed, Problem, SetupNews, SetupView } from "../bindings";
import { asProblem } from "../store";

/** The wizard as the page holds it. */
export interface SetupDesk {
  view: SetupView | null;
  /** What is being done; `null` at rest. */
  doing: Deed | null;
  /** What the last deed has said, a line each. */
  said: string[];
  failed: Problem | null;
  forget(): void;
  act(deed: Deed): Promise<void>;
}

export function useSetup(backend: Backend): SetupDesk {
  const [view, setView] = useState<SetupView | null>(null);
  const [doing, setDoing] = useState<Deed | null>(null);
  const [said, setSaid] = useState<string[]>([]);
  const [failed, setFailed] = useState<Problem | null>(null);
  const busy = useRef(false);

  const take = async (deed: Deed | null, next: () => Promise<SetupView>) => {
    // One at a time: a second press of a key must not install twice.
    if (busy.current) return;
    busy.current = true;
    setFailed(null);
    setDoing(deed);
    try {
      setView(await next());
    } catch (reason) {
      setFailed(asProblem(reason));
    }
    busy.current = false;
    setDoing(null);
  };

  useEffect(() => void take(null, () => backend.setup()), [backend]);

  const act = (deed: Deed) => {
    if (!busy.current) setSaid([]);
    return take(deed, () => backend.setupDo(deed, (news) => setSaid((before) => told(before, news))));
  };
  return { view, doing, said, failed, forget: () => setFailed(null), act };
}

/** The most lines that are kept; a package manager tells of hundreds of packages. */
const MOST = 400;

/** A clock's line stands for the one before it. */
export function told(before: string[], { line, replaces }: SetupNews): string[] {
  const clock = replaces && before.at(-1)?.startsWith("…");
  const kept = clock ? before.slice(0, -1) : before;
  return [...kept, replaces ? `… ${line}` : line].slice(-MOST);
}
