//! Everything that synth refuses, and the exact words in which it does. One stack a case; the golden
//! `snapshots/problems__problems.snap` holds what the user reads.

#![allow(missing_docs, reason = "a test")]

use std::fmt::Write as _;

use formwork::assembly::{Assembly, Settings};
use formwork::prelude::*;
use formwork::{Stack, Template};

formwork::meanings! {
    /// A VPC's id.
    VpcId = "AWS::EC2::VPC::Id";
}

type Case = (&'static str, fn() -> Assembly);

fn of(define: fn(&mut Template, ()) -> ()) -> Assembly {
    Assembly::new().with(Stack::new("network", "A network", define).template())
}

fn thing() -> Raw {
    Raw::new("AWS::New::Thing")
}

/// What the stack of a case takes.
#[derive(Inputs)]
struct Constrained {
    /// A default that breaks its own pattern.
    #[input(default = "abc", pattern = "[0-9]{1,12}", explain = "1 to 12 digits")]
    center: Input<String>,
    /// A default that is not allowed.
    #[input(default = "c", allowed = ["a", "b"])]
    choice: Input<String>,
    /// A default that is too short.
    #[input(default = "ab", min_length = 3)]
    short: Input<String>,
    /// A default out of bounds.
    #[input(default = 11, min = 1, max = 10)]
    count: Input<i64>,
    /// A list with one bad element.
    #[input(default = ["10.0.0.0/16", "10.0.0.0"], pattern = r"\d+(\.\d+){3}/\d+")]
    ranges: Input<List<String>>,
    /// A list with several bad elements.
    #[input(default = ["a", "x", "b", "y"], allowed = ["a", "b"])]
    names: Input<List<String>>,
    /// A pattern that is none.
    #[input(pattern = "[a-")]
    broken: Input<String>,
    /// A number with a length.
    #[input(max_length = 3)]
    digits: Input<i64>,
}

/// What no value satisfies.
#[derive(Inputs)]
struct Contradicting {
    /// Its lengths contradict.
    #[input(default = "abcd", min_length = 5, max_length = 3)]
    name: Input<String>,
    /// Its bounds contradict.
    #[input(default = 3, min = 10, max = 1)]
    count: Input<i64>,
}

/// What the child takes.
#[derive(Inputs)]
struct ChildInputs {
    /// A name.
    #[input(pattern = "[a-z]+")]
    name: Input<String>,
    /// A range.
    #[input(default = "10.0.0.0/16")]
    range: Input<Cidr>,
}

#[derive(Outputs)]
struct ChildOutputs {
    /// The thing.
    thing: Value<String>,
}

const CHILD: Stack<ChildInputs, ChildOutputs> = Stack::new("child", "A child", |t, input| {
    let thing = t.add("Thing", thing().set("Name", input.name).set("Range", input.range));
    ChildOutputs { thing: val(thing) }
});

fn located(t: &mut Template) {
    t.templates_at(|key| sub!("https://bucket.s3.{}/{key}", pseudo::URL_SUFFIX));
}

const CASES: &[Case] = &[
    ("a duplicate logical id", || {
        of(|t, ()| {
            t.add("Vpc", thing());
            t.add("Vpc", thing());
        })
    }),
    ("a parameter and a resource of one name", || {
        Assembly::new().with(
            Stack::<ChildInputs, ()>::new("network", "A network", |t, input| {
                t.add("Name", thing().set("Name", input.name).set("Range", input.range));
            })
            .template(),
        )
    }),
    ("ids with other than letters and digits", || {
        of(|t, ()| {
            t.add("Sub-net", thing());
            t.add("", thing());
            t.add("Größe", thing());
            t.add("X".repeat(256), thing());
            t.condition("Is Milan", pseudo::REGION.is("eu-south-1"));
        })
    }),
    ("a resource of another stack", || {
        of(|t, ()| {
            let vpc = elsewhere(|t| t.add("Vpc", thing()));
            t.add("Subnet", thing().set("VpcId", vpc).depends_on(vpc));
        })
    }),
    ("a condition of another stack", || {
        of(|t, ()| {
            let milan = elsewhere(|t| t.condition("Milan", pseudo::REGION.is("eu-south-1")));
            t.add("Subnet", thing().when(milan).set("Size", when(milan, 1, 2)));
        })
    }),
    ("exceptions that say nothing", || {
        of(|t, ()| {
            let thing = thing().except("FW70", "it is young").except("FW7003", " ");
            t.add("Thing", thing.except("FW7001", "one").except("FW7001", "two"));
        })
    }),
    ("a cycle", || {
        of(|t, ()| {
            t.add("A", thing().set("Next", raw_sub("${B}")));
            t.add("B", thing().set("Next", raw_ref("C")));
            t.add("C", thing().set("Next", raw_ref("A")));
            t.add("Self", thing().set("Own", raw_sub("${Self.Arn}")));
        })
    }),
    ("names in text that do not exist", || {
        of(|t, ()| {
            t.add(
                "Bucket",
                thing().set("Text", raw_sub("${Bukket}/${AWS::Regio}/${!Kept}/${Bucket.Arn")),
            );
        })
    }),
    ("a resource where only inputs can be read", || {
        of(|t, ()| {
            let bucket = t.add("Bucket", thing());
            let table: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)])]);
            let key: Value<String, formwork::Early> =
                Value::from_node(val::<String>(bucket).node());
            t.condition("Known", key.is("x"));
            t.add("Other", thing().set("Size", table.get(key, "Nodes")));
        })
    }),
    ("keys that a mapping lacks", || {
        of(|t, ()| {
            let sizes: Mapping<i64> =
                t.mapping("Sizes", [("small", [("Nodes", 1)]), ("large", [("Nodes", 5)])]);
            t.add("A", thing().set("Size", sizes.get("smal", "Nodes")));
            t.add("B", thing().set("Size", sizes.get("small", "Node")));
            let _: Mapping<i64> = t.mapping("Bad", [("a b", [("c", 1)]), ("a b", [("c", 2)])]);
        })
    }),
    ("too many resources", || {
        of(|t, ()| {
            for number in 0..501 {
                t.add(format!("Thing{number}"), thing());
            }
        })
    }),
    ("too many resources by a loop", || {
        of(|t, ()| {
            let numbers: Vec<String> = (0..501).map(|number| number.to_string()).collect();
            t.for_each("Things", "Number", numbers, |t, number| {
                t.add(number.id("Thing"), thing());
            });
        })
    }),
    ("too many mappings and outputs", || {
        of(|t, ()| {
            t.add("Thing", thing());
            for number in 0..201 {
                let _: Mapping<i64> = t.mapping(format!("Map{number}"), [("a", [("b", 1)])]);
                t.output(format!("Out{number}"), "An output", "x");
            }
        })
    }),
    ("a description that is too long", || {
        let long: &'static str = "x".repeat(1025).leak();
        Assembly::new().with(
            Stack::<(), ()>::new("network", long, |t, ()| {
                t.add("Thing", thing());
            })
            .template(),
        )
    }),
    ("a template that is too large", || {
        of(|t, ()| {
            t.add("Thing", thing().set("Text", "x".repeat(1_000_001)));
        })
    }),
    ("defaults that break their own constraints", || {
        Assembly::new().with(
            Stack::<Constrained, ()>::new("network", "A network", |t, input| {
                let texts = thing().set("Center", input.center).set("Choice", input.choice);
                let texts = texts.set("Short", input.short).set("Broken", input.broken);
                let numbers = texts.set("Count", input.count).set("Digits", input.digits);
                t.add("Thing", numbers.set("Ranges", input.ranges).set("Names", input.names));
            })
            .template(),
        )
    }),
    ("two exports of one name", || {
        let stack = |name| {
            Stack::<(), ()>::new(name, "Exports", |t, ()| {
                let thing = t.add("Thing", thing());
                t.output("ThingName", "The thing", thing).export("the-thing");
            })
        };
        Assembly::new().with(stack("first").template()).with(stack("second").template())
    }),
    ("an import of an output without export", || {
        of(|t, ()| {
            let child = t.import(CHILD);
            t.add("Thing", thing().set("Name", child.thing));
        })
    }),
    ("a nested stack whose input has no default", || {
        of(|t, ()| {
            located(t);
            t.nest("Child", CHILD.with(ChildInputs { name: by_default(), range: by_default() }));
        })
    }),
    ("a nested stack that refuses a value", || {
        of(|t, ()| {
            located(t);
            t.nest("Child", CHILD.with(ChildInputs { name: give("Orders"), range: by_default() }));
        })
    }),
    ("by_default where a value belongs", || {
        of(|t, ()| {
            let range: Input<Cidr> = by_default();
            t.add("Vpc", thing().set("CidrBlock", range));
        })
    }),
    ("a nested template without a place", || {
        of(|t, ()| {
            t.nest("Child", CHILD.with(ChildInputs { name: give("orders"), range: by_default() }));
        })
    }),
    ("two stacks of one name", || {
        let one = Stack::<(), ()>::new("network", "One", |t, ()| {
            t.add("A", thing());
        });
        let two = Stack::<(), ()>::new("network", "Two", |t, ()| {
            t.add("B", thing());
        });
        Assembly::new().with(one.template()).with(two.template())
    }),
    ("assets that cannot be packed", || {
        of(|t, ()| {
            t.add("Thing", thing());
            t.asset(Asset::file("gone", "tests/no-such-file.py"));
            t.asset(Asset::directory("nowhere", "tests/no-such-directory"));
            t.asset(Asset::text("twice", "txt", "one"));
            t.asset(Asset::text("twice", "txt", "two"));
        })
    }),
    ("names that climb out of the directory", || {
        let stack = Stack::<(), ()>::new("../network", "A network", |t, ()| {
            t.add("Thing", thing());
            t.asset(Asset::text("../../asset", "txt", "text"));
            t.asset(Asset::text("", "txt", "text"));
        });
        Assembly::new().with(stack.template())
    }),
    ("a key twice in one map", || {
        of(|t, ()| {
            t.add(
                "Thing",
                thing().set("Tags", object([("Name", "a"), ("Team", "b"), ("Name", "c")])),
            );
        })
    }),
    ("a loop that has the name of a resource, and ids without its variable", || {
        of(|t, ()| {
            t.add("Things", thing());
            t.for_each("Things", "Kind", ["Red"], |t, _| {
                t.add("Same", thing());
            });
        })
    }),
    ("policies that IAM would refuse", || {
        of(|t, ()| {
            let none: [Action; 0] = [];
            t.add(
                "Role",
                Raw::new("AWS::IAM::Role")
                    .set(
                        "AssumeRolePolicyDocument",
                        Policy::new([allow(none).to(Principal::any())]),
                    )
                    .set(
                        "Policies",
                        [object([(
                            "PolicyDocument",
                            Policy::new([allow(Action::raw("GetObject")).on("arn:aws:s3:::b/*")]),
                        )])],
                    ),
            );
            t.add(
                "Managed",
                Raw::new("AWS::IAM::ManagedPolicy").set(
                    "PolicyDocument",
                    Policy::new([allow(Action::raw("s3:GetObject")).on((0..300)
                        .map(|n| format!("arn:aws:s3:::bucket-{n}/*"))
                        .collect::<Vec<_>>())]),
                ),
            );
        })
    }),
    ("a value formatted with the wrong macro", || {
        of(|t, ()| {
            let name: Value<String> = val(t.add("Thing", thing()));
            t.add("Other", thing().set("Text", format!("x-{name:?}")));
            t.add("More", thing().set("Text", sub!("{}-{}", pseudo::REGION, format!("{name:?}"))));
        })
    }),
    ("a nested stack that is itself wrong", || {
        of(|t, ()| {
            located(t);
            let bad = Stack::<(), ()>::new("bad", "Bad", |t, ()| {
                t.add("Vpc", thing());
                t.add("Vpc", thing());
            });
            t.nest("Bad", bad.with(()));
        })
    }),
    ("a missing asset whose key is used, in a stack that is nested", || {
        of(|t, ()| {
            located(t);
            let bad = Stack::<(), ()>::new("bad", "Bad", |t, ()| {
                let gone = t.asset(Asset::file("gone", "tests/no-such-file.py"));
                t.add("Thing", thing().set("Key", gone.key()).set("Hash", gone.hash()));
            });
            t.nest("Bad", bad.with(()));
        })
    }),
    ("a parameter that nothing uses", || {
        Assembly::new().with(
            Stack::<ChildInputs, ()>::new("network", "A network", |t, input| {
                t.add("Thing", thing().set("Name", input.name));
            })
            .template(),
        )
    }),
    ("functions written by hand whose names do not exist", || {
        of(|t, ()| {
            t.condition("Milan", pseudo::REGION.is("eu-south-1"));
            let vpc = thing()
                .set("Ref", object([("Ref", "Vcp")]))
                .set("Attribute", object([("Fn::GetAtt", "Subnt.Arn")]))
                .set("Parts", object([("Fn::GetAtt", ["Subnt", "Arn"])]))
                .set("If", object([("Fn::If", ["Milano", "a", "b"])]))
                .set("Text", object([("Fn::Sub", "${Vcp}-${AWS::Region}")]));
            t.add("Vpc", vpc);
            t.add("Subnet", thing().set("Own", object([("Ref", "Subnet")])));
        })
    }),
    ("constraints that contradict each other", || {
        Assembly::new().with(
            Stack::<Contradicting, ()>::new("network", "A network", |t, input| {
                t.add("Thing", thing().set("Name", input.name).set("Count", input.count));
            })
            .template(),
        )
    }),
    ("types, properties and exports that cannot be called so", || {
        of(|t, ()| {
            t.add("Bucket", Raw::new("AWS::Bucket"));
            t.add("Empty", Raw::new(""));
            t.add("Own", Raw::new("Custom::"));
            let bad = t.add("Thing", thing().set("", "x"));
            t.output("Spaced", "A thing", bad).export("the thing");
            t.output("Nameless", "A thing", bad).export("");
        })
    }),
    ("control characters", || {
        of(|t, ()| {
            t.add("Thing", thing().set("Text", "a\u{7}b").set("Fine", "a\tb\nc"));
            t.add("Raw", thing().set("Text", raw_sub("a\0${Thing}")));
            t.output("Name", "bell \u{7}", "x");
        })
    }),
    ("an export that a stack with another problem has taken", || {
        let first = Stack::<(), ()>::new("first", "Exports", |t, ()| {
            let thing = t.add("Thing", thing().set("Next", raw_ref("Nothing")));
            t.output("ThingName", "The thing", thing).export("the-thing");
        });
        let second = Stack::<(), ()>::new("second", "Exports", |t, ()| {
            let thing = t.add("Thing", thing());
            t.output("ThingName", "The thing", thing).export("the-thing");
        });
        Assembly::new().with(first.template()).with(second.template())
    }),
    ("a number that is none", || {
        of(|t, ()| {
            t.add("Thing", thing().set("Sizes", [1.0, f64::NAN, f64::INFINITY]));
        })
    }),
];

