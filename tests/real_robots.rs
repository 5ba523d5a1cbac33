//! Proves the rig's robots for tray and window on programs that are not ours.

#![cfg(target_os = "linux")]
// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod rig;

use rig::wait::PATIENCE;
use rig::{Desktop, MenuEntry, TrayItem, Window, mini_browser, processes, wait_until};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use zbus::blocking::{Connection, Proxy, connection::Builder};
use zbus::zvariant::{ObjectPath, OwnedValue, Value};

#[test]
fn a_menu_is_read_with_states_and_submenus() {
    let desktop = Desktop::with().panel().start();
    let _app = App::start(&desktop);
    let menu = TrayItem::wait(&desktop).menu();
    let seen: Vec<_> =
        menu.iter().map(|entry| (entry.label.as_str(), entry.is_enabled, entry.is_checked)).collect();
    let expected =
        [("Running", false, None), ("", true, None), ("Notify", true, Some(true)), ("More", true, None)];
    assert_eq!(seen, expected);
    assert!(menu[1].is_separator);
    assert_eq!(
        menu[3].children.iter().map(|entry: &MenuEntry| entry.label.as_str()).collect::<Vec<_>>(),
        ["Logs"]
    );
}

#[test]
fn a_click_by_label_reaches_the_entry_in_the_submenu() {
    let desktop = Desktop::with().panel().start();
    let app = App::start(&desktop);
    TrayItem::wait(&desktop).click(&["More", "Logs"]);
    wait_until(PATIENCE, "the application hears the click", || app.heard().contains(&"clicked 5".to_owned()));
}

#[test]
fn a_left_click_and_properties_reach_the_item() {
    let desktop = Desktop::with().panel().start();
    let app = App::start(&desktop);
    let item = TrayItem::wait(&desktop);
    item.activate();
    assert_eq!(item.property::<String>("Title"), "Rig");
    assert!(app.heard().contains(&"activated".to_owned()), "{:?}", app.heard());
}

#[tokio::test]
async fn a_window_is_driven_and_gone_after_the_session() {
    let mut desktop = Desktop::start();
    let browser = mini_browser().display().to_string();
    let window = Window::open(&mut desktop, &browser, &["--automation"]).await;
    let pid = window.pid();
    let page = "data:text/html,<button onclick='this.textContent=`pressed`'>press</button>";
    window.client.goto(page).await.unwrap();
    let button = window.client.find(fantoccini::Locator::Css("button")).await.unwrap();
    button.click().await.unwrap();
    assert_eq!(button.text().await.unwrap(), "pressed");
    window.close().await;
    assert!(!processes::is_alive(pid));
}

#[tokio::test]
async fn a_window_left_open_ends_with_the_desktop() {
    let mut desktop = Desktop::start();
    let browser = mini_browser().display().to_string();
    let window = Window::open(&mut desktop, &browser, &["--automation"]).await;
    let pid = window.pid();
    drop((window, desktop));
    assert!(!processes::is_alive(pid));
}

type Heard = Arc<Mutex<Vec<String>>>;
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// An application with a tray icon, as its toolkit would put it on the bus.
struct App {
    heard: Heard,
    _bus: Connection,
}

impl App {
    fn start(desktop: &Desktop) -> Self {
        let heard = Heard::default();
        let bus = Builder::address(desktop.variable("DBUS_SESSION_BUS_ADDRESS"))
            .and_then(|builder| builder.serve_at("/StatusNotifierItem", Item(Arc::clone(&heard))))
            .and_then(|builder| builder.serve_at("/MenuBar", Menu(Arc::clone(&heard))))
            .and_then(Builder::build)
            .unwrap();
        let watcher = "org.kde.StatusNotifierWatcher";
        let watcher = Proxy::new(&bus, watcher, "/StatusNotifierWatcher", watcher).unwrap();
        let name = bus.unique_name().unwrap().to_string();
        watcher.call_method("RegisterStatusNotifierItem", &name).unwrap();
        Self { heard, _bus: bus }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

struct Item(Heard);

#[zbus::interface(name = "org.kde.StatusNotifierItem")]
impl Item {
    fn activate(&self, _x: i32, _y: i32) {
        self.0.lock().unwrap().push("activated".into());
    }

    #[zbus(property)]
    fn id(&self) -> &str {
        "rig"
    }

    #[zbus(property)]
    fn title(&self) -> &str {
        "Rig"
    }

    #[zbus(property)]
    fn status(&self) -> &str {
        "Active"
    }

    #[zbus(property)]
    fn icon_name(&self) -> &str {
        "computer"
    }

    #[zbus(property)]
    fn menu(&self) -> ObjectPath<'_> {
        ObjectPath::from_static_str_unchecked("/MenuBar")
    }
}

struct Menu(Heard);

#[zbus::interface(name = "com.canonical.dbusmenu")]
impl Menu {
    fn about_to_show(&self, _id: i32) -> bool {
        false
    }

    fn event(&self, id: i32, kind: &str, _value: Value<'_>, _time: u32) {
        self.0.lock().unwrap().push(format!("{kind} {id}"));
    }

    fn get_layout(&self, _parent: i32, _depth: i32, _names: Vec<String>) -> (u32, Node) {
        let entries = [
            node(1, &[("label", "Running".into()), ("enabled", false.into())], vec![]),
            node(2, &[("type", "separator".into())], vec![]),
            node(
                3,
                &[
                    ("label", "_Notify".into()),
                    ("toggle-type", "checkmark".into()),
                    ("toggle-state", 1.into()),
                ],
                vec![],
            ),
            node(4, &[("label", "More".into())], vec![node(5, &[("label", "Logs".into())], vec![])]),
        ];
        (1, node(0, &[], entries.into()))
    }
}

fn node(id: i32, properties: &[(&str, Value<'_>)], children: Vec<Node>) -> Node {
    let properties = properties.iter().map(|(name, value)| (name.to_string(), value.try_to_owned().unwrap()));
    let children = children.into_iter().map(|child| Value::new(child).try_to_owned().unwrap());
    (id, properties.collect(), children.collect())
}
