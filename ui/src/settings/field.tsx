import { useId, useRef, useState } from "preact/hooks";
import type { Control, FieldView, Problem } from "../bindings";
import { never } from "../never";
import { asProblem } from "../store";
import { say } from "../words";
import { Refusal } from "./refusal";
import { Switch } from "./switch";

interface FieldProps {
  it: FieldView;
  /** Rejects with a `Problem`; an empty text is the default. */
  change(text: string): Promise<void>;
  /** Shows another profile's own window. */
  open(profile: string): Promise<void>;
}

/** One setting with its words, its default where it differs, and beside it why it was refused. */
export function Field({ it, change, open }: FieldProps) {
  const id = useId();
  const { problem, attempt } = useRefusal();
  const described = [it.help && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;
  const send = (text: string) => attempt(() => change(text));
  return (
    <div class="field" data-field={it.field}>
      <Input it={it} id={id} described={described} invalid={problem !== null} send={send} />
      {it.default !== null && <Default it={it} send={send} />}
      {it.opens !== null && <Opener profile={it.opens} open={(profile) => void attempt(() => open(profile))} />}
      {it.help && (
        <p class="muted help" id={`${id}-help`}>
          {it.help}
        </p>
      )}
      {problem && <Refusal problem={problem} id={`${id}-problem`} />}
    </div>
  );
}

/** What came of the last attempt. One at a time: Enter and leaving the field are one change, not two. */
export function useRefusal() {
  const [problem, tell] = useState<Problem | null>(null);
  const trying = useRef(false);
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    if (trying.current) return false;
    trying.current = true;
    try {
      await work();
      tell(null);
      return true;
    } catch (reason) {
      tell(asProblem(reason));
      return false;
    } finally {
      trying.current = false;
    }
  };
  return { problem, attempt };
}

interface InputProps {
  it: FieldView;
  id: string;
  described: string | undefined;
  invalid: boolean;
  /** Whether it was taken. */
  send(text: string): Promise<boolean>;
}

function Input({ it, id, described, invalid, send }: InputProps) {
  const { control } = it;
  const shared = { id, name: it.field, described, invalid, send };
  switch (control.control) {
    case "switch":
      return <Switch name={it.field} label={it.label} on={control.on} described={described} turn={(on) => void send(String(on))} />;
    case "amount":
      return (
        <Labelled it={it} id={id}>
          <Typed {...shared} value={control.value} placeholder="" short />
          <span class="unit">{control.unit}</span>
        </Labelled>
      );
    case "text":
      return (
        <Labelled it={it} id={id}>
          <Typed {...shared} value={control.value} placeholder={control.placeholder} />
        </Labelled>
      );
    case "choice":
      return (
        <Labelled it={it} id={id}>
          <Choice id={id} name={it.field} control={control} described={described} send={send} />
        </Labelled>
      );
    default:
      return never(control);
  }
}

function Labelled({ it, id, children }: { it: FieldView; id: string; children: preact.ComponentChildren }) {
  return (
    <div class="labelled">
      <label for={id}>{it.label}</label>
      <div class="entry">{children}</div>
    </div>
  );
}

interface TypedProps {
  id: string;
  name: string;
  value: string;
  placeholder: string;
  short?: boolean;
  described: string | undefined;
  invalid: boolean;
  send(text: string): Promise<boolean>;
}

/** Sent with Enter or on leaving; Escape brings back what holds. What was refused stays to be corrected. */
function Typed({ id, name, value, placeholder, short, described, invalid, send }: TypedProps) {
  const [draft, write] = useState<string | null>(null);
  const commit = async () => {
    if (draft === null) return;
    if (draft === value && !invalid) return write(null);
    if (await send(draft)) write(null);
  };
  return (
    <input
      type="text"
      id={id}
      name={name}
      class={short ? "short" : undefined}
      inputMode={short ? "numeric" : "text"}
      spellcheck={false}
      autocomplete="off"
      value={draft ?? value}
      placeholder={placeholder}
      aria-invalid={invalid}
      aria-describedby={described}
      onInput={(event) => write(event.currentTarget.value)}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.key === "Enter") void commit();
        if (event.key === "Escape") write(null);
      }}
    />
  );
}

interface ChoiceProps {
  id: string;
  name: string;
  control: Control & { control: "choice" };
  described: string | undefined;
  send(text: string): Promise<boolean>;
}

function Choice({ id, name, control, described, send }: ChoiceProps) {
  return (
    <select
      id={id}
      name={name}
      value={control.value}
      aria-describedby={described}
      onChange={(event) => void send(event.currentTarget.value)}
    >
      {control.options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

const Opener = ({ profile, open }: { profile: string; open(profile: string): void }) => (
  <p>
    <button type="button" class="small" onClick={() => open(profile)}>
      {say("window-settings-open-profile", { profile })}
    </button>
  </p>
);

function Default({ it, send }: { it: FieldView; send(text: string): Promise<boolean> }) {
  return (
    <p class="muted default">
      {say("window-settings-default", { value: it.default ?? "" })}
      <button type="button" class="small" aria-label={say("window-settings-reset-name", { name: it.label })} onClick={() => void send("")}>
        {say("window-settings-reset")}
      </button>
    </p>
  );
}
