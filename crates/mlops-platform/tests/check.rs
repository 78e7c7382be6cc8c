//! The platform as the check sees it: nothing is wrong, and each thing that is broken in a copy is found at its line.

#![allow(missing_docs, reason = "a test")]

use std::path::Path;
use std::sync::OnceLock;

use formwork::assembly::Settings;
use formwork_check::families;
use formwork_check::finding::{Finding, Severity};
use formwork_check::report::Report;
use formwork_check::subject::Subject;

/// The platform's assembly as it is read from a directory, and what is found in it.
fn platform() -> &'static (Subject, Report) {
    static PLATFORM: OnceLock<(Subject, Report)> = OnceLock::new();
    PLATFORM.get_or_init(|| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checked");
        let synthesized = mlops_platform::assembly().synth(Settings::default());
        synthesized.unwrap_or_else(|p| panic!("{p}")).write(&out).unwrap();
        let mut findings = Vec::new();
        let mut subject = Subject::read(&[out], &[], &mut findings);
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../check.toml");
        subject.read_cases(Some(&cases), &mut findings);
        families::check(&subject, &mut findings);
        let report = Report::new(&subject, findings);
        (subject, report)
    })
}

#[test]
fn nothing_is_wrong_but_what_is_excepted_with_a_reason() {
    let (subject, report) = platform();
    assert_eq!((subject.templates.len(), subject.regions.len()), (15, 13));
    let wrong: Vec<_> =
        report.findings.iter().filter(|it| it.rule.severity != Severity::Note).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        report.excepted.iter().all(|it| it.reason.len() > 20 && it.finding.place.rust.is_some())
    );
}

/// A copy in which one thing is broken.
struct Broken {
    /// The rule that says so.
    rule: &'static str,
    /// The template's name, and the resource in which it is broken.
    place: (&'static str, &'static str),
    /// What stands there, in the resource or behind it, and what instead; `{long}` are 6,144 letters.
    from: &'static str,
    to: &'static str,
    /// The line, by a text that begins on it, in the resource or behind it.
    line: &'static str,
}

/// At least one of each family of rules.
const BROKEN: &[Broken] = &[
    Broken {
        rule: "FW1005",
        place: ("mlops_entry_point", "ReleaseCopyFunctionLogs"),
        from: "RetentionInDays: 30",
        to: "RetentionInDays: 31",
        line: "RetentionInDays",
    },
    Broken {
        rule: "FW1003",
        place: ("mlops_entry_point", "AccessLogsBucket"),
        from: "BucketEncryption:",
        to: "BucketEncription:",
        line: "BucketEncription",
    },
    Broken {
        rule: "FW2001",
        place: ("mlops_entry_point", "AccessLogsBucketPolicy"),
        from: "DependsOn: AccessLogsCleanup",
        to: "DependsOn: AccessLogsCleanups",
        line: "DependsOn",
    },
    Broken {
        rule: "FW2010",
        place: ("mlops_entry_point", "StacksetAdminRole"),
        from: "        ExecutionRoleName: !GetAtt StacksetExecutionRole.Outputs.ExecutionRoleName\n",
        to: "",
        line: "StacksetAdminRole:",
    },
    Broken {
        rule: "FW2101",
        place: ("mlops_entry_point", "ReleaseCopyFunctionLogs"),
        from: "!GetAtt PlatformKey.Arn",
        to: "!GetAtt PlatformKey.ARN",
        line: "KmsKeyId",
    },
    Broken {
        rule: "FW3001",
        place: ("mlops_entry_point", "AccessLogsBucket"),
        from: "    Type: AWS::S3::Bucket\n",
        to: "    Type: AWS::AppRunner::VpcConnector\n",
        line: "Type",
    },
    Broken {
        rule: "FW4106",
        place: ("mlops_entry_point", "DeployPlatformProjectPolicy"),
        from: "ec2:Describe*",
        to: "ec2:Describe{long}",
        line: "PolicyDocument",
    },
    Broken {
        rule: "FW1007",
        place: ("smproject", "ProjectRole"),
        from: "-project-role",
        to: "-project-role-of-a-name-that-ends-late",
        line: "RoleName",
    },
    Broken {
        rule: "FW4201",
        place: ("smproject", "ModelBuildPipeline"),
        from: "Name: !Sub ${SageMakerProjectName}_build_pipeline",
        to: "Name: !Sub ${SageMakerProjectName}_build_pipeline_of_a_name_that_is_longer_than_it_may_be_with_a_long_name",
        line: "Name: !Sub ${SageMakerProjectName}_build",
    },
    Broken {
        rule: "FW4203",
        place: ("mlops_entry_point", "DeployInfraStack"),
        from: "VpcCidr: !Ref VpcCidr",
        to: "VpcCidr: !Sub ${VpcCidr}0",
        line: "VpcCidr",
    },
    Broken {
        rule: "FW8012",
        place: ("mlops_entry_point", "ReleaseCopyFunctionLogs"),
        from: "DeletionPolicy: Delete",
        to: "DeletionPolicy: Destroy",
        line: "DeletionPolicy",
    },
    Broken {
        rule: "FW5010",
        place: ("mlops_entry_point", "AccessLogsBucketPolicy"),
        from: "Action: s3:PutObject",
        to: "Action: s3:PutObjekt",
        line: "Action: s3:PutObjekt",
    },
    Broken {
        rule: "FW7006",
        place: ("deploy-infra", "StudioDomain"),
        from: "      - SageMakerApiEndpoint\n",
        to: "",
        line: "StudioDomain:",
    },
    Broken {
        rule: "FW7011",
        place: ("mlops_entry_point", "ArtifactsBucket"),
        from: "    DependsOn: AccessLogsBucketPolicy\n",
        to: "",
        line: "ArtifactsBucket:",
    },
    Broken {
        rule: "FW7031",
        place: ("mlops_entry_point", "PipelineBucket"),
        from: "    DeletionPolicy: Delete\n",
        to: "",
        line: "PipelineBucket:",
    },
    Broken {
        rule: "FW7041",
        place: ("mlops_entry_point", "ReleaseCopyFunction"),
        from: "        ZipFile: |",
        to: "        S3Bucket: the-releases\n        S3Key: code.zip\n        ZipFile: |",
        line: "S3Bucket",
    },
    Broken {
        rule: "FW7051",
        place: ("mlops_entry_point", "HelperRole"),
        from: "      PermissionsBoundary: !If\n        - HasBoundary\n        - !Ref PermissionsBoundaryArn\n        - !Ref AWS::NoValue\n",
        to: "",
        line: "HelperRole:",
    },
];

