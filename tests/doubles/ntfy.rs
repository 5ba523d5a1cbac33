//! An ntfy server on loopback that keeps what is published.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

pub struct Ntfy {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    failing: Arc<AtomicBool>,
}

#[allow(dead_code)]
impl Ntfy {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ntfy = Self {
            port: listener.local_addr().unwrap().port(),
            heard: Arc::default(),
            failing: Arc::default(),
        };
        let (heard, failing) = (Arc::clone(&ntfy.heard), Arc::clone(&ntfy.failing));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &heard, failing.load(Ordering::SeqCst));
            }
        });
        ntfy
    }

    pub fn url(&self, topic: &str) -> String {
        format!("http://127.0.0.1:{}/{topic}", self.port)
    }

    /// Whether it answers 500 from now on.
    pub fn fails(&self, fails: bool) {
        self.failing.store(fails, Ordering::SeqCst);
    }

    /// The titles of what was accepted, in order.
    pub fn titles(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let title = |body: &String| {
            serde_json::from_str::<Value>(body).unwrap()["title"].as_str().unwrap().to_owned()
        };
        heard.iter().map(title).collect()
    }

    pub fn everything(&self) -> String {
        self.heard.lock().unwrap().join("\n")
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<String>>, fails: bool) {
    let Some(body) = request_body(&mut stream) else { return };
    let status = if fails { "500 Internal Server Error" } else { "200 OK" };
    if !fails {
        heard.lock().unwrap().push(body);
    }
    let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

fn request_body(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Some(body.to_owned());
        }
    }
}
