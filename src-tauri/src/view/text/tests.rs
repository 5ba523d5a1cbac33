use jiff::SignedDuration;

use super::*;
use crate::problem::Code;
use crate::view::window::tests::canned;

fn page<'a>(words: &'a Words, colour: bool, profile: Option<&str>) -> Page<'a> {
    let now = canned()[0].1.state.observation.supervised.read_at + SignedDuration::from_secs(40);
    Page { words, zone: TimeZone::UTC, now, colour, profile: profile.map(str::to_owned) }
}

#[test]
fn every_state_fits_one_screen() {
    let words = Words::english();
    for (name, shown) in canned() {
        let text = page(&words, false, None).state(&shown.state);
        let rows = text.lines().count();
        assert!(rows <= 30, "{name} has {rows} rows:\n{text}");
    }
}

#[test]
fn every_state_reads_well() {
    let words = Words::english();
    let texts: Vec<String> = canned()
        .iter()
        .map(|(name, shown)| format!("== {name}\n{}", page(&words, false, None).state(&shown.state)))
        .collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn every_fact_names_its_source_and_age() {
    let words = Words::english();
    for (name, shown) in canned() {
        let text = page(&words, false, None).state(&shown.state);
        let sourced = text.lines().filter(|line| line.trim_start().starts_with("from ")).count();
        assert_eq!(sourced, 4, "{name}:\n{text}");
    }
}

#[test]
fn without_colour_there_is_no_control_sequence_and_with_it_the_words_are_the_same() {
    let words = Words::english();
    for (_, shown) in canned() {
        let plain = page(&words, false, None).state(&shown.state);
        let painted = page(&words, true, None).state(&shown.state);
        assert!(!plain.contains('\u{1b}'));
        assert_ne!(plain, painted);
        assert_eq!(
            painted.lines().map(crate::logs::plain).collect::<Vec<_>>(),
            plain.lines().collect::<Vec<_>>()
        );
    }
}

#[test]
fn values_stand_below_each_other_whatever_the_labels_script() {
    let words = Words::english();
    let page = page(&words, false, None);
    let columns = ["Port", "端口", "已登记", ""].map(|label| page.row(label, "").width());
    assert_eq!(columns, [14; 4]);
}

#[test]
fn every_advised_command_is_one_that_exists() {
    use clap::Parser;
    for verdict in Verdict::ALL {
        let Some((_, command)) = next_step(*verdict).filter(|(_, command)| command.starts_with("gateward "))
        else {
            continue;
        };
        assert!(crate::cli::Args::try_parse_from(command.split(' ')).is_ok(), "{command}");
    }
}

#[test]
fn commands_to_paste_hit_the_same_profile() {
    for (command, wanted) in [
        ("gateward logs", "gateward --profile work logs"),
        ("openclaw doctor", "openclaw --profile work doctor"),
        ("gateward --profile x logs", "gateward --profile x logs"),
        ("journalctl --user", "journalctl --user"),
    ] {
        assert_eq!(for_profile(command, Some("work")), wanted);
        assert_eq!(for_profile(command, None), command);
    }
}

#[test]
fn a_failure_has_three_parts_and_a_command_of_its_own_line() {
    let words = Words::english();
    let problem = Problem::new(Code::NotInstalled)
        .because("Unit \u{1b}[31mnot\u{1b}[0m found")
        .hint_command("install-first", "gateward install");
    let wanted = "The gateway service is not installed.\nCaused by: Unit not found\n\
                  Hint: Install it first:\n    gateward --profile work install";
    assert_eq!(page(&words, false, Some("work")).problem(&problem), wanted);
}
