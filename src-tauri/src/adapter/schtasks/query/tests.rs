use super::*;
use crate::system::code_page::decode;

/// OC 7.4, row by row: status, result, what it comes to.
#[test]
fn the_number_decides_and_a_word_alone_is_never_believed() {
    let running = Standing::Running;
    let at_rest = |result| Standing::AtRest { result: Some(result) };
    for (status, result, wanted) in [
        (Some("Running"), Some("0x41301"), Some(running.clone())),
        (Some("Running"), Some("267009"), Some(running.clone())),
        (Some("Running"), None, None),
        (Some("Running"), Some("0x0"), Some(at_rest(0))),
        (Some("Wird ausgeführt"), Some("0x41301"), Some(running.clone())),
        (Some("En cours"), Some("267009"), Some(running.clone())),
        (Some("Wird ausgeführt"), Some("0x0"), Some(at_rest(0))),
        (Some("Wird ausgeführt"), None, None),
        (None, None, None),
    ] {
        let lines: Vec<String> =
            [status.map(|text| format!("Status: {text}")), result.map(|text| format!("Last Result: {text}"))]
                .into_iter()
                .flatten()
                .collect();
        let standing = of_report(&lines.join("\r\n")).standing();
        match (wanted, standing) {
            (Some(wanted), standing) => assert_eq!(standing, wanted, "{status:?} {result:?}"),
            (None, Standing::Unknown(why)) => {
                assert_eq!(why.cause.is_some_and(|cause| cause.contains("language")), status.is_some());
            }
            (None, other) => panic!("{status:?} {result:?}: {other:?}"),
        }
    }
}

#[test]
fn upstreams_own_short_lists_are_read() {
    let text = "TaskName: \\OpenClaw Gateway\r\nStatus: Ready\r\nLast Run Time: 1/8/2026 1:23:45 AM\r\nLast Run Result: 0x0\r\n";
    assert_eq!(of_report(text), State { state: None, result: Some(0), has_status: true });
    let text = "Status: Running\nLast Run Time: 2026/3/16 8:34:15\nLast Result: 267009\n";
    assert_eq!(of_report(text).standing(), Standing::Running);
}

macro_rules! report {
    ($name:literal) => {
        &include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/schtasks/query/", $name))[..]
    };
}

/// Each as its Windows writes it, and as it looks when nobody knows the code page.
#[test]
fn a_running_task_is_running_in_six_languages_and_both_forms() {
    for (name, page, report) in [
        ("en list", 437, report!("en.list")),
        ("en csv", 437, report!("en.csv")),
        ("de list", 850, report!("de.list")),
        ("de csv", 850, report!("de.csv")),
        ("fr list", 850, report!("fr.list")),
        ("fr csv", 850, report!("fr.csv")),
        ("es list", 850, report!("es.list")),
        ("es csv", 850, report!("es.csv")),
        ("zh list", 936, report!("zh.list")),
        ("zh csv", 936, report!("zh.csv")),
        ("ja list", 932, report!("ja.list")),
        ("ja csv", 932, report!("ja.csv")),
    ] {
        for text in [decode(report, page).unwrap(), String::from_utf8_lossy(report).into_owned()] {
            assert_eq!(of_report(&text).standing(), Standing::Running, "{name}\n{text}");
        }
    }
}

#[test]
fn coms_numbers_know_a_disabled_and_a_queued_task() {
    let told = |state: &str, result: &str| {
        of_properties(
            &[("State".to_owned(), state.to_owned()), ("LastTaskResult".to_owned(), result.to_owned())]
                .into(),
        )
        .standing()
    };
    assert_eq!(told("4", "267009"), Standing::Running);
    assert_eq!(told("4", "0"), Standing::AtRest { result: Some(0) });
    assert_eq!(told("3", "267009"), Standing::AtRest { result: None });
    assert_eq!(told("3", "267011"), Standing::AtRest { result: Some(NEVER_RUN) });
    assert_eq!(told("1", "0"), Standing::AtRest { result: Some(0) });
    assert_eq!(told("2", "267011"), Standing::Queued);
}

#[test]
fn a_code_may_be_hexadecimal_decimal_or_negative() {
    for text in ["0x80070002", "0X80070002", "2147942402", "-2147024894", " -2147024894 "] {
        assert_eq!(code(text), Some(FILE_NOT_FOUND), "{text}");
    }
    for text in ["", "N/A", "0x", "99999999999", "x"] {
        assert_eq!(code(text), None, "{text}");
    }
}

#[test]
fn a_cell_may_hold_commas_and_quotes() {
    assert_eq!(cells(r#""a,b","say ""hi""",,"c""#), ["a,b", r#"say "hi""#, "", "c"]);
}

#[test]
fn the_next_run_is_a_date_of_ole_automation() {
    let told = |days: &str| {
        let properties = [("NextRunTime".to_owned(), days.to_owned())].into();
        next_run(&properties).map(|at| at.to_string())
    };
    // Microsoft's example: 0.0 is midnight, 30 December 1899; 2 January 1900 6:00 is 3.25.
    assert_eq!(told("3.25").as_deref(), Some("1900-01-02T06:00:00"));
    assert_eq!(told("46349.354166666664").as_deref(), Some("2026-11-23T08:30:00"));
    assert_eq!(told("NaN"), None);
    assert_eq!(next_run(&BTreeMap::new()), None);
}
