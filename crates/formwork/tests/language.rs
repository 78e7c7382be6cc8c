//! Everything that the language can say, and exactly what it writes: one small stack a topic, its YAML and its
//! JSON in a golden each.

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
    Essential,
    #[choice("real-time")]
    RealTime,
}

#[derive(Inputs)]
struct Everything {
    /// Text with all that text can have.
    #[input(
        group = "Texts",
        label = "A text",
        default = "abc",
        pattern = "[a-z]*",
        explain = "lower-case letters",
        min_length = 1,
        max_length = 10,
        no_echo
    )]
    text: Input<String>,
    /// One of a few.
    #[input(group = "Texts", default = "a", allowed = ["a", "b"])]
    few: Input<String>,
    /// A whole number
    /// over two lines.
    #[input(group = "Numbers", label = "A number", default = 3, min = 1, max = 10)]
    whole: Input<i64>,
    /// A number with a fraction.
    #[input(group = "Numbers", default = 0.5, min = 0.25)]
    part: Input<f64>,
    /// True or false.
    #[input(default = true)]
    flag: Input<bool>,
    /// A choice.
    #[input(default = Tier::Essential)]
    tier: Input<Tier>,
    /// Several texts.
    #[input(default = ["a", "b"])]
    texts: Input<List<String>>,
    /// Several numbers.
    #[input(default = [1, 2])]
    numbers: Input<List<i64>>,
    /// An id with a type of its own.
    network: Input<NetworkId>,
    /// Several of these.
    networks: Input<List<NetworkId>>,
    /// Zones.
    zones: Input<List<AvailabilityZone>>,
    /// An id that may be empty.
    #[input(default = "", parameter_type = "String", name = "MaybeNetworkId")]
    maybe_network: Input<NetworkId>,
    /// The name of a stored parameter.
    stored_name: Input<formwork::SsmParameterName>,
    /// A stored text.
    #[input(default = "/path/text")]
    stored_text: Input<Ssm<String>>,
    /// A stored id.
    stored_network: Input<Ssm<NetworkId>>,
    /// A stored list.
    stored_list: Input<Ssm<List<String>>>,
    /// Stored ids.
    stored_networks: Input<Ssm<List<NetworkId>>>,
}

#[test]
fn parameters() {
    let stack =
        Stack::<Everything, ()>::new("parameters", "Every kind of parameter", |t, input| {
            let network: Value<NetworkId> = val(input.stored_network);
            t.add(
                "Thing",
                thing()
                    .set("Text", input.text)
                    .set("Few", input.few)
                    .set("Whole", input.whole)
                    .set("Part", input.part)
                    .set("Flag", input.flag)
                    .set("Tier", input.tier)
                    .set("Texts", input.texts)
                    .set("First", input.texts.select(0))
                    .set("Numbers", input.numbers)
                    .set("Network", input.network)
                    .set("Networks", input.networks.join("|"))
                    .set("Zones", input.zones)
                    .set("Maybe", input.maybe_network)
                    .set("StoredName", input.stored_name)
                    .set("StoredText", input.stored_text)
                    .set("StoredNetwork", network)
                    .set("StoredList", input.stored_list)
                    .set("StoredNetworks", input.stored_networks),
            );
        });
    check("parameters", stack.template());
}

#[derive(Inputs)]
struct Choosing {
    /// The tier.
    #[input(default = Tier::Full)]
    tier: Input<Tier>,
    /// A name.
    #[input(default = "")]
    name: Input<String>,
    /// Names.
    #[input(default = "")]
    names: Input<List<String>>,
    /// How many.
    #[input(default = 1)]
    count: Input<i64>,
    /// On or off.
    #[input(default = false)]
    on: Input<bool>,
}

