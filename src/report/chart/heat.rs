//! The heat map shows a measure over two parameters at once, with every value written into its cell.

use super::canvas::{Canvas, Rect};
use super::number::Numbers;
use super::scale::{extent, usable};
use super::sheet::{Svg, sheet};
use super::text::Type;
use super::theme::{BLUE, Colour, EMPTY, INK, VERMILION, WHITE};
use super::{ChartError, Direction, Heading};

/// Width on the right for the colour bar and its numbers.
const BAR: f64 = 210.0;
/// Widest that the names of rows may become.
const WIDEST_NAME: f64 = 300.0;

/// How values become colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shading {
    /// From white at the least to blue at the greatest.
    Sequential,
    /// White at zero, blue where it is better, vermilion where it is worse: for differences.
    Diverging(Direction),
}

/// A measure over two parameters.
#[derive(Clone, Debug)]
pub struct Heat {
    /// Title, subtitle and source.
    pub heading: Heading,
    /// The parameter along the columns.
    pub x_label: String,
    /// Its values, as written.
    pub columns: Vec<String>,
    /// The parameter along the rows.
    pub y_label: String,
    /// Its values, as written, from the bottom upwards.
    pub rows: Vec<String>,
    /// What the cells show, with its unit.
    pub z_label: String,
    /// A short unit written on the colour bar, or nothing.
    pub unit: String,
    /// Values by row, then column; missing or NaN cells stay empty.
    pub cells: Vec<Vec<f64>>,
    /// How values become colours.
    pub shading: Shading,
    /// Row and column of the best cell.
    pub best: Option<(usize, usize)>,
}

impl Heat {
    /// Draws the slide.
    pub fn draw(&self) -> Result<Svg, ChartError> {
        sheet(&self.heading, |canvas, area| {
            let values = self.places().map(|(row, column)| self.value(row, column));
            match extent(values) {
                None => canvas.nothing(area, "There is nothing to show: no cell has a value."),
                Some(extent) => self.plot(canvas, area, extent),
            }
        })
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows.len()).flat_map(|row| (0..self.columns.len()).map(move |column| (row, column)))
    }

    fn value(&self, row: usize, column: usize) -> f64 {
        let cells = self.cells.get(row);
        cells.and_then(|cells| cells.get(column)).copied().unwrap_or(f64::NAN)
    }

    fn plot(&self, canvas: &mut Canvas<'_>, area: Rect, extent: (f64, f64)) {
        let style = Type::small();
        let names = self.rows.iter().map(|name| style.width(&style.fit(name, WIDEST_NAME)));
        let left = area.left + names.fold(0.0, f64::max) + 20.0;
        let grid = Rect::new(left, area.top + 44.0, area.right - BAR, area.bottom - 88.0);
        let shades = Shades::of(self.shading, extent);
        let numbers = Numbers::for_values([extent.0, extent.1]);
        let cell = |row: usize, column: usize| self.cell(grid, row, column);
        for (row, column) in self.places() {
            self.paint(canvas, cell(row, column), self.value(row, column), &shades, &numbers);
        }
        let known = |(row, column): &(usize, usize)| *row < self.rows.len() && *column < self.columns.len();
        if let Some((row, column)) = self.best.filter(known) {
            canvas.outline(cell(row, column), INK, 6.0);
        }
        self.names(canvas, area, grid);
        colour_bar(
            canvas,
            Rect::new(grid.right + 56.0, grid.top, area.right, grid.bottom),
            &shades,
            &numbers.with_unit(&self.unit),
        );
        let label = style.right();
        canvas.text((area.right, area.top + 16.0), &label.fit(&self.z_label, area.width() * 0.5), label);
    }

    fn cell(&self, grid: Rect, row: usize, column: usize) -> Rect {
        let (width, height) =
            (grid.width() / self.columns.len() as f64, grid.height() / self.rows.len() as f64);
        let (left, bottom) = (grid.left + width * column as f64, grid.bottom - height * row as f64);
        Rect::new(left, bottom - height, left + width, bottom)
    }

    fn paint(&self, canvas: &mut Canvas<'_>, cell: Rect, value: f64, shades: &Shades, numbers: &Numbers) {
        let gap = if cell.width().min(cell.height()) > 12.0 { 1.5 } else { 0.0 };
        let inner = Rect::new(cell.left + gap, cell.top + gap, cell.right - gap, cell.bottom - gap);
        let colour = shades.colour(value);
        canvas.fill(inner, colour);
        let text = if shades.is_signed() { numbers.signed(value) } else { numbers.plain(value) };
        let style = Type::body().middle().colour(colour.text_on_top());
        if style.width(&text) + 12.0 < cell.width() && cell.height() > 34.0 {
            canvas.centred(cell.centre(), &text, style);
        }
    }

    fn names(&self, canvas: &mut Canvas<'_>, area: Rect, grid: Rect) {
        let style = Type::small();
        let height = grid.height() / self.rows.len() as f64;
        let every = (34.0 / height).ceil().max(1.0) as usize;
        for (row, name) in self.rows.iter().enumerate().step_by(every) {
            let at = (grid.left - 16.0, self.cell(grid, row, 0).centre().1);
            canvas.centred(at, &style.fit(name, WIDEST_NAME), style.right());
        }
        let width = grid.width() / self.columns.len() as f64;
        let widest = self.columns.iter().map(|name| style.width(name)).fold(0.0, f64::max).min(200.0);
        let every = ((widest + 12.0) / width).ceil().max(1.0) as usize;
        for (column, name) in self.columns.iter().enumerate().step_by(every) {
            let at = (self.cell(grid, 0, column).centre().0, grid.bottom + 34.0);
            canvas.text(at, &style.fit(name, width * every as f64 - 8.0), style.middle());
        }
        canvas.text((area.left, area.top + 16.0), &style.fit(&self.y_label, area.width() * 0.45), style);
        let label = style.fit(&self.x_label, grid.width());
        canvas.text((grid.centre().0, area.bottom - 14.0), &label, style.middle());
    }
}

