//! How a probability distribution stands in a document, and the requirements that tie its parameters together.
//!
//! The written form has a table per distribution with optional keys; turning it into a [`DistributionOf`] checks what
//! no single key can know, such as `min <= mode <= max`, or that exactly one way of writing the size was chosen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distribution::{DistributionOf, DistributionParameter, Lognormal, Part, ScaleOf, Spread};
use super::quantity::{Misread, plain};
use super::span::Unit;

/// A law as the one-key table that a document shows; a fixed value is not a table and has no variant.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[serde(bound(deserialize = "P: DistributionParameter", serialize = "P: DistributionParameter"))]
#[schemars(bound = "P: DistributionParameter")]
pub(super) enum Written<P> {
    /// Memoryless, by its mean.
    Exponential(P),
    /// By `mean` and `cv`, or by `median` and `sigma`.
    Lognormal(LognormalWritten<P>),
    /// By `mean` or `scale`, and `shape`.
    Weibull(WeibullWritten<P>),
    /// By `mean`, and `cv` or `shape`.
    Gamma(GammaWritten<P>),
    /// Equally likely between `min` and `max`.
    Uniform(UniformWritten<P>),
    /// By `min`, `mode` and `max`.
    Triangular(TriangularWritten<P>),
    /// Trials up to the first success, by the `mean`, at least 1.
    Geometric(MeanWritten<P>),
    /// Rare events, by the `mean`.
    Poisson(MeanWritten<P>),
    /// One of several distributions, each with a `weight` and a `law`.
    Mixture(Vec<Part<P>>),
    /// One of these values.
    Empirical(Vec<P>),
    /// The values of one column of a file.
    Csv(CsvWritten),
}

/// A lognormal distribution, by `mean` and `cv`, or by `median` and `sigma`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LognormalWritten<P> {
    /// Its mean; with `cv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<P>,
    /// Its standard deviation over its mean, a plain number.
    #[serde(skip_serializing_if = "Option::is_none")]
    cv: Option<f64>,
    /// Its median; with `sigma`.
    #[serde(skip_serializing_if = "Option::is_none")]
    median: Option<P>,
    /// The standard deviation of its natural logarithm, a plain number.
    #[serde(skip_serializing_if = "Option::is_none")]
    sigma: Option<f64>,
}

/// A Weibull distribution, by `mean` or `scale`, and `shape`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WeibullWritten<P> {
    /// Its mean, in place of `scale`.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<P>,
    /// Its scale, in place of `mean`.
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<P>,
    /// Its shape, a plain number: below 1 there are more short and more long ones than of an exponential, above 1 fewer.
    shape: f64,
}

/// A gamma distribution, by `mean`, and `cv` or `shape`.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GammaWritten<P> {
    /// Its mean.
    mean: P,
    /// Its standard deviation over its mean, a plain number.
    #[serde(skip_serializing_if = "Option::is_none")]
    cv: Option<f64>,
    /// Its shape, a plain number, in place of `cv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<f64>,
}

/// Any value between two is as likely.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UniformWritten<P> {
    /// The least value.
    min: P,
    /// The greatest value.
    max: P,
}

/// Between two values, one being likeliest.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TriangularWritten<P> {
    /// The least value.
    min: P,
    /// The likeliest value.
    mode: P,
    /// The greatest value.
    max: P,
}

/// A distribution of counts, by its mean.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MeanWritten<P> {
    /// Its mean.
    mean: P,
}

/// The values of one column of a file, each as likely.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CsvWritten {
    /// The file, beside the scenario.
    file: String,
    /// The column's heading.
    column: String,
    /// The unit of a column of durations.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

impl<P: DistributionParameter> TryFrom<Written<P>> for DistributionOf<P> {
    type Error = Misread;

