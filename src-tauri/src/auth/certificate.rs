//! X.509 certificates, in PEM or DER.

use jiff::Timestamp;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::{LONGEST, Reading, name};
use crate::model::{Confidence, Credential, CredentialKind, Doubt, Expiry, Renewal};

/// Reads a file of one certificate or a chain; the one that ends first decides. Private keys in the same file are passed over.
///
/// # Errors
/// `Damaged` when no certificate can be read in it.
pub fn read(bytes: &[u8], label: &str, source: &str) -> Reading {
    if bytes.len() > LONGEST {
        return Err(Doubt::Damaged);
    }
    let chain = if is_pem(bytes) {
        Certificate::load_pem_chain(&only_certificates(bytes)).map_err(|_| Doubt::Damaged)?
    } else {
        vec![Certificate::from_der(bytes).map_err(|_| Doubt::Damaged)?]
    };
    let ends = chain.iter().map(end).collect::<Option<Vec<_>>>().ok_or(Doubt::Damaged)?;
    let at = ends.into_iter().min().ok_or(Doubt::Damaged)?;
    Ok(vec![Credential {
        id: name::shown(&format!("certificate:{label}")),
        provider: name::shown(label),
        profile: name::shown(crate::layout::file_name(source)),
        kind: CredentialKind::Certificate,
        expiry: Expiry::At { at },
        renewal: Renewal::ByPerson,
        failure: None,
        confidence: Confidence::Read,
        source: source.to_owned(),
    }])
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

fn is_pem(bytes: &[u8]) -> bool {
    bytes.windows(BEGIN.len()).any(|part| part == BEGIN.as_bytes())
}

/// The certificates' own blocks: bundles carry keys and comments between them.
fn only_certificates(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let blocks = text.split(BEGIN).skip(1).filter_map(|rest| rest.split_once(END));
    blocks.map(|(body, _)| format!("{BEGIN}{body}{END}\n")).collect::<String>().into_bytes()
}

fn end(certificate: &Certificate) -> Option<Timestamp> {
    let since_epoch = certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Timestamp::from_second(i64::try_from(since_epoch.as_secs()).ok()?).ok()
}
