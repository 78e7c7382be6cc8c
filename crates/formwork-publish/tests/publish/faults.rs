//! What goes wrong between the publisher and S3. The old release stays current, and the message says what to do.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::Credentials;
use formwork_publish::place::{Clock, Connection};
use formwork_publish::s3::S3;
use formwork_publish::store::Store;
use formwork_publish::url::ObjectUrl;

use super::support::assemblies::{ENTRY_POINT, Made, Shape};
use super::support::directory;
use super::support::faults::{ALWAYS, Fault};
use super::support::weed::Weed;
use super::{Bucket, said, small};

/// A bucket with a release, and a newer assembly that is not published yet.
struct Case {
    bucket: Bucket,
    old: Made,
    new: Made,
    _home: super::support::Directory,
}

impl Case {
    fn new(name: &str) -> Self {
        let (bucket, home) = (Bucket::new(), directory(name));
        let shape = Shape::of(6, 20_000, name);
        let old = shape.write(&home.join("old"));
        bucket.publish(&old, &[]).fine();
        bucket.proxy.clear();
        let new = shape.edit_stack(0).edit_asset(1).edit_entry_point().write(&home.join("new"));
        Case { bucket, old, new, _home: home }
    }

    /// Who launches now gets the old release, whole; once all is well a second run completes.
    #[track_caller]
    fn old_launches_and_a_second_run_completes(&self) {
        self.bucket.proxy.heal();
        assert!(
            self.bucket.entry_point() == Some(self.old.bytes(ENTRY_POINT)),
            "another entry point is current"
        );
        self.bucket.ask("verify", &[]).fine();
        self.bucket.publish(&self.new, &[]).fine();
        self.bucket.ask("verify", &[]).fine();
        assert!(
            self.bucket.entry_point() == Some(self.new.bytes(ENTRY_POINT)),
            "another entry point is current"
        );
    }
}

#[test]
fn what_stops_a_publisher_is_said_and_changes_nothing() {
    type Make = fn() -> Fault;
    let cases: &[(&str, Make, &[&str])] = &[
        (
            "500",
            || Fault::answer(500, "InternalError", ALWAYS, &["PUT"]),
            &["failed to answer (InternalError, status 500)", "publish again later"],
        ),
        (
            "503",
            || Fault::answer(503, "SlowDown", ALWAYS, &[]),
            &["failed to answer (SlowDown, status 503)", "after several tries"],
        ),
        (
            "expired",
            || Fault::answer(400, "ExpiredToken", ALWAYS, &[]),
            &["the credentials have expired (ExpiredToken", "aws sso login"],
        ),
        (
            "denied",
            || Fault::answer(403, "AccessDenied", ALWAYS, &["PUT"]),
            &["does not allow it (AccessDenied, status 403)", "s3:PutObject", "bucket-template"],
        ),
        (
            "skewed",
            || Fault::answer(403, "RequestTimeTooSkewed", ALWAYS, &[]),
            &["clock differs too much", "set the clock"],
        ),
        (
            "odd",
            || Fault::answer(400, "InvalidRequest", ALWAYS, &["PUT"]),
            &["cannot be written: InvalidRequest, status 400: "],
        ),
        (
            "truncated",
            || Fault::CutUpload { after_bytes: 5_000, times: ALWAYS },
            &["the way to `http://127.0.0.1:", "publish again once it can be reached"],
        ),
        (
            "dead",
            || Fault::DieAfter { requests: 12 },
            &["the way to `http://127.0.0.1:", "nothing is current that was not"],
        ),
    ];
    // Most of their time is pauses between tries, so they pass together.
    std::thread::scope(|scope| {
        for (name, fault, texts) in cases {
            scope.spawn(move || stopped(name, fault(), texts));
        }
    });
}

#[track_caller]
fn stopped(name: &str, fault: Fault, texts: &[&str]) {
    let case = Case::new(name);
    case.bucket.proxy.set(fault);
    let said = case.bucket.publish(&case.new, &[]).refused(texts);
    assert!(
        said.stderr.matches("error: ").count() <= 3,
        "{name}: said often enough\n{}",
        said.stderr
    );
    assert!(said.stderr.lines().count() < 25, "{name}: as short as can be\n{}", said.stderr);
    assert!(!said.stderr.contains("Error {"), "{name}: words of a program\n{}", said.stderr);
    if case.bucket.proxy.is_dead() {
        case.bucket.proxy.revive();
    }
    case.old_launches_and_a_second_run_completes();
}

