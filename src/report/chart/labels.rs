//! Labels stand at the ends of lines, moved apart where they would collide, so that no legend is needed.

use super::canvas::{Canvas, Rect};
use super::text::{Type, named};
use super::theme::{Colour, QUIET};

/// Space between a line's end and its label.
const GAP: f64 = 44.0;
/// Widest that a label may become before it wraps.
const WIDEST: f64 = 360.0;
/// Space between two labels.
const BETWEEN: f64 = 10.0;

/// The name of a line, at the height where the line ends.
#[derive(Clone, Debug)]
pub struct EndLabel {
    /// Height of the line's end in pixels.
    pub at: f64,
    pub name: String,
    /// A value in quieter type under the name; may be empty, and is dropped when room is short.
    pub detail: String,
    pub colour: Colour,
    /// The last to be dropped when there are more lines than room.
    pub important: bool,
}

/// How labels are written: with fewer lines each, the more labels there are.
#[derive(Clone, Copy)]
struct Form {
    lines: usize,
    details: bool,
}

/// Width that a column of labels takes, gap included.
pub fn column_width<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> f64 {
    let style = Type::body().bold();
    let of_names = names.into_iter().flat_map(|(name, detail)| {
        let wrapped = style.wrap(named(name), WIDEST, 2);
        let widest = wrapped.iter().map(|line| style.width(line)).fold(0.0, f64::max);
        [widest, Type::small().width(detail)]
    });
    GAP + of_names.fold(0.0, f64::max)
}

/// Draws labels to the right of `area`, moved apart; what finds no room is counted in a last line.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, labels: Vec<EndLabel>) {
    let forms = [(2, true), (2, false), (1, false)].map(|(lines, details)| Form { lines, details });
    let room = area.height() + 40.0;
    let fits = |form: &Form| labels.iter().map(|label| height(label, *form)).sum::<f64>() <= room;
    let form = forms.into_iter().find(fits).unwrap_or(forms[2]);
    let one = height_of(1, false);
    let count = if fits(&form) { labels.len() } else { (room / one) as usize - 1 };
    let (kept, dropped) = keep(labels, count);
    let reserved = if dropped > 0 { one } else { 0.0 };
    let heights: Vec<f64> = kept.iter().map(|label| height(label, form)).collect();
    let wanted: Vec<f64> = kept.iter().map(|label| label.at).collect();
    let (top, bottom) = (area.top - 20.0, area.bottom + 20.0 - reserved);
    for (label, centre) in kept.iter().zip(spread(&wanted, &heights, top, bottom)) {
        write(canvas, area.right, label, centre, form);
    }
    if dropped > 0 {
        let at = (area.right + GAP, area.bottom + 20.0 - one / 2.0);
        canvas.centred(at, &format!("and {dropped} more"), Type::small());
    }
}

/// The labels that are shown, from top to bottom, and how many are not.
fn keep(mut labels: Vec<EndLabel>, count: usize) -> (Vec<EndLabel>, usize) {
    let dropped = labels.len().saturating_sub(count);
    labels.sort_by_key(|label| !label.important);
    labels.truncate(count);
    labels.sort_by(|a, b| a.at.total_cmp(&b.at));
    (labels, dropped)
}

fn wrapped(label: &EndLabel, form: Form) -> Vec<String> {
    Type::body().bold().wrap(named(&label.name), WIDEST, form.lines)
}

fn height(label: &EndLabel, form: Form) -> f64 {
    height_of(wrapped(label, form).len(), form.details && !label.detail.is_empty())
}

fn height_of(lines: usize, detail: bool) -> f64 {
    let detail = if detail { Type::small().leading() } else { 0.0 };
    lines as f64 * Type::body().leading() + detail + BETWEEN
}

fn write(canvas: &mut Canvas<'_>, right: f64, label: &EndLabel, centre: f64, form: Form) {
    let style = Type::body().bold().colour(label.colour.for_text());
    let elbow = (right + GAP - 8.0, centre);
    let lead = [(right + 10.0, label.at), (right + 18.0, label.at), (right + GAP - 16.0, centre), elbow];
    canvas.path(&lead, label.colour.faint(0.6), 1.5);
    let with_detail = form.details && !label.detail.is_empty();
    let lift = if with_detail { Type::small().leading() / 2.0 } else { 0.0 };
    let lines = wrapped(label, form);
    canvas.block((right + GAP, centre - lift), &lines, style);
    if with_detail {
        let below = centre - lift + lines.len() as f64 * style.leading() / 2.0 + lift;
        canvas.centred((right + GAP, below), &label.detail, Type::small().colour(QUIET));
    }
}

/// Centres for boxes of given heights, in the given order, near the wanted centres, without overlap and, where
/// there is room, between top and bottom.
///
/// Boxes that collide form a group, which sits where its members want to be on average.
pub fn spread(wanted: &[f64], heights: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut groups: Vec<Group> = Vec::new();
    for (want, height) in wanted.iter().zip(heights) {
        let mut group = Group::of(*want, *height);
        group.keep_within(top, bottom);
        while let Some(above) = groups.pop_if(|above| above.start + above.height > group.start) {
            group = above.joined(group);
            group.keep_within(top, bottom);
        }
        groups.push(group);
    }
    groups.iter().flat_map(Group::centres).collect()
}

struct Group {
    start: f64,
    height: f64,
    /// Sum over members of the start that the group would need for that member to be where it wants.
    wish: f64,
    members: Vec<f64>,
}

impl Group {
    fn of(want: f64, height: f64) -> Self {
        let start = want - height / 2.0;
        Self { start, height, wish: start, members: vec![height] }
    }

    fn joined(mut self, below: Self) -> Self {
        self.wish += below.wish - below.members.len() as f64 * self.height;
        self.height += below.height;
        self.members.extend(below.members);
        self.start = self.wish / self.members.len() as f64;
        self
    }

    fn keep_within(&mut self, top: f64, bottom: f64) {
        self.start = self.start.min(bottom - self.height).max(top);
    }

    fn centres(&self) -> impl Iterator<Item = f64> + '_ {
        let mut next = self.start;
        self.members.iter().map(move |height| {
            next += height;
            next - height / 2.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_with_room_stay_where_they_are() {
        assert_eq!(spread(&[10.0, 50.0, 90.0], &[20.0; 3], 0.0, 100.0), [10.0, 50.0, 90.0]);
    }

    #[test]
    fn colliding_labels_part_around_their_middle() {
        assert_eq!(spread(&[50.0, 50.0], &[20.0; 2], 0.0, 100.0), [40.0, 60.0]);
    }

    #[test]
    fn labels_never_overlap_nor_leave_the_area() {
        let wanted = [-5.0, 0.0, 3.0, 80.0, 99.0, 100.0, 100.0];
        let heights = [10.0, 14.0, 10.0, 12.0, 10.0, 14.0, 10.0];
        let centres = spread(&wanted, &heights, 0.0, 100.0);
        for index in 1..centres.len() {
            let space = centres[index] - centres[index - 1];
            assert!(space >= (heights[index] + heights[index - 1]) / 2.0 - 1e-9, "{centres:?}");
        }
        assert!(centres[0] >= 5.0 && centres[6] <= 95.0, "{centres:?}");
    }
}
