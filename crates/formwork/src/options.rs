//! What stands beside a resource's properties: `DependsOn`, `Condition`, deletion and update policies,
//! metadata. The same options exist on every resource and on nested stacks.

use crate::condition::Condition;
use crate::node::{Node, Target};
use crate::resource::{Handle, Resource};
use crate::value::{IntoName, IntoNode};

/// The options of one resource.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `DependsOn`, in the author's order.
    pub depends_on: Vec<Target>,
    /// `Condition`.
    pub condition: Option<Condition>,
    /// `DeletionPolicy`.
    pub deletion_policy: Option<DeletionPolicy>,
    /// `UpdateReplacePolicy`.
    pub update_replace_policy: Option<DeletionPolicy>,
    /// `CreationPolicy`.
    pub creation_policy: Option<Node>,
    /// `UpdatePolicy`.
    pub update_policy: Option<Node>,
    /// `Metadata`, in the author's order.
    pub metadata: Vec<(&'static str, Node)>,
}

/// What happens to a resource when it leaves the stack, or is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionPolicy {
    /// It is deleted: the default of most types.
    Delete,
    /// It stays.
    Retain,
    /// It stays, but goes if the stack that was to create it rolls back. Not for replacement.
    RetainExceptOnCreate,
    /// A snapshot is taken first, where the type has snapshots.
    Snapshot,
}

impl DeletionPolicy {
    /// As CloudFormation writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            DeletionPolicy::Delete => "Delete",
            DeletionPolicy::Retain => "Retain",
            DeletionPolicy::RetainExceptOnCreate => "RetainExceptOnCreate",
            DeletionPolicy::Snapshot => "Snapshot",
        }
    }
}

/// Whatever a resource can be made to wait for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource that can be waited for",
    note = "give a handle, an array of handles, or a tuple of handles of different types"
)]
pub trait Dependencies {
    /// Adds them to the list.
    fn add_to(self, list: &mut Vec<Target>);
}

#[diagnostic::do_not_recommend]
impl<R: Resource> Dependencies for Handle<R> {
    fn add_to(self, list: &mut Vec<Target>) {
        list.push(self.target());
    }
}

#[diagnostic::do_not_recommend]
impl Dependencies for Target {
    fn add_to(self, list: &mut Vec<Target>) {
        list.push(self);
    }
}

