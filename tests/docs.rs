//! The pages of `docs/` that are made from the program, and what they have to name. `GATEWARD_WRITE_DOCS=1 cargo test --test docs`
//! writes them.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use gateward::explanations::{KNOWN, named};
use gateward::model::Verdict;
use gateward::problem::Code;
use gateward::view;
use gateward::view::incident::{cause_words, fix_words};
use gateward::words::{Language, Words};

#[test]
fn the_manual_is_up_to_date() {
    assert_up_to_date("docs/cli.md", &manual());
}

#[test]
fn the_explanations_are_up_to_date_in_both_languages() {
    assert_up_to_date("docs/explanations.md", &explanations(Language::English));
    assert_up_to_date("docs/zh-CN/explanations.md", &explanations(Language::Chinese));
}

/// Rows of the tables under each heading.
fn rows(page: &str) -> Vec<usize> {
    let text = read(page);
    text.split("\n## ").map(|part| part.lines().filter(|line| line.starts_with("| ")).count()).collect()
}

#[test]
fn both_languages_tell_of_the_same_symptoms() {
    assert_eq!(rows("docs/troubleshooting.md"), rows("docs/zh-CN/troubleshooting.md"));
}

#[test]
fn the_readme_counts_the_doctors_rules() {
    let told = format!("by {} rules", gateward::doctor::all().count());
    assert!(read("README.md").contains(&told), "{told}");
}

/// Names of crates in the first column of the page's tables.
#[test]
fn the_dependency_review_names_every_direct_dependency_and_no_other() {
    let page = read("docs/security.md");
    let named: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name)
        .collect();
    let manifests = [
        "Cargo.toml",
        "fuzz/Cargo.toml",
        "packaging/Cargo.toml",
        "tests/doubles/Cargo.toml",
        "xtask/Cargo.toml",
    ];
    let texts: Vec<String> = manifests.iter().map(|path| read(path)).collect();
    let wanted: BTreeSet<&str> = texts.iter().flat_map(|text| dependencies(text)).collect();
    assert_eq!(named, wanted);
}

/// The pages name tests as evidence, in backticks: `claims_have_underscores`, four of them at least.
#[test]
fn every_test_that_a_page_names_is_there() {
    let sources = text_of_sources();
    for page in ["docs/reliability.md", "docs/security.md", "docs/shipping.md", "docs/window.md"] {
        let text = read(page);
        let words = text.split('`').skip(1).step_by(2).map(|word| word.split(' ').next().unwrap_or_default());
        let names = words.filter(|word| {
            word.matches('_').count() >= 4 && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        });
        let missing: Vec<&str> = names.filter(|name| !sources.contains(&format!("fn {name}("))).collect();
        assert!(missing.is_empty(), "{page}: {missing:?}");
    }
}

/// As `gateward NAME`, or behind one in the same row: `start` · `stop`.
#[test]
fn both_readmes_name_every_command() {
    for page in ["README.md", "docs/zh-CN/README.md"] {
        let text = read(page);
        let is_named = |name: &str| {
            [format!("`gateward {name}"), format!("· `{name}")].iter().any(|form| text.contains(form))
        };
        let command = gateward::cli::Args::command();
        let missing: Vec<&str> =
            command.get_subcommands().map(clap::Command::get_name).filter(|name| !is_named(name)).collect();
        assert!(missing.is_empty(), "{page}: {missing:?}");
    }
}

/// Every page that another one of the project's links to is there.
#[test]
fn no_link_between_the_pages_is_broken() {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/platforms", "docs/zh-CN", "docs/zh-CN/platforms"] {
        let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        pages.extend(entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")));
    }
    let broken: Vec<String> = pages.iter().flat_map(|page| broken_links(page)).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

fn broken_links(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    let broken = files.filter(|target| {
        let file = target.split('#').next().unwrap_or_default();
        !page.parent().unwrap().join(file).exists()
    });
    broken.map(|target| format!("{}: {target}", page.display())).collect()
}

/// The hand-written introduction, and every command's help.
fn manual() -> String {
    let mut root = gateward::cli::Args::command();
    root.build();
    let mut text = include_str!("fixtures/cli-introduction.md").to_owned();
    for command in root.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let name = command.get_name().to_owned();
        let help = command.render_long_help().to_string();
        let help: Vec<&str> = help.lines().map(str::trim_end).collect();
        text += &format!("\n### gateward {name}\n\n```text\n{}\n```\n", help.join("\n").trim_end());
    }
    text
}

/// What `gateward explain NAME` says, for every name.
fn explanations(language: Language) -> String {
    let words = Words::of(language);
    let say = |key: String| words.say(&key, &[]);
    let heading = |key: &str| words.say(key, &[]).trim_end_matches([':', '：']).to_owned();
    let mut text = say("docs-explanations".to_owned()) + "\n\n";
    text += &format!("## {}\n\n", heading("explain-verdicts"));
    for verdict in Verdict::ALL {
        let name = view::name(*verdict);
        let parts = ["verdict", "verdict-why", "verdict-wont"].map(|part| say(format!("{part}-{name}")));
        text += &format!("### `{name}`\n\n{}\n\n", parts.join("\n\n"));
    }
    text += &format!("## {}\n\n", heading("explain-problems"));
    for code in Code::ALL {
        text += &format!("### `{code}`\n\n{}\n\n", say(format!("explain-{code}")));
    }
    text += &format!("## {}\n", heading("explain-causes"));
    for known in KNOWN {
        let found = named(known.id).unwrap();
        let (cause, fix) = (cause_words(&found, &words), fix_words(&found, &words));
        text += &format!("\n### `{}`\n\n{cause}\n\n{fix}\n", known.id);
        text += &known.command.map(|command| format!("\n    {command}\n")).unwrap_or_default();
    }
    text
}

/// The names in all sections that end with `dependencies]`.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let Some((name, _)) =
            line.split_once(" = ").filter(|_| inside && !line.starts_with([' ', '#', '"']))
        {
            names.push(name);
        }
    }
    names.into_iter().filter(|name| *name != "gateward").collect()
}

fn text_of_sources() -> String {
    fn below(folder: &Path, text: &mut String) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                below(&path, text);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                *text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    let mut text = String::new();
    ["src-tauri", "tests", "packaging/tests", "xtask/src"]
        .iter()
        .for_each(|folder| below(&root().join(folder), &mut text));
    text
}

#[track_caller]
fn assert_up_to_date(page: &str, wanted: &str) {
    let path = root().join(page);
    if std::env::var_os("GATEWARD_WRITE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == wanted, "{page} is stale: run GATEWARD_WRITE_DOCS=1 cargo test --test docs");
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}
