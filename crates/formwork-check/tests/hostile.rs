//! Templates made to take long or to need much: each ends within ten seconds and 1 GB, and what was not looked at is said.
//!
//! Each maker makes a template of some size: a tenth of what is read at most in the test that always runs, all of it in
//! the one that `cargo xtask test --full` runs. What a fuzzer has found is in `tests/hostile`, one file for each.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use support::bounded;

/// Makes a template; 100 is as large as is read.
type Make = fn(usize) -> String;

/// So many texts, one behind the other.
fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, at| text + &one(at))
}

/// The same with commas between them.
fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    let items: Vec<String> = (0..count).map(one).collect();
    items.join(", ")
}

/// The middle of a template that is deep in something.
fn nested(depth: usize, open: impl Fn(usize) -> String, inner: &str, close: &str) -> String {
    (0..depth).rev().fold(inner.to_owned(), |inner, at| open(at) + &inner + close)
}

/// A role's or managed policy's document with these statements.
fn policy(statements: &str) -> String {
    format!(
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{statements}"
    )
}

fn topics(count: usize, more: impl Fn(usize) -> String) -> String {
    "Resources:\n".to_owned()
        + &many(count, |at| format!("  T{at}: {{Type: AWS::SNS::Topic{}}}\n", more(at)))
}

/// Policies: wildcards that are compared with each other, statement by statement and part by part.
const POLICIES: &[(&str, Make)] = &[
    ("wildcards", |n| {
        let action = "ec2:".to_owned() + &"*a".repeat(120);
        let resource = "arn:aws:s3:::".to_owned() + &"*a?".repeat(1_300);
        policy(&many(n * 4, |_| {
            let actions = list(10, |at| format!("'{action}{at}'"));
            let resources = list(5, |at| format!("'{resource}{at}'"));
            format!("        - {{Effect: Allow, Action: [{actions}], Resource: [{resources}]}}\n")
        }))
    }),
    ("actions", |n| {
        let actions = list(n * 4_800, |at| format!("'ec2:*{at}*'"));
        policy(&format!("        - {{Effect: Allow, Action: [{actions}], Resource: '*'}}\n"))
    }),
    ("statements", |n| {
        policy(&many(n * 1_000, |at| {
            format!(
                "        - {{Effect: Allow, Action: 'ec2:*', Resource: 'arn:aws:ec2:*:*:x{at}/*'}}\n"
            )
        }))
    }),
    ("principals", |n| {
        let actions = list(n * 3_000, |at| format!("'sts:*{at}'"));
        let principals = list(n * 3_000, |at| format!("'1{at:011}'"));
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement: [{{Effect: Allow, Action: [{actions}], Principal: {{AWS: [{principals}]}}}}]\n"
        )
    }),
    ("operators", |n| {
        // Capitals do not count, so that they are all one operator.
        let letters = "stringequals";
        let operator = |at: usize| -> String {
            let mut bits = at;
            let mut next = |c: char| {
                let is_large = bits % 2 == 1;
                bits /= 2;
                if is_large { c.to_ascii_uppercase() } else { c }
            };
            letters.chars().map(&mut next).collect()
        };
        let clauses = list(n * 40, |at| {
            let values = list(50, |at| format!("'*{at}*'"));
            format!("{}: {{'aws:username': [{values}]}}", operator(at))
        });
        policy(&format!(
            "        - {{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {{{clauses}}}}}\n"
        ))
    }),
    ("values", |n| {
        let one = list(n * 3_000, |at| format!("'a{at}'"));
        let other = list(n * 3_000, |at| format!("'*b{at}'"));
        policy(&format!(
            "        - {{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {{StringEquals: {{'aws:username': [{one}]}}, StringLike: {{'aws:username': [{other}]}}}}}}\n"
        ))
    }),
    ("keys", |n| {
        let actions = list(n * 2_000, |at| format!("'s3:*{at}'"));
        let keys = list(n * 2_000, |at| format!("'s3:x{at}': y"));
        policy(&format!(
            "        - {{Effect: Allow, Action: [{actions}], Resource: '*', Condition: {{StringEquals: {{{keys}}}}}}}\n"
        ))
    }),
    ("owners", |n| {
        let roles = list(n * 3_000, |at| format!("r{at}"));
        let statements =
            list(n * 500, |_| "{Effect: Allow, Action: 'iam:*', Resource: '*'}".to_owned());
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: x\n      Roles: [{roles}]\n      PolicyDocument: {{Version: '2012-10-17', Statement: [{statements}]}}\n"
        )
    }),
    ("trusts", |n| {
        let statement = "{Effect: Allow, Principal: {Service: a.b}, Action: sts:AssumeRole}";
        "Resources:\n".to_owned()
            + &many(n * 350, |at| {
                format!(
                    "  R{at}: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Version: 2012-10-17, Statement: [{statement}]}}}}}}\n"
                )
            })
    }),
];

