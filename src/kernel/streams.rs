//! Random numbers addressed by what they decide, so that policies are compared on the same random numbers.
//!
//! A number is found by (seed, replication, stream id, key), never by the order of asking: taking a
//! mechanism away leaves every other draw as it was. The generator is Philox2x64 with ten rounds
//! (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011), a
//! counter-based generator that passes BigCrush; its published test vectors are a test below.

use rand_core::{Infallible, TryRng};

/// What a random number decides. Named in the source, so renaming a module changes no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamId {
    tag: u32,
    name: &'static str,
}

impl StreamId {
    /// The stream id called `name`; its tag is the FNV-1a hash of the name.
    pub const fn named(name: &'static str) -> StreamId {
        let bytes = name.as_bytes();
        let mut hash = 0x811c_9dc5_u32;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
            at += 1;
        }
        StreamId { tag: hash, name }
    }

    pub fn name(self) -> &'static str {
        self.name
    }

    pub fn tag(self) -> u32 {
        self.tag
    }
}

/// The address of something that decisions are made about: an item, a person, a board's case.
///
/// It depends on where the thing comes from, never on when it comes or what a policy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of the `nth` thing that comes from a source with this name.
    pub fn of(source: &str, nth: u64) -> Key {
        let hash = source.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Key(hash).nth(nth)
    }

    /// The key of the `nth` thing of its sort that belongs to this one.
    #[inline]
    pub fn nth(self, nth: u64) -> Key {
        Key(mix(self.0 ^ mix(nth.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The key of the `nth` thing this one brings forth for a stream id.
    #[inline]
    pub fn child(self, stream_id: StreamId, nth: u64) -> Key {
        Key(self.0 ^ mix(u64::from(stream_id.tag))).nth(nth)
    }

    /// The key of what is decided here at a later pass: the first pass has the plain key.
    #[inline]
    pub fn pass(self, pass: u64) -> Key {
        if pass == 0 { self } else { self.child(PASS, pass) }
    }
}

const PASS: StreamId = StreamId::named("kernel/pass");

/// SplitMix64's finaliser: a bijection that scatters neighbouring numbers.
#[inline]
const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// The randomness of one replication.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    key: u64,
    /// Every address that is asked is noted down: see [`asked`].
    noted: bool,
    /// Asked again on purpose.
    once_more: bool,
}

impl Streams {
    pub fn new(seed: u64, replication: u64) -> Streams {
        Streams {
            key: mix(seed ^ mix(replication.wrapping_add(0x9e37_79b9_7f4a_7c15))),
            noted: asked::is_noted(),
            once_more: false,
        }
    }

    /// The same numbers, for whoever asks about a decision again on purpose. A test demands that no address is
    /// asked twice otherwise, and names every stream id for which this may be done, with its reason.
    #[inline]
    pub fn once_more(&self) -> Streams {
        Streams { once_more: true, ..*self }
    }

    /// The stream of numbers that decide `stream_id` for the thing at `key`.
    #[inline]
    pub fn stream(&self, stream_id: StreamId, key: Key) -> Stream {
        self.note(stream_id, key);
        Stream {
            streams: self.key,
            key: key.0,
            stream_id: u64::from(stream_id.tag) << 32,
            block: 0,
            spare: None,
        }
    }

    /// The one number, uniform on (0, 1), that decides `stream_id` for the thing at `key`.
    #[inline]
    pub fn uniform(&self, stream_id: StreamId, key: Key) -> f64 {
        self.note(stream_id, key);
        let [word, _] = philox([key.0, u64::from(stream_id.tag) << 32], self.key);
        unit(word)
    }

    #[inline]
    fn note(&self, stream_id: StreamId, key: Key) {
        if self.noted {
            asked::note(stream_id, key, self.once_more);
        }
    }

    /// Whether what has this chance comes true.
    #[inline]
    pub fn chance(&self, probability: f64, stream_id: StreamId, key: Key) -> bool {
        probability > 0.0 && (probability >= 1.0 || self.uniform(stream_id, key) < probability)
    }
}

/// The numbers that decide one thing, in order.
#[derive(Clone, Debug)]
pub struct Stream {
    streams: u64,
    key: u64,
    stream_id: u64,
    block: u64,
    spare: Option<u64>,
}

impl Stream {
    /// The next 64 random bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        if let Some(word) = self.spare.take() {
            return word;
        }
        let [first, second] = philox([self.key, self.stream_id | self.block], self.streams);
        self.block += 1;
        self.spare = Some(second);
        first
    }

    /// Uniform on the open interval (0, 1): 2⁵³ equally spaced midpoints, never 0 or 1.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        unit(self.word())
    }
}

/// A number on (0, 1) made of the upper bits of a word.
#[inline]
fn unit(word: u64) -> f64 {
    ((word >> 11) as f64 + 0.5) * (1.0 / (1_u64 << 53) as f64)
}

/// Lets samplers of other crates draw from a keyed stream: those that our own are compared with.
impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(8) {
            let bytes = self.word().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}

