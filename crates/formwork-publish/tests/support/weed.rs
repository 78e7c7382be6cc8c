//! A `SeaweedFS` server, which speaks S3, for the time of a test.
//!
//! It never outlives the test's process: a shell that watches the pipe from there ends it, and removes what it wrote,
//! as soon as the pipe closes, which it does however the process ends.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::ports::Ports;
use super::wire::{Answer, PATIENCE, ask};

/// Starts the server, says its process id, and ends it when the pipe on its input says so or closes. Only the server
/// keeps the output open, so whoever reads there notices its end. It leaves sockets in /tmp when it is killed.
const SUPERVISOR: &str = r#"
trap '' HUP INT TERM
directory=$1 ports=$2
shift 2
"$@" 3>&1 >>"$directory/log" 2>&1 </dev/null &
server=$!
echo "$server"
exec >/dev/null
read -r wish || wish=remove
kill -KILL "$server"
wait "$server"
for port in $ports; do rm -f /tmp/seaweedfs-*-"$port".sock; done
[ "$wish" = keep ] || rm -rf "$directory"
"#;

/// May do everything.
const PUBLISHER: (&str, &str) = ("rigpublisher", "secret-of-the-publisher");
/// May read and list, and has no permission for anything else.
const READER: (&str, &str) = ("rigreader", "secret-of-the-reader");

/// The server.
pub struct Weed {
    /// Where S3 answers.
    pub port: u16,
    /// The id of the credentials that may do everything.
    pub access_key: &'static str,
    /// Their secret.
    pub secret_key: &'static str,
    /// The id of the credentials that may only read and list.
    pub reader_access_key: &'static str,
    /// Their secret.
    pub reader_secret_key: &'static str,
    ports: Ports,
    directory: PathBuf,
    running: Option<Running>,
}

/// The processes.
struct Running {
    supervisor: Child,
    server: u32,
    /// Done when the server is.
    watcher: JoinHandle<()>,
}

