//! Runs a program with other variables, `within NAME=VALUE… -- PROGRAM ARGUMENTS…`, and ends with its exit code. For wine, which gives the
//! first program of a command line the account's own `APPDATA` and the like, whatever it was told, and leaves them alone after that.

// A program of its own that stands in for a foreign one.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used)]

use std::process::Command;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let end = words.iter().position(|word| word == "--").unwrap();
    let variables = words[..end].iter().map(|pair| pair.split_once('=').unwrap());
    let status = Command::new(&words[end + 1]).args(&words[end + 2..]).envs(variables).status().unwrap();
    std::process::exit(status.code().unwrap_or(1));
}