#[inline]
fn philox(counter: [u64; 2], key: u64) -> [u64; 2] {
    const MULTIPLIER: u64 = 0xd2b7_4407_b1ce_6e93;
    const WEYL: u64 = 0x9e37_79b9_7f4a_7c15;
    let [mut left, mut right] = counter;
    let mut round_key = key;
    for _ in 0..10 {
        let product = u128::from(left) * u128::from(MULTIPLIER);
        left = (product >> 64) as u64 ^ round_key ^ right;
        right = product as u64;
        round_key = round_key.wrapping_add(WEYL);
    }
    [left, right]
}

/// The addresses that were asked on this thread, for whoever checks that none is asked twice. Only a replication that
/// was begun inside [`during`](asked::during) notes them.
pub mod asked {
    use super::{Key, StreamId};
    use std::cell::Cell;

    /// A stream id, a key, and whether it was asked again on purpose.
    pub type DrawnAddress = (StreamId, Key, bool);

    thread_local! {
        static ASKED: Cell<Option<Vec<DrawnAddress>>> = const { Cell::new(None) };
    }

    pub(super) fn is_noted() -> bool {
        let asked = ASKED.take();
        let noted = asked.is_some();
        ASKED.set(asked);
        noted
    }

    #[cold]
    pub(super) fn note(stream_id: StreamId, key: Key, once_more: bool) {
        if let Some(mut asked) = ASKED.take() {
            asked.push((stream_id, key, once_more));
            ASKED.set(Some(asked));
        }
    }

    /// Every address that is asked while `act` acts, in order.
    pub fn during(act: impl FnOnce()) -> Vec<DrawnAddress> {
        ASKED.set(Some(Vec::new()));
        act();
        ASKED.take().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_agrees_with_its_published_vectors() {
        assert_eq!(philox([0, 0], 0), [0xca00_a045_9843_d731, 0x66c2_4222_c9a8_45b5]);
        assert_eq!(philox([u64::MAX; 2], u64::MAX), [0x65b0_21d6_0cd8_310f, 0x4d02_f322_2f86_df20]);
        assert_eq!(
            philox([0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344], 0xa409_3822_299f_31d0),
            [0x0a5e_742c_2997_341c, 0xb0f8_83d3_8000_de5d]
        );
    }

    const ONE: StreamId = StreamId::named("test/one");
    const TWO: StreamId = StreamId::named("test/two");

    /// Correlation of neighbouring addresses along one axis: |r| < 4/√n, α ≈ 6e-5 per axis.
    fn correlation(pair: impl Fn(u64) -> (f64, f64)) -> f64 {
        const N: u64 = 100_000;
        let covariance: f64 = (0..N).map(pair).map(|(a, b)| (a - 0.5) * (b - 0.5)).sum::<f64>() / N as f64;
        covariance * 12.0
    }

    #[test]
    fn neighbouring_addresses_are_uncorrelated() {
        let bound = 4.0 / libm::sqrt(100_000.0);
        let streams = Streams::new(1, 1);
        let key = Key::of("feature", 7);
        type Pair<'a> = Box<dyn Fn(u64) -> (f64, f64) + 'a>;
        let pairs: [Pair; 4] = [
            Box::new(|n| (streams.uniform(ONE, Key(n)), streams.uniform(ONE, Key(n + 1)))),
            Box::new(|n| (streams.uniform(ONE, key.nth(n)), streams.uniform(TWO, key.nth(n)))),
            Box::new(|n| (Streams::new(1, n).uniform(ONE, key), Streams::new(1, n + 1).uniform(ONE, key))),
            Box::new(|n| (Streams::new(n, 3).uniform(ONE, key), Streams::new(n + 1, 3).uniform(ONE, key))),
        ];
        for (axis, pair) in pairs.iter().enumerate() {
            let r = correlation(pair);
            assert!(r.abs() < bound, "axis {axis}: correlation {r}");
        }
        // Power: the same address twice is perfectly correlated, and the test would see it.
        assert!(correlation(|n| (streams.uniform(ONE, Key(n)), streams.uniform(ONE, Key(n)))) > 0.9);
    }

    /// Chi-square over 64 cells on consecutive keys, 63 degrees of freedom: 99.99 % point 117.
    #[test]
    fn numbers_over_consecutive_keys_are_uniform() {
        let streams = Streams::new(42, 0);
        let mut cells = [0_u32; 64];
        for n in 0..64_000 {
            cells[(streams.uniform(TWO, Key(n)) * 64.0) as usize] += 1;
        }
        let chi: f64 = cells.iter().map(|count| (f64::from(*count) - 1_000.0).powi(2) / 1_000.0).sum();
        assert!(chi < 117.0, "chi-square {chi}");
    }

    #[test]
    fn children_have_keys_of_their_own() {
        let parent = Key::of("feature", 3);
        assert_ne!(parent.child(ONE, 0), parent.child(TWO, 0));
        assert_ne!(parent.child(ONE, 0), parent.child(ONE, 1));
        assert_eq!(parent.child(ONE, 1), Key::of("feature", 3).child(ONE, 1));
        assert_eq!(parent.pass(0), parent);
        assert_ne!(parent.pass(1), parent.nth(1));
    }
}