/// Names that refer to each other, or to nothing.
const NAMES: &[(&str, Make)] = &[
    ("resources", |n| topics(n * 1_000, |at| format!(", Properties: {{TopicName: t{at}}}"))),
    ("ring", |n| topics(n * 1_500, |at| format!(", DependsOn: T{}", (at + 1) % (n * 1_500)))),
    ("dense", |n| {
        topics(n * 10, |at| {
            format!(
                ", DependsOn: [{}]",
                list(600, |other| format!("T{}", (at * 7 + other) % (n * 10)))
            )
        })
    }),
    ("nobody", |n| topics(n * 900, |at| format!(", Properties: {{A{at}: !Ref N{at}, B: 1}}"))),
    ("conditions", |n| {
        "Conditions:\n  C0: !Equals [!Ref AWS::Region, x]\n".to_owned()
            + &many(n * 1_000, |at| format!("  C{}: !Not [!Condition C{at}]\n", at + 1))
            + &topics(1, |_| ", Condition: C7".to_owned())
    }),
    ("circle_of_conditions", |n| {
        let next = |at: usize| (at + 1) % (n * 1_000);
        "Conditions:\n".to_owned()
            + &many(n * 1_000, |at| format!("  C{at}: !Not [!Condition C{}]\n", next(at)))
            + &topics(1, |_| String::new())
    }),
    ("conditions_of_resources", |n| {
        "Parameters:\n".to_owned()
            + &many(1_000, |at| format!("  P{at}: {{Type: String}}\n"))
            + "Conditions:\n"
            + &many(1_000, |at| format!("  C{at}: !Equals [!Ref P{at}, x]\n"))
            + &topics(n * 400, |at| {
                let (a, b, c) = (at % 1_000, (at * 7) % 1_000, (at * 3) % (n * 400));
                format!(", Condition: C{a}, Properties: {{DisplayName: !If [C{b}, !Ref T{c}, x]}}")
            })
    }),
    ("deep_conditions", |n| {
        let references = list(n * 3_000, |_| "!Ref T".to_owned());
        let deep = nested(60, |at| format!("!If [C{at}, "), &format!("[{references}]"), ", 1]");
        "Conditions:\n".to_owned()
            + &many(60, |at| format!("  C{at}: !Equals [!Ref AWS::StackName, x{at}]\n"))
            + "Resources:\n  T: {Type: AWS::SNS::Topic, Condition: C59}\n"
            + &format!("  U: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: {deep}}}}}\n")
    }),
    ("modules", |n| {
        "Resources:\n".to_owned()
            + &many(n * 1_500, |at| {
                format!("  M{at}: {{Type: A::B::C::MODULE, DependsOn: N{at}}}\n")
            })
    }),
    ("parameters", |n| {
        "Parameters:\n".to_owned()
            + &many(n * 1_600, |at| format!("  P{at}: {{Type: String}}\n"))
            + &topics(1, |_| String::new())
    }),
    ("mappings", |n| {
        "Mappings:\n".to_owned()
            + &many(n * 1_500, |at| format!("  M{at}: {{a: {{b: c}}}}\n"))
            + &topics(1, |_| String::new())
    }),
    ("keys_of_a_mapping", |n| {
        let found = list(n * 1_000, |at| format!("!FindInMap [M, K{at}, V]"));
        "Mappings:\n  M:\n".to_owned()
            + &many(n * 1_000, |at| format!("    K{at}: {{V: c}}\n"))
            + &topics(1, |_| format!(", Properties: {{DisplayName: [{found}]}}"))
    }),
    ("outputs", |n| {
        topics(1, |_| String::new())
            + "Outputs:\n"
            + &many(n * 650, |at| {
                format!("  O{at}: {{Value: !Ref T{at}, Condition: C{at}, Export: {{Name: e}}}}\n")
            })
    }),
    ("names_in_a_text", |n| {
        let names = many(n * 9_000, |at| format!("${{N{at}}}"));
        topics(1, |_| format!(", Properties: {{DisplayName: !Sub '{names}'}}"))
    }),
    ("own_names_of_a_text", |n| {
        let names = many(n * 3_000, |at| format!("${{N{at}}}"));
        let own = list(n * 3_000, |at| format!("N{at}: x"));
        topics(1, |_| format!(", Properties: {{DisplayName: !Sub ['{names}', {{{own}}}]}}"))
    }),
    ("stacks", |n| {
        let url = "TemplateURL: stacks.yaml";
        "Resources:\n".to_owned()
            + &many(n * 700, |at| {
                format!(
                    "  S{at}: {{Type: AWS::CloudFormation::Stack, Properties: {{{url}, Parameters: {{A: b}}}}}}\n"
                )
            })
    }),
    ("deep_references", |n| {
        let references = list(n * 3_000, |_| "!Ref A".to_owned());
        let deep = nested(150, |_| "{a: ".to_owned(), &format!("[{references}]"), "}");
        topics(1, |_| format!(", Properties: {deep}"))
    }),
    ("long_keys", |n| {
        let references = list(n * 3_000, |_| "{\"Ref\": \"A\"}".to_owned());
        format!("{{\"Resources\": {{\"{}\": [{references}]}}}}", "x".repeat(8_000))
    }),
    ("one_key", |n| format!("{{\"{}\": 1}}", "x".repeat(n * 99_000))),
];

