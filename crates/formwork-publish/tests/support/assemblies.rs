//! Assemblies made in a moment, by the language itself: an entry point as the platform's, nested stacks and assets.
//!
//! What is in one follows from its [`Shape`] alone: the same shape gives the same bytes, and a shape that differs in one
//! thing differs in that thing and in whatever names it by its hash.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use formwork::Stack;
use formwork::assembly::{Assembly, Manifest, Settings, sha256};
use formwork::launch::{LaunchBranch, LaunchPage, LaunchRegion};
use formwork::prelude::*;

/// The file that is launched.
pub const ENTRY_POINT: &str = "mlops_entry_point.yaml";

/// What an assembly is made of.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// How many nested stacks, `stack-0` and so on.
    pub stacks: usize,
    /// How many assets, `asset-0` and so on; the first is a zipped directory, whose key has another hash than that of
    /// its bytes. Each belongs to a nested stack, or to the entry point if there is none.
    pub assets: usize,
    /// About how long each of them is.
    pub bytes_each: usize,
    /// What the content depends on; another seed makes other files throughout.
    pub seed: String,
    /// Nested stacks that are different from those without this.
    pub edited_stacks: Vec<usize>,
    /// Assets that are different.
    pub edited_assets: Vec<usize>,
    /// Whether the entry point itself is different.
    pub edited_entry_point: bool,
}

/// An assembly on disk.
#[derive(Clone, Debug)]
pub struct Made {
    /// Where it is.
    pub directory: PathBuf,
    /// What is in it.
    pub manifest: Manifest,
}

/// Writes an assembly into a directory below one of the test's own: so many objects besides the entry point, nested
/// stacks and assets in turn.
pub fn assembly(directory: &Path, objects: usize, bytes_each: usize, seed: &str) -> Made {
    Shape::of(objects, bytes_each, seed).write(directory)
}

impl Shape {
    /// So many objects besides the entry point, nested stacks and assets in turn.
    pub fn of(objects: usize, bytes_each: usize, seed: &str) -> Self {
        let (stacks, assets) = (objects.div_ceil(2), objects / 2);
        Shape { stacks, assets, bytes_each, seed: seed.to_owned(), ..Shape::default() }
    }

    /// The same with another nested stack at this place: that one template and the entry point change.
    pub fn edit_stack(mut self, place: usize) -> Self {
        self.edited_stacks.push(place);
        self
    }

    /// The same with another asset at this place: it, the nested stack that names it, and the entry point change.
    pub fn edit_asset(mut self, place: usize) -> Self {
        self.edited_assets.push(place);
        self
    }

    /// The same with another entry point: nothing else changes.
    pub fn edit_entry_point(mut self) -> Self {
        self.edited_entry_point = true;
        self
    }

    /// Writes it, over what was there.
    pub fn write(&self, directory: &Path) -> Made {
        if self.assets > 0 {
            // What the first asset is zipped from lies beside the assembly: it is no part of it.
            let source = source_of(directory);
            fs::create_dir_all(&source).unwrap();
            fs::write(source.join("content.txt"), self.asset(0)).unwrap();
        }
        // Stacks are defined by functions that take nothing but their inputs.
        SHAPE.set((self.clone(), directory.to_owned()));
        let mut assembly = Assembly::new().with_named(ENTRY.template(), "mlops-platform");
        assembly = assembly.launched_from(LAUNCH);
        let synthesized = assembly.synth(Settings::default());
        let synthesized = synthesized.unwrap_or_else(|problems| panic!("{problems}"));
        synthesized.write(directory).unwrap_or_else(|error| panic!("{error}"));
        Made { directory: directory.to_owned(), manifest: synthesized.manifest() }
    }

    fn asset(&self, place: usize) -> String {
        let edit = if self.edited_assets.contains(&place) { " edited" } else { "" };
        noise(&format!("{} asset {place}{edit}", self.seed), self.bytes_each)
    }
}

impl Made {
    /// The keys of everything that is released, the entry point among them, sorted.
    pub fn keys(&self) -> Vec<String> {
        let templates = self.manifest.templates.iter().map(|it| it.file.clone());
        let assets = self.manifest.assets.iter().map(|it| it.file.clone());
        let mut keys: Vec<_> = templates.chain(assets).collect();
        keys.sort();
        keys
    }

