//! A bucket on S3 or on any server that speaks S3's protocol.
//!
//! Credentials, profiles, regions and endpoints are found as the AWS CLI finds them. Answers with status 500 and 503 and lost connections
//! are tried again with growing pauses; a bucket in another region than was said is asked there. Nothing here logs a request, so
//! that no secret can get into a log.

mod fault;
mod web;

use std::sync::Mutex;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region, SharedCredentialsProvider};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::base64;
use aws_types::service_config::ServiceConfigKey;
use tokio::runtime::Runtime;

use crate::digest::{Hasher, hex};
use crate::failure::Failure;
use crate::parallel;
use crate::place::{Connection, check_bucket, check_endpoint, check_region};
use crate::store::{Body, Condition, Held, Listed, Put, Seen, Store, Upload, check_small};
use crate::url::ObjectUrl;
use fault::Fault;

/// Requests that are under way together: enough to hide the way to a far region.
const AT_ONCE: usize = 16;

/// Files up to this size are read into memory before they are sent; larger ones are read while they are sent.
const IN_MEMORY: u64 = 1024 * 1024;

/// How often a call is made that the server fails to answer.
const ATTEMPTS: u32 = 5;

/// How long a connection may take, and how long an answer once a small request is on its way.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_mins(1);

/// How long a body may make no progress. The system takes megabytes at once and needs minutes for them on a slow line.
const STALLED: Duration = Duration::from_mins(5);

/// The slowest way that uploads are made for, in bytes a second: half a megabit, which those under way share.
const SLOWEST: u64 = 64 * 1024;

/// How long to wait before a call is made a second time; each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How long to wait before an upload is tried again that met another one of the same key, times the number of tries.
const CONFLICT_PAUSE: Duration = Duration::from_millis(100);

/// A key that no object has.
const CLOCK: &str = "releases/what-time-is-it";

/// The region that a bucket is asked for in until it says where it is.
const FIRST_REGION: &str = "us-east-1";

/// A bucket.
#[derive(Debug)]
pub struct S3 {
    runtime: Runtime,
    config: SdkConfig,
    client: Mutex<Client>,
    bucket: String,
    endpoint: Option<String>,
    profile: Option<String>,
    anonymous: bool,
}

