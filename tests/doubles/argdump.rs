//! Prints what a program on Windows was really given: arguments, the variables whose names begin with `T_`, and the folder it runs in,
//! as one line of JSON.

// A program of its own that stands in for a foreign one.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeMap;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let variables: BTreeMap<String, String> =
        std::env::vars().filter(|(name, _)| name.starts_with("T_")).collect();
    let folder = std::env::current_dir().map(|path| path.display().to_string()).unwrap_or_default();
    println!("{}", serde_json::json!({ "arguments": arguments, "variables": variables, "folder": folder }));
}
