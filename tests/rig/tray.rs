//! A robot for the tray: reads the item's properties and menu over D-Bus and clicks by label.

use super::desktop::Desktop;
use super::wait::{PATIENCE, wait_for};
use std::collections::HashMap;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// Changes with every new layout: look entries up by label.
    pub id: i32,
    /// Without the underscores that mark access keys; empty in a separator.
    pub label: String,
    pub is_separator: bool,
    pub is_enabled: bool,
    pub is_visible: bool,
    /// `None` when it has no check mark.
    pub is_checked: Option<bool>,
    pub children: Vec<MenuEntry>,
}

type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// One application's icon in the tray.
pub struct TrayItem {
    bus: Connection,
    /// Unique name of the application on the bus.
    owner: String,
    path: String,
}

impl TrayItem {
    /// Waits for the first item that any application registers.
    #[track_caller]
    pub fn wait(desktop: &Desktop) -> Self {
        Self::wait_for(desktop, |_| true)
    }

    /// Waits for the first item that `is_it`.
    #[track_caller]
    pub fn wait_for(desktop: &Desktop, is_it: impl Fn(&Self) -> bool) -> Self {
        let bus = desktop.connect();
        wait_for(PATIENCE, "a tray item is registered", || {
            let items = registered(&bus).into_iter().map(|address| Self::at(&bus, &address));
            items.into_iter().find(&is_it)
        })
    }

    /// Every item that is registered at present.
    pub fn all(desktop: &Desktop) -> Vec<Self> {
        let bus = desktop.connect();
        registered(&bus).iter().map(|address| Self::at(&bus, address)).collect()
    }

    /// `address` is a bus name, followed by a path unless that is the usual one.
    fn at(bus: &Connection, address: &str) -> Self {
        let (owner, path) = match address.find('/') {
            Some(slash) => address.split_at(slash),
            None => (address, "/StatusNotifierItem"),
        };
        Self { bus: bus.clone(), owner: owner.into(), path: path.into() }
    }

    /// A property of the item: `Id`, `Title`, `Status`, `IconName` …
    #[track_caller]
    pub fn property<T>(&self, name: &str) -> T
    where
        T: TryFrom<OwnedValue>,
        T::Error: Into<zbus::Error>,
    {
        self.try_property(name).unwrap_or_else(|error| panic!("tray item's {name}: {error}"))
    }

    pub fn try_property<T>(&self, name: &str) -> zbus::Result<T>
    where
        T: TryFrom<OwnedValue>,
        T::Error: Into<zbus::Error>,
    {
        self.proxy(&self.path, ITEM)?.get_property(name)
    }

    /// Does what a left click does.
    #[track_caller]
    pub fn activate(&self) {
        let proxy = self.proxy(&self.path, ITEM).expect("tray item");
        proxy.call_method("Activate", &(0, 0)).expect("the tray item takes a left click");
    }

    /// The menu as it is at present.
    #[track_caller]
    pub fn menu(&self) -> Vec<MenuEntry> {
        self.try_menu().unwrap_or_else(|error| panic!("tray menu: {error}"))
    }

    /// The labels of the top level, separators left out.
    #[track_caller]
    pub fn labels(&self) -> Vec<String> {
        self.menu().into_iter().filter(|entry| !entry.is_separator).map(|entry| entry.label).collect()
    }

    /// Clicks an entry; `labels` leads there through the submenus. Waits until it is there and enabled.
    #[track_caller]
    pub fn click(&self, labels: &[&str]) {
        let what = format!("the menu offers {labels:?}; it holds {:?}", self.labels());
        let id = wait_for(PATIENCE, &what, || {
            find(&self.try_menu().ok()?, labels).filter(|entry| entry.is_enabled).map(|entry| entry.id)
        });
        let event = (id, "clicked", Value::from(0_i32), 0_u32);
        let menu = self.menu_proxy().expect("tray menu");
        match menu.call_method("Event", &event) {
            // An application that ends by this click has nobody left to answer.
            Err(zbus::Error::MethodError(name, ..)) if name == "org.freedesktop.DBus.Error.NoReply" => {}
            answer => drop(answer.expect("the menu takes a click")),
        }
    }

    fn try_menu(&self) -> zbus::Result<Vec<MenuEntry>> {
        let menu = self.menu_proxy()?;
        // Some applications fill the menu only now; one that does not may answer with an error.
        let _ = menu.call_method("AboutToShow", &0_i32);
        let (_, root): (u32, Node) = menu.call("GetLayout", &(0_i32, -1_i32, Vec::<&str>::new()))?;
        Ok(entry(root)?.children)
    }

    fn menu_proxy(&self) -> zbus::Result<Proxy<'static>> {
        let path: OwnedObjectPath = self.try_property("Menu")?;
        self.proxy(path.as_str(), MENU)
    }

    fn proxy(&self, path: &str, interface: &'static str) -> zbus::Result<Proxy<'static>> {
        zbus::blocking::proxy::Builder::new(&self.bus)
            .destination(self.owner.clone())?
            .path(path.to_owned())?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
    }
}

fn registered(bus: &Connection) -> Vec<String> {
    let watcher = "org.kde.StatusNotifierWatcher";
    let proxy = Proxy::new(bus, watcher, "/StatusNotifierWatcher", watcher);
    proxy.and_then(|proxy| proxy.get_property("RegisteredStatusNotifierItems")).unwrap_or_default()
}

fn find<'a>(entries: &'a [MenuEntry], labels: &[&str]) -> Option<&'a MenuEntry> {
    let (first, rest) = labels.split_first()?;
    let found = entries.iter().find(|entry| entry.label == *first && entry.is_visible)?;
    if rest.is_empty() { Some(found) } else { find(&found.children, rest) }
}

fn entry((id, mut properties, children): Node) -> zbus::Result<MenuEntry> {
    let mut text = |name: &str| properties.remove(name).and_then(|value| String::try_from(value).ok());
    let label = text("label").unwrap_or_default().replace('_', "");
    let is_separator = text("type").as_deref() == Some("separator");
    let has_mark = text("toggle-type").is_some_and(|kind| !kind.is_empty());
    let truth =
        |name: &str| properties.get(name).and_then(|value| bool::try_from(value).ok()).unwrap_or(true);
    let state = properties.get("toggle-state").and_then(|value| i32::try_from(value).ok());
    Ok(MenuEntry {
        id,
        label,
        is_separator,
        is_enabled: truth("enabled"),
        is_visible: truth("visible"),
        is_checked: has_mark.then_some(state == Some(1)),
        children: children.into_iter().map(child).collect::<zbus::Result<_>>()?,
    })
}

fn child(value: OwnedValue) -> zbus::Result<MenuEntry> {
    entry(Node::try_from(Value::from(value))?)
}
