//! `cargo xtask run`: builds everything and starts the tray application.

use crate::command_line::CommandLine;
use crate::demo::Demo;
use crate::npm::NO_UI;
use crate::packages::Purpose;
use crate::project::Project;
use crate::setup;
use std::env;
use std::ffi::OsStr;

pub fn run(project: &Project, arguments: &[&str]) -> Result<(), String> {
    let order = Order::read(arguments);
    let display = [env::var_os("DISPLAY"), env::var_os("WAYLAND_DISPLAY")];
    match surface(project.os, display.each_ref().map(Option::as_deref)) {
        Surface::Desktop => run_tray(project, &order),
        Surface::Terminal => build_command_line(project, &order),
    }
}

/// What `run` was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Order<'a> {
    is_release: bool,
    /// Everything but `--release`: for the program.
    arguments: Vec<&'a str>,
}

impl<'a> Order<'a> {
    fn read(words: &[&'a str]) -> Self {
        let arguments = words.iter().copied().filter(|word| *word != "--release").collect();
        Self { is_release: words.contains(&"--release"), arguments }
    }

    fn build(&self, project: &Project, words: &[&str]) -> CommandLine {
        let release: &[&str] = if self.is_release { &["--release"] } else { &[] };
        project.cargo(&[&["build"], words, release].concat())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Surface {
    Desktop,
    Terminal,
}

/// Decides from `DISPLAY` and `WAYLAND_DISPLAY`, which only Linux desktops set; an empty one is no display.
fn surface(os: &str, displays: [Option<&OsStr>; 2]) -> Surface {
    let has_display = displays.into_iter().flatten().any(|display| !display.is_empty());
    if os != "linux" || has_display { Surface::Desktop } else { Surface::Terminal }
}

fn run_tray(project: &Project, order: &Order<'_>) -> Result<(), String> {
    if !project.has_ui {
        return Err(NO_UI.into());
    }
    setup::prepare(project, Purpose::Run)?;
    project.in_ui("npm", &["run", "build"]).run()?;
    order.build(project, &["--features", "gui", "--bins"]).run()?;
    let tray =
        project.root.join(project.built("gateward-tray", order.is_release)).to_string_lossy().into_owned();
    match Demo::if_needed(project, order.is_release) {
        Some(demo) => demo.show(&tray, &order.arguments),
        None => CommandLine::new(&project.root, &tray, &order.arguments).run(),
    }
}

fn build_command_line(project: &Project, order: &Order<'_>) -> Result<(), String> {
    println!("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): building `gateward` only.");
    setup::prepare(project, Purpose::RunHeadless)?;
    order.build(project, &["--bin", "gateward"]).run()?;
    let program = project.built("gateward", order.is_release);
    let program = program.display();
    println!(
        "\nThe tray application needs a display. Everything it does works in a terminal as well:\n\
         \n  {program} demo      a stand-in gateway to play with\n  {program} status    what is true now\n  \
         {program} --help    all commands"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_kind_of_display_starts_the_tray() {
        assert_eq!(surface("linux", [Some(OsStr::new(":0")), None]), Surface::Desktop);
        assert_eq!(surface("linux", [None, Some(OsStr::new("wayland-0"))]), Surface::Desktop);
    }

    #[test]
    fn linux_without_display_stays_in_the_terminal() {
        assert_eq!(surface("linux", [None, None]), Surface::Terminal);
    }

    #[test]
    fn an_empty_display_variable_is_no_display() {
        assert_eq!(surface("linux", [Some(OsStr::new("")), None]), Surface::Terminal);
    }

    #[test]
    fn other_systems_always_have_a_desktop() {
        assert_eq!(surface("macos", [None, None]), Surface::Desktop);
        assert_eq!(surface("windows", [None, None]), Surface::Desktop);
    }

    #[test]
    fn release_is_for_cargo_and_the_rest_for_the_program() {
        let order = Order::read(&["--profile", "work", "--release"]);
        assert_eq!(order, Order { is_release: true, arguments: vec!["--profile", "work"] });
    }
}
