//! Launches of templates: each rule fires with one set of parameters and not with another, the file of cases is held to what
//! it may say, and no template makes it take for ever.

#![allow(missing_docs, reason = "a test")]

mod support;

use std::time::{Duration, Instant};

use formwork_check::finding::Finding;
use formwork_check::report::Report;
use formwork_check::subject::{CasesFile, Subject};
use formwork_check::{evaluation, limits, schema};

/// What the families about limits and launches find in a template, and in the file of cases if there is one.
fn check(text: &str, cases: &str, regions: &[&str]) -> Vec<Finding> {
    let regions: Vec<String> = regions.iter().map(|region| (*region).to_owned()).collect();
    let mut findings = Vec::new();
    let mut subject = Subject::of_text("t.yaml", text.as_bytes(), &regions, &mut findings);
    assert_eq!(findings, [], "{text}");
    if !cases.is_empty() {
        let (file, text) = ("check.toml".to_owned(), cases.to_owned());
        subject.cases = Some(CasesFile { file, text, is_strict: true });
    }
    schema::check(&subject, &mut findings);
    limits::check(&subject, &mut findings);
    evaluation::check(&subject, &mut findings);
    Report::new(&subject, findings).findings
}

fn said(findings: &[Finding]) -> Vec<String> {
    let line = |one: &Finding| {
        let regions = if one.regions.is_empty() {
            String::new()
        } else {
            format!(" [{}]", one.regions.join(" "))
        };
        let place = &one.place;
        format!("{} {}:{} {}{regions}", one.rule.id, place.file, place.line, one.message)
    };
    findings.iter().map(line).collect()
}

const HEAD: &str = "Parameters:
  Name: { Type: String, MaxLength: 40, AllowedPattern: '[a-z]+' }
  Stage: { Type: String, Default: dev, AllowedValues: [dev, production] }
Mappings:
  Sizes:
    eu-west-1: { dev: 1, production: 3 }
    us-east-1: { dev: 1, production: 3 }
Conditions:
  IsLarge: !Equals [!Ref Stage, production]
Resources:
";

