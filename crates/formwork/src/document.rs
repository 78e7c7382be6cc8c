//! The sections of a template, in the order in which people expect them.
//!
//! This drives a [`Writer`] straight from the [`Template`]; it collects nothing and checks nothing.

use crate::input::InputSpec;
use crate::node::Node;
use crate::options::Options;
use crate::render::{Result, Writer};
use crate::template::{Entry, OutputEntry, ResourceEntry, Template};

/// The transform that `Fn::ForEach`, `Fn::Length` and `Fn::ToJsonString` need.
pub(crate) const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Writes the whole template. `transforms` are those of the template and those that its functions need.
pub(crate) fn write(w: &mut Writer<'_>, template: &Template, transforms: &[&str]) -> Result {
    w.map(|w| {
        w.text_entry("AWSTemplateFormatVersion", "2010-09-09")?;
        if !template.description.is_empty() {
            w.text_entry("Description", template.description)?;
        }
        match transforms {
            [] => {}
            [one] => w.text_entry("Transform", one)?,
            many => w.field("Transform", |w| w.list(many, |w, name| w.text(name)))?,
        }
        metadata(w, template)?;
        section(w, "Parameters", &template.inputs, |w, (target, spec)| {
            w.field(target.id(), |w| parameter(w, spec))
        })?;
        rules(w, template)?;
        section(w, "Mappings", &template.mappings, |w, (target, rows)| {
            w.field(target.id(), |w| {
                w.map(|w| {
                    rows.iter().try_for_each(|(row, columns)| {
                        w.field(row, |w| w.map(|w| entries(w, columns)))
                    })
                })
            })
        })?;
        section(w, "Conditions", &template.conditions, |w, (target, test)| {
            w.entry(target.id(), test)
        })?;
        w.field("Resources", |w| w.map(|w| each(w, &template.resources, resource)))?;
        if !template.outputs.is_empty() {
            w.field("Outputs", |w| w.map(|w| each(w, &template.outputs, output)))?;
        }
        Ok(())
    })
}

fn section<T>(
    w: &mut Writer<'_>,
    name: &str,
    items: &[T],
    mut item: impl FnMut(&mut Writer<'_>, &T) -> Result,
) -> Result {
    if items.is_empty() {
        return Ok(());
    }
    w.field(name, |w| w.map(|w| items.iter().try_for_each(|one| item(w, one))))
}

fn entries(w: &mut Writer<'_>, entries: &[(&'static str, Node)]) -> Result {
    entries.iter().try_for_each(|(key, node)| w.entry(key, node))
}

