// Helpers of tests are tests to us, not to clippy.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::model::IncidentKind;

fn crash(pid: u32, at: &str) -> Incident {
    Incident {
        id: 0,
        profile: "default".to_owned(),
        at: at.parse().unwrap(),
        kind: IncidentKind::Crash,
        pid: Some(pid),
        exit: Some(Exit::Signal { signal: 9, core: false }),
        uptime_s: Some(3600),
        restarts: Some(2),
        last_words: Vec::new(),
        by: By::Itself,
        detail: None,
    }
}

const NOON: &str = "2026-11-22T12:00:00Z";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> String {
        self.0.path().join("state/gateward/incidents.sqlite").display().to_string()
    }

    fn store(&self) -> Store {
        let opened = Store::open(&self.path()).unwrap();
        assert_eq!(opened.problem, None);
        opened.store
    }
}

fn mode(path: impl AsRef<Path>) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_incident_comes_back_as_it_was_stored() {
    let folder = Folder::new();
    let told = Incident { last_words: vec!["a \"b\"".to_owned(), "ü".to_owned()], ..crash(7, NOON) };
    let id = folder.store().record(&told).unwrap();
    assert_eq!(folder.store().newest("default", 5).unwrap(), [Incident { id, ..told }]);
}

#[test]
fn files_and_folder_are_for_the_owner_only_from_the_start() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.record(&crash(7, NOON)).unwrap();
    let path = folder.path();
    for file in [path.clone(), format!("{path}-wal"), format!("{path}-shm")] {
        assert_eq!(mode(&file), 0o600, "{file}");
    }
    assert_eq!(mode(Path::new(&path).parent().unwrap()), 0o700);
}

#[test]
fn a_database_left_open_to_others_is_closed() {
    let folder = Folder::new();
    drop(folder.store());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(folder.store());
    assert_eq!(mode(folder.path()), 0o600);
}

#[test]
fn two_processes_that_see_one_crash_store_it_once() {
    let folder = Folder::new();
    let (mut tray, mut watch) = (folder.store(), folder.store());
    let first = tray.record(&crash(7, NOON)).unwrap();
    let again = watch.record(&crash(7, "2026-11-22T12:00:00.3Z")).unwrap();
    assert_eq!((first, watch.newest("default", 9).unwrap().len()), (again, 1));
}

#[test]
fn many_writers_at_once_store_each_crash_once() {
    let folder = Folder::new();
    drop(folder.store());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut store = folder.store();
                (0..25).for_each(|pid| assert!(store.record(&crash(pid, NOON)).unwrap() > 0));
            });
        }
    });
    assert_eq!(folder.store().newest("default", 1000).unwrap().len(), 25);
}

#[test]
fn many_that_begin_at_once_make_one_database() {
    let folder = Folder::new();
    std::thread::scope(|scope| {
        for pid in 0..8 {
            let folder = &folder;
            scope.spawn(move || folder.store().record(&crash(pid, NOON)).unwrap());
        }
    });
    assert_eq!(folder.store().newest("default", 1000).unwrap().len(), 8);
}

#[test]
fn the_same_pid_much_later_is_another_crash() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.record(&crash(7, NOON)).unwrap();
    store.record(&crash(7, "2026-11-22T13:00:00Z")).unwrap();
    assert_eq!(store.newest("default", 9).unwrap().len(), 2);
}

#[test]
fn last_words_join_the_row_that_is_there() {
    let folder = Folder::new();
    let mut store = folder.store();
    let id = store.record(&crash(7, NOON)).unwrap();
    store.record(&Incident { last_words: vec!["boom".to_owned()], ..crash(7, NOON) }).unwrap();
    store.record(&crash(7, NOON)).unwrap();
    let rows = store.newest("default", 9).unwrap();
    assert_eq!((rows[0].id, rows[0].last_words.as_slice()), (id, ["boom".to_owned()].as_slice()));
}

