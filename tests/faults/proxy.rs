//! Stands between the program and PostgreSQL, reads what is sent, and cuts the connection where it is told to.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rapporteur::settings::Settings;
use secrecy::ExposeSecret;

use crate::harness::{Database, World};

/// Where a connection is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Before the first statement that says this is passed on.
    At(&'static str),
    /// Before COMMIT is passed on.
    BeforeCommit,
    /// As soon as COMMIT was passed on.
    WithCommit,
    /// Once COMMIT was done, before that is told.
    AfterCommit,
}

#[derive(Debug, Default)]
struct Orders {
    cut: Option<Cut>,
    /// COMMITs that pass before it.
    passing: u32,
    done: u32,
    /// There is no server.
    is_down: bool,
    /// Nothing is passed on, and nobody is told.
    is_hushed: bool,
    open: Vec<TcpStream>,
}

impl Orders {
    /// What becomes of a message of the program.
    fn on(&mut self, message: &[u8]) -> Option<Cut> {
        let cut = self.cut?;
        let is_commit = message[0] == b'Q' && message[5..].starts_with(b"COMMIT");
        let here = match cut {
            Cut::At(text) => message.windows(text.len()).any(|part| part == text.as_bytes()),
            _ => is_commit,
        };
        if !here {
            return None;
        }
        if self.passing > 0 {
            self.passing -= 1;
            return None;
        }
        self.cut = None;
        self.done += 1;
        Some(cut)
    }
}

/// The proxy, for as long as the test runs.
pub struct Proxy {
    address: SocketAddr,
    orders: Arc<Mutex<Orders>>,
}

impl Proxy {
    /// One before the server of this database.
    pub fn before(url: &str) -> Self {
        let server = place(url).to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, orders) = (listener.local_addr().unwrap(), Arc::<Mutex<Orders>>::default());
        let given = orders.clone();
        thread::spawn(move || {
            for program in listener.incoming().flatten() {
                let mut orders = given.lock().unwrap();
                if orders.is_down {
                    continue;
                }
                let server = TcpStream::connect(&server).unwrap();
                orders.open.push(program.try_clone().unwrap());
                orders.open.push(server.try_clone().unwrap());
                drop(orders);
                let orders = given.clone();
                thread::spawn(move || pass(program, server, &orders));
            }
        });
        Self { address, orders }
    }

    /// The address of the database by way of the proxy.
    pub fn url(&self, url: &str) -> String {
        url.replace(place(url), &self.address.to_string())
    }

    /// Cuts the connection once, the next time but `passing`.
    pub fn cut(&self, cut: Cut, passing: u32) {
        let mut orders = self.orders.lock().unwrap();
        (orders.cut, orders.passing, orders.done) = (Some(cut), passing, 0);
    }

    /// As if the server had been stopped: all connections are closed, and new ones at once.
    pub fn stop(&self) {
        let mut orders = self.orders.lock().unwrap();
        orders.is_down = true;
        for end in std::mem::take(&mut orders.open) {
            // It may be gone already.
            let _gone = end.shutdown(Shutdown::Both);
        }
    }

    /// As if a cable had been pulled: connections stay, and nothing is heard any more.
    pub fn hush(&self) {
        self.orders.lock().unwrap().is_hushed = true;
    }

    /// All is well again.
    pub fn start(&self) {
        let mut orders = self.orders.lock().unwrap();
        (orders.is_down, orders.is_hushed) = (false, false);
    }

    /// Whether it was cut since.
    pub fn has_cut(&self) -> bool {
        self.orders.lock().unwrap().done == 1
    }
}

/// Host and port in the URL of a database.
fn place(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split('/').next().unwrap()
}

/// Passes everything on in both directions until it is to cut.
fn pass(mut program: TcpStream, server: TcpStream, orders: &Arc<Mutex<Orders>>) {
    for end in [&program, &server] {
        end.set_nodelay(true).unwrap();
    }
    let (mut answers, mut back) = (server.try_clone().unwrap(), program.try_clone().unwrap());
    let silent = Arc::new(Mutex::new(false));
    let (mute, given) = (silent.clone(), orders.clone());
    let answering = thread::spawn(move || {
        let mut part = [0; 16 * 1024];
        while let Ok(length @ 1..) = answers.read(&mut part) {
            // Held while it writes, so that nothing gets through once it is silent.
            let silent = mute.lock().unwrap();
            let is_silent = *silent || given.lock().unwrap().is_hushed;
            if !is_silent && back.write_all(&part[..length]).is_err() {
                break;
            }
        }
        let _gone = back.shutdown(Shutdown::Both);
    });
    let mut server = server;
    // The first message has no kind.
    let mut is_first = true;
    while let Some(message) = next(&mut program, is_first) {
        let mut given = orders.lock().unwrap();
        if given.is_hushed {
            continue;
        }
        let cut = if is_first { None } else { given.on(&message) };
        drop(given);
        is_first = false;
        match cut {
            None => {
                if server.write_all(&message).is_err() {
                    break;
                }
                continue;
            }
            Some(Cut::At(_) | Cut::BeforeCommit) => {}
            Some(Cut::WithCommit | Cut::AfterCommit) => {
                *silent.lock().unwrap() = true;
                server.write_all(&message).unwrap();
                if cut == Some(Cut::AfterCommit) {
                    // The server closes a connection whose other end says that it has no more to say, when it has done all before.
                    server.shutdown(Shutdown::Write).unwrap();
                    answering.join().unwrap();
                }
            }
        }
        break;
    }
    for end in [&program, &server] {
        let _gone = end.shutdown(Shutdown::Both);
    }
}

/// The next message of the program (PostgreSQL's documentation, "Message Formats"); none when there are no more.
fn next(program: &mut TcpStream, is_first: bool) -> Option<Vec<u8>> {
    let head = if is_first { 4 } else { 5 };
    let mut message = vec![0; head];
    program.read_exact(&mut message).ok()?;
    let length = u32::from_be_bytes(message[head - 4..].try_into().unwrap()) as usize;
    message.resize(head - 4 + length, 0);
    program.read_exact(&mut message[head..]).ok()?;
    Some(message)
}

/// A world whose PostgreSQL is behind a proxy.
pub fn behind_a_proxy(change: impl FnOnce(&mut Settings)) -> Option<(World, Proxy)> {
    let mut found = None;
    let world = World::with(Database::Postgres, |settings| {
        let direct = settings.database.url.expose_secret().to_owned();
        let proxy = Proxy::before(&direct);
        settings.database.url = proxy.url(&direct).into();
        found = Some(proxy);
        change(settings);
    })?;
    Some((world, found.unwrap()))
}
