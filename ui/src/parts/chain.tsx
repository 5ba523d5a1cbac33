import type { FactView } from "../bindings";
import { say } from "../words";
import { Ago } from "./ago";
import { Breakable } from "./breakable";
import { BrokenLink, StandingIcon } from "./icons";

/** The link that leads to a fact. */
export type Link = "none" | "whole" | "broken" | "open";

/** The four facts as a chain; the first place where it is broken is marked. */
export function Chain({ facts, locale }: { facts: FactView[]; locale: string }) {
  const links = linksOf(facts);
  return (
    <ol class="chain">
      {facts.map((fact, index) => (
        <FactCard key={fact.key} fact={fact} link={links[index] ?? "none"} locale={locale} />
      ))}
    </ol>
  );
}

/** A definition that is gone breaks the link that leaves it, as none leads to it. */
export function linksOf(facts: FactView[]): Link[] {
  const broken = facts.findIndex((fact) => fact.standing === "broken");
  const marked = broken === 0 ? 1 : broken;
  return facts.map((fact, index) => {
    if (index === 0) return "none";
    if (index === marked) return "broken";
    const both = fact.standing === "holds" && facts[index - 1]?.standing === "holds";
    return both ? "whole" : "open";
  });
}

function FactCard({ fact, link, locale }: { fact: FactView; link: Link; locale: string }) {
  return (
    <li data-fact={fact.key} data-standing={fact.standing} data-link={link}>
      {link === "broken" && (
        <span class="break">
          <BrokenLink />
          <span class="unseen">{say("window-link-broken")}</span>
        </span>
      )}
      <div class="node">
        <StandingIcon standing={fact.standing} />
        <span class="unseen">{say(`window-standing-${fact.standing}`)}</span>
      </div>
      <h3>{fact.title}</h3>
      <p class="value">{fact.value}</p>
      {fact.details.map((line) => (
        <p key={line} class="detail">
          {line}
        </p>
      ))}
      <dl class="origin">
        <dt class="unseen">{say("window-fact-source")}</dt>
        <dd class="source">
          <Breakable text={fact.source} />
        </dd>
        <dt class="unseen">{say("window-fact-read")}</dt>
        <dd>
          <Ago at={fact.read_at} locale={locale} />
        </dd>
      </dl>
    </li>
  );
}