impl Weed {
    /// One server for all tests of a process. It ends with the process.
    pub fn shared() -> &'static Weed {
        static SHARED: OnceLock<Weed> = OnceLock::new();
        SHARED.get_or_init(Weed::start)
    }

    /// Starts a server and waits until it answers.
    pub fn start() -> Self {
        let mut said = String::new();
        // Another program can take a port between the look at it and the server's start.
        for _ in 0..5 {
            let mut weed = Weed::prepared(Ports::take());
            match weed.run() {
                Ok(()) => return weed,
                Err(reason) => said = reason,
            }
        }
        panic!("SeaweedFS does not start: {said}");
    }

    fn prepared(ports: Ports) -> Self {
        let directory = super::new_directory("weed");
        let all = ["Admin", "Read", "Write", "List", "Tagging"];
        let of = |(id, secret)| json!([{ "accessKey": id, "secretKey": secret }]);
        let identities = json!({ "identities": [
            { "name": "publisher", "credentials": of(PUBLISHER), "actions": all },
            { "name": "reader", "credentials": of(READER), "actions": ["Read", "List"] },
            { "name": "anonymous", "actions": ["Read"] },
        ]});
        fs::write(directory.join("s3.json"), identities.to_string()).unwrap();
        Weed {
            port: ports.at(S3),
            access_key: PUBLISHER.0,
            secret_key: PUBLISHER.1,
            reader_access_key: READER.0,
            reader_secret_key: READER.1,
            ports,
            directory,
            running: None,
        }
    }

    /// Starts the processes; an error is worth another try on other ports.
    fn run(&mut self) -> Result<(), String> {
        let ports: Vec<_> = self.ports.all().iter().map(u16::to_string).collect();
        let mut supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, "sh"])
            .arg(&self.directory)
            .arg(ports.join(" "))
            .arg(beside_python("weed"))
            .args(self.arguments())
            // No settings of this machine, and none of its credentials, which the server would accept as well.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.directory)
            // One file for the objects of a bucket instead of seven, made at the first upload.
            .env("WEED_MASTER_VOLUME_GROWTH_COPY_1", "1")
            .current_dir(&self.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C ends the test; the pipe then ends this.
            .process_group(0)
            .spawn()
            .map_err(|error| format!("sh: {error}"))?;
        let mut output = BufReader::new(supervisor.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).map_err(|error| error.to_string())?;
        let server = line.trim().parse().map_err(|_| format!("no process id but `{line}`"))?;
        let watcher = thread::spawn(move || {
            let _ = output.read_to_end(&mut Vec::new());
        });
        self.running = Some(Running { supervisor, server, watcher });
        self.wait()
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments: Vec<String> = [
            "-logtostderr=true",
            "server",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            // Alone it need not wait for an election, which takes a second.
            "-master.peers=none",
            "-master.telemetry=false",
            "-master.volumeSizeLimitMB=64",
            "-volume.max=500",
            "-s3",
            "-s3.config=s3.json",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            // As in S3, a bucket that is not there stays so.
            "-s3.autoCreateBucket=false",
        ]
        .map(str::to_owned)
        .into();
        let data = self.directory.join("data");
        fs::create_dir_all(&data).unwrap();
        arguments.push(format!("-dir={}", data.display()));
        for (place, name) in ["master", "volume", "filer", "s3"].into_iter().enumerate() {
            let place = u16::try_from(2 * place).expect("there are four");
            arguments.push(format!("-{name}.port={}", self.ports.at(place)));
            arguments.push(format!("-{name}.port.grpc={}", self.ports.at(place + 1)));
        }
        arguments
    }

    /// Waits until S3 answers and there is a place for objects.
    fn wait(&self) -> Result<(), String> {
        let running = self.running.as_ref().expect("it was started");
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if running.watcher.is_finished() {
                return Err(format!("it ended at once\n{}", self.log_tail()));
            }
            let there = |port, path: &str, expected: &str| {
                ask(port, "GET", path, &[], b"").is_ok_and(|it| it.text().contains(expected))
            };
            if there(self.port, "/not-there/key", "NoSuchBucket")
                && there(self.ports.at(MASTER), "/dir/status", "DataNodes\":[{")
            {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("it does not answer within {PATIENCE:?}\n{}", self.log_tail()))
    }

    /// The end of what the server has said.
    pub fn log_tail(&self) -> String {
        let log = fs::read(self.directory.join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// The URL of S3.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The directory of everything that the server writes.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The server's process id.
    pub fn process(&self) -> u32 {
        self.running.as_ref().expect("the server runs").server
    }

    /// Ends the server as a power cut does. What it has written stays.
    pub fn kill(&mut self) {
        self.end("keep\n");
    }

    /// Starts it again after [`kill`](Self::kill), on the same ports and with what it had.
    pub fn restart(&mut self) {
        assert!(self.running.is_none(), "kill it before");
        self.run().unwrap_or_else(|reason| panic!("SeaweedFS does not start again: {reason}"));
    }

    /// Ends the server and removes what it has written, as dropping it does.
    pub fn stop(self) {
        drop(self);
    }

    fn end(&mut self, wish: &str) {
        let Some(mut running) = self.running.take() else { return };
        // If the shell is not there to read, it cannot do its work, and there is none left.
        let mut input = running.supervisor.stdin.take().expect("it is piped");
        let _ = input.write_all(wish.as_bytes());
        drop(input);
        let _ = running.supervisor.wait();
    }
}

impl Drop for Weed {
    fn drop(&mut self) {
        self.end("remove\n");
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Places of the ports: each server's own and, one further, that for its peers.
const MASTER: u16 = 0;
const FILER: u16 = 4;
const S3: u16 = 6;

/// A program beside the interpreter that tests use.
pub fn beside_python(name: &str) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = std::env::var_os("FORMWORK_PYTHON");
    let python = python.map_or_else(|| workspace.join("target/venv/bin/python"), PathBuf::from);
    let program = python.with_file_name(name);
    assert!(
        program.exists(),
        "this needs {name}, and there is no {}: run `cargo xtask test rust`, which installs it, or set \
         FORMWORK_PYTHON to an interpreter with the packages of tests/requirements.txt",
        program.display(),
    );
    program
}

/// What tests do behind the back of the S3 API: through the server's own interface for
/// files, which asks for no signature.
impl Weed {
    /// Makes a bucket. Its name has at least three characters, as in S3.
    pub fn create_bucket(&self, name: &str) {
        let path = format!("/buckets/{name}/");
        let answer = ask(self.ports.at(FILER), "POST", &path, &[], b"").expect("SeaweedFS answers");
        assert_eq!(answer.status, 201, "bucket {name}: {}", answer.text());
    }

    /// An object as anybody gets it; none if there is none.
    pub fn read_object(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        self.public("GET", bucket, key).map(|answer| answer.body)
    }

    /// The headers of an object, its checksums among them; none if there is none.
    pub fn head_object(&self, bucket: &str, key: &str) -> Option<Answer> {
        self.public("HEAD", bucket, key)
    }

    fn public(&self, method: &str, bucket: &str, key: &str) -> Option<Answer> {
        let path = format!("/{bucket}/{}", escaped(key));
        let headers = [("x-amz-checksum-mode", "ENABLED")];
        let answer = ask(self.port, method, &path, &headers, b"").expect("SeaweedFS answers");
        match answer.status {
            200 => Some(answer),
            404 => None,
            status => panic!("{method} {path}: {status} {}", answer.text()),
        }
    }

    /// Puts other bytes where an object is, or where none is. The object then has no checksum, no metadata and no cache
    /// control; its content type is guessed from the key, and its `ETag` is the MD5 of the new bytes.
    pub fn overwrite_object(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let path = format!("/buckets/{bucket}/{}", escaped(key));
        let answer = self.file("PUT", &path, bytes);
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    }

    /// Removes an object; one that is not there is no fault.
    pub fn delete_object(&self, bucket: &str, key: &str) {
        let path = format!("/buckets/{bucket}/{}", escaped(key));
        let answer = self.file("DELETE", &path, b"");
        assert_eq!(answer.status, 204, "{path}: {}", answer.text());
    }

    /// Keys and sizes of all objects in a bucket, by key.
    pub fn list(&self, bucket: &str) -> Vec<(String, u64)> {
        let top = format!("/buckets/{bucket}/");
        let mut found = Vec::new();
        let mut directories = vec![top.clone()];
        while let Some(directory) = directories.pop() {
            for entry in self.entries(&directory) {
                let path = entry["FullPath"].as_str().expect("an entry has a path");
                // Go's bit for directories.
                if entry["Mode"].as_u64().unwrap_or(0) & (1 << 31) != 0 {
                    directories.push(format!("{path}/"));
                } else if let Some(key) = path.strip_prefix(&top) {
                    found.push((key.to_owned(), entry["FileSize"].as_u64().unwrap_or(0)));
                }
            }
        }
        found.sort();
        found
    }

    fn entries(&self, directory: &str) -> Vec<Value> {
        let path = format!("{}?limit=100000", escaped(directory));
        let headers = [("Accept", "application/json")];
        let answer = ask(self.ports.at(FILER), "GET", &path, &headers, b"");
        let answer = answer.expect("SeaweedFS answers");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let mut listed: Value = serde_json::from_slice(&answer.body).expect("a listing is JSON");
        match listed["Entries"].take() {
            Value::Array(entries) => entries,
            _ => Vec::new(),
        }
    }

    fn file(&self, method: &str, path: &str, bytes: &[u8]) -> Answer {
        let headers = [("Content-Type", "application/octet-stream")];
        ask(self.ports.at(FILER), method, path, &headers, bytes).expect("SeaweedFS answers")
    }
}

/// A key as it stands in a URL.
fn escaped(key: &str) -> String {
    let mut escaped = String::new();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
