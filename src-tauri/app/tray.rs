//! Draws [`Tray`] values: compares what is wanted with what is drawn and touches only the difference, so that a menu which is
//! open stays open.

use std::sync::{Mutex, PoisonError};

use gateward::model::{Page, Request};
use gateward::view::tray::{Item, Tray, shortcut};
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::desk::{self, Desk};
use crate::icons::{self, Picture};

/// The icon and its menu as they are drawn. Only the main thread touches them.
#[derive(Default)]
pub struct Easel(Mutex<Option<Drawing>>);

struct Drawing {
    menu: Menu<Wry>,
    lines: Vec<Line>,
    wanted: Tray,
    picture: Picture,
    /// `None` while no desktop part shows tray icons.
    icon: Option<TrayIcon>,
}

struct Line {
    kind: Kind,
    item: Item,
}

enum Kind {
    Plain(MenuItem<Wry>),
    Check(CheckMenuItem<Wry>),
    Separator(PredefinedMenuItem<Wry>),
    Submenu(Submenu<Wry>, Vec<Line>),
}

/// Draws `wanted` and says whether the icon is there. On the main thread only.
pub fn draw(app: &AppHandle, wanted: Tray, try_again: bool) -> tauri::Result<bool> {
    let easel = app.state::<Easel>();
    let mut drawing = easel.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(drawing) = drawing.as_mut() {
        drawing.change(app, wanted)?;
        if drawing.icon.is_none() && try_again {
            drawing.icon = build(app, drawing);
        }
        return Ok(drawing.icon.is_some());
    }
    let menu = Menu::new(app)?;
    let picture = Picture::of(wanted.tone);
    let mut first = Drawing { menu, lines: Vec::new(), wanted: wanted.clone(), picture, icon: None };
    first.change_menu(app, &wanted.menu)?;
    first.icon = build(app, &first);
    Ok(drawing.insert(first).icon.is_some())
}

/// Fails while no tray host runs (tray-icon 0.25 with ksni).
fn build(app: &AppHandle, drawing: &Drawing) -> Option<TrayIcon> {
    let id = &app.config().identifier;
    let built = TrayIconBuilder::with_id(id)
        .menu(&drawing.menu)
        .icon(drawing.picture.image())
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip(tooltip(&drawing.wanted))
        .title(if cfg!(target_os = "linux") { drawing.wanted.title.as_str() } else { "" })
        // A menu-bar item of macOS opens its menu on any click.
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .build(app);
    built.inspect_err(|error| tracing::info!(%error, "no tray icon for now")).ok()
}

/// Windows has room for 127 UTF-16 units, and would show what comes after a longer text in its memory.
fn tooltip(wanted: &Tray) -> String {
    const ROOM: usize = 127;
    let mut used = 0;
    let fits = |c: &char| {
        used += c.len_utf16();
        used <= ROOM || !cfg!(windows)
    };
    wanted.tooltip.chars().take_while(fits).collect()
}

impl Drawing {
    fn change(&mut self, app: &AppHandle, wanted: Tray) -> tauri::Result<()> {
        if wanted.menu != self.wanted.menu {
            self.change_menu(app, &wanted.menu)?;
        }
        if let Some(shown) = &self.icon {
            let picture = Picture::of(wanted.tone);
            if picture != self.picture {
                shown.set_icon_with_as_template(Some(picture.image()), cfg!(target_os = "macos"))?;
                self.picture = picture;
            }
            if wanted.tooltip != self.wanted.tooltip {
                shown.set_tooltip(Some(tooltip(&wanted)))?;
            }
            if wanted.title != self.wanted.title && cfg!(target_os = "linux") {
                shown.set_title(Some(&wanted.title))?;
            }
        }
        self.wanted = wanted;
        Ok(())
    }

    fn change_menu(&mut self, app: &AppHandle, wanted: &[Item]) -> tauri::Result<()> {
        change_lines(app, &self.menu, &mut self.lines, wanted)
    }
}

/// What lines hang on.
trait Sheet {
    fn put(&self, line: &dyn IsMenuItem<Wry>, at: usize) -> tauri::Result<()>;
    fn take(&self, at: usize) -> tauri::Result<()>;
}

