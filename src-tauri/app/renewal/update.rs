//! Tells when another file stands in the place of this program.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gateward::plan::{Call, Tool};
use gateward::system::{Hint, System, Watch};
use gateward::world::World;
use tokio::sync::mpsc;

/// The rest of the package is unpacked, and a copy in progress comes to its end.
const SETTLING: Duration = Duration::from_secs(5);

/// A program names its version before it looks at anything else.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file that this process was started from.
pub struct Program {
    path: PathBuf,
    file: Identity,
}

impl Program {
    /// `None` where the system does not tell.
    pub fn own() -> Option<Self> {
        let path = std::env::current_exe().ok()?;
        Some(Self { file: Identity::of(&path)?, path })
    }

    /// Waits until another program stands there whole; `false` when that cannot be watched.
    pub async fn is_replaced(&mut self, world: &World) -> bool {
        let (sender, mut hints) = mpsc::channel(8);
        let path = self.path.to_string_lossy().into_owned();
        let _watching = world.system.watch(Watch::File { path }, sender);
        // A lost watch comes back by itself, or it ends the channel.
        while let Some(hint) = hints.recv().await {
            let may_be = matches!(hint, Hint::Changed { .. } | Hint::Watching { .. });
            if may_be && self.stands_anew(&*world.system).await {
                return true;
            }
        }
        false
    }

    /// A file that is gone was removed: the icon stays until its owner quits.
    async fn stands_anew(&mut self, system: &dyn System) -> bool {
        let Some(mut seen) = Identity::of(&self.path).filter(|seen| *seen != self.file) else { return false };
        loop {
            tokio::time::sleep(SETTLING).await;
            match Identity::of(&self.path) {
                Some(now) if now == seen => break,
                Some(now) => seen = now,
                None => return false,
            }
        }
        // One that does not start is not tried again.
        self.file = seen;
        let program = Tool::At(self.path.to_string_lossy().into_owned());
        system.run(&Call::new(program, &["--version"], PATIENCE)).await.is_success()
    }
}

/// Whether two looks at a path met the same bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        let told = fs::metadata(path).ok()?;
        let changed = (told.mtime(), told.mtime_nsec());
        Some(Self { device: told.dev(), inode: told.ino(), size: told.len(), changed })
    }
}
