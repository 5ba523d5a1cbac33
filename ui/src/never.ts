/** Stands after the last case of a `switch` over a union: a new member makes the compiler ask. */
export function never(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
