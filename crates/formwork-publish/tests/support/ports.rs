//! Ports that no other rig has, in this process or in another one.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// Below every system's range for outgoing connections, one of which could otherwise hold a port that a server wants.
const FIRST: u16 = 20_000;
const BLOCKS: u32 = 1_000;
const SIZE: u16 = 10;

/// Nine neighbouring ports, and a tenth that is listened on as long as they are taken. The system lets only one process
/// listen, and forgets it with the process, so that this needs no files that outlive a test.
pub struct Ports {
    first: u16,
    guard: TcpListener,
}

impl Ports {
    /// Takes a block. Two calls never give the same one while both are held.
    pub fn take() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        for _ in 0..BLOCKS {
            let turn = NEXT.fetch_add(1, Ordering::Relaxed);
            // Processes that start together have neighbouring ids: far apart, they seldom try the same block.
            let block = (std::process::id().wrapping_mul(37).wrapping_add(turn)) % BLOCKS;
            let block = u16::try_from(block).expect("fewer blocks than ports");
            let first = FIRST + block * SIZE;
            let Some(guard) = listen(first + SIZE - 1) else { continue };
            if (first..first + SIZE - 1).all(|port| listen(port).is_some()) {
                return Ports { first, guard };
            }
        }
        panic!("no block of free ports between {FIRST} and {}", u32::from(FIRST) + BLOCKS * 10);
    }

    /// The port at this place, 0 to 8.
    pub fn at(&self, place: u16) -> u16 {
        assert!(place < SIZE - 1, "the last port is the guard's");
        self.first + place
    }

    /// All nine.
    pub fn all(&self) -> Vec<u16> {
        (self.first..self.first + SIZE - 1).collect()
    }
}

fn listen(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}