impl Sheet for Menu<Wry> {
    fn put(&self, line: &dyn IsMenuItem<Wry>, at: usize) -> tauri::Result<()> {
        self.insert(line, at)
    }

    fn take(&self, at: usize) -> tauri::Result<()> {
        self.remove_at(at).map(|_| ())
    }
}

impl Sheet for Submenu<Wry> {
    fn put(&self, line: &dyn IsMenuItem<Wry>, at: usize) -> tauri::Result<()> {
        self.insert(line, at)
    }

    fn take(&self, at: usize) -> tauri::Result<()> {
        self.remove_at(at).map(|_| ())
    }
}

/// Keeps what both begin and end with, and changes its words in place.
fn change_lines(
    app: &AppHandle,
    sheet: &dyn Sheet,
    lines: &mut Vec<Line>,
    wanted: &[Item],
) -> tauri::Result<()> {
    let alike = |(line, item): &(&Line, &Item)| is_same_line(&line.item, item);
    let head = lines.iter().zip(wanted).take_while(alike).count();
    let (old_rest, new_rest) = (lines.len() - head, wanted.len() - head);
    let tail = lines.iter().rev().zip(wanted.iter().rev()).take_while(alike).count();
    let tail = tail.min(old_rest).min(new_rest);
    for at in (head..lines.len() - tail).rev() {
        sheet.take(at)?;
        lines.remove(at);
    }
    for (at, item) in wanted.iter().enumerate().take(wanted.len() - tail).skip(head) {
        let line = Line::new(app, item)?;
        sheet.put(line.kind.as_item(), at)?;
        lines.insert(at, line);
    }
    lines.iter_mut().zip(wanted).try_for_each(|(line, item)| line.change(app, item))
}

/// Whether one line can become the other by new words: the id of a menu item is fixed, and the id is the request.
fn is_same_line(one: &Item, other: &Item) -> bool {
    match (one, other) {
        (Item::Text { .. }, Item::Text { .. }) | (Item::Separator, Item::Separator) => true,
        (Item::Action { request: one, .. }, Item::Action { request: other, .. }) => one == other,
        (Item::Check { request: one, .. }, Item::Check { request: other, .. }) => one == other,
        (Item::Submenu { items: one, .. }, Item::Submenu { items: other, .. }) => {
            subject(one) == subject(other)
        }
        (
            Item::Text { .. }
            | Item::Separator
            | Item::Action { .. }
            | Item::Check { .. }
            | Item::Submenu { .. },
            _,
        ) => false,
    }
}

/// Whose submenu it is.
fn subject(items: &[Item]) -> Option<&str> {
    items.iter().find_map(|item| match item {
        Item::Action { request: Request::Of { profile, .. }, .. } => Some(profile.as_str()),
        Item::Text { .. }
        | Item::Separator
        | Item::Action { .. }
        | Item::Check { .. }
        | Item::Submenu { .. } => None,
    })
}

impl Line {
    fn new(app: &AppHandle, item: &Item) -> tauri::Result<Self> {
        let kind = match item {
            Item::Text { label } => Kind::Plain(MenuItem::new(app, plain(label), false, None::<&str>)?),
            Item::Action { label, request, blocked } => Kind::Plain(MenuItem::with_id(
                app,
                id(request),
                plain(label),
                blocked.is_none(),
                shortcut(request).filter(|_| cfg!(target_os = "macos")),
            )?),
            Item::Check { label, request, on } => {
                Kind::Check(CheckMenuItem::with_id(app, id(request), plain(label), true, *on, None::<&str>)?)
            }
            Item::Separator => Kind::Separator(PredefinedMenuItem::separator(app)?),
            Item::Submenu { label, items } => {
                let (sheet, mut lines) = (Submenu::new(app, plain(label), true)?, Vec::new());
                change_lines(app, &sheet, &mut lines, items)?;
                Kind::Submenu(sheet, lines)
            }
        };
        Ok(Self { kind, item: item.clone() })
    }

