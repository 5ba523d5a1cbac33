//! What users met (users-need A2, A3, A22, A29, A30) and what upstream's tests say (OC 7.3), as whole flows.

use std::time::Duration;

use gateward::adapter::Intent;
use gateward::auth::timer::{Pace, Timer};
use gateward::model::{Manager, Origin, Registered, Supervised, Verdict};
use gateward::problem::Code;

use crate::desk::{Desk, spec, surroundings};
use crate::mac::{Behaviour, LABEL, NODE, PLIST, UID};
use crate::simulator::Ended;

const UNTIL_LOGIN: Intent<'_> = Intent::Stop { stay: false };
const FOR_GOOD: Intent<'_> = Intent::Stop { stay: true };

#[path = "stories/a22.rs"]
mod a22_sleep_and_power;
#[path = "stories/a29.rs"]
mod a29_two_owners;
#[path = "stories/a2.rs"]
mod a2_a_restart_never_loses_the_job;
#[path = "stories/a30.rs"]
mod a30_ghosts;
#[path = "stories/a3.rs"]
mod a3_stopped_is_not_gone;
#[path = "stories/crashes.rs"]
mod crashes;
#[path = "stories/upstreams.rs"]
mod upstreams_rows;
