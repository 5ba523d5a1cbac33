//! Gateward keeps an OpenClaw gateway running and tells its owner the truth about it.
//!
//! The library is everything that can be true without a desktop. It reads downwards:
//!
//! | Floor | Modules | May do |
//! |---|---|---|
//! | facts | [`model`], [`problem`] | be data |
//! | knowledge | [`identity`], [`layout`], [`environment`], [`config`], [`health`], [`ports`] | decide from facts |
//! | intent | [`plan`], [`adapter`] | say what would be done |
//! | judgement | [`observe`], [`verdict`], [`update`], [`run_loop`], [`setup`], [`view`] | decide from all of the above |
//! | machine | [`system`] | the only floor that touches the machine |
//! | action | [`execute`], [`engine`], [`cli`] | carry plans out through [`system`] |
//!
//! `tests/boundaries.rs` checks who imports whom.

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod adapter;
pub mod alerts;
pub mod alteration;
pub mod auth;
pub mod changes;
pub mod cli;
pub mod config;
pub mod demo;
pub mod diagnostics;
pub mod doctor;
pub mod engine;
pub mod environment;
pub mod execute;
pub mod explanations;
pub mod health;
pub mod history;
pub mod host;
pub mod identity;
pub mod incidents;
mod last_words;
pub mod layout;
pub mod leftovers;
pub mod logs;
pub mod markup;
pub mod model;
pub mod observe;
pub mod plan;
pub mod ports;
pub mod problem;
pub mod programs;
pub mod redact;
pub mod releases;
pub mod run_loop;
pub mod settings;
pub mod setup;
pub mod spec;
pub mod system;
pub mod update;
pub mod variables;
pub mod verdict;
pub mod view;
pub mod watcher;
pub mod words;
pub mod world;

#[cfg(test)]
mod bindings;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzz;

// Tests that other packages' tests share name the library from outside.
#[cfg(test)]
extern crate self as gateward;
