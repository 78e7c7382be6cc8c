//! What stands beside a resource's properties: `DependsOn`, `Condition`, deletion and update policies,
//! metadata. The same options exist on every resource and on nested stacks.

use crate::condition::Condition;
use crate::node::{Node, Target};
use crate::resource::{Handle, Resource};
use crate::value::{IntoName, IntoNode};

/// The options of one resource.
///
/// ```
/// use formwork::options::Options;
/// use formwork::prelude::*;
/// let options = Options { deletion_policy: Some(DeletionPolicy::Retain), ..Options::default() };
/// ```
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
    /// The rules of the check that it is excepted from, each with the reason. They stand in the manifest, not in the template.
    pub exceptions: Vec<(&'static str, &'static str)>,
}

/// What happens to a resource when it leaves the stack, or is replaced.
///
/// ```
/// use formwork::prelude::*;
/// let data = Raw::new("AWS::New::Database").deletion_policy(DeletionPolicy::Snapshot);
/// ```
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
    ///
    /// ```
    /// use formwork::prelude::*;
    /// assert_eq!(DeletionPolicy::RetainExceptOnCreate.as_str(), "RetainExceptOnCreate");
    /// ```
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
///
/// ```
/// use formwork::prelude::*;
/// # fn define(t: &mut Template) {
/// let network = t.add("Network", Raw::new("AWS::New::Network"));
/// let role = t.add("Role", Raw::new("AWS::New::Role"));
/// t.add("Thing", Raw::new("AWS::New::Thing").depends_on((network, role)));
/// # }
/// ```
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
///
/// ```
/// use formwork::prelude::*;
/// let logs = Raw::new("AWS::New::Logs").retain().resource_metadata("Owner", "platform");
/// ```
pub trait ResourceOptions: Resource {
    /// Its options, made when first asked for.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let mut logs = Raw::new("AWS::New::Logs").retain();
    /// assert_eq!(logs.options().update_replace_policy, Some(DeletionPolicy::Retain));
    /// ```
    fn options(&mut self) -> &mut Options {
        self.body().options.get_or_insert_default()
    }

    /// `DependsOn`: made after these, deleted before them. A reference does that by itself.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # let text = rendered(|t, ()| {
    /// let role = t.add("Role", Raw::new("AWS::New::Role"));
    /// t.add("Thing", Raw::new("AWS::New::Thing").depends_on(role));
    /// # });
    /// assert!(text.contains("DependsOn: Role"));
    /// # fn rendered(define: fn(&mut Template, ())) -> String {
    /// #     let template = Stack::new("example", "An example", define).template();
    /// #     let assembly = formwork::assembly::Assembly::new().with(template);
    /// #     assembly.synth(Default::default()).unwrap().templates.remove(0).text
    /// # }
    /// ```
    #[must_use]
    fn depends_on(mut self, dependencies: impl Dependencies) -> Self {
        dependencies.add_to(&mut self.options().depends_on);
        self
    }

    /// `Condition`: made only if it holds.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template, alarm: Input<bool>) {
    /// let alarmed = t.condition("Alarmed", alarm.is(true));
    /// t.add("Alarm", Raw::new("AWS::New::Alarm").when(alarmed));
    /// # }
    /// ```
    #[must_use]
    fn when(mut self, condition: Condition) -> Self {
        self.options().condition = Some(condition);
        self
    }

    /// Stays when the stack is deleted or the resource is replaced, but goes when the launch that was to
    /// create it rolls back: `RetainExceptOnCreate`, and `Retain` on replacement.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # let text = rendered(|t, ()| {
    /// t.add("Logs", Raw::new("AWS::New::Logs").retain());
    /// # });
    /// assert!(text.contains("DeletionPolicy: RetainExceptOnCreate"));
    /// assert!(text.contains("UpdateReplacePolicy: Retain"));
    /// # fn rendered(define: fn(&mut Template, ())) -> String {
    /// #     let template = Stack::new("example", "An example", define).template();
    /// #     let assembly = formwork::assembly::Assembly::new().with(template);
    /// #     assembly.synth(Default::default()).unwrap().templates.remove(0).text
    /// # }
    /// ```
    #[must_use]
    fn retain(self) -> Self {
        self.deletion_policy(DeletionPolicy::RetainExceptOnCreate)
            .update_replace_policy(DeletionPolicy::Retain)
    }

    /// Goes with the stack and is deleted on replacement: what most types do anyway, said aloud where something is
    /// stored in it.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.add("Cache", Raw::new("AWS::New::Cache").delete_with_stack());
    /// # }
    /// ```
    #[must_use]
    fn delete_with_stack(self) -> Self {
        self.deletion_policy(DeletionPolicy::Delete).update_replace_policy(DeletionPolicy::Delete)
    }

    /// `DeletionPolicy`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.add("Data", Raw::new("AWS::New::Database").deletion_policy(DeletionPolicy::Snapshot));
    /// # }
    /// ```
    #[must_use]
    fn deletion_policy(mut self, policy: DeletionPolicy) -> Self {
        self.options().deletion_policy = Some(policy);
        self
    }

