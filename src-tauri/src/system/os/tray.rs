//! Whether the desktop shows tray icons: on Linux not every one does.

use super::Os;

#[cfg(target_os = "linux")]
pub async fn host(os: &Os) -> Option<bool> {
    use std::time::Duration;
    use zbus::fdo::DBusProxy;
    use zbus::names::BusName;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    /// For connecting and asking together.
    const PATIENCE: Duration = Duration::from_secs(2);

    let address = os.addresses().into_iter().next()?;
    let asked = async {
        let line = os.lines().to(&address).await.ok()?;
        let bus = DBusProxy::new(&line).await.ok()?;
        bus.name_has_owner(BusName::try_from(WATCHER).ok()?).await.ok()
    };
    tokio::time::timeout(PATIENCE, asked).await.ok()?
}

#[cfg(not(target_os = "linux"))]
pub async fn host(_os: &Os) -> Option<bool> {
    None
}
