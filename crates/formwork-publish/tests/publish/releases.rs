//! What a publisher does from day to day.

use super::support::assemblies::{ENTRY_POINT, Shape};
use super::support::directory;
use super::{Bucket, small};

#[test]
fn a_release_is_published_whole_and_its_entry_point_last() {
    let (bucket, home) = (Bucket::new(), directory("first"));
    let made = small(&home, "first");
    let said = bucket.publish(&made, &[]).fine();
    let puts = bucket.puts();
    assert_eq!(puts.last().map(String::as_str), Some(ENTRY_POINT));
    assert!(puts[puts.len() - 2].starts_with("releases/"), "{puts:?}");
    for key in made.keys() {
        assert_eq!(bucket.weed.read_object(&bucket.name, &key), Some(made.bytes(&key)), "{key}");
    }
    assert!(said.stderr.contains(": sent 9 objects, "), "{}", said.stderr);
    assert!(said.stderr.contains("is current, the first here"), "{}", said.stderr);
    let link = "https://eu-central-1.console.aws.amazon.com/cloudformation/home?region=eu-central-1#/stacks/quickcreate?";
    assert!(said.stdout.starts_with(link), "{}", said.stdout);
    assert!(
        said.stdout.contains(&format!("&param_BucketName={}\n", bucket.name)),
        "{}",
        said.stdout
    );
}

#[test]
fn objects_say_what_they_are() {
    let (bucket, home) = (Bucket::new(), directory("headers"));
    let made = small(&home, "headers");
    bucket.publish(&made, &[]).fine();
    for key in bucket.keys() {
        let head = bucket.weed.head_object(&bucket.name, &key).expect("it is there");
        let content_type = match key.rsplit_once('.') {
            Some((_, "zip")) => "application/zip",
            Some((_, "json")) => "application/json",
            _ => "application/yaml",
        };
        assert_eq!(head.header("content-type"), Some(content_type), "{key}");
        let immutable = "public, max-age=31536000, immutable";
        let cache = if key == ENTRY_POINT { "no-cache" } else { immutable };
        assert_eq!(head.header("cache-control"), Some(cache), "{key}");
        assert!(head.header("x-amz-checksum-sha256").is_some(), "{key} has no checksum");
        assert_eq!(head.header("x-amz-meta-release").map(str::len), Some(64), "{key}");
    }
    for request in bucket.proxy.requests().iter().filter(|request| request.method == "PUT") {
        assert_eq!(request.header("if-none-match"), Some("*"), "{}", request.key());
        assert!(request.header("x-amz-checksum-sha256").is_some(), "{}", request.key());
    }
}

#[test]
fn what_is_there_is_not_sent_again() {
    let (bucket, home) = (Bucket::new(), directory("again"));
    let made = small(&home, "again");
    bucket.publish(&made, &[]).fine();
    bucket.proxy.clear();
    let said = bucket.publish(&made, &[]).fine();
    assert_eq!(bucket.puts(), Vec::<String>::new());
    assert!(said.stderr.contains("sent 0 objects, 0 bytes; 9 there already"), "{}", said.stderr);
}

#[test]
fn a_change_sends_what_changed() {
    let (bucket, home) = (Bucket::new(), directory("change"));
    let shape = Shape::of(6, 2_000, "change");
    let out = home.join("out");
    bucket.publish(&shape.write(&out), &[]).fine();
    bucket.proxy.clear();
    bucket.publish(&shape.edit_stack(1).write(&out), &[]).fine();
    let puts = bucket.puts();
    let begins: Vec<&str> = puts.iter().filter_map(|key| key.split('.').next()).collect();
    assert_eq!(puts.len(), 4, "{puts:?}");
    assert!(
        begins.contains(&"templates/stack-1") && begins.contains(&"templates/mlops_entry_point")
    );
    assert_eq!(puts[3], ENTRY_POINT);
    let requests = bucket.proxy.requests();
    let entry = requests.iter().find(|one| one.method == "PUT" && one.key() == ENTRY_POINT);
    assert!(entry.expect("it was put").header("if-match").is_some());
}

#[test]
fn a_dry_run_changes_nothing() {
    let (bucket, home) = (Bucket::new(), directory("dry"));
    let made = small(&home, "dry");
    let said = bucket.publish(&made, &["--dry-run"]).fine();
    assert_eq!(bucket.keys(), Vec::<String>::new());
    assert_eq!(bucket.puts(), Vec::<String>::new());
    assert_eq!(said.stderr.matches("  would send ").count(), 9, "{}", said.stderr);
    assert!(said.stderr.contains("would be the first"), "{}", said.stderr);
}

#[test]
fn quiet_is_quiet() {
    let (bucket, home) = (Bucket::new(), directory("quiet"));
    let said = bucket.publish(&small(&home, "quiet"), &["--quiet"]).fine();
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""));
}

#[test]
fn a_release_is_verified_with_and_without_credentials() {
    let (bucket, home) = (Bucket::new(), directory("verify"));
    let made = small(&home, "verify");
    let out = made.directory.to_str().expect("UTF-8");
    bucket.ask("verify", &[]).refused(&["no release is current in bucket"]);
    bucket.publish(&made, &[]).fine();
    let said = bucket.ask("verify", &["--out", out]).fine();
    // The entry point and three nested stacks, by their URLs.
    assert!(said.stderr.contains("is whole: 7 objects, 4 URLs asked for"), "{}", said.stderr);
    bucket.proxy.clear();
    bucket.ask("verify", &["--anonymous"]).fine();
    let requests = bucket.proxy.requests();
    assert!(
        requests.iter().all(|one| one.header("authorization").is_none()),
        "it asked as somebody"
    );
    assert!(requests.iter().all(|one| one.method == "GET" && !one.path.contains("list-type")));
    let other = Shape::of(6, 2_000, "other").write(&home.join("other"));
    let out = other.directory.to_str().expect("UTF-8");
    bucket.ask("verify", &["--out", out]).refused(&["the local assembly is release", "only here:"]);
}

