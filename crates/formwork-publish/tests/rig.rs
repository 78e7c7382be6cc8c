//! The rig itself, before anything is tested with it: every fault does what it says, and nothing is left behind.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use support::assemblies::{ENTRY_POINT, Made, Shape, assembly};
use support::directory;
use support::faults::{ALWAYS, Fault};
use support::ports::Ports;
use support::proxy::Proxy;
use support::weed::Weed;
use support::wire::{Head, ask, connect, copy};

/// A bucket of the test's own with one object, and a proxy before it.
fn bucket(name: &str) -> (&'static Weed, Proxy) {
    let weed = Weed::shared();
    weed.create_bucket(name);
    weed.overwrite_object(name, "the/object.txt", b"0123456789");
    (weed, Proxy::start(weed.port))
}

/// The status of a request without a signature, or 0 if none comes.
fn status(proxy: &Proxy, method: &str, path: &str) -> u16 {
    ask(proxy.port, method, path, &[], b"").map_or(0, |answer| answer.status)
}

#[test]
fn a_bucket_and_what_is_in_it() {
    let weed = Weed::shared();
    weed.create_bucket("rig-bucket");
    assert_eq!(weed.list("rig-bucket"), []);
    assert_eq!(weed.read_object("rig-bucket", "a/b c+d.txt"), None);
    weed.overwrite_object("rig-bucket", "a/b c+d.txt", b"one");
    weed.overwrite_object("rig-bucket", "z", b"");
    let expected = [("a/b c+d.txt".to_owned(), 3), ("z".to_owned(), 0)];
    assert_eq!(weed.list("rig-bucket"), expected);
    assert_eq!(weed.read_object("rig-bucket", "a/b c+d.txt").unwrap(), b"one");
    weed.overwrite_object("rig-bucket", "a/b c+d.txt", b"three");
    let head = weed.head_object("rig-bucket", "a/b c+d.txt").unwrap();
    assert_eq!(head.header("content-length"), Some("5"));
    assert_eq!(head.header("x-amz-checksum-sha256"), None);
    weed.delete_object("rig-bucket", "z");
    weed.delete_object("rig-bucket", "z");
    assert_eq!(weed.list("rig-bucket").len(), 1);
    let large: Vec<u8> = (0..9_000_000_u32).map(|it| it.to_le_bytes()[0]).collect();
    weed.overwrite_object("rig-bucket", "large", &large);
    assert_eq!(weed.read_object("rig-bucket", "large").unwrap(), large);
}

#[test]
fn a_server_that_is_killed_keeps_what_it_had() {
    let mut weed = Weed::start();
    weed.create_bucket("rig-kill");
    weed.overwrite_object("rig-kill", "key", b"kept");
    let (process, place) = (weed.process(), weed.directory().to_owned());
    weed.kill();
    assert!(!runs(process));
    assert!(ask(weed.port, "GET", "/rig-kill/key", &[], b"").is_err());
    weed.restart();
    assert_eq!(weed.read_object("rig-kill", "key").unwrap(), b"kept");
    let process = weed.process();
    weed.stop();
    assert!(!runs(process));
    assert!(!place.exists());
}