#[test]
fn conditions() {
    let stack = Stack::<Choosing, ()>::new("conditions", "Conditions", |t, input| {
        let table: Mapping<bool> = t.mapping("Lacks", [("eu-south-1", [("Monitor", true)])]);
        let full = t.condition("Full", input.tier.is(Tier::Full));
        let named = t.condition("Named", !input.name.is_empty());
        let listed = t.condition("Listed", !input.names.is_empty_list());
        let both = t.condition("Both", (!full).and(named));
        let either = t.condition("Any", full.or(named).or(listed).or(input.on.is(true)));
        t.condition("Deep", both.and(either.or(pseudo::REGION.is_not("eu-south-1"))));
        t.condition("Three", input.count.is(3));
        t.condition("RealTime", input.tier.is_not(Tier::RealTime));
        t.condition("Composed", sub!("{}-{}", pseudo::REGION, input.name).is("eu-west-1-x"));
        t.condition("Split", pseudo::STACK_NAME.split("-").select(0).is("dev"));
        t.condition("Table", table.get(pseudo::REGION, "Monitor").is(true));
        let first = t.add("First", thing().when(full));
        t.add(
            "Second",
            thing()
                .when(both)
                .set("Name", when(named, input.name, no_value()))
                .set("Nested", when(named, when(full, 1, 2), any(3)))
                .set("List", [when(full, "a", "b"), when(named, "c", "d")])
                .set("Drops", [any(when(full, "kept", no_value()))]),
        );
        t.output("First", "Only if there is one", first).when(full);
    });
    check("conditions", stack.template());
}

#[test]
fn rules() {
    #[derive(Inputs)]
    struct Zones {
        /// A zone.
        #[input(default = "")]
        zone_a: Input<String>,
        /// Another zone.
        #[input(default = "")]
        zone_b: Input<String>,
        /// A network.
        network: Input<NetworkId>,
        /// Networks.
        networks: Input<List<NetworkId>>,
    }
    let stack = Stack::<Zones, ()>::new("rules", "Rules", |t, input| {
        let both_empty = input.zone_a.is_empty().and(input.zone_b.is_empty());
        let differ = input.zone_a.is_not(input.zone_b);
        t.rule("Zones", Rule::new().assert(both_empty.or(differ), "set both zones, or none"));
        t.rule(
            "Everything",
            Rule::new()
                .when(pseudo::REGION.is("eu-west-1"))
                .assert(contains(["eu-west-1", "eu-west-2"], pseudo::REGION), "region")
                .assert(each_member_in(values_of(input.networks, "Tags.Team"), ["a", "b"]), "in")
                .assert(each_member_equals(ref_all("AWS::EC2::VPC::Id"), "vpc-1"), "equals")
                .assert(value_of(input.network, "Tags.Team").is("a"), "value")
                .assert(
                    each_member_in(value_of_all("AWS::EC2::VPC::Id", "Tags.Team"), ["a"])
                        .and(input.zone_a.is("a")),
                    "all",
                ),
        );
        t.add("Thing", thing());
    });
    check("rules", stack.template());
}

#[test]
fn intrinsics() {
    check(
        "intrinsics",
        of("intrinsics", |t, ()| {
            let role = t.add("Role", thing());
            let arn = role.raw_attribute("Arn");
            let range: Value<Cidr> = val("10.0.0.0/16");
            let name = "app";
            t.add(
                "Uses",
                thing()
                    .set("Ref", role)
                    .set("GetAtt", arn)
                    .set("Dotted", role.raw_attribute("Endpoint.Address"))
                    .set("Sub", sub!("{}-{name}-{role}-{}-${{Literal}}", pseudo::REGION, arn))
                    .set(
                        "SubMap",
                        sub!(
                            "{first}/{}",
                            arn.split(":").select(5),
                            first = cidr(range, 2, 8).select(0)
                        ),
                    )
                    .set("SubRaw", raw_sub("${AWS::Region}-${Role.Arn}-${!Kept}"))
                    .set("Join", join("-", (pseudo::REGION, "jobs", role)))
                    .set("JoinList", cidr(range, 2, 8).join(","))
                    .set("Split", split(",", arn))
                    .set("Select", availability_zones().select(1))
                    .set("Zones", availability_zones_of("eu-west-1"))
                    .set("Cidr", cidr(range, 4, 8))
                    .set("Base64", base64(sub!("#!/bin/sh\necho {}\n", pseudo::REGION)))
                    .set("Import", import_value(sub!("{}-vpc", pseudo::STACK_NAME)))
                    .set("Macro", transform("Upper", object([("Text", any(role))])))
                    .set("Topics", any(pseudo::NOTIFICATION_ARNS))
                    .set("Account", pseudo::ACCOUNT_ID)
                    .set("Partition", pseudo::PARTITION)
                    .set("Suffix", pseudo::URL_SUFFIX)
                    .set("Stack", pseudo::STACK_ID)
                    .set("None", no_value())
                    .set(
                        "Other",
                        any(stack_output("net", "VpcId")
                            .region("eu-west-1")
                            .role_arn("arn:aws:iam::123456789012:role/r")),
                    ),
            );
        }),
    );
}

