use super::*;
use crate::logs::filter::here;
use crate::logs::follow::tests::{Nothing, machine};
use crate::model::{FileMark, Level, LogFilter};
use crate::system::scripted::Scripted;

fn look(system: &Scripted<Nothing>, paths: &[&str]) -> Sinks {
    let file = |path: &&str| LogFile::look(system, path, (*path).to_owned());
    Sinks { files: paths.iter().filter_map(file).collect(), unit: None }
}

struct Log {
    system: Scripted<Nothing>,
    sinks: Sinks,
    filter: Filter,
}

impl Log {
    fn of(files: &[(&str, &str)]) -> Self {
        let system = machine(files);
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let sinks = look(&system, &paths);
        Self { system, sinks, filter: Filter::default() }
    }

    fn filtered(mut self, typed: &LogFilter) -> Self {
        self.filter = Filter::of(typed, &here("2026-11-22T12:00:00Z".parse().unwrap())).unwrap();
        self
    }

    async fn page(&self, anchor: Anchor, count: usize) -> LogPage {
        let reader = Reader { system: &self.system, sinks: &self.sinks, filter: &self.filter };
        reader.page(&anchor, count).await.unwrap()
    }

    async fn all_backwards(&self, count: usize) -> Vec<String> {
        let mut page = self.page(Anchor::End, count).await;
        let mut all = texts(&page);
        while page.more_older {
            page = self.page(Anchor::Before { position: page.older.clone() }, count).await;
            all.splice(0..0, texts(&page));
        }
        all
    }

    async fn all_forwards(&self, count: usize) -> Vec<String> {
        let mut page = self.page(Anchor::Time { time: Timestamp::UNIX_EPOCH }, count).await;
        let mut all = texts(&page);
        while page.more_newer {
            page = self.page(Anchor::After { position: page.newer.clone() }, count).await;
            all.extend(texts(&page));
        }
        all
    }
}

fn texts(page: &LogPage) -> Vec<String> {
    page.lines.iter().map(|line| line.text.rsplit(' ').next().unwrap_or_default().to_owned()).collect()
}

fn at(second: usize) -> String {
    format!("{}", Timestamp::from_second(1_795_348_800 + second as i64).unwrap())
}

/// Lines 0, 3, 6 … in one file, 1, 4, 7 … in the next; each third has a second line without time.
fn three_files(count: usize) -> [String; 3] {
    [0, 1, 2].map(|own| {
        let line = |n: usize| format!("{} {n}\n", at(n)) + if n.is_multiple_of(9) { "  trace\n" } else { "" };
        (0..count).filter(|n| n % 3 == own).map(line).collect()
    })
}

fn merged(count: usize) -> Vec<String> {
    (0..count)
        .flat_map(|n| {
            if n.is_multiple_of(9) { vec![n.to_string(), "trace".to_owned()] } else { vec![n.to_string()] }
        })
        .collect()
}

#[tokio::test]
async fn pages_of_any_size_in_both_directions_give_every_line_once_in_the_order_of_time() {
    let [a, b, c] = three_files(3_000);
    let log = Log::of(&[("/a", &a), ("/b", &b), ("/c", &c)]);
    for count in [7, 100, 5_000] {
        assert_eq!(log.all_backwards(count).await, merged(3_000), "{count}");
        assert_eq!(log.all_forwards(count).await, merged(3_000), "{count}");
    }
}

#[tokio::test]
async fn a_page_at_a_time_has_lines_on_both_sides_and_marks_the_first_behind_it() {
    let [a, b, c] = three_files(3_000);
    let log = Log::of(&[("/a", &a), ("/b", &b), ("/c", &c)]);
    let page = log.page(Anchor::Time { time: at(1_000).parse().unwrap() }, 20).await;
    let marked = page.mark.map(|at| texts(&page)[at as usize].clone());
    assert_eq!((page.lines.len(), marked.as_deref()), (20, Some("1000")));
}

