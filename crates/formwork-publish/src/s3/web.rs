//! Asks for an object as a stranger does: by its URL, without credentials. Where an answer leads is followed only to the same object
//! at the same server: a bucket that somebody else holds does not choose whom this machine asks.

use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;

use super::{ANSWER, ATTEMPTS, CONNECT, FIRST_PAUSE, S3};
use crate::digest::Hasher;
use crate::failure::Failure;
use crate::url::ObjectUrl;

/// How many times a URL may lead elsewhere.
const REDIRECTS: usize = 3;

impl S3 {
    /// SHA-256 of what the URL gives; none if nothing is there. On a server of one's own the URL's bucket and key are asked for at
    /// that server, for its host name is AWS's.
    pub(super) fn ask_like_a_browser(&self, url: &ObjectUrl) -> Result<Option<String>, Failure> {
        let mut address = match &self.endpoint {
            Some(endpoint) => {
                format!("{}/{}/{}", endpoint.trim_end_matches('/'), url.bucket, url.key)
            }
            None => url.text.clone(),
        };
        for _ in 0..=REDIRECTS {
            let response = self.fetch_patiently(&address)?;
            match response.status().as_u16() {
                200 => return self.hashed(&address, response.into_body()).map(Some),
                404 => return Ok(None),
                301 | 302 | 307 | 308 => match response.headers().get("location") {
                    Some(there) if self.is_same(url, there) => there.clone_into(&mut address),
                    Some(there) => {
                        return Err(Failure::one(format!(
                            "`{address}` leads to `{there}`, which is not the same object at the same server: it was not followed"
                        )));
                    }
                    None => {
                        return Err(elsewhere(
                            &address,
                            response.headers().get("x-amz-bucket-region"),
                        ));
                    }
                },
                // S3 says that to whoever may not list the bucket.
                403 => {
                    return Err(Failure::one(format!(
                        "`{address}` answers 403: the object is not there, or it may not be read without credentials"
                    )));
                }
                status => return Err(Failure::one(format!("`{address}` answers {status}"))),
            }
        }
        Err(Failure::one(format!("`{}` leads from one URL to the next without end", url.text)))
    }

    /// Whether another address is that of the same object, asked for as safely.
    fn is_same(&self, url: &ObjectUrl, there: &str) -> bool {
        match &self.endpoint {
            Some(endpoint) => there.starts_with(&format!("{}/", endpoint.trim_end_matches('/'))),
            None => {
                ObjectUrl::parse(there).is_some_and(|there| there.is_aws() && there.names_same(url))
            }
        }
    }

    /// As the client does it, what the server fails to answer is asked again after growing pauses.
    fn fetch_patiently(&self, address: &str) -> Result<HttpResponse, Failure> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            match self.fetch(address) {
                Ok(response) if response.status().as_u16() < 500 => return Ok(response),
                _ => std::thread::sleep(pause),
            }
            pause *= 2;
        }
        self.fetch(address)
    }

    fn fetch(&self, address: &str) -> Result<HttpResponse, Failure> {
        let unreachable = |error: &dyn std::fmt::Display| {
            Failure::one(format!("`{address}` cannot be reached: {error}"))
        };
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_uri(address).map_err(|error| unreachable(&error))?;
        let provider = tls::Provider::Rustls(CryptoMode::Ring);
        let settings =
            HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(ANSWER);
        let connector = aws_smithy_http_client::Connector::builder()
            .tls_provider(provider)
            .connector_settings(settings.build())
            .build();
        let answer = self.runtime.block_on(async { connector.call(request).await });
        answer.map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            unreachable(&cause.unwrap_or_else(|| error.to_string()))
        })
    }

    fn hashed(&self, address: &str, body: SdkBody) -> Result<String, Failure> {
        let mut body = aws_sdk_s3::primitives::ByteStream::new(body);
        let mut hasher = Hasher::default();
        while let Some(piece) = self.runtime.block_on(body.next()) {
            let piece = piece
                .map_err(|error| Failure::one(format!("`{address}` ends too early: {error}")))?;
            hasher.add(&piece);
        }
        Ok(hasher.finish())
    }
}

fn elsewhere(address: &str, region: Option<&str>) -> Failure {
    Failure::one(format!(
        "`{address}` cannot be used: the bucket is in {}, and a URL in this form is not led there",
        region.unwrap_or("another region")
    ))
}
