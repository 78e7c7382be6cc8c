//! What an assembly is on disk, and that a write that fails leaves the old one whole.

#![allow(missing_docs, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use formwork::Stack;
use formwork::assembly::{Assembly, KeyStyle, Manifest, Settings, Synthesized, sha256};
use formwork::prelude::*;
use formwork::render::Format;

/// A directory of this test's own, empty.
fn directory(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
    fs::create_dir_all(&path).unwrap();
    path
}

/// Every file below a directory with its content.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(top: &Path, directory: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(top, &path, found);
            } else {
                let name = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(directory, directory, &mut found);
    found
}

/// What the child takes.
#[derive(Inputs)]
struct ChildInputs {
    /// Names of things.
    names: Input<List<String>>,
    /// How many.
    #[input(default = 3)]
    count: Input<i64>,
}

/// What the child gives.
#[derive(Outputs)]
struct ChildOutputs {
    /// The role's name.
    role: Value<String>,
    /// The names once more.
    names: Value<List<String>>,
}

const CHILD: Stack<ChildInputs, ChildOutputs> = Stack::new("child", "A child", |t, input| {
    let handler = t.asset(Asset::text("handler", "py", "def handler(event, context): pass\n"));
    let role = t.add("Role", Raw::new("AWS::IAM::Role").set("RoleName", "fixed"));
    t.add(
        "Function",
        Raw::new("AWS::New::Function")
            .set("Key", handler.key())
            .set("Names", input.names)
            .set("Count", input.count),
    );
    ChildOutputs { role: val(role), names: val(input.names) }
});

const ROOT: Stack<(), ()> = Stack::new("root", "A root", |t, ()| {
    t.templates_at(|key| sub!("https://bucket.s3.{}/{key}", pseudo::URL_SUFFIX));
    let inputs = ChildInputs { names: give(["a", "b"]), count: by_default() };
    let child = t.nest("Child", CHILD.with(inputs).timeout_in_minutes(90));
    t.add("After", Raw::new("AWS::New::Thing").set("Role", child.role).set("Names", child.names));
});

fn synth(settings: Settings) -> Synthesized {
    Assembly::new().with_named(ROOT.template(), "the-stack").synth(settings).unwrap()
}

#[test]
fn manifest_and_files_agree() {
    let out = directory("agree");
    synth(Settings::default()).write(&out).unwrap();
    let files = files(&out);
    let manifest: Manifest = serde_json::from_slice(&files["manifest.json"]).unwrap();
    let listed: Vec<&String> = manifest
        .templates
        .iter()
        .map(|one| &one.file)
        .chain(manifest.assets.iter().map(|one| &one.file))
        .collect();
    let mut expected: Vec<String> = listed.iter().map(|file| (*file).clone()).collect();
    expected.push("manifest.json".to_owned());
    expected.sort();
    assert_eq!(files.keys().cloned().collect::<Vec<_>>(), expected);
    for template in &manifest.templates {
        let bytes = &files[&template.file];
        assert_eq!(template.sha256, sha256(bytes), "{}", template.file);
        assert_eq!(template.bytes, bytes.len() as u64, "{}", template.file);
    }
    for asset in &manifest.assets {
        assert_eq!(asset.sha256, sha256(&files[&asset.file]), "{}", asset.file);
        assert!(asset.file.contains(&asset.hash), "{}", asset.file);
    }
    let root = String::from_utf8_lossy(&files["root.yaml"]).into_owned();
    assert!(root.contains(&manifest.templates[0].file), "the parent names its child's key");
    let child = String::from_utf8_lossy(&files[&manifest.templates[0].file]).into_owned();
    assert!(child.contains(&manifest.assets[0].file), "the child names its asset's key");
}

#[test]
fn goldens() {
    let settings = Settings { keys: KeyStyle::Named, ..Settings::default() };
    let named = synth(settings);
    insta::assert_snapshot!("root.yaml", named.template("root").unwrap().text);
    insta::assert_snapshot!("child.yaml", named.template("child").unwrap().text);
    let json = synth(Settings { format: Format::Json, keys: KeyStyle::Named });
    insta::assert_snapshot!("root.json", json.template("root").unwrap().text);
    insta::assert_snapshot!("child.json", json.template("child").unwrap().text);
    insta::assert_snapshot!(
        "manifest.json",
        serde_json::to_string_pretty(&named.manifest()).unwrap()
    );
}

