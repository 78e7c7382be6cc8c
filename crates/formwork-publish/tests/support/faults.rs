//! What can go wrong between a client and S3, and what the proxy knows of a request.

use std::fmt::Write as _;
use std::time::Duration;

use super::wire::value_of;

/// How often, if there is no end to it.
pub const ALWAYS: usize = usize::MAX;

/// A request that came to the proxy.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The method.
    pub method: String,
    /// The path with the query, as it came.
    pub path: String,
    /// Names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// The status that the client got; none if it got none.
    pub status: Option<u16>,
    /// Whether S3 saw any of it.
    pub forwarded: bool,
    pub(super) id: u64,
}

impl Recorded {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The key that it is about, without bucket and query; empty for a bucket itself.
    pub fn key(&self) -> &str {
        let path = self.path.split('?').next().unwrap_or_default();
        path.trim_start_matches('/').split_once('/').map_or("", |(_, key)| key)
    }

    /// Whether its signature is for this region.
    fn names_region(&self, region: &str) -> bool {
        let scope = format!("/{region}/s3/aws4_request");
        self.header("authorization").is_some_and(|it| it.contains(&scope))
    }
}

/// Something that goes wrong.
pub enum Fault {
    /// S3's own error instead of an answer, for the next so many requests that match.
    Answer {
        /// The status.
        status: u16,
        /// S3's code, such as `SlowDown`.
        code: &'static str,
        /// Further headers.
        headers: &'static [(&'static str, &'static str)],
        /// For how many requests; [`ALWAYS`] for all.
        times: usize,
        /// For which methods; none for all.
        methods: &'static [&'static str],
        /// For paths that hold this; empty for all.
        path: &'static str,
    },
    /// The bucket is in this region: whoever signs for another one, or does not sign, is sent there.
    Redirect {
        /// The region's code.
        region: &'static str,
    },
    /// Both connections end when so many bytes of a longer upload have been passed on.
    CutUpload {
        /// How many bytes pass.
        after_bytes: u64,
        /// For how many uploads.
        times: usize,
    },
    /// Both connections end when so many bytes of a longer object have been passed back.
    CutDownload {
        /// How many bytes pass.
        after_bytes: u64,
        /// For how many downloads.
        times: usize,
    },
    /// After so many requests the server is gone: the next one ends every connection, and no further one is accepted.
    DieAfter {
        /// How many requests still pass.
        requests: usize,
    },
    /// Something that happens before one request is passed on, once: another publisher who is faster.
    BeforeRequest {
        /// Which request.
        matches: fn(&Recorded) -> bool,
        /// What happens.
        action: Box<dyn FnMut() + Send>,
    },
    /// Every request waits before it is passed on.
    Delay {
        /// How long.
        millis: u64,
    },
}

impl Fault {
    /// An error of S3 for the next so many requests of these methods; no methods mean all.
    pub fn answer(
        status: u16,
        code: &'static str,
        times: usize,
        methods: &'static [&'static str],
    ) -> Self {
        Fault::Answer { status, code, headers: &[], times, methods, path: "" }
    }

    /// The same for requests whose path holds a text.
    pub fn answer_for(path: &'static str, status: u16, code: &'static str, times: usize) -> Self {
        Fault::Answer { status, code, headers: &[], times, methods: &[], path }
    }
}

/// What becomes of a request.
pub(super) enum Verdict {
    /// It is passed on.
    Pass,
    /// It is answered without S3.
    Answer(Reply),
    /// The server dies of it.
    Die,
}

/// An answer that the proxy makes up.
pub(super) struct Reply {
    pub status: u16,
    code: &'static str,
    headers: Vec<(&'static str, &'static str)>,
}

impl Reply {
    /// The answer in S3's form; one to `HEAD` has no body and so no code.
    pub fn bytes(&self, method: &str, closing: bool) -> Vec<u8> {
        let Reply { status, code, headers } = self;
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>The proxy of the test says \
             {code}.</Message><RequestId>RIG0000000000001</RequestId></Error>"
        );
        let mut text = format!("HTTP/1.1 {status} {code}\r\nContent-Type: application/xml\r\n");
        text += "x-amz-request-id: RIG0000000000001\r\n";
        for (name, value) in headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if closing {
            text += "Connection: close\r\n";
        }
        let _ = write!(text, "Content-Length: {}\r\n\r\n", body.len());
        if method != "HEAD" {
            text += &body;
        }
        text.into_bytes()
    }
}

/// The faults that are set.
#[derive(Default)]
pub(super) struct Faults(pub Vec<Fault>);

/// What happens before a request is passed on.
type Action = Box<dyn FnMut() + Send>;

impl Faults {
    /// How long this request waits, and what happens before it goes on; each action happens once.
    pub fn before(&mut self, request: &Recorded) -> (Duration, Vec<Action>) {
        let mut wait = Duration::ZERO;
        let mut actions = Vec::new();
        let mut kept = Vec::new();
        for fault in self.0.drain(..) {
            match fault {
                Fault::BeforeRequest { matches, action } if matches(request) => {
                    actions.push(action);
                }
                fault => {
                    if let Fault::Delay { millis } = fault {
                        wait += Duration::from_millis(millis);
                    }
                    kept.push(fault);
                }
            }
        }
        self.0 = kept;
        (wait, actions)
    }

    /// What becomes of this request. Death comes first, then the wrong region, then errors in the order they were set.
    pub fn verdict(&mut self, request: &Recorded) -> Verdict {
        for fault in &mut self.0 {
            if let Fault::DieAfter { requests } = fault
                && !take(requests)
            {
                return Verdict::Die;
            }
        }
        for fault in &self.0 {
            if let Fault::Redirect { region } = fault
                && !request.names_region(region)
            {
                let headers = vec![("x-amz-bucket-region", *region)];
                return Verdict::Answer(Reply { status: 301, code: "PermanentRedirect", headers });
            }
        }
        for fault in &mut self.0 {
            let Fault::Answer { status, code, headers, times, methods, path } = fault else {
                continue;
            };
            let method = methods.is_empty() || methods.contains(&request.method.as_str());
            if method && request.path.contains(*path) && take(times) {
                let headers = headers.to_vec();
                return Verdict::Answer(Reply { status: *status, code, headers });
            }
        }
        Verdict::Pass
    }

    /// How much of an upload passes, if one like this is to be cut.
    pub fn cut_upload(&mut self, longer: impl Fn(u64) -> bool) -> Option<u64> {
        for fault in &mut self.0 {
            if let Fault::CutUpload { after_bytes, times } = fault
                && longer(*after_bytes)
                && take(times)
            {
                return Some(*after_bytes);
            }
        }
        None
    }

    /// How much of a download passes, if one like this is to be cut.
    pub fn cut_download(&mut self, longer: impl Fn(u64) -> bool) -> Option<u64> {
        for fault in &mut self.0 {
            if let Fault::CutDownload { after_bytes, times } = fault
                && longer(*after_bytes)
                && take(times)
            {
                return Some(*after_bytes);
            }
        }
        None
    }
}

/// Uses up one of the times, if any is left.
fn take(times: &mut usize) -> bool {
    let left = *times > 0;
    if left && *times != ALWAYS {
        *times -= 1;
    }
    left
}