impl S3 {
    /// Makes ready to use a bucket. Nothing is asked of it yet.
    ///
    /// # Errors
    /// A bucket's name that S3 refuses, an endpoint that is no URL, or a region that cannot be one.
    pub fn open(connection: &Connection) -> Result<Self, Failure> {
        check_bucket(&connection.bucket)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| Failure::one(format!("no threads can be started: {error}")))?;
        let provider = tls::Provider::Rustls(CryptoMode::Ring);
        let http = aws_smithy_http_client::Builder::new().tls_provider(provider).build_https();
        let config = runtime.block_on(load(connection, http));
        // Wherever they were set: messages name them, and an endpoint may hold a password.
        let endpoint = endpoint(connection, &config);
        endpoint.as_deref().map_or(Ok(()), check_endpoint)?;
        config.region().map_or(Ok(()), |region| check_region(region.as_ref()))?;
        let client = Client::from_conf(settings(&config, endpoint.as_deref(), None));
        let bucket = connection.bucket.clone();
        let (profile, anonymous) = (connection.profile.clone(), connection.anonymous);
        Ok(S3 { runtime, config, client: Mutex::new(client), bucket, endpoint, profile, anonymous })
    }

    fn client(&self) -> Client {
        match self.client.lock() {
            Ok(client) => client.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    /// Makes a call, and once more in the bucket's own region if that is another one.
    fn call<T, E, F>(&self, make: impl Fn(Client) -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let mut moved = false;
        loop {
            let client = self.client();
            let fault = match self.runtime.block_on(make(client)) {
                Ok(done) => return Ok(done),
                Err(error) => Fault::of(&error),
            };
            match &fault.bucket_region {
                Some(region) if !moved && fault.is_elsewhere() => {
                    moved = true;
                    let endpoint = self.endpoint.as_deref();
                    let there = settings(&self.config, endpoint, Some(region.clone()));
                    let there = Client::from_conf(there);
                    if let Ok(mut client) = self.client.lock() {
                        *client = there;
                    }
                }
                _ => return Err(fault),
            }
        }
    }

    /// Puts an object and gives its version.
    fn put_once(&self, upload: &Upload<'_>) -> Result<String, Fault> {
        let done = self.call(|client| {
            let put = client
                .put_object()
                .bucket(&self.bucket)
                .key(upload.key)
                .content_type(content_type(upload.key))
                .cache_control(cache_control(upload.lasting))
                .metadata("release", upload.release)
                .checksum_sha256(base64_of(upload.sha256));
            let put = match upload.condition {
                Condition::Absent => put.if_none_match("*"),
                Condition::Is(version) => put.if_match(version),
            };
            async move {
                let body = Self::body(upload).await.map_err(SdkError::construction_failure)?;
                // The checksum is signed, and covers the body: hashing that a second time for the signature adds nothing.
                let put = put.body(body).customize().disable_payload_signing();
                put.config_override(Builder::new().timeout_config(patience(upload.bytes)))
                    .send()
                    .await
            }
        });
        done.map(|done| done.e_tag.unwrap_or_default())
    }

    fn failed(&self, action: &str, key: &str, fault: &Fault) -> Failure {
        if self.anonymous && fault.is_forbidden() {
            return Failure::one(format!(
                "`{key}` of bucket `{}` is not there, or may not be {action} without credentials\n  \
                 publish first, or leave out `--anonymous` if the bucket is not for everybody",
                self.bucket
            ));
        }
        let failure = fault.say(action, key, &self.bucket, self.endpoint.as_deref());
        match &self.profile {
            Some(profile) if fault.is_about_credentials() => {
                failure.note(&format!("asked for: profile `{profile}`"))
            }
            _ => failure,
        }
    }

    async fn body(upload: &Upload<'_>) -> Result<ByteStream, String> {
        match upload.body {
            Body::Bytes(bytes) => Ok(ByteStream::from(bytes.clone())),
            Body::File(path) if upload.bytes <= IN_MEMORY => {
                std::fs::read(path).map(ByteStream::from).map_err(|error| error.to_string())
            }
            Body::File(path) => {
                let stream = ByteStream::read_from().path(path).build().await;
                stream.map_err(|error| error.to_string())
            }
        }
    }
}

/// Finds credentials, region and endpoint.
async fn load(connection: &Connection, http: SharedHttpClient) -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(FIRST_PAUSE)
        .with_max_backoff(Duration::from_secs(5));
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http.clone())
        .retry_config(retries)
        .timeout_config(patience(0))
        .stalled_stream_protection(
            StalledStreamProtectionConfig::enabled().grace_period(STALLED).build(),
        );
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(credentials) = &connection.credentials {
        loader = loader.credentials_provider(credentials.clone());
    }
    if let Some(region) = &connection.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &connection.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(clock) = connection.clock {
        loader = loader.time_source(clock);
    }
    if connection.anonymous {
        loader = loader.no_credentials();
    }
    let config = loader.load().await;
    match &connection.profile {
        Some(profile) if connection.credentials.is_none() && !connection.anonymous => {
            with_profile(config, profile, http)
        }
        _ => config,
    }
}

/// How long to wait for the answer to a request with a body of so many bytes, whose way there counts. Steps are wide, for every
/// other time has connections of its own.
fn patience(bytes: u64) -> TimeoutConfig {
    let seconds = bytes.saturating_mul(2 * AT_ONCE as u64) / SLOWEST;
    let minutes = u32::try_from(1 + seconds / 60).unwrap_or(u32::MAX >> 1).next_power_of_two();
    TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(ANSWER * minutes).build()
}