/// What grows when it is worked out.
const VALUES: &[(&str, Make)] = &[
    ("loops_in_loops", |n| {
        let items = list(n * 10, |at| format!("x{at}"));
        let body = "T${A}${B}${C}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref A}}";
        let looped = ["A", "B", "C"].iter().rev().fold(body.to_owned(), |body, name| {
            format!("'Fn::ForEach::{name}': [{name}, [{items}], {{{body}}}]")
        });
        format!("Transform: AWS::LanguageExtensions\nResources: {{{looped}}}\n")
    }),
    ("one_loop", |n| {
        let items = list(n * 9_000, |at| format!("x{at}"));
        format!(
            "Transform: AWS::LanguageExtensions\nResources: {{'Fn::ForEach::A': [A, [{items}], {{'T${{A}}': {{Type: AWS::SNS::Topic}}}}]}}\n"
        )
    }),
    ("loops", |n| {
        "Transform: AWS::LanguageExtensions\nResources:\n".to_owned()
            + &many(n * 700, |at| {
                format!(
                    "  'Fn::ForEach::A{at}': [A, [x], {{'T{at}${{A}}': {{Type: AWS::SNS::Topic, DependsOn: N{at}}}}}]\n"
                )
            })
    }),
    ("loops_of_values", |n| {
        let items = list(100, |at| format!("x{at}"));
        let values = "'V${A}${B}': !Sub '${A}-${B}-${AWS::Region}-${X}'";
        let inner = format!("'Fn::ForEach::B': [B, [{items}], {{{values}}}]");
        let outer = format!("{{'Fn::ForEach::A': [A, [{items}], {{{inner}}}]}}");
        "Transform: AWS::LanguageExtensions\nResources:\n".to_owned()
            + &many(n * 40, |at| {
                format!(
                    "  T{at}: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {outer}}}}}}}\n"
                )
            })
    }),
    ("long_items", |n| {
        let items = list(n * 8, |at| format!("{}{at}", "x".repeat(5_000)));
        let tags = list(1_000, |_| "!GetAtt 'X.${A}'".to_owned());
        format!(
            "Transform: AWS::LanguageExtensions\nResources: {{'Fn::ForEach::A': [A, [{items}], {{'T${{A}}': {{Type: AWS::SNS::Topic, Properties: {{Tags: [{tags}]}}}}}}]}}\n"
        )
    }),
    ("a_text_of_texts", |n| {
        let (value, text) = ("x".repeat(n * 1_000), "${A}".repeat(n * 1_000));
        format!("Mappings: {{M: {{K: {{V: {value}}}}}}}\n")
            + &topics(1, |_| {
                format!(
                    ", Properties: {{DisplayName: !Sub ['{text}', {{A: !FindInMap [M, K, V]}}]}}"
                )
            })
    }),
    ("texts_in_texts", |n| {
        let ten = format!("!Join ['', [!Sub ['{}', {{A: ", "${A}".repeat(10));
        let text = nested(9, |_| ten.clone(), "x", "}]]]");
        topics(n * 100, |_| format!(", Properties: {{DisplayName: {text}}}"))
    }),
    ("large_mappings", |n| {
        format!("Mappings: {{M: {{K: {{V: [{}]}}}}}}\n", list(n * 1_000, |at| format!("x{at}")))
            + &topics(n * 500, |_| ", Properties: {DisplayName: !FindInMap [M, K, V]}".to_owned())
    }),
    ("lists_in_texts", |n| {
        let commas = ",".repeat(n * 45_000);
        format!("Parameters: {{L: {{Type: CommaDelimitedList, Default: '{commas}'}}}}\n")
            + &topics(1, |_| {
                format!(", Properties: {{DisplayName: [!Ref L, !Ref L, !Split [',', '{commas}']]}}")
            })
    }),
    ("allowed_values", |n| {
        let allowed = list(n * 1_000, |at| format!("v{at}"));
        format!(
            "Parameters: {{P: {{Type: String, Default: a, AllowedValues: [{allowed}]}}}}\nResources:\n"
        ) + &many(n * 500, |at| {
            format!("  T{at}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref P}}}}\n")
        })
    }),
    ("members", |n| {
        let (one, other) =
            (list(n * 2_000, |at| format!("x{at}")), list(n * 2_000, |at| format!("y{at}")));
        topics(1, |_| String::new())
            + &format!(
                "Rules: {{R: {{Assertions: [{{Assert: {{'Fn::EachMemberIn': [[{one}], [{other}]]}}}}]}}}}\n"
            )
    }),
];

