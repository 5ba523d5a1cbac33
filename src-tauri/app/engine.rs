//! What this program knows of the engine.

use std::sync::Arc;
use std::time::Duration;

use gateward::adapter::Intent;
use gateward::execute::execute;
use gateward::model::{Action, Busy, GatewayState, Request, SCHEMA};
use gateward::observe::observe;
use gateward::problem::Problem;
use gateward::verdict::judge;
use gateward::world::{Gateway, World};
use tokio::sync::{mpsc, watch};

/// Words for a person, shown as a desktop notification.
#[derive(Clone, Debug)]
pub struct Notice {
    pub key: String,
    pub title: String,
    pub body: String,
    pub buttons: Vec<Button>,
    pub urgent: bool,
}

#[derive(Clone, Debug)]
pub struct Button {
    pub label: String,
    pub request: Request,
}

pub struct Engine {
    /// `None` before the first observation.
    pub state: watch::Receiver<Option<Arc<GatewayState>>>,
    asks: mpsc::UnboundedSender<Request>,
}

impl Engine {
    pub fn start(world: World, gateway: Gateway) -> Self {
        let (publish, state) = watch::channel(None);
        let (asks, asked) = mpsc::unbounded_channel();
        tauri::async_runtime::spawn(go_on(world, gateway, publish, asked));
        Self { state, asks }
    }

    pub fn ask(&self, request: Request) {
        let _ = self.asks.send(request);
    }
}

async fn go_on(
    world: World,
    gateway: Gateway,
    publish: watch::Sender<Option<Arc<GatewayState>>>,
    mut asked: mpsc::UnboundedReceiver<Request>,
) {
    let mut problem = None;
    loop {
        let state = look(&world, &gateway, None, problem.clone()).await;
        publish.send_replace(Some(Arc::new(state)));
        let request = tokio::time::timeout(Duration::from_secs(2), asked.recv()).await;
        match request {
            Err(_) | Ok(Some(Request::Observe)) => {}
            Ok(Some(Request::Act { action })) => {
                let busy = Busy { action: action.clone(), since: world.system.now() };
                let state = look(&world, &gateway, Some(busy), None).await;
                publish.send_replace(Some(Arc::new(state.clone())));
                problem = act(&world, &gateway, &action, &state).await.err();
            }
            Ok(Some(_)) => problem = None,
            Ok(None) => return,
        }
    }
}

async fn look(
    world: &World,
    gateway: &Gateway,
    busy: Option<Busy>,
    problem: Option<Problem>,
) -> GatewayState {
    let observation = observe(&*world.system, &*gateway.adapter, &gateway.id).await;
    GatewayState {
        schema: SCHEMA,
        profile: gateway.id.profile.to_string(),
        manager: gateway.adapter.manager(),
        verdict: judge(&observation),
        observation,
        incidents: Vec::new(),
        busy,
        problem,
    }
}

async fn act(world: &World, gateway: &Gateway, action: &Action, state: &GatewayState) -> Result<(), Problem> {
    let intent = match action {
        Action::Start => Intent::Start,
        Action::Stop => Intent::Stop,
        Action::Restart => Intent::Restart,
        Action::Uninstall => Intent::Uninstall,
        Action::Install | Action::Repair { .. } => {
            return Err(Problem::new(gateward::problem::Code::Unsupported));
        }
    };
    let plan = gateway.adapter.plan(&intent, &gateway.id, &state.observation)?;
    execute(gateway.stage(world), &plan, &|_| {}).await
}