/// A resource, a case of the template's parameters, and what is found.
const CASES: &[(&str, &str, &[&str])] = &[
    // A name's length in the schema, in a case and by itself.
    (
        "  R: { Type: AWS::IAM::User, Properties: { UserName: !Sub '${AWS::Region}-${Name}-of-the-users' } }",
        "parameters = { Name = 'abc' }",
        &[
            "FW4202 t.yaml:11 the text has 68 characters, where at most 64 characters may be (FW1007), with the longest values that the parameters take [ap-southeast-1]",
        ],
    ),
    (
        "  R: { Type: AWS::IAM::User, Properties: { UserName: !Sub '${AWS::Region}-${Name}-of-the-users' } }",
        "longest = ['Name']",
        &[
            "FW1007 t.yaml:11 the text has 68 characters, where at most 64 characters may be, in the case \"a\" [ap-southeast-1]",
        ],
    ),
    (
        "  R: { Type: AWS::IAM::User, Properties: { UserName: !Sub '${Name}-of-the-users' } }",
        "longest = 'all'",
        &[],
    ),
    // A pattern that no length mends is not the longest value's fault.
    (
        "  R: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Ref Name }, Condition: IsLarge }\n  K: { Type: AWS::S3::AccessPoint, Properties: { Bucket: abc, Name: !Sub '_${Name}' } }",
        "",
        &[],
    ),
    // Names that only the table knows.
    (
        "  R: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '${Name}-of-the-queue-that-has-more-than-eighty-letters' } }",
        "longest = ['Name']",
        &["FW4201 t.yaml:11 the text has 87 characters, in the case \"a\""],
    ),
    (
        "  R: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '${Name}' } }",
        "longest = ['Name']",
        &[],
    ),
    (
        "  R: { Type: AWS::S3::Bucket, Properties: { BucketName: 10.0.0.1 } }",
        "",
        &["FW4201 t.yaml:11 `10.0.0.1` is no bucket's name: it looks like an address"],
    ),
    (
        "  R: { Type: AWS::EC2::VPC, Properties: { CidrBlock: 10.0.0.0/16, Tags: [{ Key: !Sub '${Name}${Name}${Name}${Name}', Value: a }] } }",
        "longest = 'all'",
        &["FW4201 t.yaml:11 the text has 160 characters, in the case \"a\""],
    ),
    (
        "  R: { Type: AWS::S3::Bucket }\nOutputs:\n  O: { Value: !Ref R, Export: { Name: !Sub '${Name}_bucket' } }",
        "parameters = { Name = 'abc' }",
        &["FW4201 t.yaml:13 `abc_bucket` is no name of an export, in the case \"a\""],
    ),
    (
        "  R: { Type: AWS::S3::Bucket }\nOutputs:\n  O: { Value: !Ref R, Export: { Name: !Sub '${AWS::StackName}-bucket' } }",
        "stack = 'some-stack'",
        &[],
    ),
    // Only one of the allowed values is refused.
    (
        "  R: { Type: AWS::Lambda::Function, Properties: { Role: 'arn:aws:iam::123456789012:role/r', Code: { ZipFile: a }, Runtime: python3.13, Handler: a.b, Timeout: !If [IsLarge, 901, 30] } }",
        "parameters = { Name = 'abc' }",
        &["FW1008 t.yaml:11 901, where 900 or less may be"],
    ),
    (
        "  R: { Type: AWS::SNS::Topic, Properties: { TopicName: !Join ['', [!Ref Stage, !If [IsLarge, '!', '']]] } }",
        "",
        &[
            "FW4202 t.yaml:11 `production!` has characters that are not taken (FW4201), with `Stage` = `production`",
        ],
    ),
    (
        "  R: { Type: AWS::SNS::Topic, Properties: { TopicName: !Join ['', [!Ref Stage, !If [IsLarge, '!', '']]] } }",
        "each = 'all'",
        &[
            "FW4201 t.yaml:11 `production!` has characters that are not taken, in the case \"a\" with `Stage` = `production`",
        ],
    ),
    // A region that a mapping lacks.
    (
        "  R: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !FindInMap [Sizes, !Ref AWS::Region, !Ref Stage] } }",
        "parameters = { Name = 'abc' }",
        &[
            "FW4204 t.yaml:11 there is no `Sizes`, `ap-southeast-1`, `dev` in `Mappings`: add the key, or give a `DefaultValue`, in the case \"a\" [ap-southeast-1]",
        ],
    ),
    (
        "  R: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !FindInMap [Sizes, !Ref AWS::Region, dev] } }",
        "",
        &[
            "FW4204 t.yaml:11 there is no `Sizes`, `ap-southeast-1`, `dev` in `Mappings`: add the key, or give a `DefaultValue` [ap-southeast-1]",
        ],
    ),
    (
        "  R: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Select [1, !Split ['-', !Ref Name]] } }",
        "parameters = { Name = 'abc' }",
        &[
            "FW4204 t.yaml:11 `Fn::Select` asks for item 1, counted from 0, of a list of 1: ask for one that is there, in the case \"a\"",
        ],
    ),
    // Limits on concrete sizes.
    (
        "  R: { Type: AWS::IAM::ManagedPolicy, Properties: { PolicyDocument: { Statement: [!Sub '${Name}'] } } }",
        "longest = 'all'",
        &[],
    ),
];

