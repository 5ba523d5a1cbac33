use std::fs;
use std::future::pending;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use super::config::{self, Config};
use super::error::DemoError;
use super::gateway::{Farewell, Gateway, Phase};
use super::generation::Generation;
use super::listen::{Unopened, listen};
use super::log::Log;
use super::machine::{self, Asked, Signals};
use super::options::{End, Fate, Options};
use super::{server, tls};

const DEFAULT_PORT: u16 = 18789;

/// How long connections have to close before the end goes on without them.
const CLOSING: Duration = Duration::from_millis(500);

/// The new generation's pause before it tries a taken port again, when systemd started it (observed 3.5).
const PORT_RETRY: Duration = Duration::from_secs(5);

/// Lives as `options` say, through restarts in place, to the exit code.
pub async fn run(options: &Options) -> Result<u8, DemoError> {
    // Before the handlers are up, the default action of a signal is the real gateway's answer as well.
    sleep(options.start_delay).await;
    let log = Log::open(options.generation, options.log_file.as_deref())?;
    let config = match options.config.as_deref().map(|path| config::read(path, options.allow_unconfigured)) {
        Some(Ok(config)) => config,
        Some(Err(refusal)) => {
            log.error(&refusal);
            return Ok(options.generation.bad_config_exit());
        }
        None => Config::default(),
    };
    let token = shared_token(options, &config)?;
    let port = port(options, &config);
    let gateway = Gateway::new(options, token, tls::acceptor(options)?, log);
    let mut life = Life { options, signals: signals(options)?, fate: options.fate(), born: Instant::now() };
    loop {
        match life.live(&gateway, port).await? {
            Outcome::Exit(code) => return Ok(code),
            Outcome::RestartInPlace => gateway.enter(Phase::Running),
        }
    }
}

fn signals(options: &Options) -> Result<Signals, DemoError> {
    let fatal = options.die_by_signal;
    Signals::listen(options.generation, fatal).map_err(|cause| DemoError::Signals { cause })
}

fn shared_token(options: &Options, config: &Config) -> Result<Option<String>, DemoError> {
    let Some(path) = &options.token_file else {
        return Ok(environment("OPENCLAW_GATEWAY_TOKEN").or_else(|| config.token.clone()));
    };
    let text = fs::read_to_string(path).map_err(|cause| DemoError::file("--token-file", path, cause))?;
    Ok(Some(text.trim().to_owned()).filter(|token| !token.is_empty()))
}

/// The port by the real gateway's precedence (observed 7.1).
fn port(options: &Options, config: &Config) -> u16 {
    let inherited = || environment("OPENCLAW_GATEWAY_PORT").and_then(|port| port.trim().parse().ok());
    options.port.or_else(inherited).or(config.port).unwrap_or(DEFAULT_PORT)
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

struct Life<'a> {
    options: &'a Options,
    signals: Signals,
    fate: Option<Fate>,
    born: Instant,
}

/// Why a life ends.
enum Cause {
    Stop(&'static str),
    Restart,
    Fate(End),
    PortTaken(Unopened),
}

enum Outcome {
    Exit(u8),
    RestartInPlace,
}

impl Life<'_> {
    async fn live(&mut self, gateway: &Gateway, port: u16) -> Result<Outcome, DemoError> {
        let mut work = pin!(work(self.options, gateway, port));
        let cause = tokio::select! {
            cause = self.cause(gateway) => cause,
            unopened = work.as_mut() => match unopened {
                Some(unopened) if unopened.is_taken() => Cause::PortTaken(unopened),
                Some(Unopened { address, cause }) => {
                    return Err(DemoError::Listen { address: address.to_string(), cause });
                }
                None => return Ok(Outcome::Exit(0)),
            },
        };
        Ok(self.end(cause, gateway, work).await)
    }

    /// Waits for the signal or the fate that ends this life.
    async fn cause(&mut self, gateway: &Gateway) -> Cause {
        let mut fate = pin!(fulfil(self.fate, self.born));
        loop {
            let asked = tokio::select! {
                end = fate.as_mut() => return Cause::Fate(end),
                asked = self.signals.next() => asked,
            };
            match asked {
                Asked::Stop(name) if self.options.ignore_term => {
                    gateway.log.info("gateway", &format!("signal {name} received; ignored"));
                }
                Asked::Stop(name) => return Cause::Stop(name),
                Asked::Restart(_) if gateway.generation == Generation::New => return Cause::Restart,
                Asked::Restart(name) => gateway.log.info("gateway", &unauthorised(name)),
                Asked::Inspector => {
                    gateway.log.info("gateway", "SIGUSR1 opens Node's inspector; it never restarts")
                }
            }
        }
    }

    async fn end(
        &mut self,
        cause: Cause,
        gateway: &Gateway,
        work: Pin<&mut impl Future<Output = Option<Unopened>>>,
    ) -> Outcome {
        match cause {
            Cause::Stop(name) => {
                gateway.log.info("gateway", &format!("signal {name} received; shutting down"));
                self.close(gateway, Farewell::Stopping, self.options.slow_stop, work).await;
                Outcome::Exit(0)
            }
            Cause::Restart if is_supervised() => {
                gateway.log.info("gateway", "restart mode: full process restart (supervisor restart)");
                self.close(gateway, Farewell::Restarting, Duration::ZERO, work).await;
                Outcome::Exit(0)
            }
            Cause::Restart => {
                gateway.log.info("gateway", "restart mode: in-process restart");
                self.close(gateway, Farewell::Restarting, Duration::ZERO, work).await;
                Outcome::RestartInPlace
            }
            Cause::Fate(End::PlannedRestart) => {
                gateway.log.info("gateway", "restart mode: full process restart (supervisor restart)");
                self.say(gateway);
                self.close(gateway, Farewell::Restarting, Duration::ZERO, work).await;
                Outcome::Exit(0)
            }
            Cause::Fate(End::Exit(code)) => {
                self.say(gateway);
                Outcome::Exit(code)
            }
            Cause::Fate(End::Signal(fatal)) => {
                self.say(gateway);
                machine::die(fatal)
            }
            Cause::PortTaken(unopened) => {
                gateway.log.error(&taken(&unopened));
                Outcome::Exit(1)
            }
        }
    }