/// Takes the credentials of a profile that was named: as with the AWS CLI, they go before those in the environment.
fn with_profile(config: SdkConfig, profile: &str, http: SharedHttpClient) -> SdkConfig {
    let settings =
        ProviderConfig::default().with_http_client(http).with_region(config.region().cloned());
    let provider = ProfileFileCredentialsProvider::builder();
    let provider = provider.configure(&settings).profile_name(profile).build();
    config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build()
}

/// The endpoint: from the command line, else S3's own of environment or profile, else the one there for all services.
fn endpoint(connection: &Connection, config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok();
    let of_s3 = || config.service_config()?.load_config(key?);
    let given = connection.endpoint_url.clone();
    given.or_else(of_s3).or_else(|| config.endpoint_url().map(str::to_owned))
}

/// The client's settings, for the bucket's region once that is known.
fn settings(
    config: &SdkConfig,
    endpoint: Option<&str>,
    region: Option<String>,
) -> aws_sdk_s3::Config {
    let first = config.region().map_or_else(|| FIRST_REGION.to_owned(), ToString::to_string);
    let mut builder = Builder::from(config);
    builder.set_endpoint_url(endpoint.map(str::to_owned));
    builder
        .region(Region::new(region.unwrap_or(first)))
        // A server of one's own has no host name for every bucket.
        .force_path_style(endpoint.is_some())
        .build()
}

impl Store for S3 {
    fn name(&self) -> String {
        format!("bucket `{}`", self.bucket)
    }

    fn bucket(&self) -> Option<&str> {
        Some(&self.bucket)
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn get(&self, key: &str) -> Result<Option<Held>, Failure> {
        let got = self.call(|client| async move {
            let got = client.get_object().bucket(&self.bucket).key(key).send().await?;
            Ok((got.e_tag.unwrap_or_default(), got.content_length, got.body))
        });
        let (version, length, body) = match got {
            Ok(got) => got,
            Err(fault) if fault.is_no_object() => return Ok(None),
            Err(fault) => return Err(self.failed("read", key, &fault)),
        };
        check_small(self, key, length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0))?;
        let bytes = self.runtime.block_on(body.collect());
        let bytes = bytes.map_err(|error| self.failed("read", key, &Fault::cut(&error)))?;
        Ok(Some(Held { bytes: bytes.to_vec(), version }))
    }

    fn look(&self, key: &str) -> Result<Option<Seen>, Failure> {
        let looked = self.call(|client| {
            let head = client.head_object().bucket(&self.bucket).key(key);
            head.checksum_mode(ChecksumMode::Enabled).send()
        });
        match looked {
            Ok(head) => Ok(Some(Seen {
                bytes: head.content_length.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
                sha256: head.checksum_sha256.as_deref().and_then(digits),
                version: head.e_tag.unwrap_or_default(),
            })),
            Err(fault) if fault.is_no_object() => Ok(None),
            Err(fault) => Err(self.failed("looked at", key, &fault)),
        }
    }

    fn hash(&self, key: &str) -> Result<Option<String>, Failure> {
        let got = self.call(|client| client.get_object().bucket(&self.bucket).key(key).send());
        let mut body = match got {
            Ok(got) => got.body,
            // S3 tells a stranger who may not list the bucket of nothing that is missing.
            Err(fault) if fault.is_no_object() || (self.anonymous && fault.is_forbidden()) => {
                return Ok(None);
            }
            Err(fault) => return Err(self.failed("read", key, &fault)),
        };
        let mut hasher = Hasher::default();
        while let Some(piece) = self.runtime.block_on(body.next()) {
            let piece = piece.map_err(|error| self.failed("read", key, &Fault::cut(&error)))?;
            hasher.add(&piece);
        }
        Ok(Some(hasher.finish()))
    }

