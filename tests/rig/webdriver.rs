//! The application's real window, driven through WebKitWebDriver.

use super::desktop::Desktop;
use super::port::free_port;
use super::processes;
use super::wait::{PATIENCE, wait_for, wait_until};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

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

    /// What `css` finds first, as soon as it is there.
    ///
    /// # Panics
    /// With what the page says, when it never comes.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{css} never came: {error}; the page:\n{}", self.whole_text().await),
        }
    }

    /// Again where it was just drawn anew.
    pub async fn click(&self, css: &str) {
        eventually(&format!("{css} is clicked"), async || self.find(css).await.click().await.is_ok()).await;
    }

    /// Waits until the text of what `css` finds begins with `wanted`, and gives it whole.
    ///
    /// # Panics
    /// With what the page says, when it never does.
    pub async fn text(&self, css: &str, wanted: &str) -> String {
        let mut last = String::new();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Ok(element) = self.client.find(Locator::Css(css)).await {
                last = element.text().await.unwrap_or_default();
                if last.starts_with(wanted) {
                    return last;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{css} never said {wanted:?}, but {last:?}; the page:\n{}", self.whole_text().await)
    }

    /// What a script in the page returns.
    pub async fn run(&self, script: &str, arguments: &[&str]) -> serde_json::Value {
        let arguments = arguments.iter().map(|it| serde_json::json!(it)).collect();
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    async fn whole_text(&self) -> String {
        let body = self.client.find(Locator::Css("body")).await;
        match body {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(error) => error.to_string(),
        }
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

/// The web view's own small browser, in the folder of the machine's architecture.
pub fn mini_browser() -> PathBuf {
    let architectures = std::fs::read_dir("/usr/lib").expect("/usr/lib").flatten();
    let mut browsers = architectures.map(|entry| entry.path().join("webkit2gtk-4.1/MiniBrowser"));
    browsers.find(|path| path.is_file()).expect("MiniBrowser of libwebkit2gtk-4.1-0")
}

/// Waits until `is_so`, while the window goes on.
///
/// # Panics
/// With `what`, when it never is.
pub async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

const PAUSE: Duration = Duration::from_millis(50);

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