    /// `UpdateReplacePolicy`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.add("Data", Raw::new("AWS::New::Database").update_replace_policy(DeletionPolicy::Snapshot));
    /// # }
    /// ```
    #[must_use]
    fn update_replace_policy(mut self, policy: DeletionPolicy) -> Self {
        self.options().update_replace_policy = Some(policy);
        self
    }

    /// `CreationPolicy`: how many signals to wait for, and how long.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let workers = Raw::new("AWS::AutoScaling::AutoScalingGroup");
    /// t.add("Workers", workers.creation_policy(CreationPolicy::signals(2, "PT15M")));
    /// # }
    /// ```
    #[must_use]
    fn creation_policy(mut self, policy: CreationPolicy) -> Self {
        self.options().creation_policy = Some(policy.into_node());
        self
    }

    /// `UpdatePolicy`: how an update is carried out.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let cache = Raw::new("AWS::ElastiCache::ReplicationGroup");
    /// t.add("Cache", cache.update_policy(UpdatePolicy::use_online_resharding()));
    /// # }
    /// ```
    #[must_use]
    fn update_policy(mut self, policy: UpdatePolicy) -> Self {
        self.options().update_policy = Some(policy.into_node());
        self
    }

    /// Excepts it from a rule of the check, for a reason that the check's report repeats. A reason that no longer
    /// applies is reported too. One rule of a rule file is named behind `FW6001:`, such as `FW6001:keys_rotate`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// let logs = Raw::new("AWS::New::Logs").except("FW7003", "what it holds is copied to the archive every hour");
    /// t.add("Logs", logs);
    /// # }
    /// ```
    #[must_use]
    fn except(mut self, rule: &'static str, reason: &'static str) -> Self {
        self.options().exceptions.push((rule, reason));
        self
    }

    /// Adds an entry to the resource's `Metadata`.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// # fn define(t: &mut Template) {
    /// t.add("Logs", Raw::new("AWS::New::Logs").resource_metadata("Comment", "read by auditors"));
    /// # }
    /// ```
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
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let one_within_five_minutes = CreationPolicy::signals(1, "PT5M");
    /// ```
    #[must_use]
    pub fn signals(count: u32, timeout: &'static str) -> Self {
        let signal =
            vec![("Count", Node::Integer(i64::from(count))), ("Timeout", Node::Text(timeout))];
        CreationPolicy(vec![("ResourceSignal", Node::map(signal))])
    }

    /// Counts an Auto Scaling group as made once this percentage of its instances has signalled.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let most = CreationPolicy::signals(5, "PT15M").min_successful_instances_percent(80);
    /// ```
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
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let rolling = UpdatePolicy::auto_scaling_rolling_update().with("MaxBatchSize", 2);
    /// ```
    #[must_use]
    pub fn auto_scaling_rolling_update() -> Self {
        Self::kind("AutoScalingRollingUpdate")
    }

    /// `AutoScalingReplacingUpdate`: the whole group is replaced.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let whole = UpdatePolicy::auto_scaling_replacing_update().with("WillReplace", true);
    /// ```
    #[must_use]
    pub fn auto_scaling_replacing_update() -> Self {
        Self::kind("AutoScalingReplacingUpdate")
    }

    /// `AutoScalingScheduledAction`: sizes that a scheduled action set are kept.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let kept = UpdatePolicy::auto_scaling_scheduled_action()
    ///     .with("IgnoreUnmodifiedGroupSizeProperties", true);
    /// ```
    #[must_use]
    pub fn auto_scaling_scheduled_action() -> Self {
        Self::kind("AutoScalingScheduledAction")
    }

    /// `CodeDeployLambdaAliasUpdate`: traffic is moved between versions of a function.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let shift = UpdatePolicy::code_deploy_lambda_alias_update()
    ///     .with("ApplicationName", "shop")
    ///     .with("DeploymentGroupName", "canary");
    /// ```
    #[must_use]
    pub fn code_deploy_lambda_alias_update() -> Self {
        Self::kind("CodeDeployLambdaAliasUpdate")
    }

    /// `EnableVersionUpgrade: true`: the version of a search domain is upgraded in place.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let domain = Raw::new("AWS::OpenSearchService::Domain")
    ///     .update_policy(UpdatePolicy::enable_version_upgrade());
    /// ```
    #[must_use]
    pub fn enable_version_upgrade() -> Self {
        UpdatePolicy(vec![("EnableVersionUpgrade", Node::Bool(true))], Vec::new())
    }

    /// `UseOnlineResharding: true`: a replication group is resharded without replacement.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let cache = Raw::new("AWS::ElastiCache::ReplicationGroup")
    ///     .update_policy(UpdatePolicy::use_online_resharding());
    /// ```
    #[must_use]
    pub fn use_online_resharding() -> Self {
        UpdatePolicy(vec![("UseOnlineResharding", Node::Bool(true))], Vec::new())
    }

    /// Adds a setting of the policy by its name.
    ///
    /// ```
    /// use formwork::prelude::*;
    /// let slow = UpdatePolicy::auto_scaling_rolling_update().with("PauseTime", "PT30M");
    /// ```
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
