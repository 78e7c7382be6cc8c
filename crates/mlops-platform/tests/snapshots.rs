//! The platform's templates and that of the bucket of `main` as they were reviewed, in `snapshots/` at the top level. Keys carry
//! names in place of hashes, so that a template changes only where its own source does.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeSet;
use std::path::Path;

use formwork::assembly::{KeyStyle, Settings};
use mlops_platform::launch::PAGE;

#[test]
fn templates() {
    let settings = Settings { keys: KeyStyle::Named, ..Settings::default() };
    let bucket = mlops_platform::release_bucket(&PAGE.branches[0]);
    let synthesized = [mlops_platform::assembly(), bucket]
        .map(|assembly| assembly.synth(settings).unwrap_or_else(|p| panic!("{p}")));
    let templates = || synthesized.iter().flat_map(|one| &one.templates);
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path("../../../snapshots");
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| {
        for template in templates() {
            insta::assert_snapshot!(template.entry.name.clone(), template.text);
        }
    });
    let expected: BTreeSet<String> =
        templates().map(|one| format!("{}.snap", one.entry.name)).collect();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots");
    let there: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "snap"))
        .collect();
    assert_eq!(there, expected, "a snapshot that no template has: delete it");
}
