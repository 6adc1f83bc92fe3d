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
    /// The handle of nothing that ever was.
    pub const NOTHING: Id<T> = Id { at: u32::MAX, generation: 0, thing: PhantomData };

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

/// A place: its generation is odd while something lives in it. What is gone stays until its place
/// is used again, so that neither coming nor going moves more than it must.
#[derive(Clone)]
struct Slot<T> {
    generation: u32,
    thing: T,
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
        self.insert_with(|| thing)
    }

    /// Inserts what is made: in its place, where one is used again.
    #[inline(always)] // so that a large thing is made where it will lie
    pub fn insert_with(&mut self, make: impl FnOnce() -> T) -> Id<T> {
        let at = match self.free.pop() {
            Some(at) => {
                let slot = &mut self.slots[at as usize];
                slot.generation = slot.generation.wrapping_add(1);
                slot.thing = make();
                at
            }
            None => {
                self.slots.push(Slot { generation: 1, thing: make() });
                u32::try_from(self.slots.len() - 1).expect("more than four thousand million things")
            }
        };
        Id { at, generation: self.slots[at as usize].generation, thing: PhantomData }
    }

    /// Lets a thing go; nothing happens where it is gone already.
    #[inline]
    pub fn discard(&mut self, id: Id<T>) {
        if let Some(slot) = self.slots.get_mut(id.at()).filter(|slot| slot.generation == id.generation) {
            slot.generation = slot.generation.wrapping_add(1);
            self.free.push(id.at);
        }
    }

    #[inline]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        let slot = self.slots.get(id.at()).filter(|slot| slot.generation == id.generation)?;
        Some(&slot.thing)
    }

    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let slot = self.slots.get_mut(id.at()).filter(|slot| slot.generation == id.generation)?;
        Some(&mut slot.thing)
    }

    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything in the slab with its handle, in the order of places.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.slots.iter().enumerate().filter(|(_, slot)| slot.generation & 1 == 1).map(|(at, slot)| {
            (Id { at: at as u32, generation: slot.generation, thing: PhantomData }, &slot.thing)
        })
    }

    /// Everything in the slab, in the order of places.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.slots.iter_mut().filter(|slot| slot.generation & 1 == 1).map(|slot| &mut slot.thing)
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
        slab.discard(first);
        assert!(slab.is_empty());
        let second = slab.insert("second");
        assert_eq!(first.at(), second.at());
        assert_eq!(slab.get(first), None);
        slab.discard(first);
        assert_eq!(slab[second], "second");
        assert_eq!(slab.len(), 1);
    }
}
