/** A path or address that may be broken to the next line after its separators first, and anywhere else last. */
export function Breakable({ text }: { text: string }) {
  return (
    <>
      {text.split(/(?<=[/\\])(?=[^/\\])/).map((part, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a part has no other name than its place
        <span key={index}>
          {part}
          <wbr />
        </span>
      ))}
    </>
  );
}
