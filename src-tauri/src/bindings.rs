//! The window's types, generated from ours. `GATEWARD_WRITE_BINDINGS=1 cargo test bindings` writes them; without it the test fails
//! when the committed file is stale.

use ts_rs::{Config, TS};

use crate::{history, model, problem, programs, setup, view};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/bindings.ts");

fn rendered() -> String {
    let config = Config::default();
    let mut text = String::from("// Generated from src-tauri/src by `cargo test bindings`; do not edit.\n");
    macro_rules! write {
        ($($kind:ty),* $(,)?) => {
            $(text.push_str(&format!("\nexport {}\n", <$kind>::decl(&config)));)*
        };
    }
    write![
        model::GatewayState,
        model::Manager,
        model::Observation,
        model::Installed,
        model::Fact<model::Registered>,
        model::Registered,
        model::Registration,
        model::Autostart,
        model::Origin,
        model::Variable,
        model::Supervised,
        model::Run,
        model::ExitRecord,
        model::Exit,
        model::PortUse,
        model::Listener,
        model::Belongs,
        model::Answers,
        model::Verdict,
        model::Flaw,
        model::Remark,
        model::Prospect,
        model::Occasion,
        model::Becomes,
        model::Ground,
        model::Action,
        model::Edit,
        model::Place,
        model::Busy,
        view::drain::Drain,
        model::Request,
        model::Page,
        model::Pulse,
        model::Beat,
        model::Incident,
        model::IncidentKind,
        model::By,
        model::LogLine,
        model::Level,
        model::Spot,
        model::Position,
        model::FileMark,
        model::JournalMark,
        model::LogFilter,
        model::Anchor,
        model::LogPage,
        model::LogNews,
        model::Sink,
        model::Searched,
        problem::Problem,
        problem::Hint,
        problem::Code,
        model::NoticeKind,
        model::PastNotice,
        model::Fate,
        history::Summary,
        history::Stretch,
        history::Being,
        history::Reason,
        view::history::History,
        view::history::ReasonView,
        view::Tone,
        view::logs::Saved,
        view::diagnostics::DiagnosticsPreview,
        view::diagnostics::DiagnosticsEntry,
        view::diagnostics::DiagnosticsSaved,
        crate::variables::Row,
        crate::variables::Sign,
        view::variables::EnvironmentView,
        view::variables::RowView,
        view::variables::SignView,
        view::variables::WordView,
        view::variables::UndoView,
        view::variables::Preview,
        view::plan::StepView,
        view::self_test::SelfTest,
        view::self_test::StepSeen,
        view::settings::SettingsView,
        view::settings::SectionView,
        view::settings::FieldView,
        view::settings::Control,
        view::settings::ChoiceView,
        view::setup::SetupView,
        view::setup::WizardStep,
        view::setup::LineView,
        view::setup::OfferView,
        view::setup::SetupNews,
        setup::StepId,
        setup::StepState,
        setup::Mark,
        setup::Deed,
        setup::Legacy,
        programs::PackageTool,
        view::window::Shown,
        view::window::About,
        view::window::Opening,
        view::window::WindowView,
        view::window::Background,
        view::window::RemarkView,
        view::window::ProspectView,
        view::window::ActionView,
        view::window::FactView,
        view::window::FactKey,
        view::window::Standing,
        view::window::CredentialsView,
        view::window::CredentialView,
        model::Credentials,
        model::Judged,
        model::Standing,
        model::CredentialKind,
        model::Expiry,
        model::Doubt,
        model::Renewal,
        model::Failure,
        model::FailureReason,
        model::Confidence,
        model::Finding,
    ];
    let secret = crate::environment::secret_name_expression();
    text.push_str(&format!("\n/** A variable whose value is secret, judged by its name. */\nexport const SECRET_NAME = /{secret}/i;\n"));
    text
}

#[test]
#[allow(clippy::disallowed_methods)]
fn the_windows_types_are_up_to_date() {
    let wanted = rendered();
    if std::env::var_os("GATEWARD_WRITE_BINDINGS").is_some() {
        std::fs::write(PATH, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(written == wanted, "stale: run GATEWARD_WRITE_BINDINGS=1 cargo test bindings");
}