/// The text of a template with what is broken, and the line where that must be found.
fn broken_text(text: &str, broken: &Broken) -> (String, u32) {
    let resource = format!("\n  {}:\n", broken.place.1);
    let start = text.find(&resource).expect("the resource");
    let at = start + text[start..].find(broken.from).expect("what is there");
    let to = broken.to.replace("{long}", &"a".repeat(6_144));
    let text = [&text[..at], &to, &text[at + broken.from.len()..]].concat();
    let line = start + text[start..].find(broken.line).expect("the line");
    let number = text[..line].matches('\n').count() + 1;
    (text, u32::try_from(number).expect("a line"))
}

#[test]
fn what_is_broken_in_a_copy_is_found_at_its_line() {
    let (subject, _) = platform();
    for broken in BROKEN {
        let mut copy = subject.clone();
        copy.regions = ["us-east-1", "eu-south-1"].map(str::to_owned).to_vec();
        let (name, id) = broken.place;
        let template = copy.templates.iter_mut().find(|it| it.name == name).expect("a template");
        let (text, line) = broken_text(&subject.texts[&template.file], broken);
        template.document = formwork::read::parse(text.as_bytes()).expect("a template");
        let source = template.resource(id).map(|entry| entry.source.clone()).unwrap_or_default();
        let mut findings = Vec::new();
        // Each family looks at the whole platform: the rule's own, or launches that are held to it.
        for family in families::FAMILIES.iter().filter(|family| family.check.is_some()) {
            let is_own = family.rules.iter().any(|rule| rule.id == broken.rule);
            let is_found = findings.iter().any(|it: &Finding| it.rule.id == broken.rule);
            if is_own || (family.name == "Evaluation" && !is_found) {
                family.check.expect("those are left out")(&copy, &mut findings);
            }
        }
        let found = Report::new(&copy, findings).findings;
        let found: Vec<_> = found.iter().filter(|it| it.rule.id == broken.rule).collect();
        let is_it = found.iter().any(|it| {
            let rust = it.place.rust.as_ref().map(|(file, line)| format!("{file}:{line}"));
            it.place.line == line && rust.as_ref() == Some(&source)
        });
        assert!(is_it, "{} of {id} is not at line {line}, {source}: {found:#?}", broken.rule);
    }
}

#[test]
fn each_family_has_something_broken() {
    let without: Vec<&str> = families::FAMILIES
        .iter()
        .filter(|family| family.check.is_some())
        .filter(|family| {
            !BROKEN.iter().any(|broken| family.rules.iter().any(|rule| rule.id == broken.rule))
        })
        .map(|family| family.name)
        .collect();
    assert_eq!(without, Vec::<&str>::new());
}
