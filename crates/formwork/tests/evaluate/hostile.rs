//! Templates that describe too much, or nothing that makes sense.

use std::fmt::Write;

use formwork::read::{Problem, Tree};

use super::{evaluation, parse};

/// Everything that can be asked, and the answers.
pub(super) fn ask_all(template: &Tree) -> (Vec<Problem>, String) {
    let evaluation = evaluation(template, "us-east-1", None);
    let mut answers = Vec::new();
    template.walk(|_, tree| answers.push(evaluation.holds(tree)));
    let mut values = vec![evaluation.alternatives(template)];
    for resource in evaluation.resources() {
        values.push(evaluation.alternatives(&resource.term));
    }
    for output in evaluation.outputs() {
        values.push(evaluation.alternatives(&output.value));
    }
    let value = evaluation.value(template);
    let answers = format!("{answers:?} {value:?} {values:?} {:?}", evaluation.assertions());
    (evaluation.problems(), answers)
}

#[test]
fn loops_in_loops_end() {
    let mut source = String::from("{ 'a${X}': 1 }");
    for depth in 0..40 {
        source = format!("{{ 'Fn::ForEach::L{depth}': [X{depth}, [a, b, c], {source}] }}");
    }
    let template = parse(&format!("Resources: {source}"));
    let evaluation = evaluation(&template.root, "us-east-1", None);
    assert!(evaluation.has_unseen_resources());
    let problems = evaluation.problems();
    assert!(problems.iter().any(|problem| problem.message.contains("too much")), "{problems:?}");
}

#[test]
fn texts_in_texts_end() {
    let mut source = String::from("some text");
    for _ in 0..45 {
        source = format!("!Sub ['${{a}}${{a}}', {{ a: {source} }}]");
    }
    let template = parse(&format!("Metadata: {source}"));
    let evaluation = evaluation(&template.root, "us-east-1", None);
    let value = evaluation.value(template.root.get("Metadata").expect("it is there"));
    assert!(!value.is_certain());
}

#[test]
fn conditions_in_conditions_end() {
    let mut source = String::from("Conditions:\n  C0: !Equals [!Ref U, a]\n");
    for index in 1..300 {
        let before = index - 1;
        writeln!(source, "  C{index}: !And [Condition: C{before}, Condition: C{before}]")
            .expect("text");
    }
    source.push_str("Parameters: { U: { Type: String } }\nValue: !If [C299, 1, 0]\n");
    let template = parse(&source);
    let first = evaluation(&template.root, "us-east-1", None);
    assert_eq!(first.condition("C299"), None);
    assert_eq!(
        first.alternatives(template.root.get("Value").expect("it is there")).values.len(),
        2
    );
    // From the last to the first: too deep, and said so.
    let (head, tail) = source.split_once('\n').expect("lines");
    let lines: Vec<&str> = tail.lines().collect();
    let (conditions, rest) = lines.split_at(300);
    let backwards: Vec<&str> = conditions.iter().rev().copied().collect();
    let source = format!("{head}\n{}\n{}\n", backwards.join("\n"), rest.join("\n"));
    let template = parse(&source);
    let last = evaluation(&template.root, "us-east-1", None);
    assert_eq!(last.condition("C299"), None);
    assert!(last.problems()[0].message.contains("stand in each other"));
}

#[test]
fn too_many_alternatives_are_said_to_be() {
    let mut source = String::from("Parameters: { U: { Type: String } }\nConditions:\n");
    let mut value = String::new();
    for index in 0..40 {
        writeln!(source, "  C{index}: !Equals [!Ref U, !GetAtt 'T.A{index}']").expect("text");
        write!(value, "!If [C{index}, 1, 0], ").expect("text");
    }
    let template = parse(&format!("{source}Value: [{value}]\n"));
    let evaluation = evaluation(&template.root, "us-east-1", None);
    let found = evaluation.alternatives(template.root.get("Value").expect("it is there"));
    assert_eq!((found.values.len(), found.is_complete), (64, false));
}

#[test]
fn as_deep_as_is_read() {
    for wrap in ["[", "{ a: ", "{ 'Fn::Sub': ", "{ 'Fn::Not': [", "{ 'Fn::If': [Deep, x, "] {
        let close: String = wrap
            .chars()
            .rev()
            .filter_map(|c| match c {
                '[' => Some(']'),
                '{' => Some('}'),
                _ => None,
            })
            .collect();
        let levels = if wrap.contains("': [") { 90 } else { 180 };
        let deep = format!("{}x{}", wrap.repeat(levels), close.repeat(levels));
        let sections = ["Conditions", "Resources", "Outputs"];
        let sections = sections.map(|section| format!("{section}: {{ Deep: {deep} }}\n")).concat();
        let (problems, _) = ask_all(&parse(&format!("{sections}Metadata: {deep}\n")).root);
        assert!(!problems.is_empty(), "{wrap}");
    }
}

#[test]
fn every_section_that_is_none() {
    for section in
        ["Parameters", "Conditions", "Resources", "Outputs", "Mappings", "Rules", "Transform"]
    {
        for value in [
            "1",
            "[1]",
            "~",
            "{ a: 1 }",
            "{ a: ~ }",
            "!Ref a",
            "{ a: [{}] }",
            "{ a: { Type: [1], Default: {}, AllowedValues: 1 } }",
        ] {
            let source = format!("{section}: {value}\nA: !FindInMap [a, b, c]\nB: !Ref a\n");
            let (problems, _) = ask_all(&parse(&source).root);
            assert!(!problems.is_empty(), "{source}");
        }
    }
    for no_map in ["[1]", "text"] {
        let template = parse(no_map);
        assert_eq!(evaluation(&template.root, "us-east-1", None).problems(), []);
        ask_all(&template.root);
    }
}