#[test]
fn only_what_is_asked_for() {
    let child = synth(Settings::default()).only(&["child".to_owned()]).unwrap();
    assert_eq!(child.templates.len(), 1);
    assert_eq!(child.assets.len(), 1);
    let root = synth(Settings::default()).only(&["root".to_owned()]).unwrap();
    assert_eq!(root.templates.len(), 2, "a stack brings what it nests");
    let problems = synth(Settings::default()).only(&["chld".to_owned()]).unwrap_err();
    assert_eq!(problems.to_string(), "there is no stack `chld`\n  did you mean `child`?");
}

/// Puts the child into the release, for somebody else to launch.
const SHOP: Stack<(), ()> = Stack::new("shop", "A product and its portfolio", |t, ()| {
    let product = t.release(CHILD);
    let url = sub!("https://bucket.s3.{}/{}", pseudo::URL_SUFFIX, product.key());
    t.add(
        "Product",
        Raw::new("AWS::New::Product").set("Version", product.version()).set("Url", url),
    );
    t.add("Copy", Raw::new("AWS::New::Copy").set("Keys", t.release_keys()));
});

#[test]
fn a_released_template_is_part_of_the_release_and_of_no_stack() {
    let synthesized = Assembly::new().with(SHOP.template()).synth(Settings::default()).unwrap();
    let child = &synthesized.template("child").unwrap().entry;
    assert_eq!(child.file, format!("templates/child.{}.yaml", child.sha256));
    assert_eq!(child.stack_name, None);
    let shop = synthesized.template("shop").unwrap();
    assert_eq!((&shop.entry.releases[..], shop.entry.nests.len()), (&["child".to_owned()][..], 0));
    assert_eq!(shop.entry.capabilities, Vec::<String>::new(), "whoever launches it acknowledges");
    let version = format!("Version: {}\n", &child.sha256[..16]);
    assert!(shop.text.replace('"', "").contains(&version), "{}", shop.text);
    let asset = &synthesized.manifest().assets[0].file;
    let keys = format!("Keys:\n        - {asset}\n        - {}\n", child.file);
    assert!(shop.text.contains(&keys), "what is released is copied: {}", shop.text);
    let only = synthesized.only(&["shop".to_owned()]).unwrap();
    assert_eq!((only.templates.len(), only.assets.len()), (2, 1));

    let named = Settings { keys: KeyStyle::Named, ..Settings::default() };
    let named = Assembly::new().with(SHOP.template()).synth(named).unwrap();
    insta::assert_snapshot!("shop.yaml", named.template("shop").unwrap().text);
}

#[test]
fn what_is_wrong_with_a_released_template_is_said() {
    let stack = Stack::<(), ()>::new("shop", "A product", |t, ()| {
        t.release(Stack::<(), ()>::new("bad", "Bad", |t, ()| {
            t.add("Thing", Raw::new("AWS::New::Thing").set("Name", raw_ref("Nothing")));
        }));
        t.add("Thing", Raw::new("AWS::New::Thing"));
    });
    let problems = Assembly::new().with(stack.template()).synth(Settings::default()).unwrap_err();
    assert!(problems.to_string().contains("stack `bad`"), "{problems}");
}

#[test]
fn a_second_write_touches_nothing_and_removes_what_is_stale() {
    let out = directory("again");
    fs::write(out.join(".gitignore"), "*\n").unwrap();
    fs::write(out.join("mine.yaml"), "not ours").unwrap();
    let first = synth(Settings::default()).write(&out).unwrap();
    assert_eq!(first.unchanged, Vec::<String>::new());
    let second = synth(Settings::default()).write(&out).unwrap();
    assert_eq!((second.changed, second.removed), (vec![], vec![]));

    let stale = format!("assets/old.{}.zip", "0".repeat(64));
    fs::write(out.join(&stale), "left by a run that was stopped").unwrap();
    let json = synth(Settings { format: Format::Json, ..Settings::default() }).write(&out).unwrap();
    assert!(json.removed.contains(&stale), "{:?}", json.removed);
    assert!(json.removed.contains(&"root.yaml".to_owned()), "{:?}", json.removed);
    assert_eq!(fs::read(out.join("mine.yaml")).unwrap(), b"not ours");
    assert_eq!(fs::read(out.join(".gitignore")).unwrap(), b"*\n");
}

