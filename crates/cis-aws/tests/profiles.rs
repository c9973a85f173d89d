//! Whose credentials are used. The environment is a process's, so each case runs in one of its own.

use std::env;
use std::error::Error;
use std::process::Command;

use aws_sdk_sts::config::ProvideCredentials as _;

const PROFILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/profiles.ini");

/// What a process with these variables says of its Region and credentials.
fn ask(profile: Option<&str>, variables: &[(&str, &str)]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .args(["answer", "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .env("AWS_CONFIG_FILE", PROFILES)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(profile.map(|profile| ("ASKED_PROFILE", profile)))
        .envs(variables.iter().copied())
        .output()?;
    let said = String::from_utf8(output.stdout)?;
    let answer = said.lines().find_map(|line| line.strip_prefix("ANSWER "));
    Ok(answer.ok_or("no answer")?.to_owned())
}

#[tokio::test]
#[ignore = "the other tests start it, in an environment that they choose"]
async fn answer() -> Result<(), Box<dyn Error>> {
    let profile = env::var("ASKED_PROFILE").ok();
    let config = cis_aws::load_config(profile.as_deref(), None).await;
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    let provider = config.credentials_provider().ok_or("no provider")?;
    let key = match provider.provide_credentials().await {
        Ok(credentials) => credentials.access_key_id().to_owned(),
        Err(error) => error.source().map(ToString::to_string).unwrap_or_else(|| error.to_string()),
    };
    println!("\nANSWER {region} {key}");
    Ok(())
}

const ENVIRONMENT: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "of-environment"), ("AWS_SECRET_ACCESS_KEY", "testing")];

#[test]
fn without_a_profile_the_chain_is_the_sdks() -> Result<(), Box<dyn Error>> {
    assert_eq!(ask(None, &[])?, "eu-west-1 of-default");
    assert_eq!(ask(None, &ENVIRONMENT)?, "eu-west-1 of-environment");
    let chosen = [("AWS_PROFILE", "audit")];
    assert_eq!(ask(None, &chosen)?, "eu-north-1 of-audit");
    let region = [("AWS_REGION", "us-east-1")];
    assert_eq!(ask(None, &region)?, "us-east-1 of-default");
    Ok(())
}

#[test]
fn a_profile_that_is_asked_for_comes_before_the_environment() -> Result<(), Box<dyn Error>> {
    assert_eq!(ask(Some("audit"), &ENVIRONMENT)?, "eu-north-1 of-audit");
    Ok(())
}

#[test]
fn a_profile_that_does_not_exist_is_no_other_ones_credentials() -> Result<(), Box<dyn Error>> {
    let said = ask(Some("adit"), &ENVIRONMENT)?;
    assert!(said.contains("adit"), "{said}");
    assert!(!said.contains("of-"), "{said}");
    Ok(())
}
