//! draft
#![allow(missing_docs, reason = "a test")]
use formwork::assembly::{Assembly, Settings};
use mlops_platform::stacks::deploy_infra;
#[test]
fn writes() {
    let a = Assembly::new()
        .with(deploy_infra::STACK.template())
        .synth(Settings::default())
        .unwrap_or_else(|p| panic!("{p}"));
    let text = &a.template("deploy-infra").unwrap().text;
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/deploy-infra.yaml"), text).unwrap();
}
