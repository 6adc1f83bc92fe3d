//! Scales carry numbers to pixels and choose round ticks.

/// Larger numbers than this are treated like infinities: no axis can show them sensibly.
const LARGEST: f64 = 1e15;

/// Whether a number can be drawn.
pub fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() < LARGEST
}

/// Least and greatest of the drawable numbers.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let drawable = values.into_iter().filter(|value| usable(*value));
    drawable.fold(None, |known, value| {
        let (low, high) = known.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    })
}

/// A stretch of numbers mapped onto a stretch of pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub low: f64,
    pub high: f64,
    pub from: f64,
    pub to: f64,
    /// Distance between ticks.
    pub step: f64,
}

impl Scale {
    /// A scale whose ends are round numbers around the values, with about `count` ticks.
    pub fn round(extent: (f64, f64), count: usize, pixels: (f64, f64)) -> Self {
        let (low, high) = widened(extent);
        let step = round_step((high - low) / count.max(1) as f64);
        let low = (low / step + 1e-9).floor() * step;
        let high = (high / step - 1e-9).ceil() * step;
        Self::with_step((low, high), step, pixels)
    }

    /// A scale with the given ends and round ticks between them.
    pub fn exact(extent: (f64, f64), count: usize, pixels: (f64, f64)) -> Self {
        let (low, high) = widened(extent);
        let step = round_step((high - low) / count.max(1) as f64);
        Self::with_step((low, high), step, pixels)
    }

    /// A scale with the given ends and step.
    pub fn with_step((low, high): (f64, f64), step: f64, (from, to): (f64, f64)) -> Self {
        Self { low, high, from, to, step }
    }

    /// The pixel of a value; values outside stay at the end.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Fewer ticks, where names of this width would touch.
    pub fn spaced_for(self, width: f64) -> Self {
        let per_step = (self.to - self.from).abs() * self.step / (self.high - self.low);
        let every = [1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 50.0].into_iter().find(|every| per_step * every > width);
        let step = self.step * every.unwrap_or(100.0);
        Self { step, ..self }
    }

    /// The same with a tick at whole numbers only: nobody can have 8.25 engineers.
    pub fn at_whole_numbers(self) -> Self {
        let step = if self.step == 2.5 { 5.0 } else { self.step.max(1.0) };
        Self { step, ..self }
    }

    /// The ticks from low to high.
    pub fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-6).ceil();
        let last = (self.high / self.step + 1e-6).floor();
        let count = (last - first).clamp(0.0, 60.0) as usize;
        (0..=count).map(|index| (first + index as f64) * self.step).collect()
    }
}

/// Ends that differ, whatever the data.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 && high - low > 1e-12 {
        return (low, high);
    }
    let pad = if size > 1e-9 { size * 0.1 } else { 1.0 };
    (low - pad, high + pad)
}

/// The least of 1, 2, 2.5 or 5 times a power of ten that is not below the wanted step.
fn round_step(wanted: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(wanted).floor());
    let choices = [1.0, 2.0, 2.5, 5.0, 10.0];
    let chosen = choices.into_iter().find(|choice| choice * power >= wanted * (1.0 - 1e-9));
    chosen.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        let scale = Scale::round((-3.2, 17.1), 6, (0.0, 100.0));
        assert_eq!(scale.ticks(), [-5.0, 0.0, 5.0, 10.0, 15.0, 20.0]);
        let small = Scale::round((0.0, 0.0031), 5, (0.0, 100.0));
        assert!(small.high >= 0.0031 && small.ticks().len() <= 7, "{small:?}");
    }

    #[test]
    fn counts_have_whole_ticks() {
        let ticks = |low, high| Scale::exact((low, high), 8, (0.0, 100.0)).at_whole_numbers().ticks();
        assert_eq!(ticks(8.0, 10.0), [8.0, 9.0, 10.0]);
        assert_eq!(ticks(1.0, 20.0), [5.0, 10.0, 15.0, 20.0]);
    }

    #[test]
    fn equal_and_extreme_values_still_make_a_scale() {
        for extent in [(0.0, 0.0), (7.0, 7.0), (-1e14, 1e14), (1e-300, 1e-300), (1e14, 1e14 + 1.0)] {
            let scale = Scale::round(extent, 5, (0.0, 100.0));
            assert!(scale.high > scale.low && scale.ticks().len() < 20, "{extent:?} {scale:?}");
            assert!((0.0..=100.0).contains(&scale.at(extent.0)));
        }
        assert_eq!(extent([f64::NAN, f64::INFINITY, 2.0, -1.0]), Some((-1.0, 2.0)));
        assert_eq!(extent([f64::NAN]), None);
    }
}
