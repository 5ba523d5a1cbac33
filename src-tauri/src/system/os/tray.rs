//! Whether the desktop shows tray icons: on Linux not every one does.

use super::Os;
use crate::model::TrayHost;

#[cfg(target_os = "linux")]
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

#[cfg(target_os = "linux")]
pub async fn host(os: &Os) -> Option<TrayHost> {
    /// For connecting and asking together.
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

    let seen = match os.session() {
        Some(address) => tokio::time::timeout(PATIENCE, asked(address)).await.ok().and_then(Result::ok),
        None => None,
    };
    Some(seen.unwrap_or_default())
}

#[cfg(target_os = "linux")]
async fn asked(address: &str) -> zbus::Result<TrayHost> {
    use zbus::names::WellKnownName;

    // A connection of its own: a kept one says nothing about a bus that was started anew.
    let line = zbus::connection::Builder::address(address)?.build().await?;
    let names = zbus::fdo::DBusProxy::new(&line).await?;
    if !names.name_has_owner(WellKnownName::from_static_str(WATCHER)?.into()).await? {
        return Ok(TrayHost { bus: true, ..TrayHost::default() });
    }
    let watcher = zbus::Proxy::new(&line, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
    let host = watcher.get_property("IsStatusNotifierHostRegistered").await.unwrap_or(false);
    Ok(TrayHost { bus: true, watcher: true, host })
}

#[cfg(not(target_os = "linux"))]
pub async fn host(_os: &Os) -> Option<TrayHost> {
    None
}