#[test]
fn the_newest_come_first_and_only_those_of_the_profile() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.record(&crash(1, NOON)).unwrap();
    store.record(&crash(2, "2026-11-22T14:00:00Z")).unwrap();
    store.record(&Incident { profile: "work".to_owned(), ..crash(3, NOON) }).unwrap();
    let pids = |rows: Vec<Incident>| rows.into_iter().filter_map(|row| row.pid).collect::<Vec<_>>();
    assert_eq!(pids(store.newest("default", 9).unwrap()), [2, 1]);
    assert_eq!(pids(store.newest("default", 1).unwrap()), [2]);
    assert_eq!(pids(store.since("default", "2026-11-22T13:00:00Z".parse().unwrap()).unwrap()), [2]);
}

#[test]
fn a_corrupt_database_is_moved_aside_and_a_new_one_begun() {
    let folder = Folder::new();
    drop(folder.store());
    fs::write(folder.path(), "this is no database at all, it is a poem\n".repeat(200)).unwrap();
    let mut opened = Store::open(&folder.path()).unwrap();
    let problem = opened.problem.unwrap();
    assert_eq!(problem.code, Code::DatabaseUnusable);
    assert!(fs::read_to_string(&problem.values["moved"]).unwrap().contains("poem"));
    opened.store.record(&crash(7, NOON)).unwrap();
    assert_eq!(folder.store().newest("default", 9).unwrap().len(), 1);
}

#[test]
fn damage_in_the_middle_is_noticed_too() {
    let folder = Folder::new();
    let mut store = folder.store();
    (0..200).for_each(|pid| assert!(store.record(&crash(pid, NOON)).unwrap() > 0));
    drop(store);
    let mut bytes = fs::read(folder.path()).unwrap();
    bytes[5000..12_000].fill(0xa5);
    fs::write(folder.path(), bytes).unwrap();
    assert!(Store::open(&folder.path()).unwrap().problem.is_some());
}

#[test]
fn a_newer_gatewards_database_is_left_alone() {
    let folder = Folder::new();
    folder.store().connection.pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(folder.path()).unwrap();
    assert_eq!(Store::open(&folder.path()).err().unwrap().code, Code::DatabaseUnusable);
    assert_eq!(fs::read(folder.path()).unwrap(), before);
}

#[test]
fn a_folder_that_cannot_be_written_is_a_problem_with_its_path() {
    let problem = Store::open("/proc/gateward/incidents.sqlite").err().unwrap();
    assert_eq!(problem.values["path"], "/proc/gateward/incidents.sqlite");
    assert!(problem.cause.is_some());
}

#[test]
fn reading_where_nothing_is_stored_creates_nothing() {
    let folder = Folder::new();
    assert!(Store::read(&folder.path()).unwrap().is_none());
    assert!(!Path::new(&folder.path()).exists());
}

#[test]
fn reading_works_beside_a_writer() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.record(&crash(7, NOON)).unwrap();
    assert_eq!(Store::read(&folder.path()).unwrap().unwrap().newest("default", 9).unwrap().len(), 1);
}

#[test]
fn a_crash_loop_does_not_grow_the_database_without_end() {
    let folder = Folder::new();
    let mut store = folder.store();
    for profile in ["default", "work"] {
        let first = Incident { profile: profile.to_owned(), ..crash(1, NOON) };
        store.record(&first).unwrap();
    }
    let loops = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO incident (profile, at_us, kind, last_words, by) SELECT 'work', i, 'crash', '[]', 'itself' FROM n";
    store.connection.execute(loops, params![KEPT]).unwrap();
    store.record(&Incident { profile: "work".to_owned(), ..crash(2, "2026-11-22T13:00:00Z") }).unwrap();
    let own = store.newest("work", u32::MAX).unwrap();
    assert_eq!((own.len() as i64, own[0].pid), (KEPT, Some(2)));
    assert!(own.iter().all(|row| row.pid != Some(1)), "the oldest went");
    assert_eq!(store.newest("default", 9).unwrap().len(), 1, "and nobody else's");
}