/// Something that another stack adds, smuggled out of it.
fn elsewhere<T>(add: fn(&mut Template) -> T) -> T {
    add(&mut Stack::<(), ()>::new("shared", "Shared", |_, ()| {}).template())
}

#[test]
fn problems() {
    let mut said = String::new();
    for (name, assembly) in CASES {
        let problems = match assembly().synth(Settings::default()) {
            Ok(_) => panic!("synth must refuse {name}"),
            Err(problems) => format!("error: {problems:#}"),
        };
        let _ = write!(said, "## {name}\n\n{problems}\n\n");
    }
    insta::assert_snapshot!("problems", said);
}

/// One parameter for each way in which one can be used.
#[derive(Inputs)]
struct Used {
    /// In text.
    text: Input<String>,
    /// By hand.
    hand: Input<String>,
    /// By hand, in text.
    sub: Input<String>,
    /// In a loop.
    each: Input<List<String>>,
    /// In a rule.
    rule: Input<String>,
    /// By its type, in a rule.
    vpc: Input<VpcId>,
    /// In a condition.
    condition: Input<String>,
    /// In metadata.
    metadata: Input<String>,
    /// In an output.
    output: Input<String>,
    /// As a mapping's key.
    key: Input<String>,
}

#[test]
fn every_way_to_use_a_parameter_counts() {
    let stack = Stack::<Used, ()>::new("network", "A network", |t, input| {
        let sizes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)])]);
        let rule = Rule::new().assert(input.rule.is_not("x"), "not x");
        let all = each_member_in(ref_all("AWS::EC2::VPC::Id"), ["vpc-1"]);
        t.rule("Rule", rule.assert(all, "the first"));
        t.condition("Condition", input.condition.is("x"));
        t.metadata("Note", input.metadata);
        t.output("Output", "An output", input.output);
        t.for_each("Things", "Kind", input.each, |t, kind| {
            t.add(kind.id("Thing"), thing().set("Name", raw_sub("${Kind}")));
        });
        let variables = object([("Own", "x")]);
        t.add(
            "Thing",
            thing()
                .set("Text", raw_sub("${Text}"))
                .set("Hand", object([("Ref", "Hand")]))
                .set("Sub", object([("Fn::Sub", [any("${Sub}-${Own}"), any(variables)])]))
                .set("Size", sizes.get(input.key, "Nodes")),
        );
    });
    Assembly::new().with(stack.template()).synth(Settings::default()).expect("nothing is wrong");
}

#[test]
fn data_that_looks_like_a_function_stays_data() {
    let assembly = of(|t, ()| {
        let condition = object([("Condition", "no condition of the template")]);
        let two = object([("Ref", "no name"), ("Name", "x")]);
        t.add("Thing", thing().set("Condition", condition).set("Two", two));
    });
    assembly.synth(Settings::default()).expect("nothing is wrong");
}
