//! A slab: things with typed, generational handles, kept in one block of memory.
//!
//! A handle to something that is gone never finds what took its place, so stale events and
//! waiting-line entries need not be searched for: they are found out when they come up.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A handle to a `T` in a [`Slab`].
pub struct Id<T> {
    at: u32,
    generation: u32,
    thing: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The place in the slab; reused once the thing is gone.
    pub fn at(self) -> usize {
        self.at as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at && self.generation == other.generation
    }
}
impl<T> Eq for Id<T> {}
impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "#{}.{}", self.at, self.generation)
    }
}

#[derive(Clone)]
struct Slot<T> {
    generation: u32,
    thing: Option<T>,
}

/// A growing block of `T`s whose places are used again.
#[derive(Clone)]
pub struct Slab<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    #[inline]
    pub fn insert(&mut self, thing: T) -> Id<T> {
        let at = match self.free.pop() {
            Some(at) => {
                self.slots[at as usize].thing = Some(thing);
                at
            }
            None => {
                self.slots.push(Slot { generation: 0, thing: Some(thing) });
                u32::try_from(self.slots.len() - 1).expect("more than four thousand million things")
            }
        };
        Id { at, generation: self.slots[at as usize].generation, thing: PhantomData }
    }

    #[inline]
    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        let slot = self.slots.get_mut(id.at()).filter(|slot| slot.generation == id.generation)?;
        let thing = slot.thing.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.at);
        Some(thing)
    }

    /// Takes a thing out without moving it anywhere; nothing happens where it is gone already.
    #[inline]
    pub fn discard(&mut self, id: Id<T>) {
        let slot = self.slots.get_mut(id.at()).filter(|slot| slot.generation == id.generation);
        if let Some(slot) = slot.filter(|slot| slot.thing.is_some()) {
            slot.thing = None;
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(id.at);
        }
    }

    #[inline]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        self.slots.get(id.at()).filter(|slot| slot.generation == id.generation)?.thing.as_ref()
    }

    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        self.slots.get_mut(id.at()).filter(|slot| slot.generation == id.generation)?.thing.as_mut()
    }

    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything in the slab with its handle, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.slots.iter().enumerate().filter_map(|(at, slot)| {
            let id = Id { at: at as u32, generation: slot.generation, thing: PhantomData };
            Some((id, slot.thing.as_ref()?))
        })
    }
}

/// Panics when the thing is gone: use it where the model's logic guarantees that it is there.
impl<T> Index<Id<T>> for Slab<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        self.get(id).expect("a handle to a thing that is gone")
    }
}
impl<T> IndexMut<Id<T>> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        self.get_mut(id).expect("a handle to a thing that is gone")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_handle_finds_nothing_even_when_its_place_is_taken() {
        let mut slab = Slab::default();
        let first = slab.insert("first");
        assert_eq!(slab.remove(first), Some("first"));
        let second = slab.insert("second");
        assert_eq!(first.at(), second.at());
        assert_eq!(slab.get(first), None);
        assert_eq!(slab.remove(first), None);
        assert_eq!(slab[second], "second");
        assert_eq!(slab.len(), 1);
    }
}