    fn say(&self, gateway: &Gateway) {
        if let Some(words) = &self.options.say {
            gateway.log.error(words);
        }
    }

    /// Drains for `drain`, then closes every connection; further signals are logged and ignored (OC 9.1).
    async fn close(
        &mut self,
        gateway: &Gateway,
        farewell: Farewell,
        drain: Duration,
        mut work: Pin<&mut impl Future<Output = Option<Unopened>>>,
    ) {
        let began = Instant::now();
        gateway.enter(Phase::Draining);
        let mut drained = pin!(sleep(drain));
        while !drained.is_elapsed() {
            tokio::select! {
                () = drained.as_mut() => {}
                _ = work.as_mut() => return,
                _ = self.signals.next() => gateway.log.info("gateway", "signal received during shutdown; ignored"),
            }
        }
        gateway.enter(Phase::Closing(farewell));
        // A hung gateway closes nothing: the deadline ends it.
        let _ = timeout(CLOSING, work).await;
        gateway.log.info("shutdown", &format!("completed cleanly in {}ms", began.elapsed().as_millis()));
    }
}

async fn fulfil(fate: Option<Fate>, born: Instant) -> End {
    match fate {
        Some(fate) => {
            tokio::time::sleep_until(born + fate.after).await;
            fate.end
        }
        None => pending().await,
    }
}

/// Everything the gateway does by itself; ends with the address it could not open, or when it was closed.
async fn work(options: &Options, gateway: &Gateway, port: u16) -> Option<Unopened> {
    if options.never_listen {
        return pending().await;
    }
    let listeners = match open(options, gateway, port).await {
        Ok(listeners) => listeners,
        Err(unopened) => return Some(unopened),
    };
    gateway
        .log
        .info("gateway", &format!("listening on {} (PID {})", addresses(&listeners), std::process::id()));
    let mut alive = pin!(alive(&listeners, options, gateway));
    match options.hang_after {
        None => alive.await,
        // A deadline of zero would still let it answer once.
        Some(Duration::ZERO) => pending().await,
        Some(after) => {
            let _ = timeout(after, alive.as_mut()).await;
            pending().await
        }
    }
    None
}

async fn open(options: &Options, gateway: &Gateway, port: u16) -> Result<Vec<TcpListener>, Unopened> {
    loop {
        let result = listen(options.host, port).await;
        let waits = options.generation == Generation::New && is_under_systemd();
        match result {
            Err(unopened) if unopened.is_taken() && waits => {
                gateway
                    .log
                    .info("gateway", "already running under systemd; waiting 5000ms before retrying startup");
                sleep(PORT_RETRY).await;
            }
            result => return result,
        }
    }
}

async fn alive(listeners: &[TcpListener], options: &Options, gateway: &Gateway) {
    let ready = async {
        gateway.readiness().await;
        gateway.log.info("gateway", "ready");
        pending::<()>().await;
    };
    tokio::select! {
        () = server::run(listeners, gateway) => {}
        () = ready => {}
        () = flood(gateway, options.flood) => {}
    }
}

/// Writes `rate` log lines each second, in small portions.
async fn flood(gateway: &Gateway, rate: u32) {
    if rate == 0 {
        return pending().await;
    }
    let began = Instant::now();
    let mut portions = interval(Duration::from_millis(10));
    portions.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut written = 0_u128;
    loop {
        let due = began.elapsed().as_millis() * u128::from(rate) / 1000;
        while written < due {
            written += 1;
            gateway.log.info("flood", &format!("line {written} of a flood of {rate} each second"));
        }
        portions.tick().await;
    }
}

fn addresses(listeners: &[TcpListener]) -> String {
    let addresses = listeners.iter().filter_map(|listener| listener.local_addr().ok());
    addresses.map(|address| format!("ws://{address}")).collect::<Vec<_>>().join(", ")
}

/// The real gateway's words for a port in use (observed 3.5), without the list of suspects.
fn taken(unopened: &Unopened) -> String {
    let address: SocketAddr = unopened.address;
    format!(
        "Gateway failed to start: another gateway instance is already listening on ws://{address} | \
         listen EADDRINUSE: address already in use {address}"
    )
}

fn unauthorised(name: &str) -> String {
    format!("{name} restart ignored (not authorized; enable commands.restart or use gateway tool)")
}

/// Whether a service manager will start the gateway again (OC 9.5).
fn is_supervised() -> bool {
    let others = ["OPENCLAW_LAUNCHD_LABEL", "OPENCLAW_WINDOWS_TASK_NAME", "OPENCLAW_SUPERVISOR_MODE"];
    is_under_systemd() || others.into_iter().any(|name| environment(name).is_some())
}

fn is_under_systemd() -> bool {
    let names = ["OPENCLAW_SYSTEMD_UNIT", "INVOCATION_ID", "SYSTEMD_EXEC_PID", "JOURNAL_STREAM"];
    names.into_iter().any(|name| environment(name).is_some())
}