#[test]
fn a_manifest_that_climbs_out_removes_nothing_outside() {
    let out = directory("climb");
    synth(Settings::default()).write(&out).unwrap();
    let outside = out.parent().unwrap().join("outside.yaml");
    fs::write(&outside, "precious").unwrap();
    let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
    fs::write(out.join("manifest.json"), manifest.replace("root.yaml", "../outside.yaml")).unwrap();
    synth(Settings::default()).write(&out).unwrap();
    assert_eq!(fs::read(&outside).unwrap(), b"precious");
}

#[test]
fn what_cannot_be_written_leaves_the_old_assembly_whole() {
    let out = directory("blocked");
    synth(Settings { format: Format::Json, ..Settings::default() }).write(&out).unwrap();
    // A directory where a file of the new assembly belongs stops it before anything is moved.
    fs::create_dir(out.join("root.yaml")).unwrap();
    let before = files(&out);
    let error = synth(Settings::default()).write(&out).unwrap_err().to_string();
    assert!(error.contains("root.yaml cannot be written"), "{error}");
    assert!(error.contains("a directory is in its place: remove it"), "{error}");
    assert!(error.ends_with("\n  the assembly that was there is untouched"), "{error}");
    let mut after = files(&out);
    after.retain(|file, _| before.contains_key(file));
    assert_eq!(before, after);
}

#[test]
fn what_is_said_of_a_write_that_stops_is_true() {
    let out = directory("nothing-there");
    fs::create_dir(out.join("root.yaml")).unwrap();
    let error = synth(Settings::default()).write(&out).unwrap_err().to_string();
    assert!(error.ends_with("\n  no assembly was there, and none was written"), "{error}");

    // What cannot be removed stops it when the new assembly is in place.
    let out = directory("not-removed");
    let stale = out.join(format!("assets/old.{}.zip", "0".repeat(64)));
    fs::create_dir_all(stale.join("inside")).unwrap();
    let error = synth(Settings::default()).write(&out).unwrap_err().to_string();
    assert!(error.contains("cannot be removed"), "{error}");
    assert!(error.contains("\n  the new assembly is in place; files of the old one"), "{error}");
    assert!(out.join("manifest.json").is_file(), "the new assembly is there");
}

#[test]
fn a_file_where_the_directory_belongs() {
    let out = directory("file").join("out");
    fs::write(&out, "a file").unwrap();
    let error = synth(Settings::default()).write(&out).unwrap_err().to_string();
    let expected = "is a file, but an assembly is a directory of files: name a directory";
    assert!(error.ends_with(expected), "{error}");
    assert_eq!(fs::read(&out).unwrap(), b"a file");
}

#[test]
fn zipped_directories_are_the_same_whatever_the_disk_says() {
    let make = |name: &str, order: &[&str]| {
        let source = directory(name);
        for file in order {
            let path = source.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("content of {file}")).unwrap();
        }
        fs::write(source.join("left-out.txt"), name).unwrap();
        source
    };
    let zip = |source: PathBuf| {
        let stack = Stack::<(), ()>::new("zips", "Zips", |t, ()| {
            t.add("Thing", Raw::new("AWS::New::Thing"));
        });
        let mut template = stack.template();
        template.asset(Asset::directory("code", source).except("left-out.txt"));
        let synthesized = Assembly::new().with(template).synth(Settings::default()).unwrap();
        synthesized.assets[0].1.clone()
    };
    let names = ["b.py", "a/z.py", "a.py", "ü.txt"];
    let first = zip(make("zip-first", &names));
    let mut reversed = names;
    reversed.reverse();
    let second = zip(make("zip-second", &reversed));
    assert_eq!(first, second);
    assert_eq!(&first.bytes[..2], b"PK");
}