/// Whether there is such a process.
fn runs(process: u32) -> bool {
    let mut kill = Command::new("kill");
    kill.args(["-0", &process.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

/// Not a test by itself: the next one starts it in a process of its own, and kills that.
#[test]
fn holds_a_server() {
    if std::env::var_os("RIG_HOLDS").is_none() {
        return;
    }
    let weed = Weed::shared();
    println!("holds {} {}", weed.process(), weed.directory().display());
    thread::sleep(Duration::from_mins(1));
}

#[test]
fn no_server_outlives_a_process_that_is_killed() {
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["holds_a_server", "--exact", "--nocapture"])
        .env("RIG_HOLDS", "1")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.into_iter().find(|line| line.contains("holds "));
    let line = line.expect("the process says what it holds");
    let words: Vec<_> = line.split("holds ").last().unwrap().split(' ').collect();
    let (process, place) = (words[0].parse().unwrap(), Path::new(words[1]));
    assert!(runs(process) && place.exists());
    test.kill().unwrap();
    test.wait().unwrap();
    let start = Instant::now();
    while runs(process) || place.exists() {
        assert!(start.elapsed() < Duration::from_secs(10), "{line} is still there");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn blocks_of_ports_are_taken_once() {
    let taken: Vec<_> = (0..20).map(|_| Ports::take()).collect();
    let mut all: Vec<_> = taken.iter().flat_map(Ports::all).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 180);
}

#[test]
fn requests_pass_and_are_recorded() {
    let (_, proxy) = bucket("rig-pass");
    let answer = ask(proxy.port, "GET", "/rig-pass/the/object.txt?x=y", &[("X-Own", "1")], b"");
    assert_eq!(answer.unwrap().body, b"0123456789");
    assert_eq!(status(&proxy, "HEAD", "/rig-pass/the/object.txt"), 200);
    assert_eq!(status(&proxy, "GET", "/rig-pass/not/there"), 404);
    assert_eq!(status(&proxy, "PUT", "/rig-pass/mine"), 403);
    let requests = proxy.requests();
    let seen: Vec<_> =
        requests.iter().map(|it| (it.method.as_str(), it.key(), it.status)).collect();
    let expected = [
        ("GET", "the/object.txt", Some(200)),
        ("HEAD", "the/object.txt", Some(200)),
        ("GET", "not/there", Some(404)),
        ("PUT", "mine", Some(403)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(requests[0].path, "/rig-pass/the/object.txt?x=y");
    assert_eq!(requests[0].header("x-own"), Some("1"));
    assert_eq!((proxy.count("GET"), proxy.count("DELETE")), (2, 0));
    proxy.clear();
    assert_eq!(proxy.requests().len(), 0);
}

/// One connection serves many requests, with and without bodies, and the one that asks first whether to send its body.
#[test]
fn connections_are_kept() {
    let (_, proxy) = bucket("rig-keep");
    let mut to = connect(proxy.port).unwrap();
    let mut from = BufReader::new(to.try_clone().unwrap());
    let mut next = |request: &str| {
        to.write_all(request.as_bytes()).unwrap();
        let head = Head::read(&mut from).unwrap().expect("the connection is open");
        let method = request.split(' ').next().unwrap();
        let mut body = Vec::new();
        copy(&mut from, &mut body, head.answer_body(method), u64::MAX).unwrap();
        head.status()
    };
    let get = "GET /rig-keep/the/object.txt HTTP/1.1\r\nHost: rig\r\n\r\n";
    assert_eq!((next(get), next(get)), (200, 200));
    assert_eq!(next(&get.replace("GET", "HEAD")), 200);
    let put = "PUT /rig-keep/mine HTTP/1.1\r\nHost: rig\r\n";
    proxy.set(Fault::answer(503, "SlowDown", 1, &["PUT"]));
    assert_eq!(next(&format!("{put}Content-Length: 5\r\n\r\nhello")), 503);
    let chunked = "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nx-trailer: 1\r\n\r\n";
    proxy.set(Fault::answer(503, "SlowDown", 1, &["PUT"]));
    assert_eq!(next(&format!("{put}{chunked}")), 503);
    assert_eq!(next(get), 200);
    assert_eq!(next(&format!("{put}{chunked}")), 403);
    let asking = format!("{put}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert!([403, 100].contains(&next(&asking)));
}

#[test]
fn errors_of_s3() {
    let (_, proxy) = bucket("rig-errors");
    let path = "/rig-errors/the/object.txt";
    proxy.set(Fault::answer(503, "SlowDown", 2, &["GET"]));
    assert_eq!(status(&proxy, "HEAD", path), 200);
    let answer = ask(proxy.port, "GET", path, &[], b"").unwrap();
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("<Code>SlowDown</Code>"), "{}", answer.text());
    assert_eq!((status(&proxy, "GET", path), status(&proxy, "GET", path)), (503, 200));
    proxy.set(Fault::answer_for("object", 403, "ExpiredToken", ALWAYS));
    assert_eq!(status(&proxy, "HEAD", path), 403);
    assert_eq!(status(&proxy, "GET", "/rig-errors/other"), 404);
    let forwarded: Vec<_> = proxy.requests().iter().map(|it| it.forwarded).collect();
    assert_eq!(forwarded, [true, false, false, true, false, true]);
    proxy.heal();
    assert_eq!(status(&proxy, "HEAD", path), 200);
}

#[test]
fn the_wrong_region() {
    let (_, proxy) = bucket("rig-region");
    proxy.set(Fault::Redirect { region: "eu-central-1" });
    let in_region = |region: &str| {
        let signed = format!("AWS4-HMAC-SHA256 Credential=A/20260101/{region}/s3/aws4_request, …");
        let headers = [("Authorization", signed.as_str())];
        ask(proxy.port, "GET", "/rig-region/the/object.txt", &headers, b"").unwrap()
    };
    let answer = in_region("us-east-1");
    assert_eq!(answer.status, 301);
    assert_eq!(answer.header("x-amz-bucket-region"), Some("eu-central-1"));
    assert_ne!(in_region("eu-central-1").status, 301);
    assert_eq!(status(&proxy, "HEAD", "/rig-region/the/object.txt"), 301);
}

#[test]
fn downloads_are_cut() {
    let (_, proxy) = bucket("rig-download");
    let path = "/rig-download/the/object.txt";
    proxy.set(Fault::CutDownload { after_bytes: 4, times: 1 });
    let mut stream = connect(proxy.port).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: rig\r\n\r\n").unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).unwrap();
    assert!(all.contains("Content-Length: 10\r\n") && all.ends_with("\r\n\r\n0123"), "{all}");
    assert_eq!(status(&proxy, "GET", path), 200);
    // What is not longer is not cut.
    proxy.set(Fault::CutDownload { after_bytes: 10, times: 1 });
    assert_eq!(status(&proxy, "GET", path), 200);
}

#[test]
fn uploads_are_cut() {
    // The server under test answers at once that it needs a signature: another one has to wait for the body.
    let upstream = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = upstream.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let mut got = Vec::new();
        upstream.accept().unwrap().0.read_to_end(&mut got).unwrap();
        String::from_utf8(got).unwrap()
    });
    let proxy = Proxy::start(port);
    proxy.set(Fault::CutUpload { after_bytes: 4, times: 1 });
    assert!(ask(proxy.port, "PUT", "/b/k", &[], b"0123456789").is_err());
    let got = server.join().unwrap();
    assert!(got.contains("Content-Length: 10\r\n") && got.ends_with("\r\n\r\n0123"), "{got}");
    assert_eq!(proxy.requests()[0].status, None);
}

#[test]
fn the_server_dies_and_lives_again() {
    let (_, proxy) = bucket("rig-dies");
    let path = "/rig-dies/the/object.txt";
    let mut idle = connect(proxy.port).unwrap();
    proxy.set(Fault::DieAfter { requests: 2 });
    let asked: Vec<_> = (0..4).map(|_| status(&proxy, "GET", path)).collect();
    assert_eq!(asked, [200, 200, 0, 0]);
    assert!(proxy.is_dead() && connect(proxy.port).is_err());
    assert_eq!(idle.read(&mut [0]).unwrap_or(0), 0, "open connections end too");
    assert_eq!(proxy.requests().len(), 3, "the last one met a closed door");
    proxy.revive();
    assert_eq!(status(&proxy, "GET", path), 200);
}

#[test]
fn somebody_else_is_faster() {
    let (weed, proxy) = bucket("rig-race");
    let happened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&happened);
    let action = Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
        weed.overwrite_object("rig-race", "the/object.txt", b"theirs");
    });
    proxy.set(Fault::BeforeRequest { matches: |it| it.method == "GET", action });
    proxy.set(Fault::Delay { millis: 30 });
    let path = "/rig-race/the/object.txt";
    assert_eq!(status(&proxy, "HEAD", path), 200);
    assert_eq!(happened.load(Ordering::Relaxed), 0);
    let start = Instant::now();
    assert_eq!(ask(proxy.port, "GET", path, &[], b"").unwrap().body, b"theirs");
    assert!(start.elapsed() >= Duration::from_millis(30));
    assert_eq!(status(&proxy, "GET", path), 200);
    assert_eq!(happened.load(Ordering::Relaxed), 1, "once");
}

