use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::DemoError;
use super::options::Options;

/// What answers over TLS, if the options ask for it.
pub fn acceptor(options: &Options) -> Result<Option<TlsAcceptor>, DemoError> {
    let (Some(certificate), Some(key)) = (&options.tls_cert, &options.tls_key) else { return Ok(None) };
    let unusable = |path: &Path, cause: String| DemoError::file("--tls-cert", path, io::Error::other(cause));
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| unusable(certificate, cause.to_string()))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|cause| unusable(key, cause.to_string()))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|cause| unusable(certificate, cause.to_string()))?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}
