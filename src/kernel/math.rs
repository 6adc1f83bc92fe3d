//! The exponential and the logarithm, the same bits on every machine.
//!
//! `libm`'s are as exact, and take three times as long: a long chain of steps with a division in it. These look up
//! the nearest of 128 numbers and need a short polynomial for the rest (Tang, "Table-driven implementation of the
//! exponential function", ACM Transactions on Mathematical Software 15, 1989, and "… of the logarithm function", 16,
//! 1990). Additions and multiplications alone, in a stated order, so no bit depends on the machine.

use super::math_tables::{LOGS, POWERS};

/// 128 / ln 2.
const PARTS: f64 = 184.664_965_233_787_3;
/// ln 2 / 128: a part whose products with whole numbers are exact, and the rest.
const PART: f64 = 0.005_415_212_347_543_274_5;
const PART_REST: f64 = 5.812_982_117_197_185e-13;
/// ln 2 in 42 bits behind the point, and the rest.
const LN_2: f64 = 0.693_147_180_559_890_3;
const LN_2_REST: f64 = 5.497_923_018_708_371e-14;
/// A number that leaves no room for what lies behind the point of whatever is added to it.
const WHOLE: f64 = 6_755_399_441_055_744.0; // 1.5 × 2⁵²

const MANTISSA_BITS: u32 = 52;

/// eˣ, to 0.52 units in the last place.
#[inline]
pub fn exp(x: f64) -> f64 {
    if x.abs() < 700.0 { near_exp(x) } else { libm::exp(x) }
}

#[inline]
fn near_exp(x: f64) -> f64 {
    let n = (x * PARTS + WHOLE) - WHOLE;
    let r = (x - n * PART) - n * PART_REST;
    let n = n as i64;
    let (power, lacks) = POWERS[(n & 127) as usize];
    let scale = f64::from_bits(power.to_bits().wrapping_add(((n >> 7) as u64) << MANTISSA_BITS));
    let r2 = r * r;
    let small = r2 * (0.5 + r * (1.0 / 6.0)) + r2 * r2 * (1.0 / 24.0 + r * (1.0 / 120.0));
    scale + scale * (lacks + r + small)
}

/// The natural logarithm of x, to 0.55 units in the last place.
#[inline]
pub fn ln(x: f64) -> f64 {
    let is_near_one = (0.968_75..1.062_5).contains(&x);
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&x) && !is_near_one { far_ln(x) } else { libm::log(x) }
}

#[inline]
fn far_ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> MANTISSA_BITS) as i64 - 1023;
    let z = f64::from_bits(bits & ((1 << MANTISSA_BITS) - 1) | 1023 << MANTISSA_BITS);
    let near = &LOGS[(bits >> (MANTISSA_BITS - 7) & 127) as usize];
    let r = ((z - near.centre) - near.rest) * near.inverse;
    let k = exponent as f64;
    let whole = k * LN_2 + near.log;
    let high = whole + r;
    let low = (whole - high) + r + (k * LN_2_REST + near.log_rest);
    let r2 = r * r;
    let small = r * (1.0 / 3.0) - 0.5 + r2 * (r * (1.0 / 5.0) - 0.25 + r2 * (r * (1.0 / 7.0) - 1.0 / 6.0));
    low + r2 * small + high
}

#[cfg(test)]
#[allow(clippy::approx_constant, reason = "values stand as they were worked out")]
mod tests {
    use super::{exp, ln};

    /// How many units in the last place lie between two numbers.
    fn apart(found: f64, expected: f64) -> u64 {
        (found.to_bits() as i64).abs_diff(expected.to_bits() as i64)
    }

    /// Worked out with seventy digits and rounded.
    const POWERS: [(f64, f64); 12] = [
        (1.0, 2.718_281_828_459_045),
        (-1.0, 0.367_879_441_171_442_33),
        (0.5, 1.648_721_270_700_128_2),
        (-0.001, 0.999_000_499_833_375),
        (3.7, 40.447_304_360_067_4),
        (-12.25, 4.785_117_392_129_009e-6),
        (100.0, 2.688_117_141_816_135_6e43),
        (-300.5, 3.122_541_277_232_284_6e-131),
        (699.0, 3.731_151_215_140_771_6e303),
        (0.707_106_781_186_547_6, 2.028_114_981_647_472_6),
        (-0.25, 0.778_800_783_071_404_9),
        (2.302_585_092_994_046, 10.000_000_000_000_002),
    ];

    const LOGS: [(f64, f64); 13] = [
        (0.5, -0.693_147_180_559_945_3),
        (2.0, 0.693_147_180_559_945_3),
        (0.1, -2.302_585_092_994_045_5),
        (1e-9, -20.723_265_836_946_41),
        (0.9, -0.105_360_515_657_826_28),
        (1.1, 0.095_310_179_804_324_93),
        (3.0, 1.098_612_288_668_109_8),
        (1e10, 23.025_850_929_940_457),
        (0.333_333_333_333_333_3, -1.098_612_288_668_109_8),
        (1e-300, -690.775_527_898_213_7),
        (0.96, -0.040_821_994_520_255_166),
        (1.5, 0.405_465_108_108_164_4),
        (123_456.789, 11.723_646_487_185_881),
    ];

    #[test]
    fn agree_with_numbers_worked_out_elsewhere() {
        for (x, expected) in POWERS {
            assert!(apart(exp(x), expected) <= 1, "exp {x}: {} {expected}", exp(x));
        }
        for (x, expected) in LOGS {
            assert!(apart(ln(x), expected) <= 1, "ln {x}: {} {expected}", ln(x));
        }
        // Power: a unit in the last place would be seen.
        assert_eq!(apart(1.0, 1.0 + f64::EPSILON), 1);
    }

    #[test]
    fn are_what_libm_says_to_the_last_place_or_one_beside_it() {
        let (mut seen, mut equal) = (0, 0);
        for nth in 0..200_000_u64 {
            let u = (nth as f64 + 0.5) / 200_000.0;
            for x in [1_398.0 * u - 699.0, 4.0 * u - 2.0] {
                assert!(apart(exp(x), libm::exp(x)) <= 1, "exp {x}");
                (seen, equal) = (seen + 1, equal + u32::from(exp(x) == libm::exp(x)));
            }
            for x in [u, 1.0 / u, libm::exp2(1_800.0 * u - 900.0)] {
                assert!(apart(ln(x), libm::log(x)) <= 1, "ln {x}");
                (seen, equal) = (seen + 1, equal + u32::from(ln(x) == libm::log(x)));
            }
        }
        assert!(equal > seen / 10 * 9, "{equal} of {seen}");
    }

    #[test]
    fn have_the_same_ends() {
        for x in [0.0, -0.0, 710.0, -750.0, f64::INFINITY, f64::NEG_INFINITY, 699.9, -700.0] {
            assert_eq!(exp(x), libm::exp(x), "exp {x}");
        }
        for x in [0.0, 1.0, f64::INFINITY, f64::MIN_POSITIVE / 2.0] {
            assert_eq!(ln(x), libm::log(x), "ln {x}");
        }
        assert!(exp(f64::NAN).is_nan() && ln(f64::NAN).is_nan() && ln(-1.0).is_nan());
    }
}
