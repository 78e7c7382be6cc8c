//! Pictures of stacks: a small family of stacks in every form, as goldens, and the cases that are rare.

#![allow(missing_docs, reason = "a test")]

use formwork::assembly::Assembly;
use formwork::graph::{Graph, Picture};
use formwork::prelude::*;
use formwork::{Stack, Template};

#[derive(Inputs)]
struct NetworkInputs {
    /// Range of the network.
    range: Input<String>,
    /// Name of the network.
    #[input(default = "main")]
    name: Input<String>,
}

#[derive(Outputs)]
struct NetworkOutputs {
    /// The network.
    network_id: Value<String>,
    /// Its subnets.
    subnet_ids: Value<List<String>>,
}

const NETWORK: Stack<NetworkInputs, NetworkOutputs> =
    Stack::new("network", "network: where everything is", |t, input| {
        let network = t.add("Network", Raw::new("AWS::EC2::VPC").set("CidrBlock", input.range));
        let subnets = ["A", "B"].map(|zone| {
            let subnet = Raw::new("AWS::EC2::Subnet").set("VpcId", network);
            t.add(format!("Subnet{zone}"), subnet)
        });
        NetworkOutputs { network_id: val(network), subnet_ids: val(subnets) }
    });

#[derive(Inputs)]
struct ShopInputs {
    /// Subnets that it runs in.
    subnet_ids: Input<List<String>>,
    /// Bucket that it reads.
    bucket_name: Input<String>,
    /// Where it is reached.
    address: Input<String>,
}

const SHOP: Stack<ShopInputs, ()> = Stack::new("shop", "The shop", |t, input| {
    let role = t.add("Role", Raw::new("AWS::IAM::Role"));
    let logs = t.add("Logs", Raw::new("AWS::Logs::LogGroup"));
    let service = Raw::new("AWS::ECS::Service").set("Subnets", input.subnet_ids);
    let service = service.set("Bucket", input.bucket_name).set("RoleArn", role);
    t.add("Service", service.set("Address", input.address).depends_on(logs));
});

const PRODUCT: Stack<(), ()> = Stack::new("product", "What others launch", |t, ()| {
    t.add("Queue", Raw::new("AWS::SQS::Queue"));
});

#[derive(Inputs)]
struct RootInputs {
    /// Range of the network.
    #[input(default = "10.0.0.0/16")]
    range: Input<String>,
}

const ROOT: Stack<RootInputs, ()> = Stack::new("root", "All of it", |t, input| {
    t.templates_at(|key| sub!("https://example.com/{key}"));
    let key = t.add("Key", Raw::new("AWS::KMS::Key"));
    let bucket = t.add("Bucket", Raw::new("AWS::S3::Bucket").set("KeyArn", key));
    t.add("Copy", Raw::new("Custom::Copy").set("To", bucket).depends_on(key));
    let network =
        t.nest("Network", NETWORK.with(NetworkInputs { range: input.range, name: by_default() }));
    let shop = SHOP.with(ShopInputs {
        subnet_ids: give(network.subnet_ids),
        bucket_name: give(bucket),
        address: give(sub!("https://{bucket}.{}", network.network_id)),
    });
    let shop = t.nest("Shop", shop);
    t.nest("Audit", PRODUCT.with(()).depends_on(shop));
    t.release(PRODUCT);
    t.output("NetworkId", "The network", network.network_id);
});

/// A resource of no real type.
fn thing() -> Raw {
    Raw::new("AWS::New::Thing")
}

/// The template of a stack without inputs.
fn of(name: &'static str, define: fn(&mut Template, ())) -> Template {
    Stack::new(name, "A stack of a test", define).template()
}

fn pictures(name: &str, picture: &Picture) {
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path("snapshots");
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| {
        insta::assert_snapshot!(format!("{name}.mermaid"), picture.mermaid());
        insta::assert_snapshot!(format!("{name}.dot"), picture.dot());
        insta::assert_snapshot!(format!("{name}.svg"), picture.svg());
    });
}

#[test]
fn goldens_of_a_family() {
    let graph = Assembly::new().with_named(ROOT.template(), "my-platform").graph();
    pictures("graph_overview", &graph.overview());
    let detail = graph.detail(&["root".to_owned(), "shop".to_owned(), "root".to_owned()]);
    pictures("graph_detail", &detail.unwrap());
}

#[test]
fn unknown_stacks_are_named_with_the_nearest_that_is_there() {
    let graph = Graph::of(&ROOT.template());
    let problems = graph.detail(&["netwrok".to_owned(), "elsewhere".to_owned()]).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "there is no stack `netwrok`\n  did you mean `network`?\n\
         there is no stack `elsewhere`\n  there are: root, network, shop, product, product"
    );
}

