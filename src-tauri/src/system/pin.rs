//! A certificate's fingerprint, by which a gateway of this machine is known (OC 8.6): such certificates are signed by nobody.

use std::fmt;

use sha2::{Digest, Sha256};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// SHA-256 over the certificate's DER.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pin([u8; 32]);

impl Pin {
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// Of the first certificate in a PEM file, which is the server's own; `None` when there is none.
    pub fn of_pem(bytes: &[u8]) -> Option<Self> {
        CertificateDer::from_pem_slice(bytes).ok().map(|certificate| Self::of(&certificate))
    }
}

impl fmt::Display for Pin {
    /// As `openssl x509 -fingerprint -sha256` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<String> = self.0.iter().map(|byte| format!("{byte:02X}")).collect();
        f.write_str(&pairs.join(":"))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_is_that_of_the_first_certificate_and_a_key_before_it_is_passed_over() {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let pem = [made.signing_key.serialize_pem(), made.cert.pem(), other.cert.pem()].concat();
        assert_eq!(Pin::of_pem(pem.as_bytes()), Some(Pin::of(made.cert.der())));
        assert_eq!(Pin::of(made.cert.der()).to_string().len(), 32 * 3 - 1);
    }

    #[test]
    fn a_file_without_a_certificate_has_no_fingerprint() {
        assert_eq!(Pin::of_pem(b"-----BEGIN PRIVATE KEY-----\n"), None);
    }
}
