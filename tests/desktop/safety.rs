//! What the page cannot do.

use crate::program::PROGRAM;
use crate::rig::{Desktop, Window};

/// The page has no way to the machine but our commands.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_neither_read_files_nor_run_programs() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    for command in ["plugin:shell|execute", "plugin:shell|open", "plugin:fs|read_file", "plugin:window|close"]
    {
        let script = "const done = arguments[1]; \
             window.__TAURI_INTERNALS__.invoke(arguments[0], {}).then(() => done('allowed'), why => done(String(why)))";
        let answer = window.client.execute_async(script, vec![command.into()]).await.unwrap();
        assert!(
            answer.as_str().is_some_and(|why| why.contains("not allowed") || why.contains("not found")),
            "{command}: {answer}"
        );
    }
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_none_is_refused() {
    let mut desktop = Desktop::with().panel().start();
    let window = Window::open(&mut desktop, PROGRAM, &[]).await;
    let script = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('ask', { request: { ask: 'act', action: { act: 'rm' } } })\
         .then(() => done('allowed'), why => done(String(why)))";
    let answer = window.client.execute_async(script, vec![]).await.unwrap();
    assert!(answer.as_str().is_some_and(|why| why.contains("unknown variant `rm`")), "{answer}");
    window.close().await;
}