#[test]
fn what_passes_is_tried_again() {
    let cases: [fn() -> Fault; 4] = [
        || Fault::answer(500, "InternalError", 2, &[]),
        || Fault::answer(503, "SlowDown", 3, &["PUT"]),
        || Fault::CutUpload { after_bytes: 5_000, times: 1 },
        || Fault::Delay { millis: 20 },
    ];
    for fault in cases {
        let case = Case::new("retried");
        case.bucket.proxy.set(fault());
        case.bucket.publish(&case.new, &[]).fine();
        case.bucket.proxy.heal();
        case.bucket.ask("verify", &[]).fine();
    }
}

#[test]
fn an_answer_that_gets_lost_is_no_rival() {
    // The server has done it, and the publisher does not hear of it: its second try meets its own object.
    for key in [ENTRY_POINT, "templates/stack-0"] {
        let case = Case::new("lost");
        let path: &'static str = format!("{}/{key}", case.bucket.name).leak();
        case.bucket.proxy.set(Fault::Answer {
            status: 409,
            code: "ConditionalRequestConflict",
            headers: &[],
            times: 1,
            methods: &["PUT"],
            path,
        });
        let (name, bytes) = (case.bucket.name.clone(), case.new.bytes(ENTRY_POINT));
        case.bucket.proxy.set(Fault::BeforeRequest {
            matches: |request| request.method == "PUT" && request.key() == ENTRY_POINT,
            action: Box::new(move || {
                Weed::shared().overwrite_object(&name, ENTRY_POINT, &bytes);
            }),
        });
        case.bucket.publish(&case.new, &[]).fine();
        case.bucket.proxy.heal();
        case.bucket.ask("verify", &[]).fine();
    }
}

#[test]
fn a_bucket_in_another_region_is_asked_there() {
    let case = Case::new("elsewhere");
    case.bucket.proxy.set(Fault::Redirect { region: "eu-south-1" });
    case.bucket.publish(&case.new, &[]).fine();
    case.bucket.proxy.heal();
    case.bucket.ask("verify", &[]).fine();
    let requests = case.bucket.proxy.requests();
    assert_eq!(requests.iter().filter(|one| one.status == Some(301)).count(), 1, "it learns once");
}

#[test]
fn a_stranger_asks_again_but_goes_nowhere_else() {
    let case = Case::new("stranger");
    let store = S3::open(&Connection {
        bucket: case.bucket.name.clone(),
        endpoint_url: Some(case.bucket.proxy.endpoint()),
        anonymous: true,
        ..Connection::default()
    });
    let store = store.expect("it opens");
    let url = format!("https://{}.s3.amazonaws.com/{ENTRY_POINT}", case.bucket.name);
    let url = ObjectUrl::parse(&url).expect("a URL");
    let found = formwork::assembly::sha256(&case.old.bytes(ENTRY_POINT));
    case.bucket.proxy.set(Fault::answer(503, "SlowDown", 2, &[]));
    assert_eq!(store.ask(&url), Ok(Some(found)));
    case.bucket.proxy.set(Fault::Answer {
        status: 307,
        code: "TemporaryRedirect",
        headers: &[("Location", "http://169.254.169.254/latest/meta-data/")],
        times: ALWAYS,
        methods: &[],
        path: "",
    });
    let said = store.ask(&url).expect_err("it leads elsewhere").to_string();
    assert!(said.contains("leads to `http://169.254.169.254/"), "{said}");
    assert!(said.contains("it was not followed"), "{said}");
}

#[test]
fn what_a_stranger_is_refused_is_missing() {
    let case = Case::new("refused");
    let missing = case.old.keys().into_iter().find(|key| key.starts_with("assets/asset-1"));
    let missing: &'static str = missing.expect("an asset").leak();
    let forbidden = |path| Fault::answer_for(path, 403, "AccessDenied", ALWAYS);
    case.bucket.proxy.set(forbidden(missing));
    case.bucket
        .ask("verify", &["--anonymous"])
        .refused(&[&format!("`{missing}` is missing in bucket"), "needs it"]);
    case.bucket.proxy.heal();
    case.bucket.proxy.set(forbidden(ENTRY_POINT));
    let said = case.bucket.ask("verify", &["--anonymous"]);
    let said = said.refused(&["is not there, or may not be read without credentials"]);
    assert!(!said.stderr.contains("s3:PutObject"), "{}", said.stderr);
}

#[test]
fn a_download_that_ends_too_early_is_no_release() {
    let case = Case::new("cut");
    case.bucket.proxy.set(Fault::CutDownload { after_bytes: 3_000, times: ALWAYS });
    case.bucket.ask("verify", &[]).refused(&["the way to"]);
    case.bucket.ask("verify", &["--anonymous"]).refused(&[]);
}

