//! Resources, outputs and nested stacks; and every template of the examples.

use formwork::evaluate::{Evaluation, Known, Surroundings};
use indexmap::IndexMap;

use super::{evaluation, parse, show, show_text, shown};

fn resources(evaluation: &Evaluation<'_>) -> Vec<String> {
    let show = |resource: &formwork::evaluate::Resource<'_>| {
        let (id, kind) = (show_text(&resource.id), &resource.kind);
        format!("{id} {kind} {}", shown(resource.exists))
    };
    evaluation.resources().iter().map(show).collect()
}

#[test]
fn resources_are_those_that_there_are() {
    let template = parse(
        "
Transform: AWS::LanguageExtensions
Parameters: { U: { Type: String }, L: { Type: CommaDelimitedList } }
Conditions: { No: !Equals [a, b], Open: !Equals [!Ref U, x] }
Resources:
  Topic: { Type: 'AWS::SNS::Topic' }
  Never: { Type: 'AWS::SNS::Topic', Condition: No }
  Perhaps: { Type: 'AWS::SNS::Topic', Condition: Open }
  Fn::ForEach::Queues:
    - Name
    - [A, B]
    - Queue${Name}: { Type: 'AWS::SQS::Queue', Properties: { QueueName: !Sub 'q-${Name}' } }
  Fn::ForEach::Unknown:
    - Name
    - !Ref L
    - Bucket${Name}: { Type: 'AWS::S3::Bucket' }
  Wrong: { Properties: {} }
Outputs:
  Never: { Value: a, Condition: No }
  Name: { Value: !GetAtt QueueA.QueueName, Export: { Name: !Sub '${AWS::Region}-x' } }
",
    );
    let evaluation = evaluation(&template.root, "us-east-1", None);
    assert_eq!(
        resources(&evaluation),
        [
            "Topic AWS::SNS::Topic yes",
            "Perhaps AWS::SNS::Topic ?",
            "QueueA AWS::SQS::Queue yes",
            "QueueB AWS::SQS::Queue yes",
            "Bucket‹Name of L› AWS::S3::Bucket ?",
        ]
    );
    let queue = &evaluation.resources()[3];
    let name = queue.property("QueueName").expect("it has a name");
    assert_eq!(evaluation.value(name).whole(), Some("q-B"));
    let outputs = evaluation.outputs();
    assert_eq!(outputs.len(), 1);
    assert_eq!(evaluation.value(&outputs[0].value), Known::unknown("QueueA.QueueName"));
    let export = outputs[0].export.as_ref().expect("it is exported");
    assert_eq!(evaluation.value(export).whole(), Some("us-east-1-x"));
    let problems: Vec<String> = evaluation.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["17:10: a resource without a type: give a `Type`"]);
}

#[test]
fn a_resources_condition_holds_in_it() {
    let template = parse(
        "
Parameters: { U: { Type: String } }
Conditions: { Open: !Equals [!Ref U, x] }
Resources: { T: { Type: A, Condition: Open, Properties: { P: !If [Open, !Ref U, b] } } }
",
    );
    let evaluation = evaluation(&template.root, "us-east-1", None);
    let property = evaluation.resources()[0].property("P").expect("it has one");
    let found = evaluation.alternatives(property);
    assert_eq!(found.values, [Known::text("x")]);
    assert!(found.is_complete);
}