#[test]
fn language_extensions() {
    check(
        "language_extensions",
        of("language-extensions", |t, ()| {
            let sizes: Mapping<i64> = t.mapping("Sizes", [("small", [("Nodes", 1)])]);
            let thing_one = t.add("One", thing());
            t.add(
                "Two",
                thing()
                    .set("Length", length(["a", "b"]))
                    .set(
                        "Json",
                        to_json_string(object([("Ref", any(thing_one)), ("On", any(true))])),
                    )
                    .set("Default", sizes.get_or(pseudo::REGION, "Nodes", 3)),
            );
            t.for_each("Things", "Kind", ["Red", "Green"], |t, kind| {
                let inner = t.add(kind.id("Thing"), thing().set("Name", sub!("thing-{kind}")));
                t.output(kind.id("Out"), "The name", inner);
                t.add(
                    kind.id("Beside"),
                    thing().set("Kind", kind).set("Of", inner).depends_on(inner),
                );
            });
            t.for_each("Odd", "Name", ["a-b"], |t, name| {
                t.add(name.id("Odd"), thing());
            });
        }),
    );
}

#[test]
fn options() {
    check(
        "options",
        of("options", |t, ()| {
            t.transform("AWS::Serverless-2016-10-31");
            t.metadata("Owner", object([("Team", "platform")]));
            let a = t.add("A", thing().retain());
            let b = t.add("B", thing().deletion_policy(DeletionPolicy::Snapshot).depends_on(a));
            t.add(
                "C",
                Raw::new("AWS::AutoScaling::AutoScalingGroup")
                    .depends_on((a, b))
                    .deletion_policy(DeletionPolicy::Delete)
                    .update_replace_policy(DeletionPolicy::Snapshot)
                    .creation_policy(
                        CreationPolicy::signals(2, "PT15M").min_successful_instances_percent(80),
                    )
                    .update_policy(
                        UpdatePolicy::auto_scaling_rolling_update()
                            .with("MinInstancesInService", 1)
                            .with("PauseTime", "PT5M"),
                    )
                    .resource_metadata("Comment", "kept with the resource"),
            );
            t.add("D", thing().update_policy(UpdatePolicy::use_online_resharding()));
            let e = t.add("E", thing());
            t.add_dependency(a, e);
        }),
    );
}

/// Which zones to use.
#[derive(CustomResource)]
#[custom(name = "Custom::NetworkPlan", attributes = PlanAttributes)]
struct Plan {
    /// Services.
    services: Value<List<String>>,
    /// A zone, if the caller has one.
    az1: Option<Value<AvailabilityZone>>,
    /// Another.
    az2: Option<Value<AvailabilityZone>>,
}

#[derive(Attributes)]
struct PlanAttributes {
    /// The first zone.
    az1: Value<AvailabilityZone>,
    /// A prefix list.
    #[attribute(name = "S3PrefixListId")]
    prefix_list: Value<String>,
}

#[test]
fn custom_resources() {
    check(
        "custom_resources",
        of("custom-resources", |t, ()| {
            let function: Value<Arn> = val("arn:aws:lambda:eu-west-1:123456789012:function:plan");
            let plan =
                Plan { services: val(["s3", "sts"]), az1: Some(val("eu-west-1a")), az2: None };
            let plan = t.add("Plan", Custom::new(function, plan).service_timeout(120));
            t.add(
                "Subnet",
                thing().set("Zone", plan.az1).set("Prefix", plan.prefix_list).set("Id", plan),
            );
        }),
    );
}

#[test]
fn long_texts() {
    check(
        "long_texts",
        of("long-texts", |t, ()| {
            let region = pseudo::REGION;
            t.add(
                "Thing",
                thing()
                    .set("Script", "#!/bin/sh\nset -e\n\techo 'on: off'\n")
                    .set("NoEnd", "first\nsecond")
                    .set("Composed", sub!("region={region}\nname=${{name}}\n"))
                    .set("Account", "012345678901")
                    .set("Date", "2012-10-17")
                    .set("Bool", "yes"),
            );
        }),
    );
}
