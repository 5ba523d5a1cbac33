use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpListener, TcpStream};

use super::connection;
use super::gateway::Gateway;

/// Waits this long after a failed accept: without it, running out of descriptors would spin.
const BREATH: Duration = Duration::from_millis(100);

/// Answers every connection until the gateway says farewell and the last one is closed.
///
/// All work happens inside this one future: whoever stops polling it has a hung gateway that keeps its port.
pub async fn run(listeners: &[TcpListener], gateway: &Gateway) {
    let mut connections = FuturesUnordered::new();
    loop {
        tokio::select! {
            stream = accept(listeners) => match stream {
                Ok(stream) => connections.push(connection::serve(stream, gateway)),
                Err(cause) => {
                    gateway.log.info("gateway", &format!("accept failed: {cause}"));
                    tokio::time::sleep(BREATH).await;
                }
            },
            Some(()) = connections.next() => {}
            _ = gateway.farewell() => break,
        }
    }
    while connections.next().await.is_some() {}
}

async fn accept(listeners: &[TcpListener]) -> io::Result<TcpStream> {
    poll_fn(|context| {
        let mut accepted = listeners.iter().map(|listener| listener.poll_accept(context));
        let ready = accepted.find_map(|poll| match poll {
            Poll::Ready(result) => Some(result.map(|(stream, _)| stream)),
            Poll::Pending => None,
        });
        ready.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}
