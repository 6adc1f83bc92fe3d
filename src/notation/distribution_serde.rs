//! Teaches serde and JSON schema to read a probability distribution: a plain value, or a table with exactly one key.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Serialize, Serializer};

use super::distribution::{DistributionOf, DistributionParameter, Part};
use super::distribution_written::Written;
use super::quantity::Misread;

impl<P: DistributionParameter> Serialize for DistributionOf<P> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            DistributionOf::Fixed(value) => value.serialize(to),
            law => Option::<Written<P>>::from(law).serialize(to),
        }
    }
}

impl<'de, P: DistributionParameter> Deserialize<'de> for DistributionOf<P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(DistributionVisitor(PhantomData))
    }
}

/// Reads a fixed value from a string or number, anything else from a table with exactly one key.
struct DistributionVisitor<P>(PhantomData<P>);

impl<'de, P: DistributionParameter> Visitor<'de> for DistributionVisitor<P> {
    type Value = DistributionOf<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(P::LAW_MEANING)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DistributionOf<P>, E> {
        text.parse().map(DistributionOf::Fixed).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<DistributionOf<P>, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<DistributionOf<P>, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<DistributionOf<P>, E> {
        P::bare(number).map(DistributionOf::Fixed).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DistributionOf<P>, A::Error> {
        // Reading the whole table first is what allows a second key to be refused.
        let table = toml::Table::deserialize(MapAccessDeserializer::new(map))?;
        if table.len() != 1 {
            let keys: Vec<&str> = table.keys().map(String::as_str).collect();
            let message = format!("a law is named by one key, here there are {}", keys.len());
            let help = format!("keep one of: {}", keys.join(", "));
            return Err(de::Error::custom(Misread::new(
                message,
                if keys.is_empty() { String::new() } else { help },
            )));
        }
        let written: Written<P> = toml::Value::Table(table)
            .try_into()
            .map_err(|e: toml::de::Error| de::Error::custom(e.message()))?;
        DistributionOf::try_from(written).map_err(de::Error::custom)
    }
}

impl<P: DistributionParameter> JsonSchema for DistributionOf<P> {
    fn schema_name() -> Cow<'static, str> {
        P::LAW.1.into()
    }

    fn schema_id() -> Cow<'static, str> {
        format!("orgsim::notation::{}", P::LAW.1).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut written = Written::<P>::json_schema(generator).to_value();
        let mut alternatives = vec![generator.subschema_for::<P>().to_value()];
        if let Some(laws) = written.get_mut("oneOf").and_then(|laws| laws.as_array_mut()) {
            let counted = |law: &serde_json::Value, name| {
                law.pointer("/properties").is_some_and(|p| p.get(name).is_some())
            };
            laws.retain(|law| P::COUNTS || !(counted(law, "geometric") || counted(law, "poisson")));
            alternatives.append(laws);
        }
        json_schema!({ "oneOf": alternatives, "description": P::LAW_MEANING, "x-notation": P::LAW.0 })
    }
}

impl<P: DistributionParameter> JsonSchema for Part<P> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Part", P::LAW.1).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "properties": {
                "weight": { "type": "number", "exclusiveMinimum": 0, "description": "How likely this one is, against the others." },
                "law": generator.subschema_for::<DistributionOf<P>>(),
            },
            "required": ["weight", "law"],
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::distribution::{DurationDistribution, NumberDistribution};
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder<L> {
        x: L,
    }

    fn read<L: serde::de::DeserializeOwned>(text: &str) -> Result<L, String> {
        let holder = toml::from_str::<Holder<L>>(&format!("x = {text}"));
        holder.map(|h| h.x).map_err(|e| e.message().to_owned())
    }

    const LAWS: [&str; 13] = [
        "\"2 days\"",
        "{ exponential = \"4 hours\" }",
        "{ lognormal = { mean = \"1 day\", cv = 1.5 } }",
        "{ lognormal = { median = \"1 day\", sigma = 1.42 } }",
        "{ weibull = { mean = \"1 day\", shape = 0.7 } }",
        "{ weibull = { scale = \"1 day\", shape = 2 } }",
        "{ gamma = { mean = \"1 day\", cv = 0.5 } }",
        "{ gamma = { mean = \"1 day\", shape = 3 } }",
        "{ uniform = { min = \"0 days\", max = \"1 day\" } }",
        "{ triangular = { min = \"1 hour\", mode = \"1 day\", max = \"1 week\" } }",
        "{ mixture = [{ weight = 0.3, law = \"1 day\" }, { weight = 1, law = { exponential = \"2 days\" } }] }",
        "{ empirical = [\"1 day\", \"2 days\"] }",
        "{ csv = { file = \"x.csv\", column = \"days\", unit = \"days\" } }",
    ];

    #[test]
    fn every_distribution_reads_and_writes_back_equal() {
        for text in LAWS {
            let law: DurationDistribution = read(text).expect(text);
            let again = toml::to_string(&Holder { x: law.clone() }).expect(text);
            assert_eq!(toml::from_str::<Holder<DurationDistribution>>(&again).expect(&again).x, law);
        }
    }

    #[test]
    fn numbers_may_be_bare_and_counted() {
        assert!(
            matches!(read::<NumberDistribution>("6"), Ok(NumberDistribution::Fixed(n)) if n.value() == 6.0)
        );
        assert!(read::<NumberDistribution>("{ geometric = { mean = 6 } }").is_ok());
        assert!(read::<NumberDistribution>("{ geometric = { mean = 0.5 } }").is_err());
        assert!(read::<DurationDistribution>("{ poisson = { mean = \"6 days\" } }").is_err());
        assert!(read::<DurationDistribution>("13").expect_err("bare").contains("\"13 days\""));
    }

    #[test]
    fn impossible_distributions_are_refused() {
        for text in [
            "{}",
            "{ exponential = \"1 day\", uniform = { min = \"1 day\", max = \"2 days\" } }",
            "{ exponential = \"0 days\" }",
            "{ lognormal = { mean = \"1 day\", sigma = 1 } }",
            "{ lognormal = { mean = \"1 day\", cv = nan } }",
            "{ weibull = { shape = 1 } }",
            "{ weibull = { mean = \"1 day\", shape = 0 } }",
            "{ gamma = { mean = \"1 day\", cv = 1, shape = 1 } }",
            "{ uniform = { min = \"2 days\", max = \"1 day\" } }",
            "{ triangular = { min = \"1 day\", mode = \"1 hour\", max = \"2 days\" } }",
            "{ mixture = [] }",
            "{ mixture = [{ weight = -1, law = \"1 day\" }] }",
            "{ empirical = [] }",
            "{ csv = { file = \"x\", column = \"y\" } }",
            "{ zipf = 1 }",
        ] {
            assert!(read::<DurationDistribution>(text).is_err(), "{text}");
        }
    }
}