#[test]
fn only_the_starts_that_count_are_kept_of_each_profile() {
    let folder = Folder::new();
    let mut store = folder.store();
    for seconds in 0..30 {
        store.record_start("default", Duration::from_secs(seconds)).unwrap();
        store.record_start("work", Duration::from_secs(seconds)).unwrap();
    }
    let rows: i64 = store.connection.query_row("SELECT count(*) FROM start", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 2 * STARTS_COUNTED);
    assert_eq!(store.starts("default").unwrap()[0], Duration::from_secs(29));
}

#[test]
fn what_gateward_did_is_remembered_as_its_own() {
    let folder = Folder::new();
    let mut store = folder.store();
    store.record(&Incident { by: By::Outside, kind: IncidentKind::Stopped, ..crash(7, NOON) }).unwrap();
    store.record(&Incident { by: By::Gateward, kind: IncidentKind::Stopped, ..crash(7, NOON) }).unwrap();
    assert_eq!(store.newest("default", 9).unwrap()[0].by, By::Gateward);
}

#[test]
fn a_database_whose_tables_are_still_to_come_has_nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.sqlite").display().to_string();
    Connection::open(&path).unwrap().pragma_update(None, "journal_mode", "WAL").unwrap();
    assert!(Store::read(&path).unwrap().is_none());
}

/// The desktop and the monitor tell of each end at times of their own.
#[test]
fn the_end_of_a_credential_is_stored_once_until_it_is_renewed() {
    let folder = Folder::new();
    let (mut tray, mut monitor) = (folder.store(), folder.store());
    let told = |kind, credential: &str, at: &str| Incident {
        detail: Some(credential.to_owned()),
        ..Incident::plain("default", kind, at.parse().unwrap(), By::Itself)
    };
    let (over, renewed) = (IncidentKind::CredentialOver, IncidentKind::CredentialRenewed);
    let first = tray.record(&told(over, "a", NOON)).unwrap();
    assert_eq!(monitor.record(&told(over, "a", "2026-11-22T12:25:00Z")).unwrap(), first);
    assert_ne!(tray.record(&told(over, "b", NOON)).unwrap(), first);
    tray.record(&told(renewed, "a", "2026-11-22T12:30:00Z")).unwrap();
    assert_ne!(monitor.record(&told(over, "a", "2026-11-22T13:00:00Z")).unwrap(), first);
    assert_eq!(tray.newest("default", 9).unwrap().len(), 4);
}

#[test]
fn a_restart_takes_the_place_of_what_the_hosts_tell_of_it_before_or_after() {
    let told = |kind, pid, by, second: u32| {
        let at = format!("2026-11-22T12:00:{second:02}Z");
        Incident { kind, by, exit: None, ..crash(pid, &at) }
    };
    let before = told(IncidentKind::Stopped, 5, By::Outside, 0);
    let stopped = told(IncidentKind::Stopped, 7, By::Outside, 20);
    let started = told(IncidentKind::Started, 8, By::Itself, 22);
    let restarted = told(IncidentKind::Restarted, 7, By::Gateward, 20);
    let after =
        [told(IncidentKind::Stopped, 8, By::Outside, 40), told(IncidentKind::Started, 9, By::Outside, 50)];
    for order in [[&stopped, &started, &restarted], [&restarted, &stopped, &started]] {
        let folder = Folder::new();
        let mut store = folder.store();
        for incident in [&before].into_iter().chain(order).chain(&after) {
            store.record(incident).unwrap();
        }
        let kept: Vec<_> = store.newest("default", 9).unwrap().iter().map(|it| (it.kind, it.pid)).collect();
        let wanted = [&after[1], &after[0], &restarted, &before].map(|it| (it.kind, it.pid));
        assert_eq!(kept, wanted);
    }
}
