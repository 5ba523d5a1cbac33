import type { ComponentChildren } from "preact";
import type { Page, Standing, Tone } from "../bindings";
import { never } from "../never";

/** Pictures are decoration: the words beside them say the same. Each tone has its own outline, not only its own colour. */
function Icon({ children, part }: { children: ComponentChildren; part: string }) {
  return (
    <svg class="icon" data-part={part} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function ToneIcon({ tone }: { tone: Tone }) {
  return <Icon part={`tone-${tone}`}>{toneShape(tone)}</Icon>;
}

function toneShape(tone: Tone) {
  switch (tone) {
    case "good":
      return shape(<circle cx="12" cy="12" r="10" />, <path d="m7.5 12.4 3.1 3.1 6-6.6" />);
    case "working":
      return shape(<path d="M12 2a10 10 0 1 1-10 10h4.5a5.5 5.5 0 1 0 5.5-5.5z" data-turns />, null);
    case "idle":
      return shape(<rect x="3" y="3" width="18" height="18" rx="4" />, <path d="M9.5 8.5v7M14.5 8.5v7" />);
    case "attention":
      return shape(<path d="M12 2.2 23 21.5H1z" />, <path d="M12 9.2v5.2M12 17.7v.4" />);
    case "problem":
      return shape(<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z" />, <path d="m8.5 8.5 7 7m0-7-7 7" />);
    case "unknown":
      return shape(
        <path d="M12 1.5 22.5 12 12 22.5 1.5 12z" />,
        <path d="M9.6 9.6a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.9-1.1 1.7M12 16.4v.3" />,
      );
    default:
      return never(tone);
  }
}

const shape = (body: ComponentChildren, mark: ComponentChildren) => (
  <>
    <g data-body>{body}</g>
    <g data-mark>{mark}</g>
  </>
);

export function StandingIcon({ standing }: { standing: Standing }) {
  return <Icon part={`standing-${standing}`}>{standingShape(standing)}</Icon>;
}

function standingShape(standing: Standing) {
  switch (standing) {
    case "holds":
      return shape(<circle cx="12" cy="12" r="10" />, <path d="m7.5 12.4 3.1 3.1 6-6.6" />);
    case "pending":
      return shape(<circle cx="12" cy="12" r="10" />, <path d="M7.5 12v.1M12 12v.1M16.5 12v.1" />);
    case "rests":
      return shape(<circle cx="12" cy="12" r="9" data-hollow />, <path d="M8 12h8" />);
    case "broken":
      return shape(<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z" />, <path d="m8.5 8.5 7 7m0-7-7 7" />);
    case "unknown":
      return shape(
        <path d="M12 1.5 22.5 12 12 22.5 1.5 12z" />,
        <path d="M9.6 9.6a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.9-1.1 1.7M12 16.4v.3" />,
      );
    default:
      return never(standing);
  }
}

export function PageIcon({ page }: { page: Page }) {
  return <Icon part={`page-${page}`}>{pageShape(page)}</Icon>;
}

function pageShape(page: Page) {
  switch (page) {
    case "overview":
      return <path data-line d="M3 12h4l2.5-6 4.5 12 2.5-6H21" />;
    case "logs":
      return <path data-line d="M4 6h16M4 10.5h11M4 15h16M4 19.5h8" />;
    case "history":
      return <path data-line d="M3.5 12a8.5 8.5 0 1 0 2.6-6.1L3.5 8.4M3.5 3.5v4.9h4.9M12 7.5V12l3 2" />;
    case "credentials":
      return <path data-line d="M14.5 9.5a4.5 4.5 0 1 0-4 6.5 4.5 4.5 0 0 0 4-6.5zM14 12h8m-3 0v3.5M6.5 11.5v.1" />;
    case "environment":
      return <path data-line d="M4 7h9m5 0h2M4 17h3m5 0h8M15.5 4.5v5M9.5 14.5v5" />;
    case "settings":
      return (
        <path
          data-line
          d="M12 5.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM12 2v3.5M12 18.5V22M2 12h3.5M18.5 12H22M4.9 4.9l2.5 2.5M16.6 16.6l2.5 2.5M19.1 4.9l-2.5 2.5M7.4 16.6l-2.5 2.5"
        />
      );
    case "setup":
      return <path data-line d="M4 6.5 5.8 8.3 9 5M4 16l1.8 1.8L9 14.5M13 7h7M13 16.5h7" />;
    default:
      return never(page);
  }
}

export const BrokenLink = () => (
  <Icon part="broken-link">
    <path data-line d="m5 5 14 14M19 5 5 19" />
  </Icon>
);

export const Mark = () => (
  <Icon part="mark">
    <path data-line d="M4 21V9.5a8 8 0 0 1 16 0V21M8.5 21V10a3.5 3.5 0 0 1 7 0v11M2 21h20" />
  </Icon>
);