/// What a stack adds, and the arrows that its picture has.
type Case = (&'static str, fn(&mut Template, ()), &'static [&'static str]);

const CASES: &[Case] = &[
    ("nothing", |_, ()| {}, &[]),
    (
        "a reference that is there twice, and one to itself",
        |t, ()| {
            let one = t.add("One", thing().set("Own", raw_ref("One")));
            t.add("Two", thing().set("A", one).set("B", one).depends_on(one));
        },
        &["n0 --> n1"],
    ),
    (
        "a circle, which synth would refuse",
        |t, ()| {
            let one = t.add("One", thing().set("To", raw_ref("Two")));
            t.add("Two", thing().set("To", one));
        },
        &["n1 --> n0", "n0 --> n1"],
    ),
    (
        "names in text, in metadata, in lists and in conditions",
        |t, ()| {
            t.add("One", thing());
            t.add("Two", thing().set("Text", raw_sub("${One.Arn} ${!Three} ${AWS::Region}")));
            t.add("Three", thing().resource_metadata("Of", raw_ref("Two")));
            let yes = t.condition("Yes", pseudo::REGION.is("x"));
            let list: [Value<String>; 2] = [val(when(yes, raw_ref("Three"), "none")), val("x")];
            t.add("Four", thing().set("List", list));
        },
        &["n0 --> n1", "n1 --> n2", "n2 --> n3"],
    ),
    (
        "a loop, and a resource that waits",
        |t, ()| {
            let one = t.add("One", thing());
            t.for_each("Loop", "Kind", ["A", "B"], |t, kind| {
                t.add(kind.id("Thing"), thing().set("Of", one));
            });
            t.add("Last", thing().depends_on(one));
        },
        &["n0 --> n1", "n0 -.-> n2"],
    ),
];

#[test]
fn arrows() {
    for (name, define, expected) in CASES {
        let graph = Graph::of(&of("case", *define));
        let picture = graph.detail(&["case".to_owned()]).unwrap();
        let mermaid = picture.mermaid();
        let arrows: Vec<&str> =
            mermaid.lines().map(str::trim).filter(|line| line.contains("->")).collect();
        assert_eq!(arrows, *expected, "{name}");
        whole(&picture.svg());
        whole(&graph.overview().svg());
    }
}

#[test]
fn what_is_written_cannot_break_out() {
    let hostile = "\"</text><script>&\u{1}\\ #quot; `a` ]]> --> end";
    let template = Stack::<(), ()>::new("hostile", hostile, |t, ()| {
        t.add("One", Raw::new("\"<b>::&::#\\"));
    })
    .template();
    let graph = Graph::of(&template);
    for picture in [graph.overview(), graph.detail(&["hostile".to_owned()]).unwrap()] {
        let (svg, mermaid, dot) = (picture.svg(), picture.mermaid(), picture.dot());
        whole(&svg);
        assert!(!svg.contains("<script") && !svg.contains('\u{1}'), "{svg}");
        for line in mermaid.lines().filter(|line| line.contains('[')) {
            assert_eq!(line.matches('"').count(), 2, "{line}");
            assert!(!line.contains('#') && !line.contains("<s"), "{line}");
        }
        for line in dot.lines() {
            let bare = line.replace("\\\\", "").replace("\\\"", "");
            assert_eq!(bare.matches('"').count() % 2, 0, "{line}");
        }
    }
}

#[test]
fn many_stacks_stay_on_the_page() {
    let assembly = Assembly::new().with(of("many", |t, ()| {
        for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            t.release(Stack::<(), ()>::new(name, "One of many", |t, ()| {
                t.add("Thing", thing());
            }));
        }
    }));
    let svg = assembly.graph().overview().svg();
    let width = svg.split_once("width=\"").and_then(|(_, rest)| rest.split_once('"'));
    let width: u32 = width.expect("a width").0.parse().expect("a number");
    assert!(width < 900, "{width}");
}

#[test]
fn the_same_stacks_give_the_same_bytes() {
    let svg = || Graph::of(&ROOT.template()).overview().svg();
    assert_eq!(svg(), svg());
}

/// That every tag is closed in its turn and no character is left that XML does not know.
#[track_caller]
fn whole(svg: &str) {
    let mut open = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag is closed");
        assert!(!text.contains('>'), "{part}");
        let name = tag.split(' ').next().unwrap_or(tag);
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{part}");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(svg.chars().all(|letter| letter == '\n' || !letter.is_control()));
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;"];
    let known = |rest: &str| entities.iter().any(|entity| rest.starts_with(entity));
    assert!(svg.match_indices('&').all(|(at, _)| known(&svg[at..])));
}