    fn list(&self, prefix: &str) -> Result<Vec<Listed>, Failure> {
        let (mut found, mut token) = (Vec::new(), None);
        loop {
            let page = self.call(|client| {
                let list = client.list_objects_v2().bucket(&self.bucket).prefix(prefix);
                list.set_continuation_token(token.clone()).send()
            });
            let page = page.map_err(|fault| self.failed("listed", prefix, &fault))?;
            for object in page.contents.unwrap_or_default() {
                found.push(Listed {
                    key: object.key.unwrap_or_default(),
                    bytes: object.size.and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or(0),
                    put_at: object.last_modified.map_or(0, |at| at.secs()),
                });
            }
            token = page.next_continuation_token;
            if token.is_none() {
                return Ok(found);
            }
        }
    }

    fn put(&self, upload: &Upload<'_>) -> Result<Put, Failure> {
        let mut attempt = 1;
        loop {
            let fault = match self.put_once(upload) {
                Ok(version) => return Ok(Put::Done(version)),
                Err(fault) => fault,
            };
            // Another upload of this key is under way: who was first shows when it has ended.
            if fault.is_conflict() && attempt < ATTEMPTS {
                std::thread::sleep(CONFLICT_PAUSE * attempt);
                attempt += 1;
            } else if fault.is_refused(upload.condition) {
                return Ok(Put::Refused);
            } else {
                return Err(self.failed("written", upload.key, &fault));
            }
        }
    }

    /// The time of an answer: that of an object that is not there, for only answers which are errors show their headers.
    fn now(&self) -> Result<i64, Failure> {
        let asked = self.call(|client| client.head_object().bucket(&self.bucket).key(CLOCK).send());
        match asked {
            Err(Fault { date: Some(date), .. }) => Ok(date),
            Err(fault) => Err(self.failed("asked for the time", CLOCK, &fault)),
            Ok(_) => Err(Failure::one(format!(
                "an object is at `{CLOCK}` of bucket `{}`, where none may be: remove it",
                self.bucket
            ))),
        }
    }

    fn remove(&self, keys: &[String]) -> Result<(), Failure> {
        parallel::each(keys, AT_ONCE, |key| {
            let removed =
                self.call(|client| client.delete_object().bucket(&self.bucket).key(key).send());
            match removed {
                Err(fault) if !fault.is_no_object() => Err(self.failed("removed", key, &fault)),
                _ => Ok(()),
            }
        })?;
        Ok(())
    }

    fn ask(&self, url: &ObjectUrl) -> Result<Option<String>, Failure> {
        if self.anonymous { self.ask_like_a_browser(url) } else { self.hash(&url.key) }
    }
}

/// The media type of a key, by its ending.
fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("yaml" | "yml") => "application/yaml",
        Some("json") => "application/json",
        Some("zip") => "application/zip",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// How long a key's object may be kept by who reads it.
fn cache_control(lasting: bool) -> &'static str {
    if lasting { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// A checksum in S3's headers as hexadecimal digits; none if it is not of the whole object.
fn digits(checksum: &str) -> Option<String> {
    let bytes = base64::decode(checksum).ok().filter(|bytes| bytes.len() == 32)?;
    Some(hex(&bytes))
}

/// Hexadecimal digits as S3's headers have them.
fn base64_of(sha256: &str) -> String {
    let pairs = sha256.as_bytes().chunks(2);
    let bytes =
        pairs.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    base64::encode(bytes.collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_may_take_as_long_as_the_slowest_way_needs() {
        for bytes in [0, 100_000, 1_000_000, 50_000_000, 5 * 1024 * 1024 * 1024] {
            let needed = Duration::from_secs(bytes * AT_ONCE as u64 / SLOWEST);
            let given = patience(bytes).read_timeout().expect("it is set");
            assert!(given > needed && given < 8 * (needed + ANSWER), "{bytes}: {given:?}");
        }
        assert_eq!(patience(100_000).read_timeout(), patience(0).read_timeout());
    }
}