#[test]
fn each_rule_fires_with_some_values_and_not_with_others() {
    let mut wrong = Vec::new();
    for (resources, case, expected) in CASES {
        let text = format!("{HEAD}{resources}\n");
        let cases = if case.is_empty() {
            String::new()
        } else {
            format!("[[case]]\ntemplate = 't.yaml'\nname = 'a'\n{case}\n")
        };
        let found = check(&text, &cases, &["eu-west-1", "ap-southeast-1"]);
        if said(&found) != *expected {
            wrong.push((resources, case, said(&found)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_policy_is_as_long_as_a_launch_makes_it() {
    let actions: String = (0..160).map(|_| "!Sub '${Name}-${Name}', ").collect();
    let text = format!(
        "{HEAD}  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {{ Statement: [{{ Action: [{actions} a] }}] }}\n"
    );
    let case = "[[case]]\ntemplate = '*'\nname = 'long'\nlongest = ['Name']\n";
    let found = check(&text, case, &["us-east-1"]);
    assert_eq!(
        said(&found),
        ["FW4106 t.yaml:14 `PolicyDocument`: more than the limit, in the case \"long\""]
    );
    let case = "[[case]]\ntemplate = '*'\nname = 'short'\nparameters.Name = 'a'\n";
    let found = check(&text, case, &["us-east-1"]);
    assert!(said(&found)[0].starts_with("FW4202 t.yaml:14"), "{found:#?}");
}

#[test]
fn what_no_case_decides_is_a_note() {
    let text = "Parameters: { A: { Type: String }, B: { Type: String, Default: x } }\nConditions:\n  C: !Equals [!Ref A, x]\n  D: !Equals [!Ref B, x]\nResources:\n  R: { Type: AWS::SNS::Topic, Condition: C }\n";
    let case = "[[case]]\ntemplate = 't.*'\nname = 'a'\n";
    let found = check(text, case, &["us-east-1"]);
    assert_eq!(
        said(&found),
        ["FW4205 t.yaml:2 no case decides the conditions `C`; both ways were tried"]
    );
    assert_eq!(
        said(&check(text, &(case.to_owned() + "parameters.A = 'y'\n"), &["us-east-1"])),
        [""; 0]
    );
}

#[test]
fn a_templates_own_rules_refuse_a_case() {
    let text = "Parameters: { A: { Type: String, Default: x } }\nRules:\n  Only:\n    Assertions:\n      - { Assert: !Equals [!Ref A, x], AssertDescription: only x }\nResources:\n  R: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub '${A}!' } }\n";
    let case = "[[case]]\ntemplate = 't.yaml'\nname = 'a'\nparameters = { A = 'y' }\n";
    let found = said(&check(text, case, &["us-east-1"]));
    assert_eq!(
        found,
        [
            "FW4206 t.yaml:5 the rule `Only` does not hold: only x, in the case \"a\"",
            "FW4202 t.yaml:7 `x!` has characters that are not taken (FW4201), with the defaults"
        ]
    );
}

#[test]
fn nested_stacks_are_launched_with_what_they_are_given() {
    let directory = support::directory("nested-launches");
    let parent = b"Parameters: { Name: { Type: String, MaxLength: 60 } }\nResources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: child.yaml\n      Parameters: { Long: !Sub '${Name}-users', Short: !Ref Name }\n";
    let child = b"Parameters:\n  Long: { Type: String }\n  Short: { Type: String, MaxLength: 60 }\nResources:\n  User: { Type: AWS::IAM::User, Properties: { UserName: !Ref Long, Path: !Sub '/${Short}/' } }\n";
    let case = "[[case]]\ntemplate = 'parent'\nname = 'long'\nlongest = ['Name']\n";
    support::write(
        &directory,
        &[("parent.yaml", parent), ("child.yaml", child), ("check.toml", case.as_bytes())],
    );
    let report = support::json(&directory, &["parent.yaml"]);
    let messages: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["message"].as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "the text has 66 characters, where at most 64 characters may be, in the case \"long\" of `parent`"
        ]
    );
    let narrow = String::from_utf8_lossy(child).replace("MaxLength: 60", "MaxLength: 50");
    support::write(&directory, &[("child.yaml", narrow.as_bytes())]);
    let found = support::found(&support::json(&directory, &["parent.yaml"]));
    assert_eq!(found, ["FW4203 parent.yaml:7"]);
}

#[test]
fn dynamic_references_are_counted() {
    let parameters = |count: usize| {
        let one = |at: usize| {
            format!("a{at}: '{{{{resolve:ssm:/p/{at}}}}}', b{at}: '{{{{resolve:ssm:/p/0}}}}'")
        };
        let all: Vec<String> = (0..count).map(one).collect();
        format!(
            "Resources:\n  R: {{ Type: 'Custom::R', Properties: {{ ServiceToken: a, {} }} }}\n",
            all.join(", ")
        )
    };
    for (count, rules) in [(47, &[][..]), (48, &["FW4102"]), (60, &["FW4102"]), (61, &["FW4101"])] {
        let found = check(&parameters(count), "", &["us-east-1"]);
        assert_eq!(found.iter().map(|one| one.rule.id).collect::<Vec<_>>(), rules, "{count}");
    }
}

/// What is wrong in a file of cases, and where.
const WRONG: &[(&str, &[&str])] = &[
    ("[[case]\nname = 'a'\n", &["FW4301 check.toml:1"]),
    ("[[cases]]\nname = 'a'\n", &["FW4301 check.toml:1"]),
    ("case = 7\n", &["FW4301 check.toml:1"]),
    ("case = [7]\n", &["FW4301 check.toml:1"]),
    ("parameters = 7\n", &["FW4301 check.toml:1"]),
    ("[[case]]\nname = 'a'\n", &["FW4301 check.toml:1"]),
    ("[[case]]\nname = ''\ntemplate = []\n", &["FW4301 check.toml:2", "FW4301 check.toml:3"]),
    ("[[case]]\nname = 'a'\ntemplate = 't.yaml'\nlongst = 'all'\n", &["FW4301 check.toml:4"]),
    ("[[case]]\nname = 'a'\ntemplate = 't.yaml'\nlongest = 'some'\n", &["FW4301 check.toml:4"]),
    ("[[case]]\nname = 'a'\ntemplate = 't.yaml'\naccount = '12345'\n", &["FW4301 check.toml:4"]),
    ("[[case]]\nname = 'a'\ntemplate = 't.yaml'\nstack = '1st'\n", &["FW4301 check.toml:4"]),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nparameters = { Name = { a = 1 } }\n",
        &["FW4301 check.toml:4"],
    ),
    ("[[case]]\nname = 'a'\ntemplate = 'u.yaml'\n", &["FW4302 check.toml:3"]),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nparameters = { Nam = 'a' }\n",
        &["FW4302 check.toml:4"],
    ),
    ("[[case]]\nname = 'a'\ntemplate = 't.yaml'\neach = ['Nam']\n", &["FW4302 check.toml:4"]),
    ("[parameters]\nNam = 'a'\n", &["FW4302 check.toml:2"]),
    ("[parameters]\nName = 'A'\n", &["FW4303 check.toml:2"]),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nparameters = { Stage = 'test' }\n",
        &["FW4303 check.toml:4"],
    ),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\n[case.parameters]\nCount = 11\n",
        &["FW4303 check.toml:5"],
    ),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\n[case.parameters]\nCounts = [1, 'x']\n",
        &["FW4303 check.toml:5"],
    ),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nlongest = ['Any']\neach = ['Name']\n",
        &["FW4304 check.toml:4", "FW4304 check.toml:5"],
    ),
    (
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nlongest = 'all'\neach = 'all'\naccount = '210987654321'\nstack = 'a-stack'\nparameters = { Count = 10, Counts = [1, 2], Any = true }\n",
        &[],
    ),
    ("# nothing\n", &[]),
    ("", &[]),
];

