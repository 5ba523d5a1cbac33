//! What it prints and writes to its log.

use super::*;

#[tokio::test]
async fn a_flood_fills_stdout_and_the_log_with_whole_records() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("logs/app.log");
    let flags = ["--flood", "10000", "--exit-after", "300ms", "--log-file", path.to_str().unwrap()];
    let end = Demo::listening(&flags).await.end().await;
    let records = fs::read_to_string(&path).unwrap();
    let flooded = records.lines().filter(|line| {
        let record: Value = serde_json::from_str(line).unwrap();
        record["_meta"]["name"] == r#"{"subsystem":"flood"}"#
    });
    let (printed, recorded) = (end.out.matches("[flood]").count(), flooded.count());
    assert_eq!(printed, recorded);
    // A machine that is ten times too slow still passes; a silent one doesn't.
    assert!(printed >= 300, "{printed}");
}

#[tokio::test]
async fn the_launch_record_holds_every_word_as_it_came() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("launch.json");
    let nasty = ["a b", "\"q\"", "back\\slash", "%h", "$HOME", "ä€", "", "--port"];
    let flags = [&["--print-launch", path.to_str().unwrap(), "--"][..], &nasty].concat();
    let demo = Demo::listening(&flags).await;
    let record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let argv: Vec<_> = record["argv"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(argv[argv.len() - nasty.len()..], nasty);
    assert_eq!(record["environment"], json!({ "OPENCLAW_GATEWAY_TOKEN": TOKEN }));
    assert_eq!(record["pid"].as_u64(), demo.child.id().map(u64::from));
}

#[tokio::test]
async fn a_closed_stdout_does_not_end_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("app.log");
    let mut demo = Demo::listening(&["--flood", "1000", "--log-file", path.to_str().unwrap()]).await;
    let recorded = || fs::read_to_string(&path).unwrap().lines().count();
    drop(demo.lines.take());
    let before = recorded();
    while recorded() < before + 50 {
        assert_eq!(demo.get("/healthz").await.status, StatusCode::OK);
    }
}