#[diagnostic::do_not_recommend]
impl<D: Dependencies, const N: usize> Dependencies for [D; N] {
    fn add_to(self, list: &mut Vec<Target>) {
        for dependency in self {
            dependency.add_to(list);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<D: Dependencies> Dependencies for Vec<D> {
    fn add_to(self, list: &mut Vec<Target>) {
        for dependency in self {
            dependency.add_to(list);
        }
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($name: Dependencies),+> Dependencies for ($($name,)+) {
            fn add_to(self, list: &mut Vec<Target>) {
                #[allow(non_snake_case, reason = "the variables carry the names of their types")]
                let ($($name,)+) = self;
                $($name.add_to(list);)+
            }
        }
    };
}
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);

/// The options that every resource has, in the prelude.
pub trait ResourceOptions: Resource {
    /// Its options, made when first asked for.
    fn options(&mut self) -> &mut Options {
        self.body().options.get_or_insert_default()
    }

    /// `DependsOn`: made after these, deleted before them. A reference does that by itself.
    #[must_use]
    fn depends_on(mut self, dependencies: impl Dependencies) -> Self {
        dependencies.add_to(&mut self.options().depends_on);
        self
    }

    /// `Condition`: made only if it holds.
    #[must_use]
    fn when(mut self, condition: Condition) -> Self {
        self.options().condition = Some(condition);
        self
    }

    /// Stays when the stack is deleted or the resource is replaced, but goes when the launch that was to
    /// create it rolls back: `RetainExceptOnCreate`, and `Retain` on replacement.
    #[must_use]
    fn retain(self) -> Self {
        self.deletion_policy(DeletionPolicy::RetainExceptOnCreate)
            .update_replace_policy(DeletionPolicy::Retain)
    }

    /// Goes with the stack and is deleted on replacement: what most types do anyway, said aloud where something is
    /// stored in it.
    #[must_use]
    fn delete_with_stack(self) -> Self {
        self.deletion_policy(DeletionPolicy::Delete).update_replace_policy(DeletionPolicy::Delete)
    }

    /// `DeletionPolicy`.
    #[must_use]
    fn deletion_policy(mut self, policy: DeletionPolicy) -> Self {
        self.options().deletion_policy = Some(policy);
        self
    }

    /// `UpdateReplacePolicy`.
    #[must_use]
    fn update_replace_policy(mut self, policy: DeletionPolicy) -> Self {
        self.options().update_replace_policy = Some(policy);
        self
    }

    /// `CreationPolicy`: how many signals to wait for, and how long.
    #[must_use]
    fn creation_policy(mut self, policy: CreationPolicy) -> Self {
        self.options().creation_policy = Some(policy.into_node());
        self
    }

    /// `UpdatePolicy`: how an update is carried out.
    #[must_use]
    fn update_policy(mut self, policy: UpdatePolicy) -> Self {
        self.options().update_policy = Some(policy.into_node());
        self
    }

    /// Adds an entry to the resource's `Metadata`.
    #[must_use]
    fn resource_metadata(mut self, key: impl IntoName, value: impl IntoNode) -> Self {
        self.options().metadata.push((key.into_name().0, value.into_node()));
        self
    }
}

impl<R: Resource> ResourceOptions for R {}

/// `CreationPolicy`: what a resource waits for before it counts as made.
///
/// ```
/// use formwork::prelude::*;
/// let wait = CreationPolicy::signals(2, "PT15M");
/// ```
#[derive(Clone, Debug)]
pub struct CreationPolicy(Vec<(&'static str, Node)>);

impl CreationPolicy {
    /// Waits for `count` signals, at most for `timeout` (ISO 8601, such as `PT15M`; 12 hours at most).
    #[must_use]
    pub fn signals(count: u32, timeout: &'static str) -> Self {
        let signal =
            vec![("Count", Node::Integer(i64::from(count))), ("Timeout", Node::Text(timeout))];
        CreationPolicy(vec![("ResourceSignal", Node::map(signal))])
    }

    /// Counts an Auto Scaling group as made once this percentage of its instances has signalled.
    #[must_use]
    pub fn min_successful_instances_percent(mut self, percent: u32) -> Self {
        let percent = Node::Integer(i64::from(percent));
        let policy = Node::map(vec![("MinSuccessfulInstancesPercent", percent)]);
        self.0.push(("AutoScalingCreationPolicy", policy));
        self
    }

    fn into_node(self) -> Node {
        Node::map(self.0)
    }
}

/// `UpdatePolicy`: how CloudFormation carries out an update of the types that know one.
///
/// Each constructor is one kind of policy; [`with`](UpdatePolicy::with) adds its settings by their names.
///
/// ```
/// use formwork::prelude::*;
/// let rolling = UpdatePolicy::auto_scaling_rolling_update()
///     .with("MinInstancesInService", 1)
///     .with("PauseTime", "PT5M");
/// ```
#[derive(Clone, Debug)]
pub struct UpdatePolicy(Vec<(&'static str, Node)>, Vec<(&'static str, Node)>);

impl UpdatePolicy {
    fn kind(name: &'static str) -> Self {
        UpdatePolicy(vec![(name, Node::Map(&[]))], Vec::new())
    }

    /// `AutoScalingRollingUpdate`: instances are replaced in batches.
    #[must_use]
    pub fn auto_scaling_rolling_update() -> Self {
        Self::kind("AutoScalingRollingUpdate")
    }

    /// `AutoScalingReplacingUpdate`: the whole group is replaced.
    #[must_use]
    pub fn auto_scaling_replacing_update() -> Self {
        Self::kind("AutoScalingReplacingUpdate")
    }

    /// `AutoScalingScheduledAction`: sizes that a scheduled action set are kept.
    #[must_use]
    pub fn auto_scaling_scheduled_action() -> Self {
        Self::kind("AutoScalingScheduledAction")
    }

    /// `CodeDeployLambdaAliasUpdate`: traffic is moved between versions of a function.
    #[must_use]
    pub fn code_deploy_lambda_alias_update() -> Self {
        Self::kind("CodeDeployLambdaAliasUpdate")
    }

    /// `EnableVersionUpgrade: true`: the version of a search domain is upgraded in place.
    #[must_use]
    pub fn enable_version_upgrade() -> Self {
        UpdatePolicy(vec![("EnableVersionUpgrade", Node::Bool(true))], Vec::new())
    }

    /// `UseOnlineResharding: true`: a replication group is resharded without replacement.
    #[must_use]
    pub fn use_online_resharding() -> Self {
        UpdatePolicy(vec![("UseOnlineResharding", Node::Bool(true))], Vec::new())
    }

    /// Adds a setting of the policy by its name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl IntoNode) -> Self {
        self.1.push((name, value.into_node()));
        self
    }

    fn into_node(mut self) -> Node {
        if !self.1.is_empty()
            && let Some(kind) = self.0.first_mut()
        {
            kind.1 = Node::map(self.1);
        }
        Node::map(self.0)
    }
}