#[test]
fn a_zip_is_taken_over_only_if_it_is_whole() {
    let (source, out) = (directory("over-source"), directory("over-out"));
    fs::write(source.join("a.py"), "one").unwrap();
    let assembly = || {
        let stack = Stack::<(), ()>::new("zips", "Zips", |t, ()| {
            t.add("Thing", Raw::new("AWS::New::Thing"));
        });
        let mut template = stack.template();
        template.asset(Asset::directory("code", &source));
        Assembly::new().with(template)
    };
    let synth = || assembly().synth_over(Settings::default(), &out).unwrap();
    let first = synth();
    first.write(&out).unwrap();
    let file = out.join(&first.assets[0].0.file);
    assert_eq!(synth().assets, first.assets);
    // A zip that somebody cut short is made again.
    fs::write(&file, &first.assets[0].1.bytes[..10]).unwrap();
    assert_eq!(synth().assets, first.assets);
    // Another content is another asset.
    fs::write(source.join("a.py"), "two").unwrap();
    assert_ne!(synth().assets[0].0.hash, first.assets[0].0.hash);
}

#[test]
fn exceptions_stand_in_the_manifest_only() {
    let stack = Stack::<(), ()>::new("excepted", "Excepted", |t, ()| {
        t.add("Thing", Raw::new("AWS::New::Thing").except("FW7003", "it holds nothing"));
    });
    let done = Assembly::new().with(stack.template()).synth(Settings::default()).unwrap();
    let exceptions = &done.templates[0].entry.resources["Thing"].exceptions;
    assert_eq!(exceptions["FW7003"], "it holds nothing");
    assert!(!done.templates[0].text.contains("FW7003"));
}

/// The committed schema is what the types say. Run with `INSTA_UPDATE=always` to accept a change.
#[cfg(feature = "schema")]
#[test]
fn the_committed_schema_is_current() {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Manifest)).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifest.schema.json");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        fs::write(&path, &schema).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        schema,
        "{} is stale",
        path.display()
    );
}

/// An asset packed alone: the paths of its zip, in order, or what is wrong with it.
fn packed(asset: Asset) -> Result<(Vec<String>, Vec<u8>), String> {
    let stack = Stack::<(), ()>::new("zips", "Zips", |t, ()| {
        t.add("Thing", Raw::new("AWS::New::Thing"));
    });
    let mut template = stack.template();
    template.asset(asset);
    let synthesized = Assembly::new().with(template).synth(Settings::default());
    let bytes = synthesized.map_err(|it| it.to_string())?.assets[0].1.bytes.clone();
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut entries = archive.entries();
    let mut paths = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        paths.push(entry.file_path().try_normalize().unwrap().as_ref().to_owned());
    }
    Ok((paths, bytes))
}