    fn try_from(written: Written<P>) -> Result<Self, Misread> {
        match written {
            Written::Exponential(mean) => Ok(Self::Exponential(above_zero("the mean", mean)?)),
            Written::Lognormal(written) => lognormal(written).map(Self::Lognormal),
            Written::Weibull(written) => weibull(written),
            Written::Gamma(written) => gamma(written),
            Written::Uniform(UniformWritten { min, max }) => {
                ascending(&[("min", min), ("max", max)])?;
                Ok(Self::Uniform { min, max })
            }
            Written::Triangular(TriangularWritten { min, mode, max }) => {
                ascending(&[("min", min), ("mode", mode), ("max", max)])?;
                Ok(Self::Triangular { min, mode, max })
            }
            Written::Geometric(MeanWritten { mean }) => geometric(mean),
            Written::Poisson(MeanWritten { mean }) => {
                counts::<P>("poisson")?;
                Ok(Self::Poisson { mean: above_zero("the mean", mean)? })
            }
            Written::Mixture(parts) => mixture(parts),
            Written::Empirical(values) if values.is_empty() => {
                Err(Misread::new("an empirical law has no values", "list at least one"))
            }
            Written::Empirical(values) => Ok(Self::Empirical(values)),
            Written::Csv(written) => csv::<P>(written),
        }
    }
}

fn lognormal<P: DistributionParameter>(written: LognormalWritten<P>) -> Result<Lognormal<P>, Misread> {
    match (written.mean, written.cv, written.median, written.sigma) {
        (Some(mean), Some(cv), None, None) => {
            Ok(Lognormal::Mean { mean: above_zero("`mean`", mean)?, cv: positive("cv", cv)? })
        }
        (None, None, Some(median), Some(sigma)) => {
            Ok(Lognormal::Median { median, sigma: positive("sigma", sigma)? })
        }
        _ => Err(Misread::new(
            "a lognormal law needs two matching parameters",
            "give either `mean` and `cv`, or `median` and `sigma`",
        )),
    }
}

fn weibull<P: DistributionParameter>(written: WeibullWritten<P>) -> Result<DistributionOf<P>, Misread> {
    let shape = positive("shape", written.shape)?;
    let scale = match (written.mean, written.scale) {
        (Some(mean), None) => ScaleOf::Mean(above_zero("`mean`", mean)?),
        (None, Some(scale)) => ScaleOf::Scale(above_zero("`scale`", scale)?),
        _ => {
            return Err(Misread::new("a weibull law needs one size", "give either `mean` or `scale`"));
        }
    };
    Ok(DistributionOf::Weibull { scale, shape })
}

fn gamma<P: DistributionParameter>(written: GammaWritten<P>) -> Result<DistributionOf<P>, Misread> {
    let spread = match (written.cv, written.shape) {
        (Some(cv), None) => Spread::Cv(positive("cv", cv)?),
        (None, Some(shape)) => Spread::Shape(positive("shape", shape)?),
        _ => {
            return Err(Misread::new("a gamma law needs one spread", "give either `cv` or `shape`"));
        }
    };
    Ok(DistributionOf::Gamma { mean: above_zero("`mean`", written.mean)?, spread })
}

fn geometric<P: DistributionParameter>(mean: P) -> Result<DistributionOf<P>, Misread> {
    counts::<P>("geometric")?;
    match mean.size() >= 1.0 {
        true => Ok(DistributionOf::Geometric { mean }),
        false => Err(Misread::new(format!("the mean is {mean}"), "a geometric law has a mean of at least 1")),
    }
}

fn mixture<P: DistributionParameter>(parts: Vec<Part<P>>) -> Result<DistributionOf<P>, Misread> {
    if parts.is_empty() {
        return Err(Misread::new("a mixture has no parts", "list at least one, with a `weight` and a `law`"));
    }
    for part in &parts {
        positive("weight", part.weight)?;
    }
    Ok(DistributionOf::Mixture(parts))
}

fn csv<P: DistributionParameter>(written: CsvWritten) -> Result<DistributionOf<P>, Misread> {
    let unit = match (&written.unit, P::COUNTS) {
        (Some(word), false) => Some(word.parse::<Unit>()?),
        (None, true) => None,
        (None, false) => {
            return Err(Misread::new("the column has no unit", "add a unit, such as unit = \"days\""));
        }
        (Some(_), true) => {
            return Err(Misread::new("a plain number has no unit of time", "leave `unit` out"));
        }
    };
    Ok(DistributionOf::Csv { file: written.file, column: written.column, unit })
}

fn counts<P: DistributionParameter>(law: &str) -> Result<(), Misread> {
    match P::COUNTS {
        true => Ok(()),
        false => Err(Misread::new(
            format!("a {law} law counts things and cannot be a duration"),
            "write a distribution such as { exponential = \"4 hours\" }",
        )),
    }
}

