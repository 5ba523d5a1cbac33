import { useEffect, useRef, useState } from "preact/hooks";
import { type Edit, type RowView, SECRET_NAME, type SignView } from "../bindings";
import { Breakable } from "../parts/breakable";
import { say } from "../words";

interface VariablesProps {
  rows: RowView[];
  /** Nothing can be changed without it. */
  note: ((edit: Edit) => void) | null;
}

/** One row for each variable: what the service is given, from where, and what is to be known of it. */
export function Variables({ rows, note }: VariablesProps) {
  const [only, setOnly] = useState(false);
  const troubled = rows.filter((it) => it.signs.some((sign) => sign.harms)).length;
  const shown = only ? rows.filter((it) => it.signs.length > 0) : rows;
  return (
    <>
      <div class="section-head">
        <p class="muted">
          {troubled > 0 ? say("window-environment-troubles", { n: troubled }) : say("window-environment-nothing-wrong")}
        </p>
        <label class="only">
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} />
          {say("window-environment-only-signed")}
        </label>
      </div>
      {rows.length === 0 ? <p>{say("window-variables-none")}</p> : <Table rows={shown} note={note} />}
      {note && <Addition note={note} />}
    </>
  );
}

function Table({ rows, note }: VariablesProps) {
  return (
    <table class="variables">
      <thead>
        <tr>
          <th scope="col">{say("window-variable-name")}</th>
          <th scope="col">{say("window-variable-value")}</th>
          <th scope="col">{say("window-variable-source")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((it) => (
          <VariableRow key={it.row.name} it={it} note={note} />
        ))}
      </tbody>
    </table>
  );
}

function VariableRow({ it, note }: { it: RowView; note: VariablesProps["note"] }) {
  const [editing, edit] = useState(false);
  const { row } = it;
  return (
    <tr data-secret={row.secret || undefined}>
      <th scope="row">
        <code>
          <Breakable text={row.name} />
        </code>
      </th>
      <td>
        {editing && note ? (
          <ValueForm
            name={row.name}
            start={row.secret ? "" : (row.service ?? "")}
            secret={row.secret}
            done={(value) => {
              if (value !== null) note({ edit: "set", name: row.name, value });
              edit(false);
            }}
          />
        ) : (
          <code>{row.service ?? say("variable-none")}</code>
        )}
        {row.secret && row.service && <p class="muted">{say("window-variable-secret")}</p>}
        {it.signs.map((sign) => (
          <Sign key={sign.sign} sign={sign} />
        ))}
      </td>
      <td class="muted">
        <Source source={row.source} />
        {note && !it.locked && !editing && <RowActions it={it} note={note} edit={() => edit(true)} />}
        {it.locked && row.service && <p>{it.locked}</p>}
      </td>
    </tr>
  );
}

const Sign = ({ sign }: { sign: SignView }) => (
  <p class="sign" data-tone={sign.harms ? "attention" : "idle"}>
    <strong>{sign.name}</strong> {sign.why}
  </p>
);

function Source({ source }: { source: string | null }) {
  if (source === null) return null;
  if (source === "inline") return <>{say("window-variable-inline")}</>;
  return (
    <code>
      <Breakable text={source} />
    </code>
  );
}

interface RowActionsProps {
  it: RowView;
  note(edit: Edit): void;
  edit(): void;
}

function RowActions({ it, note, edit }: RowActionsProps) {
  const { name, service, session } = it.row;
  const takes = it.signs.some((sign) => sign.sign === "only-in-session" || sign.sign === "differs");
  return (
    <div class="buttons">
      <button type="button" class="small" aria-label={say("window-variable-edit-name", { name })} onClick={edit}>
        {say("window-variable-edit")}
      </button>
      {takes && session !== null && (
        <button
          type="button"
          class="small"
          aria-label={say("window-variable-take-name", { name })}
          onClick={() => note({ edit: "from-session", name })}
        >
          {say("window-variable-take")}
        </button>
      )}
      {service !== null && (
        <button
          type="button"
          class="small"
          aria-label={say("window-variable-remove-name", { name })}
          onClick={() => note({ edit: "unset", name })}
        >
          {say("window-variable-remove")}
        </button>
      )}
    </div>
  );
}

interface ValueFormProps {
  name: string;
  start: string;
  secret: boolean;
  /** With `null` when it was given up. */
  done(value: string | null): void;
}

/** A secret is replaced and never read: its field begins empty and shows dots. */
export function ValueForm({ name, start, secret, done }: ValueFormProps) {
  const [value, setValue] = useState(start);
  const submit = (event: Event) => {
    event.preventDefault();
    done(value);
  };
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  return (
    <form ref={form} class="value-form" onSubmit={submit}>
      <Value
        secret={secret}
        aria-label={say("window-variable-edit-name", { name })}
        placeholder={secret ? say("window-variable-secret-new") : ""}
        value={value}
        type={setValue}
        giveUp={() => done(null)}
      />
      <span class="buttons">
        <button type="submit" class="small">
          {say("window-variable-set")}
        </button>
        <button type="button" class="small" onClick={() => done(null)}>
          {say("window-variable-cancel")}
        </button>
      </span>
    </form>
  );
}

interface ValueProps {
  secret: boolean;
  value: string;
  type(text: string): void;
  /** On Escape. */
  giveUp?(): void;
  name?: string;
  placeholder?: string;
  "aria-label"?: string;
}

function Value({ secret, type, giveUp, ...rest }: ValueProps) {
  const press = (event: KeyboardEvent) => event.key === "Escape" && giveUp?.();
  const shared = { ...rest, autocomplete: "off", spellcheck: false, onKeyDown: press } as const;
  return secret ? (
    <input {...shared} type="password" onInput={(event) => type(event.currentTarget.value)} />
  ) : (
    <input {...shared} type="text" onInput={(event) => type(event.currentTarget.value)} />
  );
}

function Addition({ note }: { note(edit: Edit): void }) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    if (name === "") return;
    note({ edit: "set", name, value });
    setName("");
    setValue("");
  };
  return (
    <form class="addition" onSubmit={submit} aria-label={say("window-variable-add")}>
      <label>
        {say("window-variable-new-name")}
        <input name="new-name" autocomplete="off" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <label>
        {say("window-variable-new-value")}
        <Value secret={SECRET_NAME.test(name)} name="new-value" value={value} type={setValue} />
      </label>
      <button type="submit">{say("window-variable-add")}</button>
    </form>
  );
}
