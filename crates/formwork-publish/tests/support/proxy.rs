//! A proxy between a client and S3 that keeps a record of every request and lets things go wrong.
//!
//! What it passes on is passed on byte for byte, with the client's `Host`, so that signatures stay valid.

use std::collections::HashMap;
use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use super::faults::{Fault, Faults, Recorded, Reply, Verdict};
use super::ports::Ports;
use super::wire::{Framing, Head, connect, copy};

/// The proxy. It listens until it is dropped or dies of [`Fault::DieAfter`].
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    shared: Arc<Shared>,
    /// Keeps the port while the proxy is dead.
    _ports: Ports,
}

struct Shared {
    port: u16,
    upstream: u16,
    state: Mutex<State>,
    acceptor: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct State {
    recorded: Vec<Recorded>,
    faults: Faults,
    /// Every connection that is open, to be closed from another thread.
    open: HashMap<u64, TcpStream>,
    /// The last id of a request or a connection.
    last: u64,
    dead: bool,
}

impl Proxy {
    /// A proxy for a server of this machine.
    pub fn start(upstream_port: u16) -> Self {
        let ports = Ports::take();
        let port = ports.at(0);
        let shared = Arc::new(Shared {
            port,
            upstream: upstream_port,
            state: Mutex::default(),
            acceptor: Mutex::default(),
        });
        shared.listen();
        Proxy { port, shared, _ports: ports }
    }

    /// Its URL, for the client.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Lets something go wrong, beside what already does.
    pub fn set(&self, fault: Fault) {
        self.shared.state().faults.0.push(fault);
    }

    /// Lets everything go well from now on. A server that is dead stays so: [`revive`](Self::revive) it.
    pub fn heal(&self) {
        self.shared.state().faults.0.clear();
    }

    /// Every request since the start or the last [`clear`](Self::clear), in the order they came.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().recorded.clone()
    }

    /// How many requests of this method came.
    pub fn count(&self, method: &str) -> usize {
        self.shared.state().recorded.iter().filter(|it| it.method == method).count()
    }

    /// Forgets the requests, not the faults.
    pub fn clear(&self) {
        self.shared.state().recorded.clear();
    }

    /// Whether it has died.
    pub fn is_dead(&self) -> bool {
        self.shared.state().dead
    }

    /// Listens again after it died, on the same port. What made it die is over; other faults stay.
    pub fn revive(&self) {
        let mut state = self.shared.state();
        assert!(state.dead, "it lives");
        state.faults.0.retain(|fault| !matches!(fault, Fault::DieAfter { .. }));
        state.dead = false;
        drop(state);
        self.shared.listen();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.die();
    }
}

