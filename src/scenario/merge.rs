//! One tree laid over another: tables merge, everything else is replaced.

use super::document::{Entry, Node, Value};
use super::schema::View;

/// Lays `over` on `base`. Tables merge key by key; lists and plain values are replaced, and so is a table whose
/// schema says that one key names which thing is meant (see [`View::replaces`]).
pub fn merge(base: Node, over: Node, view: Option<&View<'_>>) -> Node {
    let Node { place, value } = over;
    let value = match (base.value, value) {
        (Value::Table(mut merged), Value::Table(over)) if !view.is_some_and(View::replaces) => {
            for (name, Entry { key, node }) in over {
                let node = match merged.remove(&name) {
                    Some(below) => merge(below.node, node, view.and_then(|v| v.child(&name)).as_ref()),
                    None => node,
                };
                merged.insert(name, Entry { key, node });
            }
            Value::Table(merged)
        }
        (_, value) => value,
    };
    Node { place, value }
}

impl Node {
    /// How many values there are in it, itself included.
    pub(super) fn size(&self) -> usize {
        1 + match &self.value {
            Value::Table(table) => table.values().map(|entry| entry.node.size()).sum(),
            Value::Array(elements) => elements.iter().map(Node::size).sum(),
            _ => 0,
        }
    }
}
