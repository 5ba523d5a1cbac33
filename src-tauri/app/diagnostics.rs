//! Diagnostics for the window: what is looked through is kept until it is saved, so that both are the same.

use std::sync::{Arc, Mutex, PoisonError};

use gateward::diagnostics::{Archive, Subject, collect};
use gateward::problem::{Code, Problem};
use gateward::view::diagnostics::{DiagnosticsPreview, DiagnosticsSaved, size};

use crate::aside::aside;
use crate::desk::Desk;

/// The archive that was collected last.
#[derive(Default)]
pub struct Cabinet(Mutex<Option<Archive>>);

impl Cabinet {
    /// # Errors
    /// `NotPossibleNow` before the first observation.
    pub async fn preview(&self, desk: &Desk) -> Result<DiagnosticsPreview, Problem> {
        let state = desk.state().ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
        let subject = Subject { gateway: desk.gateway.clone(), state: (*state).clone() };
        let (world, words) = (desk.world.clone(), Arc::clone(&desk.words));
        let archive = aside(async move { collect(&world, &[subject], &words).await }).await?;
        let shown = archive.preview(place(&archive, desk), &desk.words);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(archive);
        Ok(shown)
    }

    /// # Errors
    /// `NoSuchEntry`.
    pub fn text(&self, name: &str) -> Result<String, Problem> {
        let missing = || Problem::new(Code::NoSuchEntry).with("name", name);
        let archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        archive.as_ref().and_then(|it| it.text(name)).map(str::to_owned).ok_or_else(missing)
    }

    /// # Errors
    /// `NotPossibleNow` when nothing was looked through; `WriteFailed`.
    pub fn save(&self, desk: &Desk) -> Result<DiagnosticsSaved, Problem> {
        let archive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let archive = archive.as_ref().ok_or_else(|| Problem::new(Code::NotPossibleNow))?;
        let path = place(archive, desk);
        let bytes = archive.save(&*desk.world.system, &path)?;
        Ok(DiagnosticsSaved { path, size: size(bytes) })
    }
}

fn place(archive: &Archive, desk: &Desk) -> String {
    archive.place(&*desk.world.system, &desk.gateway.id.home, desk.world.around.os)
}
