//! HTTP/1.1 as far as the rig needs it: heads, bodies by their framing, and a client that asks one question.
//!
//! Bytes of heads are kept as they came: a signature covers them, so what is passed on is never written anew.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// No server of a test takes longer to answer; a test that waits for ever says nothing.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The start of a request or an answer.
#[derive(Clone, Debug)]
pub struct Head {
    /// The first line, without its end.
    pub line: String,
    /// Names in lower case with their values, in order.
    pub headers: Vec<(String, String)>,
    /// All of it as it came, with the empty line.
    pub raw: Vec<u8>,
}

impl Head {
    /// The next head; none if the peer is done.
    pub fn read(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = Head { line: String::new(), headers: Vec::new(), raw: Vec::new() };
        loop {
            let start = head.raw.len();
            if from.read_until(b'\n', &mut head.raw)? == 0 {
                return if start == 0 {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
            let text = String::from_utf8_lossy(&head.raw[start..]).trim_end().to_owned();
            if text.is_empty() && start > 0 {
                return Ok(Some(head));
            }
            if start == 0 {
                head.line = text;
            } else if let Some((name, value)) = text.split_once(':') {
                head.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The word of the first line at this place: method and path of a request, status of an answer.
    pub fn word(&self, place: usize) -> &str {
        self.line.split(' ').nth(place).unwrap_or_default()
    }

    /// The status of an answer.
    pub fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or(0)
    }

    /// Whether the connection ends with this message.
    pub fn closes(&self) -> bool {
        self.header("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"))
    }

    /// How the body of a request is framed.
    pub fn request_body(&self) -> Framing {
        self.framing(Framing::Length(0))
    }

    /// How the body of an answer is framed, which also depends on the question.
    pub fn answer_body(&self, method: &str) -> Framing {
        if method == "HEAD" || matches!(self.status(), 100..200 | 204 | 304) {
            return Framing::Length(0);
        }
        self.framing(Framing::UntilTheEnd)
    }

    fn framing(&self, otherwise: Framing) -> Framing {
        let chunked = |it: &str| it.to_ascii_lowercase().contains("chunked");
        if self.header("transfer-encoding").is_some_and(chunked) {
            return Framing::Chunked;
        }
        let length = self.header("content-length").and_then(|it| it.parse().ok());
        length.map_or(otherwise, Framing::Length)
    }
}

/// The value of the first header of this name.
pub fn value_of<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

/// How the end of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// By its length.
    Length(u64),
    /// It comes in chunks that say theirs.
    Chunked,
    /// It ends with the connection.
    UntilTheEnd,
}

impl Framing {
    /// Whether the body is surely longer than this. Who sends in chunks says nothing beforehand.
    pub fn exceeds(self, bytes: u64) -> bool {
        match self {
            Framing::Length(length) => length > bytes,
            Framing::Chunked | Framing::UntilTheEnd => true,
        }
    }
}

/// Passes a body on with its framing, but no more than `most` bytes of its content. Says whether that was all of it.
pub fn copy(
    from: &mut impl BufRead,
    to: &mut impl Write,
    framing: Framing,
    most: u64,
) -> io::Result<bool> {
    match framing {
        Framing::Length(length) => {
            copy_exactly(from, to, length.min(most))?;
            Ok(length <= most)
        }
        Framing::Chunked => copy_chunks(from, to, most),
        Framing::UntilTheEnd => {
            let copied = io::copy(&mut from.take(most), to)?;
            Ok(copied < most)
        }
    }
}

fn copy_chunks(from: &mut impl BufRead, to: &mut impl Write, most: u64) -> io::Result<bool> {
    let mut left = most;
    loop {
        let line = pass_line(from, to)?;
        let digits = line.trim().split(';').next().unwrap_or_default();
        let size = u64::from_str_radix(digits, 16)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, format!("chunk `{line}`")))?;
        if size == 0 {
            // Trailers, if any, up to the empty line.
            while !pass_line(from, to)?.trim().is_empty() {}
            return Ok(true);
        }
        copy_exactly(from, to, size.min(left))?;
        if size > left {
            return Ok(false);
        }
        left -= size;
        pass_line(from, to)?;
    }
}

fn pass_line(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<String> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    to.write_all(&line)?;
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn copy_exactly(from: &mut impl BufRead, to: &mut impl Write, bytes: u64) -> io::Result<()> {
    let copied = io::copy(&mut from.take(bytes), to)?;
    if copied < bytes { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// Takes the chunks of a body apart.
fn joined(chunked: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    let mut rest = chunked;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(&rest[..end]);
        let size = line.trim().split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        joined.extend_from_slice(&rest[end + 1..end + 1 + size]);
        rest = &rest[end + 1 + size + 2..];
    }
    joined
}

/// What a server said.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// The body, without framing.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Connects to a port of this machine.
pub fn connect(port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Asks a server of this machine, without a signature, on a connection of its own.
pub fn ask(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut stream = connect(port)?;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(&[text.as_bytes(), body].concat())?;
    let mut from = BufReader::new(stream);
    let head = Head::read(&mut from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let framing = head.answer_body(method);
    let mut body = Vec::new();
    copy(&mut from, &mut body, framing, u64::MAX)?;
    if framing == Framing::Chunked {
        body = joined(&body);
    }
    Ok(Answer { status: head.status(), headers: head.headers, body })
}
