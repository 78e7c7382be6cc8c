//! Releases in directories: the same layout, without an account or a server.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use super::support::assemblies::{ENTRY_POINT, Made, Shape};
use super::support::directory;
use super::{Said, program, said, small};

fn publish(made: &Made, site: &Path, more: &[&str]) -> Said {
    let mut command = program(&["publish", "--branch", "main"]);
    command.arg("--out").arg(&made.directory).arg("--to").arg(site).args(more);
    said(command)
}

fn ask(command: &str, place: &str, site: &Path, more: &[&str]) -> Said {
    let mut command = program(&[command, "--template", ENTRY_POINT, place]);
    command.arg(site).args(more);
    said(command)
}

/// The files of a site, sorted.
fn files(site: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "assets", "releases", "templates"] {
        for entry in fs::read_dir(site.join(folder)).into_iter().flatten().flatten() {
            if entry.path().is_file() {
                found
                    .push(Path::new(folder).join(entry.file_name()).to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_directory_holds_a_release_as_a_bucket_does() {
    let home = directory("site");
    let (made, site) = (small(&home, "site"), home.join("site"));
    publish(&made, &site, &[]).fine();
    for key in made.keys() {
        assert_eq!(fs::read(site.join(&key)).ok(), Some(made.bytes(&key)), "{key}");
    }
    assert_eq!(files(&site).len(), 9);
    ask("verify", "--to", &site, &[]).fine();
    let again = publish(&made, &site, &[]).fine();
    assert!(again.stderr.contains("sent 0 objects"), "{}", again.stderr);
    let key = made.keys().remove(0);
    fs::write(site.join(&key), "overwritten").expect("a file");
    ask("verify", "--to", &site, &[]).refused(&[&key, "was overwritten"]);
    publish(&made, &site, &["--repair"]).fine();
    ask("verify", "--to", &site, &[]).fine();
    // A link in an object's place is replaced, and what it leads to stays as it was.
    let elsewhere = home.join("elsewhere");
    fs::write(&elsewhere, "somebody's own").expect("a file");
    fs::remove_file(site.join(&key)).expect("a file");
    std::os::unix::fs::symlink(&elsewhere, site.join(&key)).expect("a link");
    publish(&made, &site, &[]).refused(&["holds something else at", "--repair"]);
    publish(&made, &site, &["--repair"]).fine();
    ask("verify", "--to", &site, &[]).fine();
    assert_eq!(fs::read_to_string(&elsewhere).expect("a file"), "somebody's own");
}

#[test]
fn what_is_too_large_for_a_template_is_not_read() {
    let home = directory("huge");
    let (made, site) = (small(&home, "huge"), home.join("site"));
    publish(&made, &site, &[]).fine();
    let entry_point = fs::File::options().write(true).open(site.join(ENTRY_POINT)).expect("a file");
    entry_point.set_len(40_000_000).expect("a file with a hole");
    for command in ["verify", "releases"] {
        let place = if command == "verify" { "--to" } else { "--directory" };
        ask(command, place, &site, &[]).refused(&["is no template or record: it has 38.1 MiB"]);
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let home = directory("pipe");
    let (made, site) = (small(&home, "pipe"), home.join("site"));
    publish(&made, &site, &[]).fine();
    let mut command = program(&["releases", "--template", ENTRY_POINT, "--directory"]);
    let mut running = command
        .arg(&site)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(running.stdout.take());
    let output = running.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), stderr.as_ref()), (Some(0), ""));
}

#[test]
fn directories_are_rolled_back_and_pruned() {
    let home = directory("roll");
    let (shape, site) = (Shape::of(4, 2_000, "roll"), home.join("site"));
    let first = shape.write(&home.join("first"));
    let second = shape.edit_stack(0).write(&home.join("second"));
    publish(&first, &site, &[]).fine();
    publish(&second, &site, &[]).fine();
    let id = formwork::assembly::sha256(&first.bytes(ENTRY_POINT));
    ask("rollback", "--directory", &site, &["--to", &id]).fine();
    assert!(
        fs::read(site.join(ENTRY_POINT)).ok() == Some(first.bytes(ENTRY_POINT)),
        "another entry point is current"
    );
    let listed = ask("releases", "--directory", &site, &[]).fine().stdout;
    assert_eq!(listed.matches(&id[..12]).count(), 1, "{listed}");
    // Nothing is younger than a grace of no hours, but what has this very second.
    thread::sleep(std::time::Duration::from_millis(1_100));
    ask("prune", "--directory", &site, &["--keep", "0", "--grace", "0", "--yes"]).fine();
    assert_eq!(files(&site).len(), 7, "{:?}", files(&site));
    ask("verify", "--to", &site, &[]).fine();
}

#[test]
fn what_a_killed_run_left_is_cleared_away() {
    let home = directory("left");
    let (made, site) = (small(&home, "left"), home.join("site"));
    fs::create_dir_all(site.join(".publish")).expect("a directory");
    fs::write(site.join(".publish/half"), "half an object").expect("a file");
    publish(&made, &site, &[]).fine();
    assert!(!site.join(".publish/half").exists());
    ask("verify", "--to", &site, &[]).fine();
}

#[test]
fn publishers_into_one_directory_take_turns() {
    let home = directory("turns");
    let site = home.join("site");
    let made: Vec<Made> = (0..4)
        .map(|at| Shape::of(4, 2_000, &format!("turn {at}")).write(&home.join(at.to_string())))
        .collect();
    thread::scope(|scope| {
        let site = &site;
        let runs: Vec<_> = made.iter().map(|one| scope.spawn(|| publish(one, site, &[]))).collect();
        let done = runs.into_iter().map(|run| run.join().expect("it ends"));
        let codes: Vec<Option<i32>> = done.map(|said| said.code).collect();
        // One at least is current; whoever came in between was told.
        assert!(codes.contains(&Some(0)) && codes.iter().all(|code| matches!(code, Some(0 | 1))));
    });
    ask("verify", "--to", &site, &[]).fine();
}

#[test]
fn a_full_disk_leaves_the_old_release() {
    let home = directory("full");
    let site = home.join("site");
    let shape = Shape::of(4, 2_000, "full");
    let old = shape.write(&home.join("old"));
    publish(&old, &site, &[]).fine();
    let new = Shape::of(4, 400_000, "fuller").write(&home.join("new"));
    let run = |before: &str| {
        let mut command = Command::new("sh");
        command.env("PROGRAM", env!("CARGO_BIN_EXE_formwork-publish"));
        command.env("SITE", &site).env("OUT", &new.directory);
        let publish = r#"exec "$PROGRAM" publish --branch main --out "$OUT" --to "$SITE""#;
        said({
            command.args(["-c", &format!("{before}; {publish}")]);
            command
        })
    };
    // A file that may not grow fails in the middle of a write, as on a full disk; it works everywhere.
    run("trap '' XFSZ; ulimit -f 100").refused(&["cannot be written: "]);
    assert!(
        fs::read(site.join(ENTRY_POINT)).ok() == Some(old.bytes(ENTRY_POINT)),
        "another entry point is current"
    );
    ask("verify", "--to", &site, &[]).fine();
    publish(&new, &site, &[]).fine();
    ask("verify", "--to", &site, &[]).fine();
}

/// A disk that is really full, where this machine lets a test make one.
#[test]
fn a_disk_without_room_is_named() {
    let home = directory("room");
    let made = Shape::of(4, 400_000, "room").write(&home.join("out"));
    let script = r#"mount -t tmpfs -o size=300k none "$SITE" || exit 77
        "$PROGRAM" publish --branch main --out "$OUT" --to "$SITE"
        code=$?; find "$SITE" -name mlops_entry_point.yaml -maxdepth 1 >&2; exit $code"#;
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script]);
    command.env("PROGRAM", env!("CARGO_BIN_EXE_formwork-publish"));
    let site = home.join("site");
    fs::create_dir_all(&site).expect("a directory");
    command.env("SITE", &site).env("OUT", &made.directory);
    let Ok(output) = command.output() else {
        return eprintln!("no `unshare` here: only a limit was tested");
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) || stderr.starts_with("unshare: ") {
        return eprintln!("no file system can be mounted here: only a limit was tested");
    }
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("No space left on device"), "{stderr}");
    assert!(stderr.contains("make room and publish again"), "{stderr}");
    assert!(!stderr.contains("\nmlops_entry_point.yaml"), "{stderr}");
}
