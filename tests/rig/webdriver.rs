//! The application's real window, driven through WebKitWebDriver.

use super::desktop::Desktop;
use super::port::free_port;
use super::processes;
use super::wait::{PATIENCE, wait_for, wait_until};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use std::net::TcpStream;
use std::path::{Path, PathBuf};

/// An application under WebDriver. End it with [`Window::close`]; otherwise it ends with the desktop.
pub struct Window {
    /// The session: find elements, click, type, take pictures.
    pub client: Client,
    program: PathBuf,
    folder: PathBuf,
}

impl Window {
    /// Starts `program` with `arguments`; it must open its window by itself. One window per desktop.
    pub async fn open(desktop: &mut Desktop, program: &str, arguments: &[&str]) -> Self {
        let port = start_driver(desktop);
        let options = serde_json::json!({ "binary": program, "args": arguments });
        let wishes = serde_json::Map::from_iter([("webkitgtk:browserOptions".to_owned(), options)]);
        let session = ClientBuilder::new(HttpConnector::new())
            .capabilities(wishes)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        let client = session.unwrap_or_else(|error| {
            panic!("no WebDriver session with {program}: {error}\n{}", desktop.log("WebKitWebDriver"))
        });
        Self { client, program: program.into(), folder: desktop.folder().to_path_buf() }
    }

    /// Process id of the application.
    #[track_caller]
    pub fn pid(&self) -> u32 {
        wait_for(PATIENCE, "the application runs", || {
            processes::running(&real(&self.program), &self.folder).first().copied()
        })
    }

    /// Ends the session and waits until the application is gone.
    ///
    /// # Panics
    /// When it stays: left to the driver's own end it would live on as an orphan and hold the test's output.
    pub async fn close(self) {
        self.client.close().await.expect("the session ends");
        let program = real(&self.program);
        wait_until(PATIENCE, "the application ends with the session", || {
            processes::running(&program, &self.folder).is_empty()
        });
    }
}

#[track_caller]
fn start_driver(desktop: &mut Desktop) -> u16 {
    let port = free_port();
    let mut driver = desktop.command("WebKitWebDriver");
    // Inherited by the application, where Tauri then allows automation.
    driver.arg(format!("--port={port}")).arg("--host=127.0.0.1").env("TAURI_WEBVIEW_AUTOMATION", "true");
    desktop.spawn(driver);
    wait_until(PATIENCE, "WebKitWebDriver listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    port
}

fn real(program: &Path) -> PathBuf {
    program.canonicalize().unwrap_or_else(|_| program.to_path_buf())
}