#[test]
fn credentials_that_do_not_fit_are_refused() {
    let case = Case::new("credentials");
    let weed = case.bucket.weed;
    let out = case.new.directory.to_str().expect("UTF-8");
    let publish = || case.bucket.command(&["publish", "--branch", "main", "--out", out]);
    let mut wrong = publish();
    wrong.env("AWS_SECRET_ACCESS_KEY", "wrong-secret");
    said(wrong).refused(&["does not accept the credentials (SignatureDoesNotMatch", "aws sts"]);
    let mut unknown = publish();
    unknown.env("AWS_ACCESS_KEY_ID", "nobody");
    said(unknown).refused(&["does not accept the credentials (InvalidAccessKeyId"]);
    let mut reader = publish();
    reader.env("AWS_ACCESS_KEY_ID", weed.reader_access_key);
    reader.env("AWS_SECRET_ACCESS_KEY", weed.reader_secret_key);
    said(reader).refused(&["does not allow it (AccessDenied", "s3:PutObject"]);
    let mut nobody = publish();
    nobody.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    said(nobody).refused(&["there are no credentials that can be used", "aws sso login"]);
    let mut profile = publish();
    profile.args(["--profile", "nowhere"]);
    profile.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    said(profile).refused(&["there are no credentials that can be used", "nowhere"]);
    case.old_launches_and_a_second_run_completes();
}

#[test]
fn settings_of_the_aws_cli_are_used() {
    let case = Case::new("settings");
    let config = case.new.directory.with_extension("config");
    let text = format!(
        "[profile publisher]\nregion = us-east-1\nendpoint_url = {}\naws_access_key_id = {}\naws_secret_access_key = {}\n\
         [profile process]\nregion = us-east-1\nendpoint_url = {0}\ncredential_process = echo \
         '{{\"Version\": 1, \"AccessKeyId\": \"{1}\", \"SecretAccessKey\": \"{2}\"}}'\n",
        case.bucket.proxy.endpoint(),
        case.bucket.weed.access_key,
        case.bucket.weed.secret_key
    );
    std::fs::write(&config, text).expect("a file");
    for profile in ["publisher", "process"] {
        let mut command =
            super::program(&["verify", "--template", ENTRY_POINT, "--bucket", &case.bucket.name]);
        command
            .args(["--profile", profile])
            .env("AWS_CONFIG_FILE", &config)
            .env_remove("AWS_REGION");
        // A profile that is named goes before keys in the environment.
        command.env("AWS_ACCESS_KEY_ID", "nobody").env("AWS_SECRET_ACCESS_KEY", "wrong-secret");
        said(command).fine();
    }
    // A stranger too asks S3's own endpoint, and not the one of all services.
    let words = ["verify", "--anonymous", "--template", ENTRY_POINT, "--bucket", &case.bucket.name];
    let mut command = super::program(&words);
    command.env("AWS_ENDPOINT_URL_S3", case.bucket.proxy.endpoint());
    command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    said(command).fine();
}

#[test]
fn a_missing_bucket_and_a_dead_server_are_named() {
    let (bucket, home) = (Bucket::new(), directory("nowhere"));
    let made = small(&home, "nowhere");
    let nowhere = Bucket { name: "no-such-bucket".to_owned(), ..bucket };
    nowhere.publish(&made, &[]).refused(&["there is no such bucket at", "bucket-template"]);
    let out = made.directory.to_str().expect("UTF-8");
    let mut command = super::program(&["publish", "--branch", "main", "--out", out]);
    // Nothing listens at the port that says so.
    command.args(["--endpoint-url", "http://127.0.0.1:9", "--bucket", "release-x"]);
    command.env("AWS_ACCESS_KEY_ID", "x").env("AWS_SECRET_ACCESS_KEY", "wrong-secret");
    said(command).refused(&["the way to `http://127.0.0.1:9` failed", "publish again"]);
}

#[test]
fn a_clock_that_is_off_is_set_right_by_the_servers() {
    let bucket = Bucket::new();
    let weed = bucket.weed;
    let connection = Connection {
        bucket: bucket.name.clone(),
        region: Some("us-east-1".to_owned()),
        endpoint_url: Some(bucket.proxy.endpoint()),
        credentials: Some(Credentials::new(weed.access_key, weed.secret_key, None, None, "test")),
        clock: Some(Clock(|| SystemTime::now() - Duration::from_hours(30))),
        ..Connection::default()
    };
    let store = S3::open(&connection).expect("it opens");
    assert_eq!(store.get(ENTRY_POINT), Ok(None));
    let answers: Vec<_> = bucket.proxy.requests().iter().map(|one| one.status).collect();
    assert_eq!(answers, [Some(403), Some(404)], "refused for its time, then taken");
    // What is old enough to be pruned is the server's to say as well.
    let right = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    let now = store.now().expect("it says");
    assert!(now.abs_diff(right.as_secs().cast_signed()) < 60, "{now}");
}
