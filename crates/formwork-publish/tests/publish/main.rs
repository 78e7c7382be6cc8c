//! Releases on a real S3 server and in directories: what a publisher and those who launch see, whatever goes wrong between.
//!
//! Everything is asked of the program itself: its exit code, its words, and the objects in the bucket.

#![allow(missing_docs, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod directory;
mod faults;
mod kill;
mod releases;
mod rivals;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use support::assemblies::{ENTRY_POINT, Made, Shape};
use support::proxy::Proxy;
use support::weed::Weed;

/// A bucket on the test's server, and a proxy in front of it that counts what is asked.
struct Bucket {
    weed: &'static Weed,
    proxy: Proxy,
    name: String,
}

/// What a run of the program said.
struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Bucket {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let weed = Weed::shared();
        let name = format!("release-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        weed.create_bucket(&name);
        Bucket { weed, proxy: Proxy::start(weed.port), name }
    }

    /// The program with the publisher's credentials, not yet started.
    fn command(&self, words: &[&str]) -> Command {
        let endpoint = self.proxy.endpoint();
        let (verb, more) = words.split_first().expect("a command");
        let mut command = program(&[verb, "--bucket", &self.name, "--endpoint-url", &endpoint]);
        command.args(more);
        command.env("AWS_ACCESS_KEY_ID", self.weed.access_key);
        command.env("AWS_SECRET_ACCESS_KEY", self.weed.secret_key);
        command
    }

    fn run(&self, words: &[&str]) -> Said {
        said(self.command(words))
    }

    /// `publish` of an assembly.
    fn publish(&self, made: &Made, more: &[&str]) -> Said {
        let out = made.directory.to_str().expect("UTF-8");
        self.run(&[&["publish", "--branch", "main", "--out", out], more].concat())
    }

    /// A command about releases that are there already.
    fn ask(&self, command: &str, more: &[&str]) -> Said {
        self.run(&[&[command, "--template", ENTRY_POINT], more].concat())
    }

    fn keys(&self) -> Vec<String> {
        self.weed.list(&self.name).into_iter().map(|(key, _)| key).collect()
    }

    fn entry_point(&self) -> Option<Vec<u8>> {
        self.weed.read_object(&self.name, ENTRY_POINT)
    }

    /// The keys that were put since the proxy was cleared, in order.
    fn puts(&self) -> Vec<String> {
        let requests = self.proxy.requests();
        let puts = requests.iter().filter(|request| request.method == "PUT");
        puts.map(|request| request.key().to_owned()).collect()
    }
}

impl Said {
    /// The run was well.
    #[track_caller]
    fn fine(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self
    }

    /// The run was refused, and said all of this.
    #[track_caller]
    fn refused(self, texts: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}", self.stderr);
        assert!(
            self.stderr.starts_with("error: ") || self.stderr.contains("\nerror: "),
            "{}",
            self.stderr
        );
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is not in\n{}", self.stderr);
        }
        assert!(self.stdout.is_empty(), "{}", self.stdout);
        self
    }
}

/// The program, with nothing of this machine's AWS settings and as impatient as a test must be.
fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork-publish"));
    command.args(words);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command.env("AWS_REGION", "us-east-1");
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    command
}

/// Runs the program to its end. Whatever it was asked, no secret is in what it said.
fn said(mut command: Command) -> Said {
    let output = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = Said {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    let weed = Weed::shared();
    for secret in [weed.secret_key, weed.reader_secret_key, "wrong-secret", "expired-session-token"]
    {
        let all = [&said.stdout, &said.stderr];
        assert!(!all.iter().any(|text| text.contains(secret)), "a secret was said");
    }
    said
}

/// A small assembly: three nested stacks and three assets.
fn small(directory: &Path, seed: &str) -> Made {
    Shape::of(6, 2_000, seed).write(&directory.join("out"))
}