impl Shared {
    /// A test that failed elsewhere does not make the proxy fail too.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(self: &Arc<Self>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))
            .unwrap_or_else(|error| panic!("port {}: {error}", self.port));
        let shared = Arc::clone(self);
        let acceptor = thread::spawn(move || shared.accept(&listener));
        *self.acceptor.lock().unwrap_or_else(PoisonError::into_inner) = Some(acceptor);
    }

    fn accept(self: &Arc<Self>, listener: &TcpListener) {
        for client in listener.incoming() {
            let Ok(client) = client else { continue };
            if self.state().dead {
                return;
            }
            let shared = Arc::clone(self);
            thread::spawn(move || {
                // Whoever hangs up has nothing more to say, and nobody to say it to.
                let _ = shared.serve(client);
            });
        }
    }

    /// Accepts no further connection, then ends those that are open: who notices that his has ended gets no other one.
    fn die(&self) {
        self.state().dead = true;
        // Held until the listener is gone, so that a second request that dies does not overtake the first.
        let mut acceptor = self.acceptor.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(acceptor) = acceptor.take() {
            // It waits for a connection: this is one.
            let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
            let _ = acceptor.join();
        }
        for (_, stream) in self.state().open.drain() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Remembers a connection as long as it is used.
    fn opened(self: &Arc<Self>, stream: &TcpStream) -> io::Result<Open> {
        let own = stream.try_clone()?;
        let mut state = self.state();
        if state.dead {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        state.last += 1;
        let id = state.last;
        state.open.insert(id, own);
        Ok(Open { shared: Arc::clone(self), id })
    }

    fn serve(self: &Arc<Self>, client: TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let _open = self.opened(&client)?;
        let mut connection = Connection {
            shared: Arc::clone(self),
            to: client.try_clone()?,
            from: BufReader::new(client),
        };
        while connection.next()? {}
        Ok(())
    }

    fn record(&self, head: &Head) -> Recorded {
        let mut state = self.state();
        state.last += 1;
        let request = Recorded {
            method: head.word(0).to_owned(),
            path: head.word(1).to_owned(),
            headers: head.headers.clone(),
            status: None,
            forwarded: false,
            id: state.last,
        };
        state.recorded.push(request.clone());
        request
    }

    fn note(&self, request: &Recorded, change: impl FnOnce(&mut Recorded)) {
        let mut state = self.state();
        // None if the record was cleared meanwhile.
        if let Some(recorded) = state.recorded.iter_mut().find(|it| it.id == request.id) {
            change(recorded);
        }
    }
}

/// A connection that [`Shared::die`] can end; closed when it is dropped.
struct Open {
    shared: Arc<Shared>,
    id: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(stream) = self.shared.state().open.remove(&self.id) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// One client's connection.
struct Connection {
    shared: Arc<Shared>,
    from: BufReader<TcpStream>,
    to: TcpStream,
}

impl Connection {
    /// Serves one request; false if it was the last one.
    fn next(&mut self) -> io::Result<bool> {
        let Some(head) = Head::read(&mut self.from)? else { return Ok(false) };
        let request = self.shared.record(&head);
        let (wait, actions) = self.shared.state().faults.before(&request);
        for mut action in actions {
            action();
        }
        thread::sleep(wait);
        let verdict = self.shared.state().faults.verdict(&request);
        match verdict {
            Verdict::Pass => self.pass(&head, &request),
            Verdict::Answer(reply) => self.reply(&head, &request, &reply),
            Verdict::Die => {
                self.shared.die();
                Ok(false)
            }
        }
    }

    /// Answers without S3.
    fn reply(&mut self, head: &Head, request: &Recorded, reply: &Reply) -> io::Result<bool> {
        // Who asks whether to send the body is told the answer instead, and then must not send it.
        let closing = expects(head) || head.closes();
        if !expects(head) {
            copy(&mut self.from, &mut io::sink(), head.request_body(), u64::MAX)?;
        }
        self.shared.note(request, |it| it.status = Some(reply.status));
        self.to.write_all(&reply.bytes(&request.method, closing))?;
        Ok(!closing)
    }

    /// Lets S3 answer, on a connection of its own: so no answer is ever taken for that of another request.
    fn pass(&mut self, head: &Head, request: &Recorded) -> io::Result<bool> {
        let upstream = connect(self.shared.upstream)?;
        let _open = self.shared.opened(&upstream)?;
        let mut to = upstream.try_clone()?;
        let mut from = BufReader::new(upstream);
        self.shared.note(request, |it| it.forwarded = true);
        to.write_all(&head.raw)?;
        if expects(head) {
            let first = answer(&mut from)?;
            if first.status() != 100 {
                self.back(&first, &mut from, request)?;
                return Ok(false);
            }
            self.to.write_all(&first.raw)?;
        }
        let framing = head.request_body();
        let longer = |bytes| framing.exceeds(bytes);
        let cut = if request.method == "PUT" {
            self.shared.state().faults.cut_upload(longer)
        } else {
            None
        };
        copy(&mut self.from, &mut Lenient(&mut to), framing, cut.unwrap_or(u64::MAX))?;
        if cut.is_some() {
            return Ok(false);
        }
        let mut last = answer(&mut from)?;
        while last.status() < 200 {
            self.to.write_all(&last.raw)?;
            last = answer(&mut from)?;
        }
        let whole = self.back(&last, &mut from, request)?;
        Ok(whole && !head.closes())
    }

    /// Passes an answer back. Says whether the connection can be used further.
    fn back(
        &mut self,
        head: &Head,
        from: &mut BufReader<TcpStream>,
        request: &Recorded,
    ) -> io::Result<bool> {
        let framing = head.answer_body(&request.method);
        let longer = |bytes| framing.exceeds(bytes);
        let cut = if request.method == "GET" && head.status() == 200 {
            self.shared.state().faults.cut_download(longer)
        } else {
            None
        };
        self.shared.note(request, |it| it.status = Some(head.status()));
        self.to.write_all(&head.raw)?;
        let whole = copy(from, &mut self.to, framing, cut.unwrap_or(u64::MAX))?;
        Ok(whole && framing != Framing::UntilTheEnd && !head.closes())
    }
}

/// S3 may answer and hang up before it has read everything: the rest of the body is then taken from the client, who
/// reads the answer only afterwards.
struct Lenient<'a>(&'a mut TcpStream);

impl Write for Lenient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let _ = self.0.write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the client waits for leave to send the body.
fn expects(head: &Head) -> bool {
    head.header("expect").is_some_and(|it| it.eq_ignore_ascii_case("100-continue"))
}

fn answer(from: &mut BufReader<TcpStream>) -> io::Result<Head> {
    Head::read(from)?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}