    fn change(&mut self, app: &AppHandle, wanted: &Item) -> tauri::Result<()> {
        if self.item == *wanted {
            return Ok(());
        }
        match (&mut self.kind, wanted) {
            (Kind::Plain(drawn), Item::Text { label }) => drawn.set_text(plain(label))?,
            (Kind::Plain(drawn), Item::Action { label, blocked, .. }) => {
                drawn.set_text(plain(label))?;
                drawn.set_enabled(blocked.is_none())?;
            }
            (Kind::Check(drawn), Item::Check { label, on, .. }) => {
                drawn.set_text(plain(label))?;
                drawn.set_checked(*on)?;
            }
            (Kind::Submenu(sheet, lines), Item::Submenu { label, items }) => {
                sheet.set_text(plain(label))?;
                change_lines(app, sheet, lines, items)?;
            }
            (Kind::Plain(_) | Kind::Check(_) | Kind::Separator(_) | Kind::Submenu(..), _) => {}
        }
        self.item = wanted.clone();
        Ok(())
    }
}

impl Kind {
    fn as_item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Kind::Plain(item) => item,
            Kind::Check(item) => item,
            Kind::Separator(item) => item,
            Kind::Submenu(item, _) => item,
        }
    }
}

/// `&` would mark an access key.
fn plain(label: &str) -> String {
    label.replace('&', "&&")
}

pub fn id(request: &Request) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

pub fn on_menu(app: &AppHandle, event: MenuEvent) {
    match serde_json::from_str(event.id().as_ref()) {
        Ok(request) => desk::ask_or_tell(app, request),
        Err(error) => tracing::warn!(%error, id = event.id().as_ref(), "a menu item asks for nothing known"),
    }
}

/// Left click opens the window, where the desktop tells of it.
pub fn on_click(app: &AppHandle, event: TrayIconEvent) {
    let left = matches!(
        event,
        TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
    );
    if left && !cfg!(target_os = "macos") {
        desk::ask_or_log(app, Request::Open { page: Page::Overview });
    }
}

/// The first thing a person sees, before anything is known. On the main thread only.
pub fn draw_first(app: &AppHandle) {
    let desk = app.state::<Desk>();
    let wanted = gateward::view::tray::tray(None, &desk.words, &desk.extras.borrow());
    match draw(app, wanted, true) {
        Ok(true) => desk.tray_is_shown(),
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the tray could not be drawn"),
    }
}

/// Draws every state as it comes; tries again for an icon whenever a tray host may have appeared.
pub async fn keep_drawn(app: AppHandle) {
    let desk = app.state::<Desk>();
    let (mut states, mut extras) = (desk.engine.state.clone(), desk.extras.subscribe());
    let mut recoloured = icons::changes();
    let (mut drawn, mut shown, mut try_again) = (None, false, false);
    loop {
        let wanted = {
            let state = states.borrow_and_update().clone();
            let extras = extras.borrow_and_update().clone();
            gateward::view::tray::tray(state.as_deref(), &desk.words, &extras)
        };
        // Most looks at the gateway find what is drawn already: the main thread sleeps on.
        if try_again || drawn.as_ref() != Some(&wanted) {
            shown = draw_on_main_thread(&app, wanted.clone(), try_again).await;
            drawn = Some(wanted);
            if shown {
                desk.tray_is_shown();
            }
        }
        try_again = tokio::select! {
            changed = states.changed() => match changed {
                Ok(()) => false,
                Err(_) => return,
            },
            _ = extras.changed() => false,
            Some(()) = recoloured.recv() => {
                drawn = None;
                false
            }
            () = crate::host::appears(), if !shown => true,
        };
    }
}

async fn draw_on_main_thread(app: &AppHandle, wanted: Tray, try_again: bool) -> bool {
    let (tell, told) = tokio::sync::oneshot::channel();
    let on_main = app.clone();
    let sent = app.run_on_main_thread(move || {
        let drawn = draw(&on_main, wanted, try_again).unwrap_or_else(|error| {
            tracing::warn!(%error, "the tray could not be drawn");
            false
        });
        let _ = tell.send(drawn);
    });
    sent.is_ok() && told.await.unwrap_or(false)
}
