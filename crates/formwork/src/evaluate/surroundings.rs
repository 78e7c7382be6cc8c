//! What the pseudo parameters give at a launch. Never asks AWS: a region's partition follows from its name.

use super::Known;

/// What CloudFormation itself knows at a launch; `None` is what nobody knows before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// `AWS::AccountId`, 12 digits.
    pub account_id: Option<String>,
    /// `AWS::Region`, such as `us-east-1`.
    pub region: String,
    /// `AWS::Partition`, such as `aws`.
    pub partition: String,
    /// `AWS::URLSuffix`, such as `amazonaws.com`.
    pub url_suffix: String,
    /// `AWS::StackName`, up to 128 characters.
    pub stack_name: Option<String>,
    /// `AWS::StackId`, an ARN.
    pub stack_id: Option<String>,
    /// `AWS::NotificationARNs`.
    pub notification_arns: Option<Vec<String>>,
}

/// The start of a region's name, its partition and the suffix of its names in DNS, as AWS's SDKs list them
/// in `partitions.json`; of two starts that fit, the first counts.
const PARTITIONS: [(&str, &str, &str); 8] = [
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("", "aws", "amazonaws.com"),
];

impl Surroundings {
    /// An account id for those who need one of the right length: AWS's documentation uses it as its example.
    pub const EXAMPLE_ACCOUNT: &'static str = "123456789012";

    /// A launch in this region, of which neither account nor stack is known.
    #[must_use]
    pub fn of_region(region: &str) -> Self {
        let (partition, suffix) = PARTITIONS
            .iter()
            .find(|(start, ..)| region.starts_with(start))
            .map_or(("aws", "amazonaws.com"), |(_, partition, suffix)| (partition, suffix));
        Surroundings {
            account_id: None,
            region: region.to_owned(),
            partition: partition.to_owned(),
            url_suffix: suffix.to_owned(),
            stack_name: None,
            stack_id: None,
            notification_arns: None,
        }
    }

    /// The same launch in this account.
    #[must_use]
    pub fn in_account(self, account_id: &str) -> Self {
        Surroundings { account_id: Some(account_id.to_owned()), ..self }
    }

    /// The same launch under this stack's name.
    #[must_use]
    pub fn named(self, stack_name: &str) -> Self {
        Surroundings { stack_name: Some(stack_name.to_owned()), ..self }
    }

    /// What a pseudo parameter gives, if there is one of this name.
    pub(super) fn pseudo(&self, name: &str) -> Option<Known> {
        let text = |value: Option<&str>| value.map_or_else(|| Known::unknown(name), Known::text);
        Some(match name {
            "AWS::AccountId" => text(self.account_id.as_deref()),
            "AWS::NoValue" => Known::Absent,
            "AWS::NotificationARNs" => match &self.notification_arns {
                Some(arns) => Known::List(arns.iter().map(|arn| Known::text(arn)).collect()),
                None => Known::unknown(name),
            },
            "AWS::Partition" => Known::text(&self.partition),
            "AWS::Region" => Known::text(&self.region),
            "AWS::StackId" => text(self.stack_id.as_deref()),
            "AWS::StackName" => text(self.stack_name.as_deref()),
            "AWS::URLSuffix" => Known::text(&self.url_suffix),
            _ => return None,
        })
    }
}
