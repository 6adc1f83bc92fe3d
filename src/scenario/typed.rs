//! Rust types from the tree, by serde: where one does not fit, the error knows its way through the tree.

use super::document::{Entry, Node, Table, Value};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::forward_to_deserialize_any;
use std::fmt::Display;

/// What does not fit, and where.
#[derive(Debug)]
pub(super) struct Misfit {
    pub message: String,
    /// The keys and places that lead to it, the last first.
    pub way: Vec<String>,
}

/// Builds a value of a type.
pub(super) fn typed<T: DeserializeOwned>(root: &Node) -> Result<T, Misfit> {
    T::deserialize(At(root))
}

impl Error for Misfit {
    fn custom<M: Display>(message: M) -> Misfit {
        Misfit { message: message.to_string(), way: Vec::new() }
    }
}

impl Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Misfit {}

impl Misfit {
    #[cold]
    fn below(mut self, step: String) -> Misfit {
        self.way.push(step);
        self
    }
}

/// A node, as serde asks for it.
struct At<'a>(&'a Node);

impl<'de> Deserializer<'de> for At<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match &self.0.value {
            Value::Table(table) => visitor.visit_map(Entries::of(table)),
            Value::Array(elements) => visitor.visit_seq(Elements { elements, next: 0 }),
            Value::String(text) => visitor.visit_str(text),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Bool(truth) => visitor.visit_bool(*truth),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match &self.0.value {
            Value::String(word) => visitor.visit_enum(StrDeserializer::new(word)),
            Value::Table(table) => visitor.visit_enum(MapAccessDeserializer::new(Entries::of(table))),
            _ => Err(Misfit::invalid_type(Unexpected::Other(self.0.kind()), &visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

/// The entries of a table, one after the other.
struct Entries<'a> {
    left: std::collections::btree_map::Iter<'a, String, Entry>,
    at: Option<(&'a str, &'a Node)>,
}

impl<'a> Entries<'a> {
    fn of(table: &'a Table) -> Entries<'a> {
        Entries { left: table.iter(), at: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        self.at = self.left.next().map(|(key, entry)| (key.as_str(), &entry.node));
        let Some((key, _)) = self.at else { return Ok(None) };
        let key: StrDeserializer<'_, Misfit> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let Some((key, node)) = self.at else { return Err(Misfit::custom("a value without a key")) };
        seed.deserialize(At(node)).map_err(|misfit| misfit.below(key.to_owned()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The elements of a list, one after the other.
struct Elements<'a> {
    elements: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(node) = self.elements.get(self.next) else { return Ok(None) };
        let at = self.next;
        self.next += 1;
        seed.deserialize(At(node)).map(Some).map_err(|misfit| misfit.below(at.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len() - self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;
    use notation::diagnostic::{Diagnostics, Sources};
    use serde::Deserialize;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    enum Word {
        Plain,
        With(u8),
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Inner {
        number: Option<u8>,
        word: Word,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Outer {
        list: Vec<Inner>,
    }

    fn read(text: &str) -> Result<Outer, Misfit> {
        let mut problems = Diagnostics::new();
        typed(&parse(&mut Sources::default(), "test", text.as_bytes(), &mut problems).expect("TOML"))
    }

    #[test]
    fn what_fits_is_read_and_what_does_not_is_found() {
        let both = "list = [{ number = 1, word = 'plain' }, { word = { with = 2 } }]";
        let first = Inner { number: Some(1), word: Word::Plain };
        let second = Inner { number: None, word: Word::With(2) };
        assert_eq!(read(both).unwrap(), Outer { list: vec![first, second] });
        let wrong = read("list = [{ word = 'plain' }, { number = 300, word = 'plain' }]").unwrap_err();
        assert_eq!(wrong.way, ["number", "1", "list"]);
        assert!(wrong.message.starts_with("invalid value: integer `300`"), "{wrong}");
        assert_eq!(read("list = [{ word = 3 }]").unwrap_err().way, ["word", "0", "list"]);
        assert!(read("list = [{ word = 'odd' }]").unwrap_err().message.contains("unknown variant `odd`"));
    }
}
