//! The tray's icon and menu as comparable data. The program that draws them compares what is wanted with what is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::drain::drain;
use super::{Tone, credential, name, standing, starts_by_itself, tone, why_not};
use crate::model::{Action, Answers, GatewayState, Page, Place, PortUse, Request, Verdict};
use crate::words::Words;

/// Everything a tray shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tray {
    pub tone: Tone,
    /// One line; screen readers read it, and it is all that some desktops show.
    pub tooltip: String,
    /// The application's name for lists of tray icons.
    pub title: String,
    pub menu: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "kebab-case")]
pub enum Item {
    /// To be read, not chosen.
    Text {
        label: String,
    },
    Action {
        label: String,
        request: Request,
        /// Why it cannot be chosen now; a whole sentence. `None` when it can.
        blocked: Option<String>,
    },
    Check {
        label: String,
        /// What choosing it asks for: the opposite of `on`.
        request: Request,
        on: bool,
    },
    Separator,
    Submenu {
        label: String,
        items: Vec<Item>,
    },
}

/// What the tray shows besides the gateway.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extras {
    /// Whether Gateward itself starts at login; `None` leaves the item out, where that cannot be known.
    pub starts_at_login: Option<bool>,
    /// The gateways of other profiles on this machine, by profile.
    pub others: BTreeMap<String, Arc<GatewayState>>,
    /// The profiles of those that are not wanted in the menu.
    pub hidden: BTreeSet<String>,
}

/// Draws `state`; `None` before the first observation.
pub fn tray(state: Option<&GatewayState>, words: &Words, extras: &Extras) -> Tray {
    let mut menu = sentences(state, words);
    menu.push(Item::Separator);
    menu.extend(set_up(state, words));
    menu.extend(actions(state, words));
    menu.extend(force_stop(state, words));
    menu.push(Item::Separator);
    menu.extend(places(state, words));
    menu.push(more(words));
    let others = extras.others.iter().filter(|(profile, _)| !extras.hidden.contains(*profile));
    let others: Vec<Item> = others.map(|(_, state)| of_other(state, words)).collect();
    if !others.is_empty() {
        menu.push(Item::Separator);
        menu.extend(others);
    }
    menu.push(Item::Separator);
    menu.extend(ourselves(state, words, extras));
    Tray {
        tone: state.map_or(Tone::Unknown, tone),
        tooltip: first_sentence(state, words),
        title: title(state, words),
        menu,
    }
}

fn first_sentence(state: Option<&GatewayState>, words: &Words) -> String {
    state.map_or_else(|| words.say("tray-looking", &[]), |state| standing(state, words))
}

/// The plain name, and the profile's where it is not the default one.
pub fn title(state: Option<&GatewayState>, words: &Words) -> String {
    match state.map(|state| state.profile.as_str()) {
        None | Some("default") => words.say("tray-title", &[]),
        Some(profile) => words.say("tray-title-profile", &[("profile", profile)]),
    }
}

fn sentences(state: Option<&GatewayState>, words: &Words) -> Vec<Item> {
    let mut lines = vec![first_sentence(state, words)];
    lines.extend(state.into_iter().flat_map(|state| advice(state, words)).flat_map(|text| wrap(&text)));
    lines.into_iter().map(|label| Item::Text { label }).collect()
}

/// What is wrong and what to do next; nothing when all is as it should be.
fn advice(state: &GatewayState, words: &Words) -> Vec<String> {
    if state.busy.is_some() {
        return Vec::new();
    }
    if let Some(problem) = &state.problem {
        let hint = problem.hints.first().map(|hint| match &hint.command {
            Some(command) => format!("{} {command}", words.hint(hint)),
            None => words.hint(hint),
        });
        return [Some(words.problem(problem)), hint].into_iter().flatten().collect();
    }
    let why = match (tone(state), state.verdict) {
        (_, Verdict::Ready) | (Tone::Good | Tone::Working | Tone::Idle, _) => None,
        (Tone::Attention | Tone::Problem | Tone::Unknown, _) => {
            Some(words.say(&format!("verdict-why-{}", name(state.verdict)), &[]))
        }
    };
    why.into_iter().chain(credential::plea(state, words)).collect()
}

/// Menus are as wide as their widest line.
const WIDTH: usize = 60;

/// Breaks a text between words into lines of at most [`WIDTH`] characters; a longer word stays whole.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The wizard: of what nobody installed, nothing else can be done.
fn set_up(state: Option<&GatewayState>, words: &Words) -> Option<Item> {
    state.filter(|state| state.verdict == Verdict::NotInstalled)?;
    let label = words.say("tray-set-up", &[]);
    Some(Item::Action { label, request: Request::Open { page: Page::Setup }, blocked: None })
}

/// The stop that stays is offered where it is another thing than the plain one.
fn actions(state: Option<&GatewayState>, words: &Words) -> impl Iterator<Item = Item> {
    let stays = state.is_some_and(starts_by_itself).then_some(Action::Disable);
    let all = [Some(Action::Start), Some(Action::Stop), stays, Some(Action::Restart)];
    all.into_iter().flatten().map(move |action| action_item(state, words, action))
}

/// Waiting is what happens by itself.
fn force_stop(state: Option<&GatewayState>, words: &Words) -> Option<Item> {
    drain(&state?.observation)?;
    let label = words.say("tray-force-stop", &[]);
    Some(Item::Action { label, request: Request::ForceStop, blocked: None })
}

