//! Colleagues who hear petitions in a leader's place, at the price of their own hours.

use super::HEARING;
use crate::mechanism::Context;
use crate::plan::Effort;
use crate::work::ItemId;
use kernel::streams::{Key, StreamId};
use kernel::units::PersonId;

const PEER: StreamId = StreamId::named("approval/peer");

/// Colleagues in a leader's place.
#[derive(Clone, Debug)]
pub struct Peers {
    pub share: f64,
    /// Work of a hearing, and how many times as long a colleague takes.
    pub hearing: Effort,
    pub times: f64,
}

/// A colleague who hears a petition in the leader's place, and the hours it takes: by chance, and if anybody
/// is there.
pub fn ask_peer(
    id: ItemId,
    key: Key,
    peers: &Peers,
    size_hours: f64,
    ctx: &mut Context<'_>,
) -> Option<(PersonId, f64)> {
    if !ctx.streams.chance(peers.share, PEER, key) {
        return None;
    }
    let item = &ctx.org.items[id];
    let (team, owner) = (item.team, ctx.org.owner(item));
    let called = ctx.start_duty_of_colleague(team, owner);
    let hours = match &peers.hearing {
        Effort::Drawn(distribution) => distribution.draw(&ctx.streams, HEARING, key),
        Effort::ShareOfSize(share) => share * size_hours,
    };
    called.map(|person| (person, hours * peers.times))
}
