interface SwitchProps {
  name: string;
  label: string;
  on: boolean;
  described?: string | undefined;
  turn(on: boolean): void;
}

export function Switch({ name, label, on, described, turn }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        name={name}
        checked={on}
        aria-describedby={described}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
