//! Several publishers, several buckets.

use std::fmt::Write as _;
use std::thread;

use super::support::assemblies::{ENTRY_POINT, Shape};
use super::support::directory;
use super::support::faults::Fault;
use super::{Bucket, said, small};

#[test]
fn the_later_of_two_publishers_is_told() {
    let (bucket, home) = (Bucket::new(), directory("rivals"));
    bucket.publish(&small(&home, "before"), &[]).fine();
    let mine = Shape::of(6, 2_000, "mine").write(&home.join("mine"));
    let theirs = Shape::of(6, 2_000, "theirs").write(&home.join("theirs"));
    let mut rival = bucket.command(&["publish", "--branch", "main", "--quiet", "--out"]);
    rival.arg(&theirs.directory);
    let their_entry = theirs.bytes(ENTRY_POINT);
    bucket.proxy.set(Fault::BeforeRequest {
        matches: |request| request.method == "PUT" && request.key() == ENTRY_POINT,
        action: Box::new(move || {
            assert!(rival.status().expect("it starts").success());
        }),
    });
    bucket.publish(&mine, &[]).refused(&["somebody else made release", "cargo xtask releases"]);
    assert!(bucket.entry_point() == Some(their_entry), "another entry point is current");
    bucket.ask("verify", &[]).fine();
    bucket.publish(&mine, &[]).fine();
    assert!(
        bucket.entry_point() == Some(mine.bytes(ENTRY_POINT)),
        "another entry point is current"
    );
}

#[test]
fn publishers_of_the_same_release_do_not_hinder_each_other() {
    let (bucket, home) = (Bucket::new(), directory("same"));
    let made = small(&home, "same");
    thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| bucket.publish(&made, &[]))).collect();
        for run in runs {
            run.join().expect("it ends").fine();
        }
    });
    bucket.ask("verify", &[]).fine();
}

#[test]
fn all_mirrors_become_current_or_none() {
    let (first, second, home) = (Bucket::new(), Bucket::new(), directory("mirrors"));
    let shape = Shape::of(6, 2_000, "mirrors");
    let old = shape.write(&home.join("old"));
    let both = format!("{}@eu-west-1", second.name);
    first.publish(&old, &["--mirror", &both]).fine();
    assert!(first.entry_point() == second.entry_point(), "another entry point is current");
    let new = shape.edit_entry_point().write(&home.join("new"));
    // Both are reached through the first one's proxy: the second's entry point is refused.
    let path: &'static str = format!("/{}/{ENTRY_POINT}", second.name).leak();
    let mut command =
        first.command(&["publish", "--branch", "main", "--mirror", &second.name, "--out"]);
    command.arg(&new.directory);
    // Only the PUT fails: reading it is what a run begins with.
    first.proxy.set(Fault::Answer {
        status: 403,
        code: "AccessDenied",
        headers: &[],
        times: usize::MAX,
        methods: &["PUT"],
        path,
    });
    let mut expected = String::new();
    let _ = write!(expected, "bucket `{}` has its old release back", first.name);
    said(command).refused(&["AccessDenied", &expected]);
    assert!(first.entry_point() == Some(old.bytes(ENTRY_POINT)), "another entry point is current");
    assert!(second.entry_point() == Some(old.bytes(ENTRY_POINT)), "another entry point is current");
    first.proxy.heal();
    first.publish(&new, &["--mirror", &second.name]).fine();
    assert!(first.entry_point() == Some(new.bytes(ENTRY_POINT)), "another entry point is current");
    assert!(second.entry_point() == Some(new.bytes(ENTRY_POINT)), "another entry point is current");
}

#[test]
fn an_object_that_vanishes_meanwhile_stops_the_publisher() {
    let (bucket, home) = (Bucket::new(), directory("pruned"));
    let shape = Shape::of(6, 2_000, "pruned");
    let old = shape.write(&home.join("old"));
    bucket.publish(&old, &[]).fine();
    let new = shape.edit_stack(0).write(&home.join("new"));
    let gone = new.keys().into_iter().find(|key| key.starts_with("templates/stack-2"));
    let gone = gone.expect("a stack that did not change");
    let (name, key) = (bucket.name.clone(), gone.clone());
    bucket.proxy.set(Fault::BeforeRequest {
        matches: |request| request.method == "PUT" && request.key().starts_with("releases/"),
        action: Box::new(move || super::Weed::shared().delete_object(&name, &key)),
    });
    bucket.publish(&new, &[]).refused(&[&gone, "was removed from bucket", "publish again"]);
    assert!(bucket.entry_point() == Some(old.bytes(ENTRY_POINT)), "another entry point is current");
    bucket.publish(&new, &[]).fine();
    bucket.ask("verify", &[]).fine();
}

#[test]
fn a_release_that_is_pruned_meanwhile_does_not_become_current() {
    let (bucket, home) = (Bucket::new(), directory("rolled-and-pruned"));
    let shape = Shape::of(6, 2_000, "rolled and pruned");
    let old = shape.write(&home.join("old"));
    bucket.publish(&old, &[]).fine();
    let new = shape.edit_stack(0).write(&home.join("new"));
    bucket.publish(&new, &[]).fine();
    let id = formwork::assembly::sha256(&old.bytes(ENTRY_POINT));
    let (name, record) = (bucket.name.clone(), format!("releases/{id}.json"));
    // Prune begins with the record.
    bucket.proxy.set(Fault::BeforeRequest {
        matches: |request| request.method == "PUT" && request.key() == ENTRY_POINT,
        action: Box::new(move || super::Weed::shared().delete_object(&name, &record)),
    });
    bucket
        .ask("rollback", &["--to", &id])
        .refused(&["was pruned from bucket", "what was current before is current again"]);
    assert!(bucket.entry_point() == Some(new.bytes(ENTRY_POINT)), "another entry point is current");
    bucket.ask("verify", &[]).fine();
}
