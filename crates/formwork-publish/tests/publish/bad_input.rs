//! What a person can get wrong. One clear message each, and nothing in the bucket changes.

use std::fs;
use std::path::Path;

use super::support::assemblies::{ENTRY_POINT, Made};
use super::support::directory;
use super::{Bucket, said, small};

/// A change to an assembly that makes it wrong, and what is said.
type Case = (&'static str, fn(&Made), &'static [&'static str]);

const ASSEMBLIES: &[Case] = &[
    (
        "no manifest",
        |made| remove(made, "manifest.json"),
        &["there is no assembly in", "cargo xtask synth"],
    ),
    ("no JSON", |made| write(made, "manifest.json", "{"), &["is not a manifest of this version"]),
    (
        "another format",
        |made| edit(made, "\"format\": 1", "\"format\": 9"),
        &["has format 9, this program reads 1"],
    ),
    (
        "a file that was changed",
        |made| write(made, &first(made), "changed"),
        &[
            "was changed after it was synthesized",
            "given: SHA-256 ",
            "run `cargo xtask synth` again",
        ],
    ),
    (
        "a file that is gone",
        |made| remove(made, &first(made)),
        &["which manifest.json lists, cannot be read", "run `cargo xtask synth` again"],
    ),
    (
        "a path that climbs out",
        |made| edit(made, &format!("\"file\": \"{}\"", first(made)), "\"file\": \"../../secret\""),
        &["`../../secret` in manifest.json leads out of the assembly"],
    ),
    (
        "an absolute path",
        |made| edit(made, &format!("\"file\": \"{}\"", first(made)), "\"file\": \"/etc/passwd\""),
        &["`/etc/passwd` in manifest.json leads out of the assembly"],
    ),
    ("a link that leads out", link_out, &["leads out of the assembly"]),
    (
        "an asset listed twice",
        |made| {
            change(made, |manifest| {
                let assets = manifest["assets"].as_array_mut().expect("a list");
                assets.push(assets[0].clone());
            });
        },
        &["is listed twice in manifest.json"],
    ),
    (
        "an entry point listed twice, which would go before all else",
        |made| {
            change(made, |manifest| {
                let all = manifest["templates"].as_array_mut().expect("a list");
                let entry =
                    all.iter().find(|one| one["file"] == ENTRY_POINT).expect("it is there").clone();
                all.push(entry);
            });
        },
        &["`mlops_entry_point.yaml` is listed twice in manifest.json"],
    ),
    (
        "a key that does not name its content",
        |made| {
            edit(
                made,
                &format!("\"file\": \"{}\"", first(made)),
                "\"file\": \"assets/latest.zip\"",
            );
        },
        &["`assets/latest.zip` in manifest.json does not name its content", "with a SHA-256"],
    ),
    (
        "a key in a folder of the bucket's own",
        |made| edit(made, &format!("\"file\": \"{}\"", first(made)), "\"file\": \".publish/lock\""),
        &["`.publish/lock` in manifest.json does not name its content"],
    ),
    (
        "an object larger than S3 takes",
        |made| change(made, |manifest| manifest["assets"][0]["bytes"] = 5_368_709_121_u64.into()),
        &["is too large: 5.0 GiB", "which S3 takes at once"],
    ),
    (
        "nothing says how it is launched",
        |made| {
            change(made, |manifest| {
                drop(manifest.as_object_mut().expect("an object").remove("launch"));
            });
        },
        &["does not say how it is launched", "Assembly::launched_from"],
    ),
];

fn first(made: &Made) -> String {
    made.keys().into_iter().find(|key| key.starts_with("assets/")).expect("an asset")
}

fn write(made: &Made, file: &str, text: &str) {
    fs::write(made.directory.join(file), text).expect("a file");
}

fn remove(made: &Made, file: &str) {
    fs::remove_file(made.directory.join(file)).expect("a file");
}

fn edit(made: &Made, from: &str, to: &str) {
    let path = made.directory.join("manifest.json");
    let text = fs::read_to_string(&path).expect("a manifest");
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).expect("a manifest");
}

fn change(made: &Made, change: impl Fn(&mut serde_json::Value)) {
    let text = fs::read_to_string(made.directory.join("manifest.json")).expect("a manifest");
    let mut manifest = serde_json::from_str(&text).expect("JSON");
    change(&mut manifest);
    write(made, "manifest.json", &manifest.to_string());
}

fn link_out(made: &Made) {
    let file = made.directory.join(first(made));
    let outside = made.directory.with_extension("outside");
    fs::rename(&file, &outside).expect("a file");
    std::os::unix::fs::symlink(&outside, &file).expect("a link");
}

#[test]
fn assemblies_that_are_not_what_synth_wrote_are_refused() {
    let bucket = Bucket::new();
    for (name, spoil, texts) in ASSEMBLIES {
        let home = directory("spoiled");
        let made = small(&home, name);
        spoil(&made);
        bucket.publish(&made, &[]).refused(texts);
        assert_eq!(bucket.keys(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let (bucket, home) = (Bucket::new(), directory("several"));
    let made = small(&home, "several");
    let keys = made.keys();
    write(&made, &keys[0], "changed");
    remove(&made, &keys[1]);
    let said = bucket.publish(&made, &[]).refused(&[&keys[0], &keys[1]]);
    assert_eq!(said.stderr.matches("error: ").count(), 2, "{}", said.stderr);
}

/// The words of a command line, and what is said.
const WORDS: &[(&[&str], &[&str])] = &[
    (&["--branch", "mian"], &["there is no branch `mian`", "allowed: main"]),
    (&["--branch", "main", "--bucket", "My_Bucket"], &["S3 refuses a bucket named `My_Bucket`"]),
    (&["--branch", "main", "--bucket", "ab"], &["allowed: 3 to 63 characters"]),
    (&["--branch", "main", "--bucket", "a..b"], &["no two dots beside each other"]),
    (&["--branch", "main", "--bucket", "192.168.0.1"], &["no IP address"]),
    (&["--branch", "main", "--bucket", "ab-"], &["a letter or digit at both ends"]),
    (&["--branch", "main", "--bucket", "xn--ab"], &["none of AWS's own prefixes"]),
    (&["--branch", "main", "--bucket", "abc-s3alias"], &["none of AWS's own endings"]),
    (&["--branch", "main", "--mirror", "No_Bucket"], &["S3 refuses a bucket named `No_Bucket`"]),
    (&["--branch", "main", "--mirror", "the-release-bucket"], &["is named twice"]),
    (&["--branch", "main", "--endpoint-url", "localhost"], &["the endpoint `localhost` is no URL"]),
    (&["--branch", "main", "--endpoint-url", "http://"], &["is no URL of a server"]),
    (&["--branch", "main", "--endpoint-url", "http://h:port"], &["is no URL of a server"]),
    (&["--branch", "main", "--endpoint-url", "http://me:wrong-secret@h"], &["the endpoint `…@h`"]),
    (&["--branch", "main", "--region", ""], &["`` is no name of a region", "`eu-central-1`"]),
    (&["--branch", "main", "--region", "evil.example/#"], &["is no name of a region"]),
    (&["--branch", "main", "--mirror", "abc@eu west"], &["`eu west` is no name of a region"]),
    (&["--branch", "main", "--to", "/dev/null"], &["`/dev/null` is a file"]),
];

#[test]
fn words_that_mean_nothing_are_refused() {
    let home = directory("words");
    let made = small(&home, "words");
    for (words, texts) in WORDS {
        let mut command = super::program(&["publish", "--out"]);
        command.arg(&made.directory).args(*words);
        said(command).refused(texts);
    }
}

#[test]
fn settings_of_the_environment_are_checked_like_words() {
    let home = directory("environment");
    let made = small(&home, "environment");
    let cases = [
        ("AWS_ENDPOINT_URL", "http://me:wrong-secret@h", "the endpoint `…@h` is no URL"),
        ("AWS_ENDPOINT_URL_S3", "http://me:wrong-secret@h", "the endpoint `…@h` is no URL"),
        ("AWS_ENDPOINT_URL", "localhost", "the endpoint `localhost` is no URL"),
        ("AWS_REGION", "eu west", "`eu west` is no name of a region"),
    ];
    for (name, value, text) in cases {
        let mut command = super::program(&["publish", "--branch", "main", "--out"]);
        command.arg(&made.directory).env(name, value);
        said(command).refused(&[text]);
    }
}

#[test]
fn releases_that_do_not_exist_are_refused() {
    let (bucket, home) = (Bucket::new(), directory("no-release"));
    bucket
        .ask("rollback", &["--to", "abc"])
        .refused(&["there is no release `abc`", "there are: none"]);
    bucket.publish(&small(&home, "no-release"), &[]).fine();
    let before = (bucket.keys(), bucket.entry_point());
    for id in ["ffff", "", "../x", "releases/"] {
        bucket.ask("rollback", &["--to", id]).refused(&["there is no release", "there are: "]);
    }
    let record = bucket.keys().into_iter().find(|key| key.starts_with("releases/"));
    let record = record.expect("a record");
    assert_eq!(before, (bucket.keys(), bucket.entry_point()));
    bucket.weed.overwrite_object(&bucket.name, &record, b"{}");
    bucket.ask("releases", &[]).refused(&["is not a record that this program can read"]);
    bucket
        .ask("prune", &["--keep", "0", "--grace", "0", "--yes"])
        .refused(&["is not a record that this program can read"]);
    bucket.ask("verify", &[]).refused(&["is not a record that can be read"]);
}

#[test]
fn a_record_that_no_publisher_wrote_decides_nothing() {
    let (bucket, home) = (Bucket::new(), directory("forged"));
    bucket.publish(&small(&home, "forged"), &[]).fine();
    let key = bucket.keys().into_iter().find(|key| key.starts_with("releases/"));
    let key = key.expect("a record");
    let text = bucket.weed.read_object(&bucket.name, &key).expect("a record");
    let text = String::from_utf8(text).expect("UTF-8");
    let id = key.trim_start_matches("releases/").trim_end_matches(".json");
    let cases = [
        (
            text.replace(&format!("\"id\": \"{id}\""), "\"id\": \"another\""),
            "it is of release `another`",
        ),
        (
            text.replace("\"assets/asset-1.", "\"../../asset-1."),
            "which is no key of a release's object",
        ),
    ];
    for (forged, said) in cases {
        assert_ne!(forged, text);
        bucket.weed.overwrite_object(&bucket.name, &key, forged.as_bytes());
        let before = bucket.keys();
        bucket.ask("prune", &["--keep", "0", "--grace", "0", "--yes"]).refused(&[said]);
        bucket.ask("rollback", &["--to", "a"]).refused(&[said]);
        bucket.ask("verify", &[]).refused(&[said]);
        assert_eq!(bucket.keys(), before);
    }
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let nowhere = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nowhere");
    for (command, flag) in [("verify", "--to"), ("releases", "--directory")] {
        let mut command = super::program(&[command, "--template", ENTRY_POINT, flag]);
        command.arg(&nowhere);
        said(command).refused(&["there is no directory", "cargo xtask publish --to"]);
    }
}