/// What differs between two assemblies: the files that only the second one has, by their names without hash.
fn changed(first: &Made, second: &Made) -> Vec<String> {
    let content = |made: &Made| -> BTreeMap<String, Vec<u8>> {
        made.keys().into_iter().map(|key| (key.clone(), made.bytes(&key))).collect()
    };
    let first = content(first);
    let new = content(second).into_iter().filter(|(key, bytes)| first.get(key) != Some(bytes));
    new.map(|(key, _)| key.split('.').next().unwrap().to_owned()).collect()
}

#[test]
fn assemblies_differ_where_they_are_edited() {
    let top = directory("assemblies");
    let shape = || Shape::of(6, 2_000, "seed");
    let first = assembly(&top.join("first"), 6, 2_000, "seed");
    assert_eq!(first.keys().len(), 7);
    assert!(first.manifest.assets.iter().any(|it| it.hash != it.sha256));
    assert!(first.manifest.assets.iter().any(|it| it.hash == it.sha256));
    let edited = |name: &str, shape: Shape| changed(&first, &shape.write(&top.join(name)));
    assert_eq!(edited("same", shape()), Vec::<String>::new());
    assert_eq!(edited("stack", shape().edit_stack(1)), ["mlops_entry_point", "templates/stack-1"]);
    let asset = ["assets/asset-0", "mlops_entry_point", "templates/stack-0"];
    assert_eq!(edited("asset", shape().edit_asset(0)), asset);
    assert_eq!(edited("entry", shape().edit_entry_point()), ["mlops_entry_point"]);
    assert_eq!(edited("seed", Shape::of(6, 2_000, "other")).len(), 7);
    assert_eq!(assembly(&top.join("none"), 0, 10, "seed").keys(), [ENTRY_POINT]);
    let text = fs::read_to_string(first.directory.join(ENTRY_POINT)).unwrap();
    let key = &first.manifest.templates[0].file;
    for url in
        ["${BucketName}.s3.${BucketRegion}.${AWS::URLSuffix}", "${BucketName}.s3.${AWS::URLSuffix}"]
    {
        assert!(text.contains(&format!("- !Sub https://{url}/{key}\n")), "{text}");
    }
}