    /// The bytes of a file of the assembly.
    pub fn bytes(&self, key: &str) -> Vec<u8> {
        let path = self.directory.join(key);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

thread_local! {
    /// The shape that is being written, and where to.
    static SHAPE: RefCell<(Shape, PathBuf)> = RefCell::default();
}

/// The parameters of the entry point that concern the release.
#[derive(Inputs)]
struct Release {
    /// Bucket that the release is in.
    #[input(default = "the-release-bucket")]
    bucket_name: Input<String>,
    /// Region of the release bucket. Empty if S3's global endpoint serves it.
    #[input(default = "")]
    bucket_region: Input<Region>,
}

const ENTRY: Stack<Release, ()> = Stack::new("mlops_entry_point", "The entry point", |t, input| {
    let (shape, directory) = SHAPE.with_borrow(Clone::clone);
    let (bucket, region) = (input.bucket_name, input.bucket_region);
    let has_region = t.condition("HasBucketRegion", !region.is_empty());
    t.templates_at(move |key| {
        when(
            has_region,
            sub!("https://{bucket}.s3.{region}.{}/{key}", pseudo::URL_SUFFIX),
            sub!("https://{bucket}.s3.{}/{key}", pseudo::URL_SUFFIX),
        )
    });
    for place in 0..shape.stacks {
        let stack = Stack::<(), ()>::new(named("stack", place), "A nested stack", define);
        t.nest(format!("Stack{place}"), stack.with(()).timeout_in_minutes(90));
    }
    if shape.stacks == 0 {
        add_assets(t, &shape, &directory, 0..shape.assets);
    }
    let edit = if shape.edited_entry_point { " edited" } else { "" };
    let note = format!("{} entry point{edit}", shape.seed);
    let from = when(has_region, sub!("{bucket} in {region}"), sub!("{bucket} anywhere"));
    t.add("Note", Raw::new("AWS::New::Note").set("Note", note).set("From", from));
});

/// A nested stack: which one it is, its name says.
fn define(t: &mut Template, (): ()) {
    let (shape, directory) = SHAPE.with_borrow(Clone::clone);
    let place = t.name().trim_start_matches("stack-").parse().expect("its name ends in its number");
    let edit = if shape.edited_stacks.contains(&place) { " edited" } else { "" };
    let note = format!("{} stack {place}{edit}", shape.seed);
    // Templates have a limit; assets have none.
    let note = noise(&note, shape.bytes_each.min(100_000));
    t.add("Note", Raw::new("AWS::New::Note").set("Note", note));
    add_assets(t, &shape, &directory, (place..shape.assets).step_by(shape.stacks));
}

fn add_assets(
    t: &mut Template,
    shape: &Shape,
    directory: &Path,
    places: impl Iterator<Item = usize>,
) {
    for place in places {
        let name = named("asset", place);
        let asset = if place == 0 {
            t.asset(Asset::directory(name, source_of(directory)))
        } else {
            t.asset(Asset::text(name, "zip", shape.asset(place).leak()))
        };
        let user = Raw::new("AWS::New::User").set("Key", asset.key());
        t.add(format!("User{place}"), user);
    }
}

/// Where people launch it: one region and one branch.
const LAUNCH: LaunchPage = LaunchPage {
    branches: &[LaunchBranch {
        name: "main",
        bucket: "the-release-bucket",
        suffix: "",
        parameters: &[("BucketName", "the-release-bucket")],
    }],
    regions: &[LaunchRegion { name: "EU (Frankfurt)", code: "eu-central-1" }],
    template: ENTRY_POINT,
    stack_name: "mlops-platform",
    capabilities: &[],
};

/// Names live as long as the program; a test has few of them.
fn named(kind: &str, place: usize) -> &'static str {
    format!("{kind}-{place}").leak()
}

fn source_of(directory: &Path) -> PathBuf {
    directory.with_extension("source")
}

/// A text of this length that does not compress well, and is the same for the same seed.
fn noise(seed: &str, length: usize) -> String {
    let mut text = sha256(seed.as_bytes());
    while text.len() < length {
        let next = sha256(&text.as_bytes()[text.len() - 64..]);
        text += &next;
    }
    // Short ones still differ: a hash in 16 digits is enough.
    text.truncate(length.max(16));
    text
}