fn above_zero<P: DistributionParameter>(what: &str, value: P) -> Result<P, Misread> {
    match value.size() > 0.0 {
        true => Ok(value),
        false => Err(Misread::new(format!("{what} is zero"), "write more than zero")),
    }
}

fn positive(name: &str, number: f64) -> Result<f64, Misread> {
    const MOST: f64 = 1e6;
    const LEAST: f64 = 1e-6;
    match (LEAST..=MOST).contains(&number) {
        true => Ok(number),
        false => Err(Misread::new(
            format!("`{name}` is {}", plain(number)),
            "write a number above zero, from 0.000001 to 1000000",
        )),
    }
}

/// Checks that parameters do not descend and that the first lies below the last.
fn ascending<P: DistributionParameter>(named: &[(&str, P)]) -> Result<(), Misread> {
    for pair in named.windows(2) {
        let [(low, a), (high, b)] = [pair[0], pair[1]];
        if a.size() > b.size() {
            return Err(Misread::new(
                format!("`{low}` ({a}) is above `{high}` ({b})"),
                format!("write them so that {low} <= {high}"),
            ));
        }
    }
    match (named.first(), named.last()) {
        (Some((_, a)), Some((_, b))) if a.size() == b.size() => {
            Err(Misread::new(format!("`min` and `max` are both {a}"), format!("write \"{a}\" alone")))
        }
        _ => Ok(()),
    }
}

impl<P: DistributionParameter> From<&DistributionOf<P>> for Option<Written<P>> {
    /// The table to write; nothing for a fixed value, which is written plainly.
    fn from(law: &DistributionOf<P>) -> Self {
        Some(match law {
            DistributionOf::Fixed(_) => return None,
            DistributionOf::Exponential(mean) => Written::Exponential(*mean),
            DistributionOf::Lognormal(law) => Written::Lognormal(law.into()),
            DistributionOf::Weibull { scale, shape } => Written::Weibull(write_weibull(scale, *shape)),
            DistributionOf::Gamma { mean, spread } => Written::Gamma(write_gamma(*mean, spread)),
            DistributionOf::Uniform { min, max } => Written::Uniform(UniformWritten { min: *min, max: *max }),
            DistributionOf::Triangular { min, mode, max } => {
                Written::Triangular(TriangularWritten { min: *min, mode: *mode, max: *max })
            }
            DistributionOf::Geometric { mean } => Written::Geometric(MeanWritten { mean: *mean }),
            DistributionOf::Poisson { mean } => Written::Poisson(MeanWritten { mean: *mean }),
            DistributionOf::Mixture(parts) => Written::Mixture(parts.clone()),
            DistributionOf::Empirical(values) => Written::Empirical(values.clone()),
            DistributionOf::Csv { file, column, unit } => {
                let unit = unit.map(|unit| unit.name().to_owned());
                Written::Csv(CsvWritten { file: file.clone(), column: column.clone(), unit })
            }
        })
    }
}

impl<P: DistributionParameter> From<&Lognormal<P>> for LognormalWritten<P> {
    fn from(law: &Lognormal<P>) -> Self {
        let (mean, cv, median, sigma) = match *law {
            Lognormal::Mean { mean, cv } => (Some(mean), Some(cv), None, None),
            Lognormal::Median { median, sigma } => (None, None, Some(median), Some(sigma)),
        };
        Self { mean, cv, median, sigma }
    }
}

fn write_weibull<P: DistributionParameter>(scale: &ScaleOf<P>, shape: f64) -> WeibullWritten<P> {
    let (mean, scale) = match *scale {
        ScaleOf::Mean(mean) => (Some(mean), None),
        ScaleOf::Scale(scale) => (None, Some(scale)),
    };
    WeibullWritten { mean, scale, shape }
}

fn write_gamma<P: DistributionParameter>(mean: P, spread: &Spread) -> GammaWritten<P> {
    let (cv, shape) = match *spread {
        Spread::Cv(cv) => (Some(cv), None),
        Spread::Shape(shape) => (None, Some(shape)),
    };
    GammaWritten { mean, cv, shape }
}
