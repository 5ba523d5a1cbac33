use super::*;

const TSLOG: &str = r#"{"0":"{\"subsystem\":\"gateway/ws\"}","1":"ready <b>","2":{"port":1},"_meta":{"logLevelName":"WARN","name":"{\"subsystem\":\"gateway/ws\"}","date":"2026-11-22T13:27:30.300Z"},"time":"2026-11-22T13:27:30.300+00:00","hostname":"vm","message":"ready"}"#;

fn read(text: &str) -> LogLine {
    of_file(text.as_bytes(), "x", Spot::File { file: 1, byte: 0 })
}

#[test]
fn a_json_line_of_openclaw_is_its_message_with_time_level_and_subsystem() {
    let line = read(TSLOG);
    assert_eq!((line.text.as_str(), line.level), (r#"ready <b> {"port":1}"#, Level::Warn));
    assert_eq!(line.subsystem.as_deref(), Some("gateway/ws"));
    assert_eq!(line.at, "2026-11-22T13:27:30.3Z".parse().ok());
    assert_eq!(time_of(TSLOG.as_bytes()), line.at);
}

#[test]
fn a_json_line_without_arguments_is_its_message_or_itself() {
    assert_eq!(read(r#"{"level":"error","message":"boom"}"#).text, "boom");
    let line = read(r#"{"level":"fatal","who":"me"}"#);
    assert_eq!((line.text.as_str(), line.level), (r#"{"level":"fatal","who":"me"}"#, Level::Error));
}

#[test]
fn a_line_that_only_looks_like_json_is_shown_as_it_is() {
    for text in ["{", "{not json}", r#"{"0":"torn"#, "[1,2]", "null"] {
        assert_eq!((read(text).text.as_str(), read(text).level), (text, Level::Unknown));
    }
}

#[test]
fn a_plain_line_says_its_own_time_and_subsystem() {
    let line = read("2026-11-22T12:00:00Z [channels/telegram] ready");
    assert_eq!(line.at, "2026-11-22T12:00:00Z".parse().ok());
    assert_eq!(line.subsystem.as_deref(), Some("channels/telegram"));
    let line = read("[2026-11-22T13:22:33.077Z] openclaw gateway lifecycle source=cli");
    assert_eq!(line.at, "2026-11-22T13:22:33.077Z".parse().ok());
    assert_eq!(line.subsystem, None);
}

#[test]
fn a_time_within_a_message_is_not_the_lines_own() {
    assert_eq!(time_of(br#"{"0":"{\"time\":\"2020-01-01T00:00:00Z\"}"}"#), None);
    assert_eq!(time_of(b"at 2026-11-22T12:00:00Z"), None);
}

#[test]
fn a_journal_line_has_its_time_its_level_and_its_cursor() {
    let json =
        r#"{"__REALTIME_TIMESTAMP":"1795348800000000","PRIORITY":"4","MESSAGE":"slow","__CURSOR":"s=1;i=2"}"#;
    let line = of_journal(json).unwrap().1;
    assert_eq!(
        (line.at.unwrap().as_second(), line.level, line.text.as_str()),
        (1_795_348_800, Level::Warn, "slow")
    );
    assert_eq!(line.spot, Spot::Journal { cursor: "s=1;i=2".to_owned() });
}

#[test]
fn an_applications_own_level_beats_the_journals() {
    let json = r#"{"PRIORITY":"6","MESSAGE":"{\"level\":\"error\",\"message\":\"boom\"}"}"#;
    assert_eq!(of_journal(json).unwrap().1.level, Level::Error);
}

#[test]
fn bytes_become_text_and_nonsense_becomes_nothing() {
    assert_eq!(of_journal(r#"{"MESSAGE":[104,105,255]}"#).unwrap().1.text, "hi\u{fffd}");
    for nonsense in ["", "-- No entries --", "{}", r#"{"MESSAGE":null}"#, r#"{"MESSAGE":[1,999]}"#] {
        assert_eq!(of_journal(nonsense), None, "{nonsense}");
    }
}

#[test]
fn secrets_do_not_pass() {
    assert!(!read("started with --token hunter2hunter2").text.contains("hunter2"));
    assert!(!read(r#"{"0":"x","1":{"apiKey":"hunter2hunter2"}}"#).text.contains("hunter2"));
}

#[test]
fn invalid_text_and_colours_are_cleaned() {
    let line = of_file(b"\x1b[31mred\x1b[0m \xff\xfe ok", "x", Spot::File { file: 1, byte: 0 });
    assert_eq!(line.text, "red \u{fffd}\u{fffd} ok");
}

#[test]
fn a_line_of_a_megabyte_is_cut_and_says_by_how_much() {
    let line = read(&"x ".repeat(500_000));
    assert_eq!((line.text.len(), line.cut), (MOST_CHARACTERS, 1_000_000 - 4_000));
    assert_eq!(read(&"é".repeat(3_000)).cut, 0);
}
