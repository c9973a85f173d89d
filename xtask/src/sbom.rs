//! What a release is made of, in CycloneDX's JSON.
//!
//! It holds no time and no number made by chance: the same dependencies make the same document.
//!
//! Source: <https://cyclonedx.org/docs/1.6/json/>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::dependencies::Package;

/// The document of these packages, for a version of trailproof. `checksums` are those of
/// `Cargo.lock`, by name and version.
#[must_use]
pub fn document(
    version: &str,
    packages: &[Package],
    checksums: &BTreeMap<(String, String), String>,
) -> Value {
    let components: Vec<Value> =
        packages.iter().map(|package| component(package, checksums)).collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "trailproof",
                "name": "trailproof",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
    })
}

fn component(package: &Package, checksums: &BTreeMap<(String, String), String>) -> Value {
    let Package { name, version, .. } = package;
    let purl = format!("pkg:cargo/{name}@{version}");
    let mut component = json!({
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    });
    if let Some(description) = &package.description {
        component["description"] = description.as_str().into();
    }
    if let Some(license) = &package.license {
        // `/` is what old packages write for OR; the document takes SPDX expressions only.
        let parts: Vec<&str> = license.split('/').map(str::trim).collect();
        component["licenses"] = json!([{"expression": parts.join(" OR ")}]);
    }
    if let Some(checksum) = checksums.get(&(name.clone(), version.clone())) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    component
}

/// The checksums in `Cargo.lock`, by name and version. The workspace's own packages have none.
#[must_use]
pub fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let packages = lock.split("[[package]]");
    packages
        .filter_map(|package| {
            let member = |name: &str| {
                let line = package.lines().find_map(|line| line.strip_prefix(name))?;
                Some(line.trim().trim_matches('"').to_owned())
            };
            Some(((member("name =")?, member("version =")?), member("checksum =")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn a_component_has_its_license_and_its_checksum() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\
                    source = \"registry\"\nchecksum = \"00ff\"\n\n[[package]]\nname = \"own\"\n\
                    version = \"0.1.0\"\n";
        let checksums = checksums(lock);
        assert_eq!(checksums.len(), 1);
        let package = Package {
            name: "a".to_owned(),
            version: "1.2.3".to_owned(),
            license: Some("MIT/Apache-2.0".to_owned()),
            source: Some("registry".to_owned()),
            description: None,
            folder: PathBuf::new(),
        };
        let document = document("0.2.0", &[package], &checksums);
        assert_eq!(
            document["components"],
            json!([{
                "type": "library",
                "bom-ref": "pkg:cargo/a@1.2.3",
                "name": "a",
                "version": "1.2.3",
                "purl": "pkg:cargo/a@1.2.3",
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "hashes": [{"alg": "SHA-256", "content": "00ff"}],
            }])
        );
        assert_eq!(document.get("serialNumber"), None, "nothing by chance");
    }
}
