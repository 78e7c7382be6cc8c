//! A publisher that is killed at any moment leaves a bucket that launches a whole release.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::support::assemblies::{ENTRY_POINT, Shape};
use super::support::directory;
use super::{Bucket, said};

/// How many times a publisher is killed.
const KILLS: u32 = 100;

#[test]
fn killed_at_a_hundred_moments_it_leaves_a_whole_release() {
    let (bucket, home) = (Bucket::new(), directory("kill"));
    // Many small objects: more moments between two of them.
    let shape = |seed: &str| Shape::of(12, 3_000, seed);
    let out = home.join("out");
    bucket.publish(&shape("first").write(&out), &[]).fine();
    bucket.proxy.clear();
    bucket.publish(&shape("counted").write(&out), &["--quiet"]).fine();
    let whole = bucket.proxy.requests().len();
    assert!(whole > 15, "{whole} requests");
    let mut random: u64 = 0x9E37_79B9_7F4A_7C15;
    let (mut changed, mut killed) = (0, 0);
    let mut launched = bucket.entry_point().expect("one is current");
    for kill in 0..KILLS {
        // A fixed sequence without pattern, so that a failure comes again.
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let [moment, pause] =
            [random >> 33, random >> 48].map(|it| usize::try_from(it).unwrap_or(0));
        shape(&format!("kill {kill}")).write(&out);
        let mut command = bucket.command(&["publish", "--branch", "main", "--quiet", "--out"]);
        command.arg(&out).stderr(Stdio::null());
        bucket.proxy.clear();
        let mut running = command.spawn().expect("it starts");
        // However fast the machine is: a moment is so many requests, and a little later. Each fifth is the very last one.
        let requests = if kill % 5 == 0 { whole } else { moment % whole };
        while bucket.proxy.requests().len() < requests
            && running.try_wait().expect("it runs").is_none()
        {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(pause as u64 % 3_000));
        let _ = running.kill();
        killed += u32::from(!running.wait().expect("it ends").success());
        // The last words of one that was killed may still be on their way: whichever release is current, it is whole.
        let now = bucket.entry_point().expect("one is current");
        changed += u32::from(now != launched);
        launched = now;
        let mut verify = bucket.command(&["verify", "--anonymous", "--template", ENTRY_POINT]);
        verify.env_remove("AWS_ACCESS_KEY_ID");
        let verified = said(verify);
        assert_eq!(verified.code, Some(0), "kill {kill}\n{}", verified.stderr);
    }
    // It was killed, and early and late: else nothing was proven.
    assert!(killed > KILLS / 2, "{killed} of {KILLS} were killed");
    assert!((1..KILLS).contains(&changed), "{changed} of {KILLS} were late enough");
    bucket.publish(&shape("last").write(&out), &[]).fine();
    bucket.ask("verify", &[]).fine();
}