#[test]
fn every_address_of_nested_stacks() {
    let entry = parse(
        "
Parameters: { Bucket: { Type: String }, Region: { Type: String } }
Conditions: { HasRegion: !Not [!Equals [!Ref Region, '']] }
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !If
        - HasRegion
        - !Sub https://${Bucket}.s3.${Region}.${AWS::URLSuffix}/inner
        - !Sub https://${Bucket}.s3.${AWS::URLSuffix}/inner
      Parameters: { Bucket: !Ref Bucket, Region: !Ref Region, Name: !Sub '${AWS::StackName}-x', Zones: !GetAZs '' }
",
    );
    let inner = parse(
        "
Parameters:
  Bucket: { Type: String }
  Region: { Type: String }
  Name: { Type: String }
  Zones: { Type: CommaDelimitedList }
  Suffix: { Type: String, Default: yaml }
Resources:
  Innermost:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: !Sub 'https://${Bucket}.s3.${Region}/innermost.${Suffix}' }
",
    );
    let surroundings = Surroundings::of_region("eu-west-1");
    let given = IndexMap::from([("Bucket".to_owned(), "b".into())]);
    let outer = Evaluation::new(&entry.root, &surroundings, &given);
    let stack = &outer.resources()[0];
    let addresses = outer.alternatives(stack.property("TemplateURL").expect("it has one"));
    let addresses: Vec<String> = addresses.values.iter().map(show).collect();
    assert_eq!(
        addresses,
        ["\"https://b.s3.amazonaws.com/inner\"", "\"https://b.s3.‹Region›.amazonaws.com/inner\""]
    );

    let parameters = outer.value(stack.property("Parameters").expect("it has some"));
    let nested = outer.nested(&inner.root, Some(&parameters));
    let given: Vec<String> = nested.parameters().values().map(show).collect();
    assert_eq!(given, ["\"b\"", "‹../Region›", "\"‹../AWS::StackName›-x\"", "‹Zones›", "\"yaml\""]);
    let address = nested.resources()[0].property("TemplateURL").expect("it has one");
    assert_eq!(show(&nested.value(address)), "\"https://b.s3.‹../Region›/innermost.yaml\"");
    // Of unknown parameters not even the defaults count.
    let unknown = outer.nested(&inner.root, Some(&Known::unknown("Parameters")));
    assert_eq!(show(&unknown.parameters()["Suffix"]), "‹../Parameters.Suffix›");
}

#[test]
fn what_the_caller_knows_besides() {
    let template = parse("Resources: { T: { Type: A, Properties: { P: !Sub '${T.Name} ${T}' } } }");
    let mut evaluation = evaluation(&template.root, "us-east-1", None);
    evaluation.learn("T.Name", "known".into());
    let property = evaluation.resources()[0].property("P").expect("it has one");
    assert_eq!(show(&evaluation.value(property)), "\"known ‹T›\"");
}

#[test]
fn what_macros_add_is_not_seen() {
    let template = parse("Transform: [AWS::LanguageExtensions, Mine]\nResources: {}");
    let with_macro = evaluation(&template.root, "us-east-1", None);
    assert_eq!(with_macro.macros(), ["Mine"]);
    assert!(with_macro.has_unseen_resources());
    let template =
        parse("Resources: { 'Fn::Transform': { Name: 'AWS::Include' }, T: { Type: A } }");
    let with_include = evaluation(&template.root, "us-east-1", None);
    assert!(with_include.has_unseen_resources());
    assert_eq!(resources(&with_include), ["T A yes"]);
}

#[test]
fn every_example_in_two_regions() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/golden");
    let directories = std::fs::read_dir(golden).expect("the examples are there");
    let files = directories.flat_map(|directory| {
        let directory = directory.expect("an example").path();
        std::fs::read_dir(directory)
            .expect("an example's templates")
            .map(|file| file.expect("a template").path())
    });
    let mut count = 0;
    for file in files {
        let source = std::fs::read_to_string(&file).expect("a template is readable");
        let document = parse(&source);
        for region in ["us-east-1", "cn-north-1"] {
            let evaluation = evaluation(&document.root, region, None);
            for resource in evaluation.resources() {
                if let Some(properties) = resource.attribute("Properties") {
                    assert_ne!(evaluation.value(&properties), Known::Absent);
                    assert!(evaluation.alternatives_up_to(&properties, 1_000).is_complete);
                }
            }
            for output in evaluation.outputs() {
                assert_ne!(evaluation.value(&output.value), Known::Absent);
            }
            assert_eq!(evaluation.problems(), [], "{}", file.display());
        }
        count += 1;
    }
    assert!(count > 5, "{count} examples");
}