fn action_item(state: Option<&GatewayState>, words: &Words, action: Action) -> Item {
    let blocked = match state {
        None => Some(words.say("tray-looking", &[])),
        Some(state) => why_not(state, &action).map(|reason| words.say(&format!("why-not-{reason}"), &[])),
    };
    let label = words.say(&format!("tray-{}", action.verb()), &[]);
    Item::Action { label, request: Request::Act { action }, blocked }
}

fn places(state: Option<&GatewayState>, words: &Words) -> [Item; 3] {
    let place = |key: &str, request, blocked| Item::Action { label: words.say(key, &[]), request, blocked };
    let silent = dashboard_port(state).is_none().then(|| words.say("tray-no-answer", &[]));
    [
        place("tray-open", Request::Open { page: Page::Overview }, None),
        place("tray-dashboard", Request::Dashboard, silent),
        place("tray-logs", Request::Open { page: Page::Logs }, None),
    ]
}

/// What is wanted when something has to be found out or told to others.
fn more(words: &Words) -> Item {
    let item = |key: &str, request| Item::Action { label: words.say(key, &[]), request, blocked: None };
    let items = vec![
        item("tray-logs-folder", Request::Reveal { place: Place::Logs }),
        item("tray-config", Request::Reveal { place: Place::Config }),
        item("tray-copy-report", Request::CopyReport),
    ];
    Item::Submenu { label: words.say("tray-more", &[]), items }
}

/// Another profile's gateway: how it stands, what can be done to it, and the way to its own window.
fn of_other(state: &GatewayState, words: &Words) -> Item {
    let profile = state.profile.as_str();
    let values = [("profile", profile), ("headline", &standing(state, words))];
    let open = Item::Action {
        label: words.say("tray-open", &[]),
        request: Request::Open { page: Page::Overview },
        blocked: None,
    };
    let items = actions(Some(state), words).chain([Item::Separator, open]).map(|item| item.of(profile));
    Item::Submenu { label: words.say("tray-other", &values), items: items.collect() }
}

impl Item {
    /// The same, asked of another profile's gateway.
    fn of(self, profile: &str) -> Self {
        let of = |request| Request::Of { profile: profile.to_owned(), request: Box::new(request) };
        match self {
            Item::Action { label, request, blocked } => Item::Action { label, request: of(request), blocked },
            Item::Check { label, request, on } => Item::Check { label, request: of(request), on },
            Item::Submenu { label, items } => {
                Item::Submenu { label, items: items.into_iter().map(|item| item.of(profile)).collect() }
            }
            Item::Text { .. } | Item::Separator => self,
        }
    }
}

/// The port on which the gateway serves its dashboard, while it answers there.
pub fn dashboard_port(state: Option<&GatewayState>) -> Option<u16> {
    let seen = &state?.observation;
    let port = match &seen.port.value {
        PortUse::Owned { port, .. } | PortUse::Hidden { port } | PortUse::Unknown { port, .. } => *port,
        PortUse::Free { .. } => return None,
    };
    match &seen.answers.value {
        Answers::Ready { .. } | Answers::Live { .. } => Some(port),
        Answers::Silent { .. } | Answers::Refused | Answers::NotGateway { .. } | Answers::Unknown { .. } => {
            None
        }
    }
}

fn ourselves(state: Option<&GatewayState>, words: &Words, extras: &Extras) -> Vec<Item> {
    let at_login = extras.starts_at_login.map(|on| Item::Check {
        label: words.say("tray-at-login", &[]),
        request: Request::StartAtLogin { on: !on },
        on,
    });
    let settings = Item::Action {
        label: words.say("tray-settings", &[]),
        request: Request::Open { page: Page::Settings },
        blocked: None,
    };
    let quit = if state.is_some_and(runs) { "tray-quit-running" } else { "tray-quit" };
    let quit = Item::Action { label: words.say(quit, &[]), request: Request::Quit, blocked: None };
    at_login.into_iter().chain([settings, Item::Separator, quit]).collect()
}

/// The keys by which users of macOS know an item, spelled as an accelerator. Other desktops have none in a tray's menu.
pub fn shortcut(request: &Request) -> Option<&'static str> {
    match request {
        Request::Quit => Some("Cmd+Q"),
        Request::Open { page: Page::Settings } => Some("Cmd+,"),
        Request::Open {
            page:
                Page::Overview | Page::Logs | Page::History | Page::Environment | Page::Credentials | Page::Setup,
        }
        | Request::Act { .. }
        | Request::Dashboard
        | Request::Reveal { .. }
        | Request::CopyReport
        | Request::Of { .. }
        | Request::ForceStop
        | Request::StartAtLogin { .. }
        | Request::Observe
        | Request::DismissProblem
        | Request::SignIn { .. }
        | Request::RemindLater { .. } => None,
    }
}

fn runs(state: &GatewayState) -> bool {
    match state.verdict {
        Verdict::Starting
        | Verdict::Ready
        | Verdict::Degraded
        | Verdict::Hung
        | Verdict::CrashLoop
        | Verdict::Orphan
        | Verdict::TwoManagers
        | Verdict::External => true,
        Verdict::NotInstalled
        | Verdict::Stopped
        | Verdict::Disabled
        | Verdict::Stopping
        | Verdict::GaveUp
        | Verdict::ConfigError
        | Verdict::ForeignOwner
        | Verdict::Unloaded
        | Verdict::Unknown => false,
    }
}

#[cfg(test)]
mod tests;
