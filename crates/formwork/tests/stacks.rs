//! Stacks that know each other: outputs, imports, nested stacks, and exactly what they write.

#![allow(missing_docs, reason = "a test")]

mod goldens;

use formwork::Stack;
use formwork::prelude::*;
use goldens::{check, of, thing};

formwork::meanings! {
    /// The id of a network.
    NetworkId = "AWS::EC2::VPC::Id";
}

#[derive(Clone, Copy, Choices)]
enum Tier {
    Full,
    #[choice("real-time")]
    RealTime,
}

#[derive(Outputs)]
struct Shared {
    /// The network.
    #[output(export = "network-id")]
    network: Value<NetworkId>,
    /// The subnets.
    #[output(export = "subnet-ids")]
    subnets: Value<List<String>>,
    /// The name, under another id.
    #[output(name = "TheName")]
    name: Value<String>,
}

const SHARED: Stack<(), Shared> = Stack::new("shared", "What is shared", |t, ()| {
    let network = t.add("Network", thing());
    let subnets = ["A", "B"].map(|id| t.add(format!("Subnet{id}"), thing().set("Of", network)));
    Shared { network: val(network), subnets: val(subnets), name: val("x") }
});

#[test]
fn outputs_and_imports() {
    check("outputs", SHARED.template());
    check(
        "imports",
        of("imports", |t, ()| {
            let shared = t.import(SHARED);
            t.add("Thing", thing().set("Network", shared.network).set("Subnets", shared.subnets));
        }),
    );
}

#[derive(Inputs)]
struct ChildInputs {
    /// Subnets.
    subnets: Input<List<String>>,
    /// A number.
    #[input(default = 3)]
    count: Input<i64>,
    /// A flag.
    #[input(default = false)]
    flag: Input<bool>,
    /// A tier.
    #[input(default = Tier::Full)]
    tier: Input<Tier>,
    /// A network.
    network: Input<NetworkId>,
}

#[derive(Outputs)]
struct Passed {
    /// The network.
    network: Value<NetworkId>,
    /// The subnets.
    subnets: Value<List<String>>,
    /// A name.
    name: Value<String>,
}

const CHILD: Stack<ChildInputs, Passed> = Stack::new("child", "A child", |t, input| {
    let used = t.add(
        "Thing",
        thing()
            .set("Subnets", input.subnets)
            .set("Count", input.count)
            .set("Flag", input.flag)
            .set("Tier", input.tier),
    );
    Passed { network: val(input.network), subnets: val(input.subnets), name: val(used) }
});

#[test]
fn nested_stacks() {
    #[derive(Inputs)]
    struct Parent {
        /// The bucket.
        bucket: Input<String>,
        /// Subnets.
        subnets: Input<List<String>>,
        /// A network.
        network: Input<NetworkId>,
    }
    let stack = Stack::<Parent, Passed>::new("parent", "A parent", |t, input| {
        let bucket = input.bucket;
        t.templates_at(move |key| sub!("https://{bucket}.s3.{}/{key}", pseudo::URL_SUFFIX));
        let first = t.nest(
            "First",
            CHILD
                .with(ChildInputs {
                    subnets: input.subnets,
                    count: by_default(),
                    flag: give(true),
                    tier: give(Tier::RealTime),
                    network: input.network,
                })
                .timeout_in_minutes(30)
                .tag("CostCenter", "012345"),
        );
        let second = t.nest(
            "Second",
            CHILD
                .with(ChildInputs {
                    subnets: give(first.subnets),
                    count: give(7),
                    flag: by_default(),
                    tier: by_default(),
                    network: give(first.network),
                })
                .depends_on(first)
                .retain(),
        );
        t.add("Copy", thing().set("Keys", t.release_keys()).set("Release", t.release_id()));
        Passed { network: second.network, subnets: second.subnets, name: second.name }
    });
    check("nested", stack.template());
}

#[test]
fn a_stack_whose_inputs_all_have_defaults() {
    #[derive(Inputs)]
    struct Sizes {
        /// The least.
        #[input(default = 1)]
        min: Input<i64>,
        /// The most.
        #[input(default = 4)]
        max: Input<i64>,
    }
    const SIZES: Stack<Sizes, ()> = Stack::new("sizes", "Sizes", |t, input| {
        t.add("Thing", thing().set("Min", input.min).set("Max", input.max));
    });
    check(
        "defaults",
        of("with-defaults", |t, ()| {
            t.templates_at(|key| sub!("https://bucket.s3.{}/{key}", pseudo::URL_SUFFIX));
            t.nest("Sizes", SIZES.with(Sizes { max: give(8), ..Default::default() }));
        }),
    );
}