#[test]
fn the_file_of_cases_is_held_to_what_it_may_say() {
    let text = "Parameters:\n  Name: { Type: String, MaxLength: 9, AllowedPattern: '[a-z]+' }\n  Stage: { Type: String, AllowedValues: [dev, prod] }\n  Count: { Type: Number, MaxValue: 10 }\n  Counts: { Type: List<Number>, Default: '1' }\n  Any: { Type: String }\nResources:\n  R: { Type: AWS::SNS::Topic }\n";
    for (cases, expected) in WRONG {
        let found = check(text, cases, &["us-east-1"]);
        let places: Vec<String> = found
            .iter()
            .map(|one| format!("{} {}:{}", one.rule.id, one.place.file, one.place.line))
            .collect();
        assert_eq!(places, *expected, "{cases}\n{found:#?}");
        assert!(found.iter().all(|one| one.place.column > 0), "{found:#?}");
    }
}

#[test]
fn no_file_of_cases_is_a_panic_or_takes_for_ever() {
    let text = "Parameters: { P: { Type: String, AllowedPattern: '((a*)*)*b' } }\nResources: { R: { Type: AWS::SNS::Topic } }\n";
    let start = Instant::now();
    for cases in [
        format!("a = {}{}", "[".repeat(20_000), "]".repeat(20_000)),
        format!("a = {}", "{ a = ".repeat(20_000)),
        "[[case]]\n".repeat(20_000),
        format!("[parameters]\nP = '{}'\n", "a".repeat(4_000)),
        format!("[parameters]\nP = '{}'\n", "a".repeat(400_000)),
        format!("[[case]]\nname = 'a'\ntemplate = '{}'\n", "*a".repeat(10_000)),
        "[[case]]\nname = 'a'\ntemplate = 't.yaml'\nlongest = 'all'\n".repeat(2_000),
        "\0\u{feff}= = =".to_owned(),
    ] {
        let found = check(text, &cases, &["us-east-1"]);
        assert!(!found.is_empty(), "{}", &cases[..cases.len().min(40)]);
    }
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}

