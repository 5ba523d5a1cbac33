//! Signals that end the program: they end it like "Quit".

use tauri::AppHandle;

#[cfg(unix)]
pub async fn exit_on_signal(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    let watched = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let Ok(mut watched) = watched.into_iter().map(signal).collect::<Result<Vec<_>, _>>() else {
        tracing::warn!("signals cannot be watched: the program ends without putting its tray icon away");
        return;
    };
    let any = watched.iter_mut().map(|signal| Box::pin(signal.recv()));
    futures_util::future::select_all(any).await;
    app.exit(0);
}

#[cfg(not(unix))]
pub async fn exit_on_signal(_app: AppHandle) {}