/// What schemas are asked about.
const SCHEMAS: &[(&str, Make)] = &[
    ("types", |n| {
        "Resources:\n".to_owned()
            + &many(n * 2_000, |at| format!("  T{at}: {{Type: AWS::S3::Buckett{at}}}\n"))
    }),
    ("properties", |n| {
        let properties = list(n * 4_000, |at| format!("ImageIdd{at}: x"));
        format!("Resources: {{T: {{Type: AWS::EC2::Instance, Properties: {{{properties}}}}}}}\n")
    }),
    ("attributes", |n| {
        let attributes = list(n * 1_600, |at| format!("!GetAtt T.Arnn{at}"));
        format!(
            "Resources:\n  T: {{Type: AWS::S3::Bucket}}\n  U: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: [{attributes}]}}}}\n"
        )
    }),
    ("unique_items", |n| {
        let items = list(n * 2_000, |at| format!("x{at}"));
        format!(
            "Resources: {{T: {{Type: AWS::Lambda::Function, Properties: {{Layers: [{items}], VpcConfig: {{SubnetIds: [{items}], SecurityGroupIds: [{items}]}}}}}}}}\n"
        )
    }),
    ("tags", |n| {
        let tags = list(n * 1_600, |at| format!("{{Key: x{at}, Value: y}}"));
        format!("Resources: {{T: {{Type: AWS::S3::Bucket, Properties: {{Tags: [{tags}]}}}}}}\n")
    }),
    ("values_of_regions", |n| {
        "Resources:\n".to_owned()
            + &many(n * 1_000, |at| {
                format!(
                    "  T{at}: {{Type: AWS::EC2::Instance, Properties: {{InstanceType: t9.x{at}}}}}\n"
                )
            })
    }),
    ("patterns", |n| {
        "Resources:\n".to_owned()
            + &many(n * 90, |at| {
                let name = "a".repeat(900);
                format!(
                    "  T{at}: {{Type: AWS::S3::Bucket, Properties: {{BucketName: '{name}!'}}}}\n"
                )
            })
    }),
    ("one_text", |n| {
        topics(1, |_| format!(", Properties: {{DisplayName: {}}}", "x".repeat(n * 99_000)))
    }),
    ("one_line", |n| {
        let resources = list(n * 1_500, |at| {
            format!("\"T{at}\": {{\"Type\": \"AWS::SNS::Topic\", \"DependsOn\": \"N{at}\"}}")
        });
        format!("{{\"Resources\": {{{resources}}}}}")
    }),
];