#[test]
fn what_others_wrote_needs_no_case_of_the_file_that_lies_there() {
    let directory = support::directory("strangers-cases");
    let template = b"Parameters: { Name: { Type: String, AllowedPattern: '[0-9]+' } }\nResources: { R: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } } }\n";
    let cases = b"[parameters]\nName = 'a'\nOther = 'b'\n[[case]]\nname = 'a'\ntemplate = 'mine'\n";
    support::write(&directory, &[("t.yaml", template), ("check.toml", cases)]);
    assert_eq!(support::found(&support::json(&directory, &["t.yaml"])), [""; 0]);
    let named = support::json(&directory, &["--cases", "check.toml", "t.yaml"]);
    assert_eq!(
        support::found(&named),
        ["FW4302 check.toml:3", "FW4302 check.toml:6", "FW4303 check.toml:2"]
    );
    let missing = support::json(&directory, &["--cases", "no.toml", "t.yaml"]);
    assert_eq!(support::found(&missing), ["FW9001 no.toml:0"]);
    support::write(&directory, &[("check.toml", b"a = \"\xff\"")]);
    assert_eq!(support::found(&support::json(&directory, &["t.yaml"])), ["FW9001 check.toml:0"]);
}

/// 200 parameters, each with a pattern that takes for ever, and one that is too deep.
#[test]
fn patterns_of_others_are_given_up() {
    let mut text = "Parameters:\n".to_owned();
    for at in 0..200 {
        text += &[
            "  P",
            &at.to_string(),
            ": { Type: String, MaxLength: 90, AllowedPattern: '(x|x)*",
            &at.to_string(),
            "' }\n",
        ]
        .concat();
    }
    let deep = "(".repeat(100_000) + &")".repeat(100_000);
    text = text.replacen("(x|x)*", &deep, 1) + "Resources: { R: { Type: AWS::SNS::Topic } }\n";
    let start = Instant::now();
    check(
        &text,
        "[parameters]\nP0 = 'a'\nP1 = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n",
        &["us-east-1"],
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

/// 2,000 resources, each other with each of 190 values in each region.
#[test]
fn too_many_launches_end_in_a_note() {
    let values: Vec<String> = (0..190).map(|at| format!("v{at}")).collect();
    let resource = |at: usize| {
        format!(
            "  T{at}: {{ Type: AWS::SNS::Topic, Properties: {{ TopicName: !Sub '${{AWS::Region}}-${{P}}-{at}' }} }}\n"
        )
    };
    let text = format!(
        "Parameters: {{ P: {{ Type: String, Default: v0, AllowedValues: [{}] }} }}\nResources:\n{}",
        values.join(", "),
        (0..2_000).map(resource).collect::<String>()
    );
    let start = Instant::now();
    let found = check(&text, "", &["us-east-1", "ap-south-1", "eu-central-1", "ap-southeast-1"]);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    let rules: Vec<&str> = found.iter().map(|one| one.rule.id).collect();
    assert!(rules.contains(&"FW4205"), "{rules:?}");
}
