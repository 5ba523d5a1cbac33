//! Tells when the desktop offers a place for tray icons. Desktops differ: some start it after us, some never.

use std::time::Duration;

/// Who keeps the list of icons.
#[cfg(target_os = "linux")]
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Where no signal can be had, and as a net under it.
const RETRY: Duration = Duration::from_secs(30);

/// Returns when a tray host may have appeared: a reason to try, not a promise.
pub async fn appears() {
    let hint = tokio::time::timeout(RETRY, signalled());
    if let Ok(Err(error)) = hint.await {
        tracing::debug!(%error, "tray hosts cannot be watched");
        tokio::time::sleep(RETRY).await;
    }
}

#[cfg(target_os = "linux")]
async fn signalled() -> zbus::Result<()> {
    use futures_util::StreamExt;

    let bus = zbus::Connection::session().await?;
    let names = zbus::fdo::DBusProxy::new(&bus).await?;
    let mut owners = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    // It may have come between the failed try and this subscription.
    if names.name_has_owner(zbus::names::WellKnownName::from_static_str(WATCHER)?.into()).await? {
        tokio::time::sleep(Duration::from_millis(200)).await;
        return Ok(());
    }
    while let Some(signal) = owners.next().await {
        if signal.args()?.new_owner().is_some() {
            break;
        }
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
async fn signalled() -> Result<(), std::convert::Infallible> {
    std::future::pending().await
}