#[test]
fn what_of_a_directory_is_packed() {
    let source = directory("choice");
    for file in [
        ".env",
        ".hidden/named",
        ".hidden/other",
        "notes.txt",
        "src/.hidden/named",
        "src/.hidden/other",
        "src/a.py",
        "src/cache/x",
        "src/deep/cache/x",
        "src/deep/file/cache",
        "src/draft.py",
        "srcs/a.py",
    ] {
        let path = source.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    let all = || Asset::directory("code", &source);
    let paths = |asset| packed(asset).unwrap().0.join(" ");
    assert_eq!(packed(all()).unwrap().0.len(), 12);
    assert_eq!(
        paths(all().except_hidden().except("src")),
        "notes.txt srcs/a.py",
        "no list means everything"
    );
    assert_eq!(
        paths(all().only("src").except("src/draft.py").except_directories("cache")),
        "src/.hidden/named src/.hidden/other src/a.py src/deep/file/cache"
    );
    assert_eq!(
        paths(
            all()
                .only("src")
                .only("src/.hidden/named")
                .only(".hidden/named")
                .only("not/there")
                .only("src/deep/cache")
                .except_hidden()
                .except_directories("cache")
                .except("src/deep/file"),
        ),
        ".hidden/named src/.hidden/named src/a.py src/deep/cache/x src/draft.py"
    );
    assert_eq!(paths(all().only("src/a.py").only("notes.txt/x")), "src/a.py");
    assert!(packed(all().only("nothing")).unwrap_err().contains("holds no file"));
}

/// A directory of a test, with these files, each holding its own path.
fn holding(name: &str, files: &[&str]) -> PathBuf {
    let source = directory(name);
    for file in files {
        let path = source.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    source
}

#[test]
fn directories_are_packed_as_one() {
    let common = || holding("with-common", &["b.py", "src/b.py", "src/left/out.py"]);
    let own = holding("with-own", &["a.py", "src/left/out.py", "src/a.py"]);
    let both = |first: PathBuf, second: PathBuf| {
        Asset::directory("code", first).with_directory(second).except_directories("left")
    };
    let (paths, bytes) = packed(both(common(), own.clone())).unwrap();
    assert_eq!(paths.join(" "), "a.py b.py src/a.py src/b.py");
    // Which comes first makes no difference, nor that they are two.
    assert_eq!(packed(both(own, common())).unwrap().1, bytes);
    let one = holding("with-one", &["a.py", "b.py", "src/a.py", "src/b.py"]);
    assert_eq!(packed(Asset::directory("code", one)).unwrap().1, bytes);
}

#[test]
fn directories_that_do_not_go_together_are_refused() {
    let problem = |files: &[&str]| {
        let first = holding("apart-first", &["a.py", "src/b.py"]);
        packed(Asset::directory("code", first).with_directory(holding("apart-second", files)))
            .unwrap_err()
    };
    let twice = problem(&["src/b.py"]);
    assert!(twice.contains("asset `code`: two of its directories have a file src/b.py"), "{twice}");
    let kinds = problem(&["src"]);
    assert!(kinds.contains("src is a file in one of its directories and a"), "{kinds}");
    let kinds = problem(&["a.py/c/d.py"]);
    assert!(kinds.contains("a.py is a file in one of its directories and a"), "{kinds}");
    let empty = problem(&[]);
    assert!(empty.contains("apart-second holds no file"), "{empty}");
}

#[cfg(unix)]
#[test]
fn links_are_named_as_the_asset_has_them() {
    use std::os::unix::fs::symlink;
    let source = directory("links");
    fs::create_dir_all(source.join("src")).unwrap();
    fs::write(source.join("src/lib.rs"), "").unwrap();
    // What Emacs makes while somebody has changed the file but not saved it.
    symlink("somebody@somewhere.1234:5678", source.join("src/.#lib.rs")).unwrap();
    let asset = || Asset::directory("code", &source);
    assert_eq!(packed(asset().except_hidden()).unwrap().0, ["src/lib.rs"]);
    let problem = packed(asset()).unwrap_err();
    assert!(problem.contains("asset `code`: src/.#lib.rs is neither a file nor"), "{problem}");
}

/// However many threads compress them, members come in the order of their paths, each compressed on its own.
#[test]
fn a_zip_does_not_depend_on_who_compressed_it() {
    let source = directory("many");
    let mut contents = BTreeMap::new();
    for number in 0..300_usize {
        let text = format!("line {number}\n").repeat(number * number % 1000);
        fs::write(source.join(format!("{number:03}.txt")), &text).unwrap();
        contents.insert(format!("{number:03}.txt"), text);
    }
    let (paths, bytes) = packed(Asset::directory("code", &source)).unwrap();
    assert!(paths.iter().eq(contents.keys()));
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut entries = archive.entries();
    for (path, text) in &contents {
        let entry = entries.next_entry().unwrap().unwrap();
        let data = archive.get_entry(entry.wayfinder()).unwrap();
        let alone = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6);
        assert_eq!(data.data(), alone, "{path}");
        assert_eq!(entry.crc32(), rawzip::crc32(text.as_bytes()), "{path}");
    }
    for _ in 0..5 {
        assert_eq!(packed(Asset::directory("code", &source)).unwrap().1, bytes);
    }
}