/// Writes entries, and loops as `Fn::ForEach`.
fn each<T>(
    w: &mut Writer<'_>,
    items: &[Entry<T>],
    one: fn(&mut Writer<'_>, &T) -> Result,
) -> Result {
    for item in items {
        match item {
            Entry::One(item) => one(w, item)?,
            Entry::Loop { name, variable, values, body } => {
                w.field(&format!("Fn::ForEach::{name}"), |w| {
                    w.list(0..3, |w, part| match part {
                        0 => w.text(variable.id()),
                        1 => w.node(values),
                        _ => w.map(|w| each(w, body, one)),
                    })
                })?;
            }
        }
    }
    Ok(())
}

fn resource(w: &mut Writer<'_>, resource: &ResourceEntry) -> Result {
    w.field(resource.target.id(), |w| {
        w.map(|w| {
            w.text_entry("Type", resource.type_name)?;
            if let Some(options) = &resource.options {
                resource_options(w, options)?;
            }
            if resource.properties.is_empty() {
                return Ok(());
            }
            w.field("Properties", |w| w.map(|w| entries(w, &resource.properties)))
        })
    })
}

fn resource_options(w: &mut Writer<'_>, options: &Options) -> Result {
    if let Some(condition) = options.condition {
        w.text_entry("Condition", condition.name())?;
    }
    match &options.depends_on[..] {
        [] => {}
        [one] => w.field("DependsOn", |w| w.id(one.id()))?,
        many => w.field("DependsOn", |w| w.list(many, |w, target| w.id(target.id())))?,
    }
    if let Some(policy) = options.deletion_policy {
        w.text_entry("DeletionPolicy", policy.as_str())?;
    }
    if let Some(policy) = options.update_replace_policy {
        w.text_entry("UpdateReplacePolicy", policy.as_str())?;
    }
    if let Some(policy) = &options.creation_policy {
        w.entry("CreationPolicy", policy)?;
    }
    if let Some(policy) = &options.update_policy {
        w.entry("UpdatePolicy", policy)?;
    }
    if options.metadata.is_empty() {
        return Ok(());
    }
    w.field("Metadata", |w| w.map(|w| entries(w, &options.metadata)))
}

fn output(w: &mut Writer<'_>, output: &OutputEntry) -> Result {
    w.field(output.name, |w| {
        w.map(|w| {
            if !output.description.is_empty() {
                w.text_entry("Description", output.description)?;
            }
            if let Some(condition) = output.condition {
                w.text_entry("Condition", condition.name())?;
            }
            w.entry("Value", &output.value)?;
            match &output.export {
                Some(name) => w.field("Export", |w| w.map(|w| w.entry("Name", name))),
                None => Ok(()),
            }
        })
    })
}

fn parameter(w: &mut Writer<'_>, spec: &InputSpec) -> Result {
    w.map(|w| {
        w.text_entry("Type", &spec.parameter_type)?;
        if !spec.description.is_empty() {
            w.text_entry("Description", spec.description)?;
        }
        if let Some(default) = &spec.default {
            w.entry("Default", default)?;
        }
        if !spec.allowed.is_empty() {
            w.field("AllowedValues", |w| w.list(&spec.allowed, Writer::node))?;
        }
        if let Some(pattern) = spec.pattern {
            w.text_entry("AllowedPattern", pattern)?;
        }
        for (name, length) in [("MinLength", spec.min_length), ("MaxLength", spec.max_length)] {
            if let Some(length) = length {
                w.field(name, |w| w.integer(i64::from(length)))?;
            }
        }
        for (name, bound) in [("MinValue", spec.min), ("MaxValue", spec.max)] {
            if let Some(bound) = bound {
                w.field(name, |w| number(w, bound))?;
            }
        }
        if let Some(explain) = spec.explain {
            w.text_entry("ConstraintDescription", explain)?;
        }
        if spec.no_echo {
            w.field("NoEcho", |w| w.boolean(true))?;
        }
        Ok(())
    })
}

/// A bound without a fraction is written as the whole number that its author wrote.
fn number(w: &mut Writer<'_>, number: f64) -> Result {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "only whole numbers far below 2^53 get here"
    )]
    if number.fract() == 0.0 && number.abs() < 9e15 {
        w.integer(number as i64)
    } else {
        w.number(number)
    }
}

fn metadata(w: &mut Writer<'_>, template: &Template) -> Result {
    let interface =
        template.inputs.iter().any(|(_, spec)| spec.group.is_some() || spec.label.is_some());
    if template.metadata.is_empty() && !interface {
        return Ok(());
    }
    w.field("Metadata", |w| {
        w.map(|w| {
            entries(w, &template.metadata)?;
            if interface {
                w.field("AWS::CloudFormation::Interface", |w| w.map(|w| groups(w, template)))?;
            }
            Ok(())
        })
    })
}

/// The console's groups, in the order in which the first parameter of each is declared.
fn groups(w: &mut Writer<'_>, template: &Template) -> Result {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (_, spec) in &template.inputs {
        if let Some(group) = spec.group {
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, members)) => members.push(spec.name),
                None => groups.push((group, vec![spec.name])),
            }
        }
    }
    if !groups.is_empty() {
        w.field("ParameterGroups", |w| {
            w.list(&groups, |w, (name, members)| {
                w.map(|w| {
                    w.field("Label", |w| w.map(|w| w.text_entry("default", name)))?;
                    w.field("Parameters", |w| w.list(members, |w, member| w.text(member)))
                })
            })
        })?;
    }
    let labelled: Vec<_> =
        template.inputs.iter().filter_map(|(_, spec)| Some((spec.name, spec.label?))).collect();
    if labelled.is_empty() {
        return Ok(());
    }
    w.field("ParameterLabels", |w| {
        w.map(|w| {
            labelled.iter().try_for_each(|(name, label)| {
                w.field(name, |w| w.map(|w| w.text_entry("default", label)))
            })
        })
    })
}

fn rules(w: &mut Writer<'_>, template: &Template) -> Result {
    section(w, "Rules", &template.rules, |w, (name, rule)| {
        w.field(name, |w| {
            w.map(|w| {
                if let Some(test) = &rule.applies {
                    w.entry("RuleCondition", test)?;
                }
                w.field("Assertions", |w| {
                    w.list(&rule.assertions, |w, (test, message)| {
                        w.map(|w| {
                            w.entry("Assert", test)?;
                            w.text_entry("AssertDescription", message)
                        })
                    })
                })
            })
        })
    })
}