/// Values turned into colours.
struct Shades {
    low: f64,
    high: f64,
    ends: (Colour, Colour),
    shading: Shading,
}

impl Shades {
    fn of(shading: Shading, (low, high): (f64, f64)) -> Self {
        let reach = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
        let pale = BLUE.towards(WHITE, 0.9);
        let (low, high, ends) = match shading {
            Shading::Sequential => (low, high, (pale, BLUE.towards(INK, 0.25))),
            Shading::Diverging(Direction::HigherIsBetter) => (-reach, reach, (VERMILION, BLUE)),
            Shading::Diverging(Direction::LowerIsBetter) => (-reach, reach, (BLUE, VERMILION)),
        };
        Self { low, high, ends, shading }
    }

    fn is_signed(&self) -> bool {
        self.shading != Shading::Sequential
    }

    fn colour(&self, value: f64) -> Colour {
        if !usable(value) {
            return EMPTY;
        }
        let span = self.high - self.low;
        let share = if span > 0.0 { (value - self.low) / span } else { 0.5 };
        match self.shading {
            Shading::Sequential => self.ends.0.towards(self.ends.1, share),
            Shading::Diverging(_) if share < 0.5 => WHITE.towards(self.ends.0, 1.0 - share * 2.0),
            Shading::Diverging(_) => WHITE.towards(self.ends.1, share * 2.0 - 1.0),
        }
    }
}

fn colour_bar(canvas: &mut Canvas<'_>, area: Rect, shades: &Shades, numbers: &Numbers) {
    const SLICES: usize = 60;
    let bar = Rect::new(area.left, area.top, area.left + 30.0, area.bottom);
    let height = bar.height() / SLICES as f64;
    let value = |share: f64| shades.low + (shades.high - shades.low) * share;
    for slice in 0..SLICES {
        let top = bar.bottom - height * (slice + 1) as f64;
        let share = (slice as f64 + 0.5) / SLICES as f64;
        canvas.fill(Rect::new(bar.left, top, bar.right, top + height + 0.5), shades.colour(value(share)));
    }
    for (share, height) in [(0.0, bar.bottom - 12.0), (0.5, bar.centre().1), (1.0, bar.top + 12.0)] {
        let value = value(share);
        let text = if shades.is_signed() { numbers.signed(value) } else { numbers.plain(value) };
        let style = Type::small();
        canvas.centred((bar.right + 12.0, height), &style.fit(&text, area.right - bar.right - 12.0), style);
    }
}
