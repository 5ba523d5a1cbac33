//! A package before it has a format.

use crate::needs::Needs;
use crate::tree::Tree;

#[derive(Debug, Clone)]
pub struct Package {
    pub name: &'static str,
    pub summary: &'static str,
    pub description: &'static [&'static str],
    pub tree: Tree,
    pub needs: Needs,
    /// The package that has the same files and cannot stand beside it.
    pub instead_of: Option<&'static str>,
}

/// Nobody has published Gateward so far: the address says so.
pub const MAINTAINER: &str = "The Gateward developers <developers@gateward.invalid>";