#[tokio::test]
async fn a_page_around_a_line_marks_this_line() {
    let log = Log::of(&[("/a", "x a\nx b\nx c\n")]);
    let spot = Spot::File { file: log.sinks.files[0].number, byte: 4 };
    let reader = Reader { system: &log.system, sinks: &log.sinks, filter: &log.filter };
    let page = reader.around_line(Timestamp::UNIX_EPOCH, &spot, 10).await.unwrap();
    assert_eq!((texts(&page), page.mark), (vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], Some(1)));
}

#[tokio::test]
async fn a_filter_looks_past_what_does_not_fit() {
    let text: String = (0..5_000)
        .map(|n| {
            format!("{{\"level\":\"{}\",\"message\":\"m {n}\"}}\n", if n == 7 { "error" } else { "info" })
        })
        .collect();
    let typed = LogFilter { from: Some(Level::Error), ..LogFilter::default() };
    assert_eq!(Log::of(&[("/a", &text)]).filtered(&typed).all_backwards(10).await, ["7"]);
}

#[tokio::test]
async fn a_range_of_time_bounds_the_log_on_both_sides() {
    let [a, b, c] = three_files(100);
    let typed = LogFilter { since: at(40), until: at(43), ..LogFilter::default() };
    let log = Log::of(&[("/a", &a), ("/b", &b), ("/c", &c)]).filtered(&typed);
    assert_eq!(log.all_backwards(10).await, ["40", "41", "42", "43"]);
}

#[tokio::test]
async fn a_hidden_sink_is_not_read() {
    let [a, b, c] = three_files(9);
    let typed = LogFilter { hidden: vec!["/a".to_owned()], ..LogFilter::default() };
    let log = Log::of(&[("/a", &a), ("/b", &b), ("/c", &c)]).filtered(&typed);
    assert_eq!(log.all_backwards(10).await, ["1", "2", "4", "5", "7", "8"]);
}

#[tokio::test]
async fn a_log_that_was_cut_off_under_us_is_read_as_it_is_now() {
    let log = Log::of(&[("/a", &"x old\n".repeat(50_000))]);
    let page = log.page(Anchor::End, 5).await;
    log.system.with(|machine, _| machine.write("/a", b"x new\n", 0o644).unwrap());
    let sinks = look(&log.system, &["/a"]);
    let reader = Reader { system: &log.system, sinks: &sinks, filter: &log.filter };
    for anchor in [Anchor::Before { position: page.older }, Anchor::After { position: page.newer }] {
        assert_eq!(texts(&reader.page(&anchor, 5).await.unwrap()), ["new"]);
    }
}

#[tokio::test]
async fn a_log_that_is_cut_off_while_it_is_read_ends_the_page() {
    let log = Log::of(&[("/a", &"x old\n".repeat(50_000))]);
    log.system.with(|machine, _| machine.write("/a", b"x new\n", 0o644).unwrap());
    let page = log.page(Anchor::End, 5).await;
    assert!(page.lines.len() <= 1, "{:?}", page.lines);
}

#[tokio::test]
async fn a_place_with_what_is_no_cursor_in_it_is_refused() {
    let log = Log::of(&[]);
    let journal = JournalMark::Before { cursor: "x\n--vacuum-size=1".to_owned() };
    let position = Position { files: vec![FileMark { file: 1, byte: u64::MAX }], journal };
    let reader = Reader { system: &log.system, sinks: &log.sinks, filter: &log.filter };
    let refused = reader.page(&Anchor::Before { position }, 5).await.unwrap_err();
    assert_eq!(refused.code, Code::BadValue);
}

#[tokio::test]
async fn a_line_of_a_megabyte_is_one_line_and_the_next_is_found() {
    let text = format!("a\n{}\nb\n", "x".repeat(1_000_000));
    let page = Log::of(&[("/a", &text)]).page(Anchor::End, 10).await;
    let lengths: Vec<usize> = page.lines.iter().map(|line| line.text.len() + line.cut as usize).collect();
    assert_eq!(lengths, [1, 1_000_000, 1]);
}