/// Checks each template; the exit code is the one thing that it may choose.
fn check_all(name: &str, scale: usize, cases: &[(&str, Make)], more: &[&str]) {
    let directory = support::directory(&format!("hostile_{name}_{scale}"));
    for (case, make) in cases {
        let file = format!("{case}.yaml");
        let text = make(scale);
        assert!(text.len() < 10_000_000, "{case}: {} bytes", text.len());
        fs::write(directory.join(&file), text).unwrap();
        let (output, text) = bounded(&directory, &[&[file.as_str()], more].concat());
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{name}/{case}: {code:?}: {text}");
        assert!(text.len() < 20_000_000, "{name}/{case}: {} bytes of report", text.len());
        // What is too large to be read would prove nothing here.
        assert!(!text.contains("no more are read: split"), "{name}/{case}: {text}");
        let _ = fs::remove_file(directory.join(&file));
    }
}

#[test]
fn policies() {
    check_all("policies", 10, POLICIES, &[]);
}

#[test]
fn names() {
    check_all("names", 10, NAMES, &[]);
}

#[test]
fn values() {
    check_all("values", 10, VALUES, &[]);
}

#[test]
fn schemas() {
    check_all("schemas", 10, SCHEMAS, &[]);
}

/// As large as is read, and for several regions.
#[test]
#[ignore = "takes minutes: `cargo xtask test --full`"]
fn all_at_full_size() {
    for (name, cases) in
        [("policies", POLICIES), ("names", NAMES), ("values", VALUES), ("schemas", SCHEMAS)]
    {
        check_all(name, 100, cases, &[]);
    }
}

/// What a fuzzer found: each is read, checked and said in every form.
#[test]
fn found_by_a_fuzzer() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut said = String::new();
    for file in fs::read_dir(&found).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        for format in ["human", "json", "sarif"] {
            let (output, _) = bounded(&found, &["--format", format, &file]);
            let code = output.status.code();
            if !matches!(code, Some(0 | 1)) {
                let _ = writeln!(said, "{file} as {format}: {code:?}");
            }
        }
    }
    assert!(said.is_empty(), "{said}");
}