#[test]
fn what_was_changed_behind_our_back_is_found_and_repaired() {
    let (bucket, home) = (Bucket::new(), directory("overwritten"));
    let made = small(&home, "overwritten");
    bucket.publish(&made, &[]).fine();
    let keys = made.keys();
    let asset = keys.iter().find(|key| key.starts_with("assets/asset-1")).expect("an asset");
    let stack = keys.iter().find(|key| key.starts_with("templates/stack-2")).expect("a stack");
    bucket.weed.overwrite_object(&bucket.name, asset, b"not what it was");
    bucket.weed.delete_object(&bucket.name, stack);
    let overwritten = format!("`{asset}` in bucket `{}` was overwritten", bucket.name);
    let missing = format!("`{stack}` is missing in bucket `{}`", bucket.name);
    let said = bucket.ask("verify", &[]).refused(&[&overwritten, &missing, "Stack2"]);
    assert!(said.stderr.lines().any(|line| line.contains(&missing) && line.contains(": release ")));
    bucket.publish(&made, &[]).refused(&["holds something else at", "--repair"]);
    bucket.publish(&made, &["--repair"]).fine();
    bucket.ask("verify", &[]).fine();
    // Of the same length, so that only its bytes tell.
    let mut bytes = made.bytes(asset);
    bytes[0] ^= 1;
    bucket.weed.overwrite_object(&bucket.name, asset, &bytes);
    bucket.publish(&made, &[]).refused(&["holds something else at"]);
    bucket.weed.overwrite_object(&bucket.name, ENTRY_POINT, b"Resources: {}\n");
    bucket.ask("verify", &[]).refused(&["what is current", "is no release"]);
}

#[test]
fn older_releases_are_listed_made_current_and_pruned() {
    let (bucket, home) = (Bucket::new(), directory("history"));
    let shape = Shape::of(6, 2_000, "history");
    let out = home.join("out");
    let mut entries = Vec::new();
    for edit in 0..3 {
        let made = shape.clone().edit_stack(edit).write(&out);
        bucket.publish(&made, &["--commit", &format!("{edit}abcdef0123456789")]).fine();
        entries.push(bucket.entry_point().expect("it is current"));
        // The server tells seconds apart.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
    }
    let listed = bucket.ask("releases", &[]).fine().stdout;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 4, "{listed}");
    assert!(lines[1].starts_with("* ") && lines[1].contains("2abcdef01234"), "{listed}");
    let json = bucket.ask("releases", &["--format", "json"]).fine().stdout;
    let records: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let id = records[2]["id"].as_str().expect("an id").to_owned();
    let last = records[0]["id"].as_str().expect("an id").to_owned();

    bucket.proxy.clear();
    bucket.ask("rollback", &["--to", &id[..10], "--dry-run"]).fine();
    assert_eq!(bucket.puts(), Vec::<String>::new());
    bucket.ask("rollback", &["--to", &id[..10]]).fine();
    assert_eq!(bucket.puts(), [ENTRY_POINT]);
    assert!(bucket.entry_point().as_ref() == Some(&entries[0]), "another entry point is current");
    bucket.ask("verify", &[]).fine();

    let before = bucket.keys();
    let grace = ["--keep", "1", "--yes"];
    bucket.ask("prune", &grace).fine();
    assert_eq!(bucket.keys(), before, "nothing is old enough");
    let said = bucket.ask("prune", &["--keep", "1", "--grace", "0"]).fine();
    assert!(said.stderr.contains("nothing was removed: add `--yes`"), "{}", said.stderr);
    assert_eq!(bucket.keys(), before, "it was not said to do it");
    bucket.weed.overwrite_object(&bucket.name, "assets/mine.zip", b"not a release's");
    bucket.ask("prune", &["--keep", "1", "--grace", "0", "--yes"]).fine();
    // The latest and the current one stay, and what is nobody's.
    let gone: Vec<String> = before.into_iter().filter(|key| !bucket.keys().contains(key)).collect();
    assert_eq!(gone.len(), 3, "{gone:?}");
    assert!(bucket.keys().contains(&"assets/mine.zip".to_owned()));
    bucket.ask("verify", &[]).fine();
    bucket.ask("rollback", &["--to", &last]).fine();
    bucket.ask("verify", &[]).fine();
    let pruned = records[1]["id"].as_str().expect("an id");
    bucket.ask("rollback", &["--to", pruned]).refused(&["there is no release", "or it was pruned"]);
    // A release that lost an object is not made current.
    let one = records[2]["objects"][0]["key"].as_str().expect("a key");
    bucket.weed.delete_object(&bucket.name, one);
    let now = bucket.entry_point();
    bucket.ask("rollback", &["--to", &id]).refused(&[one, "publish that release again"]);
    assert!(bucket.entry_point() == now, "another entry point is current");
}

#[test]
fn a_bucket_whose_current_release_is_unknown_is_not_pruned() {
    let (bucket, home) = (Bucket::new(), directory("unknown"));
    bucket.publish(&small(&home, "unknown"), &[]).fine();
    bucket.weed.overwrite_object(&bucket.name, ENTRY_POINT, b"Resources: {}\n");
    let before = bucket.keys();
    bucket
        .ask("prune", &["--keep", "0", "--grace", "0", "--yes"])
        .refused(&["nobody knows what it needs"]);
    assert_eq!(bucket.keys(), before);
}
