//! How fast a release gets into a bucket on this machine: many objects, against a tool that only copies, in the same run; and an
//! assembly of one's own, first and unchanged.
//!
//! `cargo xtask bench` runs it with the program that people use, a build for development.

#![allow(missing_docs, reason = "a benchmark")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use support::assemblies::{ENTRY_POINT, Shape};
use support::directory;
use support::proxy::Proxy;
use support::weed::{Weed, beside_python};

/// How many objects, and how long each is: 200 MB together.
const OBJECTS: usize = 2_000;
const BYTES_EACH: usize = 100_000;

/// How often each is measured; the best counts, for nothing but other work makes it slower.
const RUNS: usize = 3;

fn main() {
    // What `cargo bench` passes on to every benchmark.
    let platform = std::env::var("FORMWORK_ASSEMBLY").ok();
    let weed = Weed::start();
    println!(
        "a release of {OBJECTS} objects, {} MB, into an empty bucket (best of {RUNS}):",
        OBJECTS * BYTES_EACH / 1_000_000
    );
    let home = directory("bench");
    // A template nests at most 500.
    let shape = Shape {
        stacks: OBJECTS / 5,
        assets: OBJECTS - OBJECTS / 5,
        ..Shape::of(0, BYTES_EACH, "bench")
    };
    let made = shape.write(&home.join("out"));
    let (mut ours, mut theirs, mut mib) = (f64::MAX, f64::MAX, 0);
    for run in 0..RUNS {
        let (bucket, other) = (format!("ours-{run}"), format!("theirs-{run}"));
        weed.create_bucket(&bucket);
        weed.create_bucket(&other);
        let took = publish(&weed, &made.directory, &bucket, &weed.endpoint());
        (ours, mib) = (ours.min(took.0), mib.max(took.1));
        theirs = theirs.min(copy(&weed, &made.directory, &other));
    }
    println!("  publish {ours:.2} s, at most {mib} MiB (reach: 100 MiB)");
    println!("  s5cmd   {theirs:.2} s");
    println!("  publish reaches {:.0} % of its speed (reach: 80 %)", 100.0 * theirs / ours);
    if let Some(assembly) = platform {
        whole(&weed, Path::new(&assembly));
    }
}

/// The platform's first publish, and one that has nothing to send.
fn whole(weed: &Weed, assembly: &Path) {
    weed.create_bucket("platform");
    let proxy = Proxy::start(weed.port);
    let first = publish(weed, assembly, "platform", &weed.endpoint()).0;
    println!("the platform's first publish: {first:.2} s (reach: 2 s)");
    let again = publish(weed, assembly, "platform", &weed.endpoint()).0;
    publish(weed, assembly, "platform", &proxy.endpoint());
    println!(
        "an unchanged publish: {again:.2} s, {} PUT (reach: 0.5 s, 0 PUT)",
        proxy.count("PUT")
    );
}

/// Seconds and peak MiB of a publish.
fn publish(weed: &Weed, assembly: &Path, bucket: &str, endpoint: &str) -> (f64, u64) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork-publish"));
    command.args(["publish", "--quiet", "--branch", "main", "--bucket", bucket, "--out"]);
    command.arg(assembly).args(["--endpoint-url", endpoint]);
    timed(weed, command)
}

/// Seconds that a copy of the same files takes.
fn copy(weed: &Weed, assembly: &Path, bucket: &str) -> f64 {
    let mut command = Command::new(beside_python("s5cmd"));
    command.args(["--endpoint-url", &weed.endpoint(), "sync"]);
    command.arg(format!("{}/", assembly.display())).arg(format!("s3://{bucket}/"));
    let took = timed(weed, command);
    assert!(weed.read_object(bucket, ENTRY_POINT).is_some(), "s5cmd copied nothing");
    took.0
}

fn timed(weed: &Weed, mut command: Command) -> (f64, u64) {
    command.env("AWS_ACCESS_KEY_ID", weed.access_key).env("AWS_SECRET_ACCESS_KEY", weed.secret_key);
    command.env("AWS_REGION", "us-east-1").stdout(Stdio::null());
    let start = Instant::now();
    let mut running = command.spawn().expect("it starts");
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    let done = loop {
        // The kernel's high-water mark, read until the process ends.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = mark.and_then(|mark| mark.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = kib.map_or(peak, |kib| kib / 1024);
        if let Some(done) = running.try_wait().expect("it can be waited for") {
            break done;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert!(done.success(), "it failed");
    (start.elapsed().as_secs_f64(), peak)
}
