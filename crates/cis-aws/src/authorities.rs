//! Which certificate authorities are trusted: those of the file that `AWS_CA_BUNDLE` names, and the
//! system's where it names none.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html>, which says so of
//! the CLI and of other SDKs. The SDK for Rust does not read the variable.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// The variable.
const VARIABLE: &str = "AWS_CA_BUNDLE";

/// Where a certificate begins and ends in PEM.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc7468#section-5>
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Why a bundle of certificate authorities cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{VARIABLE}` names `{}`, which {why}", .path.display())]
pub struct BundleError {
    path: PathBuf,
    why: String,
}

/// The authorities that the environment asks for.
pub(crate) fn trusted() -> Result<TlsContext, BundleError> {
    match env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        None => Ok(TlsContext::default()),
        Some(path) => of_bundle(Path::new(&path)),
    }
}

/// Those of a bundle, and no others. A certificate that is no authority's is left out, as the
/// system's are.
fn of_bundle(path: &Path) -> Result<TlsContext, BundleError> {
    let refused = |why: String| BundleError { path: path.to_owned(), why };
    let text = fs::read(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    let text = String::from_utf8_lossy(&text);
    let mut found = TrustStore::empty();
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&text) {
        let parsed = CertificateDer::from_pem_slice(certificate.as_bytes());
        if parsed.is_ok_and(|parsed| roots.add(parsed).is_ok()) {
            found.add_pem_certificate(certificate);
        }
    }
    if roots.is_empty() {
        return Err(refused("holds no certificate authority in PEM".to_owned()));
    }
    let context = TlsContext::builder().with_trust_store(found).build();
    context.map_err(|error| refused(format!("cannot be used: {error}")))
}

/// Each certificate of a text in PEM, which may have other lines between them.
fn certificates(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(BEGIN).filter_map(|(start, _)| {
        let text = text.get(start..)?;
        text.get(..text.find(END)? + END.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with this text, in a folder of its own.
    fn refused(name: &str, text: &str) -> String {
        let file = format!("trailproof-authorities-{}-{name}", std::process::id());
        let path = env::temp_dir().join(file);
        fs::write(&path, text).unwrap();
        let said = of_bundle(&path).unwrap_err().to_string();
        fs::remove_file(&path).unwrap();
        said.replace(&path.display().to_string(), "FILE")
    }

    #[test]
    fn a_bundle_that_cannot_be_used_is_named() {
        let said = of_bundle(Path::new("/nonexistent/ca.pem")).unwrap_err().to_string();
        let named = "`AWS_CA_BUNDLE` names `/nonexistent/ca.pem`, which cannot be read: ";
        assert!(said.starts_with(named), "{said}");
        let none = "`AWS_CA_BUNDLE` names `FILE`, which holds no certificate authority in PEM";
        assert_eq!(refused("empty", ""), none);
        assert_eq!(refused("garbage", &format!("{BEGIN}\nAAAA\n{END}\n")), none);
        assert_eq!(refused("half", &format!("{BEGIN}\nAAAA\n")), none);
    }

    #[test]
    fn certificates_are_told_apart_from_what_is_between_them() {
        let text = format!("# one\n{BEGIN}\na\n{END}\n\n# two\n{BEGIN}\nb\n{END}{BEGIN}\nc");
        let found: Vec<_> = certificates(&text).collect();
        assert_eq!(found, [format!("{BEGIN}\na\n{END}"), format!("{BEGIN}\nb\n{END}")]);
    }
}
