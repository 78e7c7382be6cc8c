//! A private static site: only its own distribution reads the bucket, and only over TLS.
//!
//! It shows an input whose values are an enum, and a policy that names the one reader.

use formwork::Is;
use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{cloudfront, s3};

const STACK: Stack<Inputs, Outputs> =
    Stack::new("private-static-site", "A private static site behind CloudFront", define);

/// Where the site is served from; further away costs more.
#[derive(Clone, Copy, Choices)]
pub enum Reach {
    /// North America and Europe.
    #[choice("PriceClass_100")]
    Near,
    /// Also most of Asia, the Middle East and Africa.
    #[choice("PriceClass_200")]
    Far,
    /// Everywhere.
    #[choice("PriceClass_All")]
    Everywhere,
}

// The values are CloudFront's own, so the input fits where CloudFront wants its price class.
impl Is<cloudfront::PriceClass> for Reach {}

/// What a launch fills in.
#[derive(Inputs)]
pub struct Inputs {
    /// Where the site is served from.
    #[input(label = "Price class", default = Reach::Near)]
    pub price_class: Input<Reach>,
}

/// What the console shows.
#[derive(Outputs)]
pub struct Outputs {
    /// Address of the site.
    pub url: Value<String>,
    /// Bucket that the pages go into; the first is index.html.
    pub bucket_name: Value<s3::BucketName>,
    /// Distribution whose cache is to be invalidated after an upload.
    pub distribution_id: Value<cloudfront::DistributionId>,
}

fn define(t: &mut Template, input: Inputs) -> Outputs {
    let bucket = t.add("Pages", pages().retain());
    // The name must be unique in the account: the last part of the stack's id is.
    let signed = cloudfront::OriginAccessControlConfigRequired {
        name: pseudo::STACK_ID.split("/").select(2),
        origin_access_control_origin_type: "s3",
        signing_behavior: "always",
        signing_protocol: "sigv4",
    };
    let signed = cloudfront::OriginAccessControlConfig::new(signed);
    let access = t.add("Access", cloudfront::OriginAccessControl::new(signed));

    let domain_name = bucket.regional_domain_name();
    let origin = cloudfront::Origin::new(cloudfront::OriginRequired { id: "pages", domain_name })
        .origin_access_control_id(access)
        .s3_origin_config(cloudfront::S3OriginConfig::new().origin_access_identity(""));
    let cached = cloudfront::DefaultCacheBehavior::new(cloudfront::DefaultCacheBehaviorRequired {
        target_origin_id: "pages",
        viewer_protocol_policy: cloudfront::ViewerProtocolPolicy::RedirectToHttps,
    })
    // AWS's own `CachingOptimized` and `SecurityHeadersPolicy`.
    .cache_policy_id("658327ea-f89d-4fab-a63d-7e88639e58f6")
    .response_headers_policy_id("67f7725c-6f97-4210-82d7-5512b31e9d03")
    .compress(true);
    let config = cloudfront::DistributionConfig::new(cloudfront::DistributionConfigRequired {
        default_cache_behavior: cached,
        enabled: true,
    })
    .default_root_object("index.html")
    .http_version(cloudfront::HttpVersion::Http2and3)
    .ipv6_enabled(true)
    .origins([origin])
    .price_class(input.price_class);
    let distribution = t.add("Distribution", cloudfront::Distribution::new(config));

    let (partition, account) = (pseudo::PARTITION, pseudo::ACCOUNT_ID);
    let this = sub!("arn:{partition}:cloudfront::{account}:distribution/{distribution}");
    let objects = sub!("{}/*", bucket.arn());
    let policy_document = Policy::new([
        allow(s3::actions::GetObject)
            .on(objects)
            .to(Principal::service("cloudfront"))
            .when(condition::arn_equals(condition::aws::SourceArn, this)),
        deny(s3::actions::All)
            .on((bucket.arn(), objects))
            .to(Principal::any())
            .when(condition::is_bool(condition::aws::SecureTransport, false)),
    ]);
    let policy = s3::BucketPolicyRequired { bucket, policy_document };
    t.add("PagesPolicy", s3::BucketPolicy::new(policy));

    Outputs {
        url: val(sub!("https://{}", distribution.domain_name())),
        bucket_name: val(bucket),
        distribution_id: val(distribution),
    }
}

/// Private, encrypted, and with old versions for 30 days.
fn pages() -> s3::Bucket {
    use s3::ServerSideEncryptionByDefaultSseAlgorithm::Aes256;
    let encrypted = s3::ServerSideEncryptionRule::new()
        .server_side_encryption_by_default(s3::ServerSideEncryptionByDefault::new(Aes256));
    let tidy = s3::Rule::new(s3::RuleStatus::Enabled)
        .noncurrent_version_expiration(s3::NoncurrentVersionExpiration::new(30));
    let versioned = s3::VersioningConfigurationStatus::Enabled;
    s3::Bucket::new()
        .bucket_encryption(s3::BucketEncryption::new([encrypted]))
        .lifecycle_configuration(s3::LifecycleConfiguration::new([tidy]))
        .versioning_configuration(s3::VersioningConfiguration::new(versioned))
        .public_access_block_configuration(
            s3::PublicAccessBlockConfiguration::new()
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        )
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
