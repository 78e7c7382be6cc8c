//! What the macros make of right code. What they say about wrong code is tested in `formwork-macros`, and
//! where that points in `formwork-macros/tests/ui`.

use formwork::node::{Key, Node, Target, TargetKind};
use formwork::prelude::*;
use formwork::render::{self, Format};
use formwork::{CustomProperties, InputSpec, IntoNode, OutputSpec, ParameterType, Source};

/// A value as the template has it, in one line of JSON.
fn json(value: impl IntoNode) -> String {
    let node = value.into_node();
    let text = render::to_text(Format::Json, &[], &|_: &Key| None, |w| {
        w.map(|w| w.field("V", |w| w.list([()], |w, ()| w.node(&node))))
    });
    let text = text.expect("the value can be written");
    let document: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    document["V"][0].to_string()
}

/// A stack's input called `name`.
fn input<T>(name: &'static str) -> Input<T> {
    Input::from_node(parameter(name))
}

fn parameter(name: &'static str) -> Node {
    Node::Ref(Target::new(TargetKind::Parameter, name, None, Source::here()))
}

#[test]
fn sub() {
    let name: Input<String> = input("Name");
    let zones: Input<List<String>> = input("Zones");
    let count: Input<i64> = input("Count");
    let first = zones.select(0);
    let cases = [
        (sub!("{}-x", name), r#"{"Fn::Sub":"${Name}-x"}"#),
        (sub!("{name}-{name}"), r#"{"Fn::Sub":"${Name}-${Name}"}"#),
        (sub!("{0}-{1}-{0}", name, count), r#"{"Fn::Sub":"${Name}-${Count}-${Name}"}"#),
        (sub!("{}-{own}", count, own = name), r#"{"Fn::Sub":"${Count}-${Name}"}"#),
        (sub!("{}/{}", pseudo::REGION, name), r#"{"Fn::Sub":"${AWS::Region}/${Name}"}"#),
        (
            sub!("{first}-x"),
            r#"{"Fn::Sub":["${First}-x",{"First":{"Fn::Select":[0,{"Ref":"Zones"}]}}]}"#,
        ),
        (
            sub!("{}-x", zones.select(1)),
            r#"{"Fn::Sub":["${Zones}-x",{"Zones":{"Fn::Select":[1,{"Ref":"Zones"}]}}]}"#,
        ),
        (sub!("{}-{{}}-${{Literal}}", name), r#"{"Fn::Sub":"${Name}-{}-${!Literal}"}"#),
        (sub!("{}{}", "$", name), r#"{"Fn::Sub":"$${Name}"}"#),
        (sub!("{}-{}", "a", 5), r#""a-5""#),
        (sub!("${{Literal}}-{}", "a"), r#""${Literal}-a""#),
        (sub!("{0}-{0}", String::from("a")[..].to_owned().leak() as &'static str), r#""a-a""#),
    ];
    for (text, expected) in cases {
        assert_eq!(json(text), expected);
    }
}

/// How much is kept.
#[derive(Clone, Copy, Choices)]
enum Keep {
    Nothing,
    #[choice("last-version")]
    LastVersion,
}

/// Every kind of input and every option.
#[derive(Inputs)]
struct Everything {
    /// A text
    /// of two lines.
    ///
    /// And two paragraphs.
    #[input(
        group = "Texts",
        label = "Text",
        pattern = "[a-z]+",
        explain = "letters",
        min_length = 1,
        max_length = 9
    )]
    pub text: Input<String>,
    /// With a name of its own.
    #[input(name = "VPCRange", default = "10.0.0.0/16")]
    pub vpc_range: Input<Cidr>,
    /** A number. */
    #[input(default = 7, min = -1, max = 9.5, allowed = [-1, 7])]
    pub az_1: Input<i64>,
    /// A fraction.
    #[input(default = 1)]
    pub fraction: Input<f64>,
    /// A Boolean.
    #[input(default = true)]
    pub flag: Input<bool>,
    /// A list.
    #[input(default = ["a", "b"])]
    pub list: Input<List<String>>,
    /// Zones.
    #[input(default = "", parameter_type = "CommaDelimitedList")]
    pub zones: Input<List<AvailabilityZone>>,
    /// From the parameter store.
    #[input(default = "/a/b")]
    pub image: Input<Ssm<String>>,
    /// A secret.
    #[input(no_echo)]
    pub r#type: Input<String>,
    /// Choices.
    #[input(default = Keep::LastVersion)]
    pub keep: Input<Keep>,
}

/// A specification in one line: what is not there is left out.
fn input_line(spec: InputSpec) -> String {
    let said = |name: &'static str, what: Option<String>| what.map(|what| format!("{name} {what}"));
    let text = |name, text: Option<&str>| said(name, text.map(str::to_owned));
    let number = |name, number: Option<f64>| said(name, number.map(|number| number.to_string()));
    let allowed = (!spec.allowed.is_empty()).then(|| json(spec.allowed));
    let parts = [
        Some(format!("{}: {}", spec.name, spec.parameter_type)),
        text("group", spec.group),
        text("label", spec.label),
        text("pattern", spec.pattern),
        text("explain", spec.explain),
        said("default", spec.default.map(json)),
        said("allowed", allowed),
        number("min_length", spec.min_length.map(f64::from)),
        number("max_length", spec.max_length.map(f64::from)),
        number("min", spec.min),
        number("max", spec.max),
        spec.list.then(|| "list".to_owned()),
        spec.no_echo.then(|| "no_echo".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ") + ": " + spec.description
}

#[test]
fn inputs() {
    let lines: Vec<String> =
        <Everything as formwork::Inputs>::specs().into_iter().map(input_line).collect();
    let expected = [
        "Text: String group Texts label Text pattern [a-z]+ explain letters min_length 1 max_length 9: A text of two lines. And two paragraphs.",
        r#"VPCRange: String default "10.0.0.0/16": With a name of its own."#,
        "Az1: Number default 7 allowed [-1,7] min -1 max 9.5: A number.",
        "Fraction: Number default 1: A fraction.",
        r#"Flag: String default "true" allowed ["true","false"]: A Boolean."#,
        r#"List: CommaDelimitedList default "a,b" list: A list."#,
        r#"Zones: CommaDelimitedList default "" list: Zones."#,
        r#"Image: AWS::SSM::Parameter::Value<String> default "/a/b": From the parameter store."#,
        "Type: String no_echo: A secret.",
        r#"Keep: String default "last-version" allowed ["Nothing","last-version"]: Choices."#,
    ];
    assert_eq!(lines, expected);
}

#[test]
fn inputs_know_where_they_are_declared() {
    const HERE: u32 = line!();
    #[derive(Inputs)]
    struct Two {
        /// One.
        pub one: Input<String>,
        /// Two.
        pub two: Input<String>,
    }
    let declared: Vec<Source> =
        <Two as formwork::Inputs>::specs().iter().map(|spec| spec.declared).collect();
    let line = |line| Source { file: file!(), line: HERE + line, column: 13 };
    assert_eq!(declared, [line(4), line(6)]);
}

#[test]
fn inputs_are_bound_and_given_in_order() {
    #[derive(Inputs)]
    struct Two {
        /// One.
        #[input(default = "a")]
        pub one: Input<String>,
        /// Two.
        #[input(default = 1)]
        pub two: Input<i64>,
    }
    let bound = <Two as formwork::Inputs>::bind(&[parameter("One"), parameter("Two")]);
    assert_eq!(json(bound.one), r#"{"Ref":"One"}"#);
    assert_eq!(json(bound.two), r#"{"Ref":"Two"}"#);
    let given = Two { two: give(5), ..Two::default() };
    let copied = given;
    assert_eq!(shown(&copied.two), "Integer(5)");
    let given: Vec<Node> = formwork::Inputs::given(given);
    assert_eq!(json(given[1]), "5");
    assert_eq!(json(given[0]), json(by_default::<String>()));
}

#[test]
fn outputs() {
    #[derive(Outputs)]
    struct Gives {
        /// The range.
        #[output(export = "network-range")]
        pub vpc_range: Value<Cidr>,
        /// All
        /// zones.
        #[output(name = "AZs")]
        pub zones: Value<List<AvailabilityZone>>,
        /// How many.
        pub count: Value<i64>,
    }
    let line = |spec: OutputSpec| {
        format!("{} {} {:?} {}", spec.name, spec.list, spec.export, spec.description)
    };
    let lines: Vec<String> = <Gives as formwork::Outputs>::specs().into_iter().map(line).collect();
    let expected = [
        r#"VpcRange false Some("network-range") The range."#,
        "AZs true None All zones.",
        "Count false None How many.",
    ];
    assert_eq!(lines, expected);
    let bound = <Gives as formwork::Outputs>::bind(&mut |index| {
        Node::Integer(i64::try_from(index).unwrap_or(-1))
    });
    let copied = bound;
    assert_eq!(json(formwork::Outputs::given(bound)), "[0,1,2]");
    assert_eq!(
        shown(&copied),
        "Gives { vpc_range: Integer(0), zones: Integer(1), count: Integer(2) }"
    );
}

/// What `{:?}` shows, without the marks that keep it out of templates.
fn shown(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").replace('\u{10fffd}', "")
}

/// What the planning function is asked.
#[derive(CustomResource)]
#[custom(name = "Custom::NetworkPlan", attributes = NetworkPlanAttributes)]
struct NetworkPlan {
    pub services: Value<List<String>>,
    #[property(name = "maxZones")]
    pub max_zones: Option<Value<i64>>,
    pub keep: Option<Value<Keep>>,
}

/// What it answers.
#[derive(Attributes)]
struct NetworkPlanAttributes {
    pub az_1: Value<AvailabilityZone>,
    #[attribute(name = "Plan.Ranges")]
    pub ranges: Value<List<Cidr>>,
}

#[derive(CustomResource)]
#[custom(name = "Custom::Cleanup")]
struct Cleanup {}

#[test]
fn custom_resources() {
    assert_eq!(<NetworkPlan as CustomProperties>::TYPE, "Custom::NetworkPlan");
    let plan =
        || NetworkPlan { services: val(["s3"]), max_zones: None, keep: Some(val(Keep::Nothing)) };
    let properties =
        plan().properties().into_iter().map(|(name, node)| format!("{name} {}", json(node)));
    let properties: Vec<String> = properties.collect();
    assert_eq!(
        properties,
        [r#"Services ["s3"]"#, r#"keep "Nothing""#.replace("keep", "Keep").as_str()]
    );
    assert_eq!(Cleanup {}.properties(), []);

    let stack: Stack<(), ()> = Stack::new("plan", "Plans", |t, ()| {
        let function = untyped("arn:aws:lambda:eu-west-1:123456789012:function:plan", "a test");
        let plan = t.add(
            "Plan",
            Custom::new(
                function,
                NetworkPlan { services: val(["s3"]), max_zones: None, keep: None },
            ),
        );
        t.add("Cleanup", Custom::new(function, Cleanup {}).depends_on(plan));
        assert_eq!(json(plan.az_1), r#"{"Fn::GetAtt":["Plan","Az1"]}"#);
        assert_eq!(
            json(plan.ranges.select(0)),
            r#"{"Fn::Select":[0,{"Fn::GetAtt":["Plan","Plan.Ranges"]}]}"#
        );
    });
    assert_eq!(stack.template().name(), "plan");
}

#[test]
fn choices_fit_wherever_their_values_do() {
    assert_eq!(<Keep as formwork::Choices>::VALUES, ["Nothing", "last-version"]);
    assert_eq!(Keep::choices(), ["Nothing", "last-version"]);
    let keep: Input<Keep> = input("Keep");
    let is_last = keep.is(Keep::LastVersion);
    let given: Input<Keep> = give(Keep::Nothing);
    let text: Value<String> = val(keep);
    assert_eq!(json(given), r#""Nothing""#);
    assert_eq!(json(text), r#"{"Ref":"Keep"}"#);
    assert_eq!(json(sub!("{keep}-{}", keep)), r#"{"Fn::Sub":"${Keep}-${Keep}"}"#);
    let stack: Stack<(), ()> = Stack::new("keep", "Keeps", |t, ()| {
        let last =
            t.condition("Last", Input::<Keep>::from_node(Node::Text("a")).is(Keep::LastVersion));
        let value: Value<Keep> = val(when(last, Keep::Nothing, Keep::LastVersion));
        assert_eq!(json(value), r#"{"Fn::If":["Last","Nothing","last-version"]}"#);
    });
    assert_eq!(stack.template().name(), "keep");
    assert!(format!("{is_last:?}").contains("last-version"));
}
