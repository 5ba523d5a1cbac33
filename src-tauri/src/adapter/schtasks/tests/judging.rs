use super::*;

fn call(verb: &str) -> Call {
    Call::new(Tool::Schtasks, &[verb, "/TN", "OpenClaw Gateway"], std::time::Duration::from_secs(1))
}

fn outcome(verb: &str, code: i32, words: &str) -> Outcome {
    answers::classify(&call(verb), &answered(code, "", words))
}

#[test]
fn an_exit_code_is_enough_in_any_language() {
    for (code, wanted) in [
        (0x8007_0005_u32, Outcome::Denied),
        (0x8007_0002, Outcome::UnknownService),
        (0x8004_1315, Outcome::ManagerUnreachable),
        (0x8004_131f, Outcome::Busy),
    ] {
        assert_eq!(outcome("/Query", code.cast_signed(), "???"), wanted, "{code:x}");
    }
}

#[test]
fn a_number_in_the_text_comes_before_the_words_around_it() {
    assert_eq!(outcome("/Create", 1, "BŁĄD: (0x80070005)"), Outcome::Denied);
    assert_eq!(outcome("/Query", 1, "HATA: -2147024894"), Outcome::UnknownService);
}

#[test]
fn six_languages_are_known_where_there_is_no_number() {
    for words in [
        "ERROR: Access is denied.",
        "FEHLER: Zugriff verweigert",
        "ERREUR : Accès refusé.",
        "ERROR: Acceso denegado.",
        "错误: 拒绝访问。",
        "エラー: アクセスが拒否されました。",
    ] {
        assert_eq!(outcome("/Create", 1, words), Outcome::Denied, "{words}");
    }
    for words in [
        "ERROR: The system cannot find the file specified.",
        "FEHLER: Das System kann die angegebene Datei nicht finden.",
        "ERREUR : Le fichier spécifié est introuvable.",
        "ERROR: El sistema no puede encontrar el archivo especificado.",
        "错误: 系统找不到指定的文件。",
        "エラー: 指定されたファイルが見つかりません。",
    ] {
        assert_eq!(outcome("/Query", 1, words), Outcome::UnknownService, "{words}");
    }
}

#[test]
fn words_nobody_knows_are_a_failure_and_no_missing_task() {
    assert_eq!(outcome("/Query", 1, "VIRHE: jotakin"), Outcome::Failed);
}

#[test]
fn a_run_that_finds_no_task_is_no_success() {
    assert_eq!(outcome("/Run", 0x8007_0002_u32.cast_signed(), ""), Outcome::UnknownService);
    assert_eq!(outcome("/Run", 1, ""), Outcome::Failed);
}

#[test]
fn ending_what_does_not_run_is_as_good_as_done() {
    assert_eq!(outcome("/End", 0x8004_130b_u32.cast_signed(), ""), Outcome::Already);
    assert_eq!(outcome("/Run", 0x8004_130b_u32.cast_signed(), ""), Outcome::Failed);
}

#[test]
fn a_refusal_without_a_word_is_told_with_its_code() {
    let problem = answers::explain(&call("/Run"), &answered(1, "", ""));
    assert_eq!(problem.code, Code::StepFailed);
    assert_eq!(problem.cause.as_deref(), Some("exit code 1, without a word"));
}

#[test]
fn a_tool_that_hangs_is_told_with_its_deadline() {
    let answer = Answer { end: End::TimedOut, ..Answer::default() };
    assert_eq!(answers::explain(&call("/Create"), &answer).code, Code::ToolHung);
}

#[test]
fn what_our_own_program_says_is_passed_on() {
    let told = serde_json::to_string(&Problem::new(Code::StillRunning).with("pid", 7)).unwrap();
    let host = calls::stop_host(r"C:\gateward.exe", &id());
    assert_eq!(answers::explain(&host, &answered(1, &told, "")).values["pid"], "7");
}
